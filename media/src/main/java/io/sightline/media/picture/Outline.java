package io.sightline.media.picture;

import io.sightline.records.Point;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** Which pixels a polygon touches: those that its sides cross, and those that it goes round. */
final class Outline {

  /** Of a pixel; a side that lies on the edge of one does not touch it. */
  private static final double ROUNDING = 1e-6;

  private final List<Point> corners;
  private final int width;
  private final int height;

  /** Where a side crosses the middle of a row, and whether it goes down there or up. */
  private record Crossing(double x, int turn) {}

  /**
   * @param corners as fractions of width and height
   */
  Outline(List<Point> corners, int width, int height) {
    this.corners = corners;
    this.width = width;
    this.height = height;
  }

  /** Sets what is touched, row by row. */
  void hide(BitSet[] rows) {
    for (int i = 0; i < corners.size(); i++) {
      side(rows, corners.get(i), next(i));
    }
    for (int y = 0; y < height; y++) {
      inside(rows[y], y + 0.5);
    }
  }

  private void side(BitSet[] rows, Point a, Point b) {
    double top = Math.min(a.y(), b.y()) * height;
    double bottom = Math.max(a.y(), b.y()) * height;
    for (int y = first(top); y < last(bottom, height); y++) {
      double from = bottom > top ? across(a, b, Math.max(y, top)) : a.x() * width;
      double to = bottom > top ? across(a, b, Math.min(y + 1, bottom)) : b.x() * width;
      hide(rows[y], Math.min(from, to), Math.max(from, to));
    }
  }

  /** Where a side that is not level crosses a height, in pixels. */
  private double across(Point a, Point b, double y) {
    double share = (y / height - a.y()) / (b.y() - a.y());
    return (a.x() + Math.max(0, Math.min(1, share)) * (b.x() - a.x())) * width;
  }

  private void inside(BitSet row, double y) {
    List<Crossing> crossings = new ArrayList<>();
    for (int i = 0; i < corners.size(); i++) {
      Point a = corners.get(i);
      Point b = next(i);
      if (a.y() * height <= y != b.y() * height <= y) {
        crossings.add(new Crossing(across(a, b, y), a.y() < b.y() ? 1 : -1));
      }
    }
    crossings.sort(Comparator.comparingDouble(Crossing::x));
    int turns = 0;
    for (int i = 0; i < crossings.size(); i++) {
      if (turns != 0) {
        hide(row, crossings.get(i - 1).x(), crossings.get(i).x());
      }
      turns += crossings.get(i).turn();
    }
  }

  private Point next(int corner) {
    return corners.get((corner + 1) % corners.size());
  }

  private void hide(BitSet row, double from, double to) {
    int start = first(from);
    int end = last(to, width);
    if (start < end) {
      row.set(start, end);
    }
  }

  private static int first(double length) {
    return (int) Math.floor(length + ROUNDING);
  }

  private static int last(double length, int limit) {
    return Math.min(limit, (int) Math.ceil(length - ROUNDING));
  }
}
