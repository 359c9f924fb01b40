package io.sightline.media.picture;

import io.sightline.media.MediaException;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Paints pictures and encodes them. Not thread-safe; owns native memory until closed. */
final class JpegMaker implements AutoCloseable {

  private final PicturePainter painter;
  private final JpegEncoder encoder;

  JpegMaker(int quantizer) throws MediaException {
    painter = new PicturePainter();
    try {
      encoder = new JpegEncoder(quantizer);
    } catch (MediaException | RuntimeException e) {
      painter.close();
      throw e;
    }
  }

  /**
   * A picture as JPEG.
   *
   * @param picture stays the caller's; its description may be changed
   */
  byte[] make(AVFrame picture, PictureShape shape, PictureMask mask) throws MediaException {
    return encoder.encode(painter.paint(picture, shape, mask));
  }

  @Override
  public void close() {
    encoder.close();
    painter.close();
  }
}
