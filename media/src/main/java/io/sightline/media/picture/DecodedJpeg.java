package io.sightline.media.picture;

import java.util.Map;

/**
 * The pixels of a JPEG, in the forms that were asked for.
 *
 * @param width of the JPEG, in pixels
 * @param height of the JPEG, in pixels
 * @param luma brightness, 0 to 255 (full range), one byte a pixel, row by row; null when it was not
 *     asked for
 * @param bgr by size: blue, green, red, one byte each a pixel, row by row, scaled to that size
 */
public record DecodedJpeg(int width, int height, byte[] luma, Map<PictureSize, byte[]> bgr) {

  /**
   * @return null when that size was not asked for
   */
  public byte[] bgr(int width, int height) {
    return bgr.get(new PictureSize(width, height));
  }
}
