package io.sightline.bench.capture;

/**
 * Finds the highest count that holds, with few tries: doubles or halves until one holds and a
 * higher one does not, then halves the distance. A count that does not hold is tried once more,
 * since another program may have been at work.
 */
final class HighestCount {

  /** Whether a count holds. */
  interface Trial {
    boolean holds(int count) throws Exception;
  }

  /** Nearer than this fraction, the machine's noise decides. */
  private static final double RESOLUTION = 0.06;

  private HighestCount() {}

  /**
   * @param first to be tried
   * @param limit never to be exceeded
   * @return 0 when not even one holds
   */
  static int find(int first, int limit, Trial trial) throws Exception {
    int held = 0;
    int failed = limit + 1;
    int next = Math.min(first, limit);
    while (next > held && next < failed) {
      if (trial.holds(next) || trial.holds(next)) {
        held = next;
      } else {
        failed = next;
      }
      if (failed > limit) {
        next = Math.min(limit, 2 * held);
      } else if (held == 0) {
        next = failed / 2;
      } else {
        int step = (failed - held) / 2;
        next = step < held * RESOLUTION ? held : held + step;
      }
    }
    return held;
  }
}
