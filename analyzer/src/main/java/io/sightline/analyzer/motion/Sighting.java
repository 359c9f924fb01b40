package io.sightline.analyzer.motion;

import java.util.Comparator;

/**
 * A blob that counts.
 *
 * @param score 0 to 100: how far it stands out from the background, and how large it is
 */
record Sighting(Blob blob, double score) {

  static final Comparator<Sighting> LARGEST_FIRST =
      Comparator.<Sighting>comparingInt(s -> -s.blob().size())
          .thenComparingInt(s -> s.blob().cells()[0]);

  private static final double CLEAR = 80;
  private static final double MOST = 4;

  /**
   * @param beyond how far each cell is from the background
   * @param minCells how many make a thing
   */
  static Sighting of(Blob blob, int[] beyond, int[] threshold, double minCells) {
    double sum = 0;
    for (int cell : blob.cells()) {
      double over = beyond[cell] / (double) threshold[cell];
      sum += Math.min(MOST, over);
    }
    double strength = sum / blob.size() * Math.min(1.5, Math.sqrt(blob.size() / minCells) * 0.75);
    return new Sighting(blob, 100 * (1 - StrictMath.exp(-0.9 * strength)));
  }

  boolean clear() {
    return score >= CLEAR;
  }
}
