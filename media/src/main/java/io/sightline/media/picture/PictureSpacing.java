package io.sightline.media.picture;

import java.util.TreeSet;

/**
 * The smallest distance between neighbouring pictures, as seen lately. Takes times in decoding
 * order.
 */
final class PictureSpacing {

  /** Enough to have seen every neighbour of a reordered picture, and soon forgotten. */
  private static final int WINDOW = 32;

  /**
   * After so many a first guess is made: the deepest reordering in use shows all of a group by
   * then.
   */
  private static final int FIRST_GUESS = 8;

  private final TreeSet<Long> recent = new TreeSet<>();
  private int seen;
  private long smallest = Long.MAX_VALUE;
  private long smallestBefore;

  void add(long pts) {
    Long lower = recent.floor(pts);
    Long higher = recent.ceiling(pts);
    if (lower != null) {
      smallest = Math.min(smallest, pts - lower);
    }
    if (higher != null) {
      smallest = Math.min(smallest, higher - pts);
    }
    recent.add(pts);
    if (recent.size() > WINDOW) {
      recent.pollFirst();
    }
    if (++seen == WINDOW || seen == FIRST_GUESS && smallestBefore == 0) {
      seen = 0;
      smallestBefore = smallest;
      smallest = Long.MAX_VALUE;
    }
  }

  /** In ticks; 0 as long as it is not known. */
  long ticks() {
    return Math.min(smallest, smallestBefore);
  }
}
