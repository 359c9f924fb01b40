package io.sightline.edgecapture;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;

/**
 * How long to wait before the next try: nothing before the first, then from 200 ms doubling with
 * jitter up to a cap, for ever. One owner; not thread-safe.
 */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(200);

  /** Beyond this many failures the pause has long reached its cap. */
  private static final int ENOUGH = 20;

  private final IntervalFunction pauses;
  private int failures;

  Backoff(Duration cap) {
    pauses = IntervalFunction.ofExponentialRandomBackoff(FIRST, 2, 0.5, cap);
  }

  /** Counts one more failure. */
  Duration next() {
    int before = failures;
    failures = Math.min(ENOUGH, failures + 1);
    return before == 0 ? Duration.ZERO : Duration.ofMillis(pauses.apply(before));
  }

  /** It works: the next trouble is a first one again. */
  void reset() {
    failures = 0;
  }
}
