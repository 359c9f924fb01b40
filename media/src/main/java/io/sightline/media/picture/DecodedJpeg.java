package io.sightline.media.picture;

/**
 * The pixels of a JPEG.
 *
 * @param width in pixels
 * @param height in pixels
 * @param luma brightness, 0 to 255 (full range), one byte a pixel, row by row
 * @param bgr blue, green, red, one byte each a pixel, row by row; null when only brightness was
 *     asked for
 */
public record DecodedJpeg(int width, int height, byte[] luma, byte[] bgr) {}
