package io.sightline.records;

import java.util.List;

/** A named polygon in a stream's picture. */
public record Zone(String name, List<Point> corners) {

  private static final double ROUNDING = 1e-12;

  public Zone {
    Ids.requireName("zone", name);
    corners = corners == null ? List.of() : List.copyOf(corners);
    if (corners.size() < 3) {
      throw new IllegalArgumentException(
          "The zone '" + name + "' needs at least three corners, not " + corners.size());
    }
  }

  /**
   * Whether a point lies inside, by the even-odd rule, or on the border: a box that reaches down to
   * the edge of the picture stands on that edge.
   */
  public boolean contains(Point point) {
    boolean inside = false;
    for (int i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
      Point a = corners.get(i);
      Point b = corners.get(j);
      if (lieOnOneLine(a, point, b)) {
        return true;
      }
      if ((a.y() > point.y()) != (b.y() > point.y())
          && point.x() < (b.x() - a.x()) * (point.y() - a.y()) / (b.y() - a.y()) + a.x()) {
        inside = !inside;
      }
    }
    return inside;
  }

  /** Whether {@code point} lies between {@code a} and {@code b} on the line that joins them. */
  private static boolean lieOnOneLine(Point a, Point point, Point b) {
    double cross = (b.x() - a.x()) * (point.y() - a.y()) - (b.y() - a.y()) * (point.x() - a.x());
    return Math.abs(cross) <= ROUNDING
        && point.x() >= Math.min(a.x(), b.x())
        && point.x() <= Math.max(a.x(), b.x())
        && point.y() >= Math.min(a.y(), b.y())
        && point.y() <= Math.max(a.y(), b.y());
  }
}
