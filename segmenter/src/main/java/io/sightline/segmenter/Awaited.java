package io.sightline.segmenter;

import io.sightline.records.Segment;
import java.util.Comparator;

/**
 * A segment that waits until enough has been heard behind it to have its marks optimized.
 *
 * @param segment its id
 * @param untilMicros so far it must be known what was heard, and which neighbours there are
 */
record Awaited(String segment, String stream, String run, String classifier, long untilMicros) {

  /** In order of their ends; no two are equal. */
  static final Comparator<Awaited> IN_ORDER =
      Comparator.comparingLong(Awaited::untilMicros).thenComparing(Awaited::segment);

  /** A classifier that never knows its segments is not waited for longer than this. */
  private static final long LONGEST_UNSETTLED_MICROS = 60_000_000;

  /**
   * @param segment complete
   * @param afterMicros how far behind its end the optimizer wants to know what was heard
   */
  static Awaited of(Segment segment, long afterMicros) {
    return new Awaited(
        segment.id(),
        segment.stream(),
        segment.run(),
        segment.classifier(),
        segment.endMicros() + afterMicros);
  }

  /** Whether the run has come far enough. */
  boolean isDue(Reached reached) {
    if (!isOf(reached)) {
      return false;
    }
    long known = reached.settledMicros().getOrDefault(classifier, Long.MAX_VALUE);
    return reached.over()
        || (reached.positionMicros() > untilMicros
            && (known > untilMicros
                || reached.positionMicros() > untilMicros + LONGEST_UNSETTLED_MICROS));
  }

  private boolean isOf(Reached reached) {
    return reached.stream().equals(stream) && reached.run().equals(run);
  }
}
