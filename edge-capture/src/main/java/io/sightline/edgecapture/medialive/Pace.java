package io.sightline.edgecapture.medialive;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * How fast all inputs of one region ask together. Each takes a place in line and asks when it is
 * its turn, so none is left out; where there are many, each is asked less often than it would like.
 *
 * <p>A service that throttles slows all of them down: they hold still, twice as long each time, and
 * go on half as fast. Each minute without that they go a little faster again. Thread-safe.
 */
final class Pace {

  /**
   * What MediaLive answers steadily per account and region, by its quotas page; that of thumbnails
   * is a quota of its own that accounts may have raised. Others of the account ask as well.
   */
  static final int PER_SECOND = 5;

  private static final Duration LONGEST_LINE = Duration.ofHours(1);
  private static final Duration FIRST_HOLD = Duration.ofSeconds(1);
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(1);
  private static final long FASTER_AFTER_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int ENOUGH = 10;

  private final RateLimiter limiter;
  private final int most;
  private final LongSupplier nanoTime;
  private final IntervalFunction holds =
      IntervalFunction.ofExponentialRandomBackoff(FIRST_HOLD, 2, 0.5, LONGEST_HOLD);

  // Guarded by this.
  private int now;
  private int throttled;
  private boolean holding;
  private long holdUntil;
  private long changed;

  /**
   * @param most calls in one period
   */
  Pace(int most, Duration period, LongSupplier nanoTime) {
    this.most = most;
    this.now = most;
    this.nanoTime = nanoTime;
    this.changed = nanoTime.getAsLong();
    this.limiter =
        RateLimiter.of(
            "medialive",
            RateLimiterConfig.custom()
                .limitForPeriod(most)
                .limitRefreshPeriod(period)
                .timeoutDuration(LONGEST_LINE)
                .build());
  }

  static Pace ofTheService() {
    return new Pace(PER_SECOND, Duration.ofSeconds(1), System::nanoTime);
  }

  /** Takes a place in line; nanoseconds until it is its turn. */
  long takePlace() {
    long wait = limiter.reservePermission();
    return wait < 0 ? LONGEST_LINE.toNanos() : wait;
  }

  /**
   * Asked when it is one's turn: nanoseconds for which to hold still first, spread so that those
   * who wait do not go on together; 0 when there is no need to.
   */
  synchronized long hold() {
    long rest = holding ? holdUntil - nanoTime.getAsLong() : 0;
    return rest <= 0 ? 0 : rest + ThreadLocalRandom.current().nextLong(rest);
  }

  /** The service has answered that it is asked too much. */
  synchronized void throttled() {
    long time = nanoTime.getAsLong();
    if (holding && holdUntil - time > 0) {
      // Asked before the others said so.
      return;
    }
    throttled = Math.min(ENOUGH, throttled + 1);
    holding = true;
    holdUntil = time + Duration.ofMillis(holds.apply(throttled)).toNanos();
    change(Math.max(1, now / 2), time);
  }

  /** The service has answered otherwise. */
  synchronized void answered() {
    long time = nanoTime.getAsLong();
    if (holding && holdUntil - time <= 0) {
      holding = false;
      throttled = 0;
    }
    if (now < most && time - changed >= FASTER_AFTER_NANOS) {
      change(now + 1, time);
    }
  }

  /** Calls in one period, as it is now. */
  synchronized int calls() {
    return now;
  }

  private void change(int calls, long time) {
    now = calls;
    changed = time;
    limiter.changeLimitForPeriod(calls);
  }
}
