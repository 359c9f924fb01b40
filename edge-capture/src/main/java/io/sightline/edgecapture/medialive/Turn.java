package io.sightline.edgecapture.medialive;

import io.sightline.edgecapture.CaptureClock;
import java.time.Duration;
import java.util.function.LongSupplier;

/** One input's place in the line of its region, until it has asked. One thread. */
final class Turn {

  private final Pace pace;
  private final CaptureClock clock;
  private final LongSupplier nanoTime;
  private long atNanos;

  /**
   * @param clock waits
   * @param nanoTime measures, so that a clock that is set holds nobody up
   */
  Turn(Pace pace, CaptureClock clock, LongSupplier nanoTime) {
    this.pace = pace;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.atNanos = nanoTime.getAsLong() + pace.takePlace();
  }

  /** Waits for it, but no longer than so; whether it has come. */
  boolean await(Duration longest) throws InterruptedException {
    long rest = atNanos - nanoTime.getAsLong();
    if (rest > 0) {
      clock.pause(Duration.ofNanos(Math.min(rest, longest.toNanos())));
    }
    if (atNanos - nanoTime.getAsLong() > 0) {
      return false;
    }
    long hold = pace.hold();
    atNanos = nanoTime.getAsLong() + hold;
    return hold == 0;
  }
}
