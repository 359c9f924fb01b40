package io.sightline.media.picture;

import io.sightline.records.Rational;

/**
 * How large a coded picture is in a player: square pixels, turned, no wider than asked.
 *
 * @param width before turning, in pixels
 * @param height before turning, in pixels
 * @param rotation clockwise, in degrees
 */
record PictureShape(int width, int height, int rotation) {

  private static final double WIDEST_PIXEL = 8;

  /**
   * The shape of a coded picture.
   *
   * @param maxWidth after turning; 0 for any
   */
  static PictureShape of(
      int codedWidth, int codedHeight, Rational sampleAspect, int rotation, int maxWidth) {
    double aspect = sampleAspect.numerator() == 0 ? 1 : sampleAspect.toDouble();
    // Nothing real has such pixels, but a header can say so.
    aspect = aspect > WIDEST_PIXEL || aspect < 1 / WIDEST_PIXEL ? 1 : aspect;
    // The shorter side of a pixel grows, so that no detail is lost.
    double width = aspect > 1 ? codedWidth * aspect : codedWidth;
    double height = aspect < 1 ? codedHeight / aspect : codedHeight;
    double shrink = Math.min(1, JpegDecoder.MAX_DIMENSION / Math.max(width, height));
    double shownWidth = rotation % 180 == 0 ? width : height;
    if (maxWidth > 0) {
      shrink = Math.min(shrink, maxWidth / shownWidth);
    }
    return new PictureShape(pixels(width * shrink), pixels(height * shrink), rotation);
  }

  boolean sideways() {
    return rotation % 180 != 0;
  }

  int shownWidth() {
    return sideways() ? height : width;
  }

  int shownHeight() {
    return sideways() ? width : height;
  }

  private static int pixels(double length) {
    return Math.max(1, (int) Math.round(length));
  }
}
