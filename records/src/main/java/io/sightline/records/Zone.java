package io.sightline.records;

import java.util.List;

/** A named polygon in a stream's picture. */
public record Zone(String name, List<Point> corners) {

  public Zone {
    Ids.requireName("zone", name);
    corners = List.copyOf(corners);
    if (corners.size() < 3) {
      throw new IllegalArgumentException(
          "The zone '" + name + "' needs at least three corners, not " + corners.size());
    }
  }

  /** Whether a point lies inside, by the even-odd rule. */
  public boolean contains(Point point) {
    boolean inside = false;
    for (int i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
      Point a = corners.get(i);
      Point b = corners.get(j);
      if ((a.y() > point.y()) != (b.y() > point.y())
          && point.x() < (b.x() - a.x()) * (point.y() - a.y()) / (b.y() - a.y()) + a.x()) {
        inside = !inside;
      }
    }
    return inside;
  }
}
