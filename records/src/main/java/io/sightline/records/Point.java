package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A point in a picture, as fractions of its width and height; written as {@code [x, y]}. */
public record Point(double x, double y) {

  public Point {
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) {
      throw new IllegalArgumentException(
          "A point lies between [0, 0] and [1, 1], not at [" + x + ", " + y + "]");
    }
  }

  /**
   * Where it lies when the picture is turned.
   *
   * @param degrees clockwise: 0, 90, 180 or 270
   */
  public Point turned(int degrees) {
    return switch (degrees) {
      case 0 -> this;
      case 90 -> new Point(1 - y, x);
      case 180 -> new Point(1 - x, 1 - y);
      case 270 -> new Point(y, 1 - x);
      default ->
          throw new IllegalArgumentException(
              "A picture is turned by 0, 90, 180 or 270 degrees, not " + degrees);
    };
  }

  @JsonCreator
  static Point of(double[] pair) {
    if (pair.length != 2) {
      throw new IllegalArgumentException("A point is [x, y], not " + pair.length + " numbers");
    }
    return new Point(pair[0], pair[1]);
  }

  @JsonValue
  double[] pair() {
    return new double[] {x, y};
  }
}
