package io.sightline.records.plugin;

import io.sightline.records.FrameInfo;

/**
 * A sampled frame as analyzers see it. Whatever form is asked for is decoded once and shared by all
 * analyzers of the frame; arrays handed out are shared too and must not be written to. Safe for use
 * by several threads.
 */
public interface Picture {

  FrameInfo info();

  /** The picture as JPEG. */
  byte[] jpeg();

  /** Width of the planes below, in pixels: that of the JPEG. */
  int width();

  /** Height of the planes below, in pixels: that of the JPEG. */
  int height();

  /**
   * Brightness, one byte (0 to 255, full range) a pixel, row by row, {@code width * height} bytes.
   *
   * @throws AnalysisException when the JPEG cannot be decoded
   */
  byte[] luma() throws AnalysisException;

  /**
   * Blue, green, red, one byte each a pixel, row by row, {@code 3 * width * height} bytes: the
   * whole picture scaled to a size, with the smoothing that this takes. An analyzer that looks at
   * small pictures asks for them here: the smaller the size, the less is decoded.
   *
   * @param width 1 to 8192
   * @param height 1 to 8192
   * @throws AnalysisException when the JPEG cannot be decoded
   */
  byte[] bgr(int width, int height) throws AnalysisException;

  /**
   * Colour at full size: {@link #bgr(int, int)} of {@link #width()} and {@link #height()}.
   *
   * @throws AnalysisException when the JPEG cannot be decoded
   */
  default byte[] bgr() throws AnalysisException {
    return bgr(width(), height());
  }
}
