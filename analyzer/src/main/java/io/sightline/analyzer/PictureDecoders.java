package io.sightline.analyzer;

import io.sightline.media.MediaException;
import io.sightline.media.picture.DecodedJpeg;
import io.sightline.media.picture.JpegDecoder;
import io.sightline.media.picture.JpegForms;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** JPEG decoders for any number of threads; there are never more than threads that decode. */
final class PictureDecoders implements AutoCloseable {

  private final Queue<JpegDecoder> free = new ConcurrentLinkedQueue<>();

  DecodedJpeg decode(byte[] jpeg, JpegForms forms) throws MediaException {
    JpegDecoder pooled = free.poll();
    JpegDecoder decoder = pooled != null ? pooled : new JpegDecoder();
    try {
      return decoder.decode(jpeg, forms);
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
