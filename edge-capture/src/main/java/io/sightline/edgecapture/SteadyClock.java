package io.sightline.edgecapture;

import io.sightline.records.Positions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This machine's time of day, without its steps: what it was at the start, and the time that has
 * passed since. So somebody who sets the clock neither tears a hole into a stream's axis nor makes
 * it stand still. A step is followed only where the old time was no time (a machine whose clock was
 * not yet set), or where the machine slept. Thread-safe.
 */
final class SteadyClock implements CaptureClock {

  private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

  /** Less is not worth a word; time servers adjust smaller errors by and by. */
  private static final long STEP_MICROS = 500_000;

  /** How exactly the two ways to measure a sleep must agree. */
  private static final long SLEEP_ERROR_MICROS = 2 * Positions.MICROS_PER_SECOND;

  /** A clock that shows less was never set. */
  private static final long EARLIEST = Positions.of(Instant.parse("2020-01-01T00:00:00Z"));

  private static final Path UPTIME = Path.of("/proc/uptime");

  private final Clock wall;
  private final LongSupplier nanos;
  private final LongSupplier sinceBoot;
  private final long startedNanos;

  /** What is added to the time since the start; changes when a step is followed. */
  private long base;

  /** Time since boot minus time since start, as it was when the last step was followed. */
  private long sleptBefore;

  private long toldOf;

  /**
   * @param nanos time that passes, as {@link System#nanoTime()}
   * @param sinceBoot microseconds since the machine started, with those that it slept; negative
   *     where that cannot be known
   */
  SteadyClock(Clock wall, LongSupplier nanos, LongSupplier sinceBoot) {
    this.wall = wall;
    this.nanos = nanos;
    this.sinceBoot = sinceBoot;
    this.startedNanos = nanos.getAsLong();
    this.base = Positions.of(wall.instant());
    this.sleptBefore = sinceBoot.getAsLong();
  }

  static SteadyClock ofThisMachine() {
    return new SteadyClock(Clock.systemUTC(), System::nanoTime, SteadyClock::readUptime);
  }

  @Override
  public synchronized long nowMicros() {
    long passed = (nanos.getAsLong() - startedNanos) / 1_000;
    long step = Positions.of(wall.instant()) - base - passed;
    if (Math.abs(step) > STEP_MICROS) {
      consider(step, passed);
    } else {
      toldOf = 0;
    }
    return base + passed;
  }

  @Override
  public void awaitMicros(long micros) throws InterruptedException {
    long rest = micros - nowMicros();
    if (rest > 0) {
      Thread.sleep(rest / 1_000, (int) (rest % 1_000) * 1_000);
    }
  }

  private void consider(long step, long passed) {
    if (base + passed < EARLIEST && step > 0 || slept(step, passed)) {
      LOG.info(
          "The time of capture follows this machine's clock, which went on by {} s", seconds(step));
      base += step;
      return;
    }
    if (Math.abs(step - toldOf) > STEP_MICROS) {
      toldOf = step;
      LOG.warn(
          "This machine's clock was set {} by {} s; capture goes on by the time that passes, as if it"
              + " had not been, until it is started again",
          step > 0 ? "forward" : "back",
          seconds(Math.abs(step)));
    }
  }

  /** Whether the machine was asleep for as long as the clock went on. */
  private boolean slept(long step, long passed) {
    long uptime = sinceBoot.getAsLong();
    if (step < 2 * SLEEP_ERROR_MICROS || uptime < 0 || sleptBefore < 0) {
      return false;
    }
    long now = uptime - passed;
    boolean same = Math.abs(now - sleptBefore - step) <= SLEEP_ERROR_MICROS;
    if (same) {
      sleptBefore = now;
    }
    return same;
  }

  private static double seconds(long micros) {
    return Math.round(micros / 100_000.0) / 10.0;
  }

  /** Linux counts sleep in here (proc_uptime(5), CLOCK_BOOTTIME); others have no such file. */
  private static long readUptime() {
    try {
      String text = Files.readString(UPTIME);
      return Math.round(Double.parseDouble(text.substring(0, text.indexOf(' '))) * 1e6);
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }
}
