package io.sightline.records;

/**
 * A rectangle in a picture, as fractions of its width and height from the top left corner. Kept to
 * five decimals, which is finer than a pixel of an 8K picture. What reaches beyond the picture is
 * cut off.
 */
public record Box(double left, double top, double width, double height) {

  private static final double GRAIN = 100_000;

  public Box {
    double right = clamp(number("left", left) + Math.max(0, number("width", width)));
    double bottom = clamp(number("top", top) + Math.max(0, number("height", height)));
    left = grain(clamp(left));
    top = grain(clamp(top));
    width = grain(Math.max(0, right - left));
    height = grain(Math.max(0, bottom - top));
  }

  /** The point where the thing stands: the middle of the lower edge. */
  public Point foot() {
    return new Point(left + width / 2, top + height);
  }

  public double area() {
    return width * height;
  }

  /** Intersection over union: 0 when apart, 1 when equal. */
  public double overlap(Box other) {
    double across = Math.min(left + width, other.left + other.width) - Math.max(left, other.left);
    double down = Math.min(top + height, other.top + other.height) - Math.max(top, other.top);
    if (across <= 0 || down <= 0) {
      return 0;
    }
    double shared = across * down;
    return shared / (area() + other.area() - shared);
  }

  private static double number(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("A box's " + what + " must be a number, not " + value);
    }
    return value;
  }

  private static double clamp(double value) {
    return Math.max(0, Math.min(1, value));
  }

  private static double grain(double value) {
    return Math.round(value * GRAIN) / GRAIN;
  }
}
