package io.sightline.analyzer;

import io.sightline.media.MediaException;
import io.sightline.media.picture.DecodedJpeg;
import io.sightline.media.picture.JpegDecoder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** JPEG decoders for any number of threads; there are never more than threads that decode. */
final class PictureDecoders implements AutoCloseable {

  private final Queue<JpegDecoder> free = new ConcurrentLinkedQueue<>();

  DecodedJpeg decode(byte[] jpeg, boolean colour) throws MediaException {
    JpegDecoder pooled = free.poll();
    JpegDecoder decoder = pooled != null ? pooled : new JpegDecoder();
    try {
      return colour ? decoder.decode(jpeg) : decoder.decodeLuma(jpeg);
    } finally {
      free.add(decoder);
    }
  }

  /** To be called when nothing decodes any more. */
  @Override
  public void close() {
    for (JpegDecoder decoder = free.poll(); decoder != null; decoder = free.poll()) {
      decoder.close();
    }
  }
}
