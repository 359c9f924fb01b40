package io.sightline.analyzer.motion;

/**
 * Cells that hang together.
 *
 * @param cells their indices in the grid, in rising order
 */
record Blob(int left, int top, int right, int bottom, int[] cells) {

  int size() {
    return cells.length;
  }

  /** How many of the cells are set in a mask. */
  int within(boolean[] mask) {
    int count = 0;
    for (int cell : cells) {
      if (mask[cell]) {
        count++;
      }
    }
    return count;
  }
}
