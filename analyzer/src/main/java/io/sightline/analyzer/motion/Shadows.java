package io.sightline.analyzer.motion;

/**
 * Tells light from things: a shadow or a patch of sun changes brightness but leaves the texture
 * below it as it was, a thing brings its own.
 */
final class Shadows {

  private static final int SCALE = LumaGrid.SCALE;
  private static final int REACH = 2;

  /** A shadow is not darker than this, a patch of sun not brighter, times the background. */
  private static final double DARKEST = 0.45;

  private static final double BRIGHTEST = 2.0;

  private static final int[][] SHIFTS = {{0, 0}, {-2, 0}, {2, 0}, {0, -2}, {0, 2}};

  /** How far a cell's own brightening may be from its window's. */
  private static final double SAME_RATIO = 0.1;

  /** Texture below this standard deviation, in luma steps, tells nothing. */
  private static final double TEXTURE = 3;

  private static final double ALIKE = 0.9;

  /** Over the whole picture, things may stand in the way of likeness. */
  private static final double ALIKE_OVERALL = 0.5;

  /** Without texture only a slight darkening passes for a shadow. */
  private static final double FLAT_DARKEST = 0.88;

  private final int columns;
  private final int rows;

  Shadows(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
  }

  boolean isLight(int[] seen, int[] expected, int cell) {
    double ratio = seen[cell] / (double) Math.max(SCALE, expected[cell]);
    if (ratio < DARKEST || ratio > BRIGHTEST) {
      return false;
    }
    int row = cell / columns;
    int column = cell % columns;
    // At the border of a shadow only a window that lies on the cell's own side tells anything.
    for (int[] shift : SHIFTS) {
      if (isLight(seen, expected, ratio, column + shift[0], row + shift[1])) {
        return true;
      }
    }
    return false;
  }

  private boolean isLight(int[] seen, int[] expected, double ratio, int column, int row) {
    int left = Math.max(0, column - REACH);
    int right = Math.min(columns - 1, column + REACH);
    int top = Math.max(0, row - REACH);
    int bottom = Math.min(rows - 1, row + REACH);
    long n = 0;
    long sx = 0;
    long sy = 0;
    long sxx = 0;
    long syy = 0;
    long sxy = 0;
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        long a = expected[y * columns + x];
        long b = seen[y * columns + x];
        n++;
        sx += a;
        sy += b;
        sxx += a * a;
        syy += b * b;
        sxy += a * b;
      }
    }
    double common = sy / (double) Math.max(1, sx);
    if (Math.abs(ratio - common) > SAME_RATIO) {
      return false;
    }
    double varianceExpected = (sxx - sx * (double) sx / n) / n;
    double varianceSeen = (syy - sy * (double) sy / n) / n;
    double floor = TEXTURE * SCALE * TEXTURE * SCALE;
    if (varianceExpected < floor && varianceSeen < floor) {
      return common > FLAT_DARKEST && common < 1;
    }
    if (varianceExpected < floor || varianceSeen < floor * 0.25) {
      return false;
    }
    double covariance = (sxy - sx * (double) sy / n) / n;
    return covariance > ALIKE * Math.sqrt(varianceExpected * varianceSeen);
  }

  /** Whether the two pictures have their edges in the same places, or one of them has none. */
  boolean sameStructure(int[] seen, int[] expected) {
    double both = 0;
    double ofSeen = 0;
    double ofExpected = 0;
    for (int row = 0; row + 1 < rows; row++) {
      for (int column = 0; column + 1 < columns; column++) {
        int i = row * columns + column;
        double ax = expected[i + 1] - expected[i];
        double ay = expected[i + columns] - expected[i];
        double bx = seen[i + 1] - seen[i];
        double by = seen[i + columns] - seen[i];
        both += ax * bx + ay * by;
        ofExpected += ax * ax + ay * ay;
        ofSeen += bx * bx + by * by;
      }
    }
    double flat = 2.0 * SCALE * SCALE * seen.length;
    return ofExpected < flat
        || ofSeen < flat
        || both > ALIKE_OVERALL * Math.sqrt(ofExpected * ofSeen);
  }
}
