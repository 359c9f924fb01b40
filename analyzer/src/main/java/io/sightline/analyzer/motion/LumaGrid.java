package io.sightline.analyzer.motion;

import java.util.Arrays;

/**
 * A picture's brightness on a coarse grid: each cell is the mean over a square of pixels, which
 * takes most of a camera's noise away. Levels are in 1/{@link #SCALE} of a luma step.
 *
 * @param columns cells across
 * @param rows cells down
 * @param pixels side of a cell in pixels; the last column and row may be cut short
 */
record LumaGrid(int width, int height, int columns, int rows, int pixels, int[] levels) {

  static final int SCALE = 256;

  /** As many cells as 160 by 90 have, whatever the shape of the picture. */
  private static final int TARGET_CELLS = 160 * 90;

  static LumaGrid of(byte[] luma, int width, int height) {
    int pixels = (int) Math.ceil(Math.sqrt(width * (double) height / TARGET_CELLS));
    int columns = (width + pixels - 1) / pixels;
    int rows = (height + pixels - 1) / pixels;
    int[] levels = new int[columns * rows];
    int[] sums = new int[columns];
    for (int row = 0; row < rows; row++) {
      Arrays.fill(sums, 0);
      int top = row * pixels;
      int bottom = Math.min(height, top + pixels);
      for (int y = top; y < bottom; y++) {
        addRow(luma, y * width, width, pixels, sums);
      }
      for (int column = 0; column < columns; column++) {
        int across = Math.min(width, (column + 1) * pixels) - column * pixels;
        int area = across * (bottom - top);
        levels[row * columns + column] = (sums[column] * SCALE + area / 2) / area;
      }
    }
    return new LumaGrid(width, height, columns, rows, pixels, levels);
  }

  private static void addRow(byte[] luma, int start, int width, int pixels, int[] sums) {
    int x = 0;
    for (int column = 0; x < width; column++) {
      int end = Math.min(width, x + pixels);
      int sum = 0;
      for (; x < end; x++) {
        sum += luma[start + x] & 0xff;
      }
      sums[column] += sum;
    }
  }
}
