package io.sightline.media.picture;

import org.bytedeco.javacpp.BytePointer;

/** Turns one plane of a picture by quarters. */
final class PlaneTurn {

  private PlaneTurn() {}

  /**
   * Turns a plane clockwise.
   *
   * @param stride bytes from one row of {@code from} to the next
   * @param width of {@code from}, in pixels
   * @param height of {@code from}, in pixels
   * @param toStride bytes from one row of {@code to} to the next
   * @param rotation 90, 180 or 270
   */
  static void turn(
      BytePointer from,
      int stride,
      int width,
      int height,
      BytePointer to,
      int toStride,
      int rotation) {
    byte[] source = new byte[stride * (height - 1) + width];
    from.get(source);
    int toWidth = rotation == 180 ? width : height;
    int toHeight = rotation == 180 ? height : width;
    byte[] target = new byte[toStride * (toHeight - 1) + toWidth];
    for (int y = 0; y < toHeight; y++) {
      for (int x = 0; x < toWidth; x++) {
        int at =
            switch (rotation) {
              case 90 -> (height - 1 - x) * stride + y;
              case 180 -> (height - 1 - y) * stride + (width - 1 - x);
              default -> x * stride + (width - 1 - y);
            };
        target[y * toStride + x] = source[at];
      }
    }
    to.put(target);
  }
}
