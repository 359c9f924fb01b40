package io.sightline.analyzer.health;

/**
 * Raw values of one picture.
 *
 * @param brightness mean luma, 0 to 255
 * @param contrast standard deviation of luma
 * @param sharpness mean difference of a pixel to the mean of its four neighbours, in luma steps
 * @param darkShare share of the pixels that are dark, 0 to 1
 * @param cells mean luma of a coarse grid, in 1/256 luma steps, which noise hardly moves
 */
record PictureFacts(
    double brightness, double contrast, double sharpness, double darkShare, char[] cells) {

  static final int COLUMNS = 64;
  static final int ROWS = 36;
  private static final int SCALE = 256;

  static PictureFacts of(byte[] luma, int width, int height, double darkBelow) {
    long sum = 0;
    long squares = 0;
    long dark = 0;
    long edges = 0;
    long edgePixels = 0;
    long[] cellSums = new long[COLUMNS * ROWS];
    int[] cellAreas = new int[COLUMNS * ROWS];
    int[] columnOf = new int[width];
    for (int x = 0; x < width; x++) {
      columnOf[x] = (int) ((long) x * COLUMNS / width);
    }
    for (int y = 0; y < height; y++) {
      int start = y * width;
      int cellRow = (int) ((long) y * ROWS / height) * COLUMNS;
      for (int x = 0; x < width; x++) {
        int level = luma[start + x] & 0xff;
        sum += level;
        squares += level * level;
        dark += level < darkBelow ? 1 : 0;
        cellSums[cellRow + columnOf[x]] += level;
        cellAreas[cellRow + columnOf[x]]++;
      }
      // Every other row tells the sharpness as well as all do.
      if ((y & 1) == 1 && y + 1 < height) {
        for (int x = 1; x + 1 < width; x++) {
          int around =
              (luma[start + x - 1] & 0xff)
                  + (luma[start + x + 1] & 0xff)
                  + (luma[start + x - width] & 0xff)
                  + (luma[start + x + width] & 0xff);
          edges += Math.abs(4 * (luma[start + x] & 0xff) - around);
          edgePixels++;
        }
      }
    }
    double pixels = width * (double) height;
    double mean = sum / pixels;
    char[] cells = new char[COLUMNS * ROWS];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cellAreas[i] == 0 ? 0 : (char) (cellSums[i] * SCALE / cellAreas[i]);
    }
    return new PictureFacts(
        mean,
        Math.sqrt(Math.max(0, squares / pixels - mean * mean)),
        edges / 4.0 / Math.max(1, edgePixels),
        dark / pixels,
        cells);
  }

  /** Mean difference to another picture's cells, in luma steps. */
  double difference(char[] other) {
    long sum = 0;
    for (int i = 0; i < cells.length; i++) {
      sum += Math.abs(cells[i] - other[i]);
    }
    return sum / (double) SCALE / cells.length;
  }

  /** The largest difference of one cell, in luma steps. */
  double largestDifference(char[] other) {
    int largest = 0;
    for (int i = 0; i < cells.length; i++) {
      largest = Math.max(largest, Math.abs(cells[i] - other[i]));
    }
    return largest / (double) SCALE;
  }
}
