package io.sightline.analyzer.motion;

import java.util.Arrays;

/**
 * The border of a blob, as pairs of a cell just inside and a cell a little outside.
 *
 * <p>Where a thing really stands, its border is an edge of the picture. Where a thing was taken
 * away, the border is an edge of the background, and the picture runs on across it.
 */
final class Outline {

  private static final int OUTWARDS = 2;
  private static final double CLEARLY = 1.5;
  private static final int[][] SIDES = {{0, -1}, {0, 1}, {-1, 0}, {1, 0}};

  private final int[] inside;
  private final int[] outside;

  private Outline(int[] inside, int[] outside) {
    this.inside = inside;
    this.outside = outside;
  }

  static Outline of(Blob blob, int columns, int rows) {
    int[] inside = new int[blob.size() * SIDES.length];
    int[] outside = new int[blob.size() * SIDES.length];
    int count = 0;
    for (int cell : blob.cells()) {
      int row = cell / columns;
      int column = cell % columns;
      for (int[] side : SIDES) {
        int nextRow = row + side[0];
        int nextColumn = column + side[1];
        int farRow = row + side[0] * OUTWARDS;
        int farColumn = column + side[1] * OUTWARDS;
        if (farRow >= 0
            && farRow < rows
            && farColumn >= 0
            && farColumn < columns
            && !has(blob, nextRow * columns + nextColumn)
            && !has(blob, farRow * columns + farColumn)) {
          inside[count] = cell;
          outside[count++] = farRow * columns + farColumn;
        }
      }
    }
    return new Outline(Arrays.copyOf(inside, count), Arrays.copyOf(outside, count));
  }

  /** Whether it is clearly an edge of {@code one}, and much less so of {@code other}. */
  boolean belongsTo(int[] one, int[] other, int[] threshold) {
    double ofOne = 0;
    double ofOther = 0;
    double least = 0;
    for (int i = 0; i < inside.length; i++) {
      ofOne += Math.abs(one[inside[i]] - one[outside[i]]);
      ofOther += Math.abs(other[inside[i]] - other[outside[i]]);
      least += threshold[inside[i]] * 0.5;
    }
    return inside.length > 0 && ofOne > least && ofOne > CLEARLY * ofOther;
  }

  private static boolean has(Blob blob, int cell) {
    return Arrays.binarySearch(blob.cells(), cell) >= 0;
  }
}
