package io.sightline.analyzer.motion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Work on sets of cells of one grid. */
final class CellMask {

  private final int columns;
  private final int rows;

  CellMask(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /** How many of the nine cells around and including each are set. */
  byte[] neighbours(boolean[] mask) {
    byte[] counts = new byte[mask.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        if (mask[row * columns + column]) {
          for (int y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
            for (int x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
              counts[y * columns + x]++;
            }
          }
        }
      }
    }
    return counts;
  }

  /** The mask and all cells that touch it. */
  boolean[] grown(boolean[] mask) {
    byte[] counts = neighbours(mask);
    boolean[] grown = new boolean[mask.length];
    for (int i = 0; i < grown.length; i++) {
      grown[i] = counts[i] > 0;
    }
    return grown;
  }

  /**
   * The cells of {@code mask} that hang together, also across gaps of up to two cells; in order of
   * their first cell.
   */
  List<Blob> blobs(boolean[] mask) {
    boolean[] joined = grown(mask);
    boolean[] visited = new boolean[mask.length];
    int[] queue = new int[mask.length];
    List<Blob> blobs = new ArrayList<>();
    for (int start = 0; start < mask.length; start++) {
      if (joined[start] && !visited[start]) {
        int end = flood(joined, visited, queue, start);
        blobs.add(blob(mask, Arrays.copyOf(queue, end)));
      }
    }
    return blobs;
  }

  private int flood(boolean[] joined, boolean[] visited, int[] queue, int start) {
    int head = 0;
    int tail = 0;
    queue[tail++] = start;
    visited[start] = true;
    while (head < tail) {
      int cell = queue[head++];
      int row = cell / columns;
      int column = cell % columns;
      for (int y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
        for (int x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          int next = y * columns + x;
          if (joined[next] && !visited[next]) {
            visited[next] = true;
            queue[tail++] = next;
          }
        }
      }
    }
    return tail;
  }

  private Blob blob(boolean[] mask, int[] flooded) {
    int[] cells = Arrays.stream(flooded).filter(cell -> mask[cell]).sorted().toArray();
    int left = columns;
    int top = rows;
    int right = 0;
    int bottom = 0;
    for (int cell : cells) {
      left = Math.min(left, cell % columns);
      right = Math.max(right, cell % columns + 1);
      top = Math.min(top, cell / columns);
      bottom = Math.max(bottom, cell / columns + 1);
    }
    return new Blob(left, top, right, bottom, cells);
  }
}
