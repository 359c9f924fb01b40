package io.sightline.edgecapture;

import io.sightline.records.Positions;
import java.time.Clock;
import java.time.Duration;

/** The time that capture goes by: arrival of packets, pacing, silence. */
public interface CaptureClock {

  /** Microseconds since 1970. */
  long nowMicros();

  /**
   * Blocks until it is {@code micros}, or returns at once when that has passed.
   *
   * @throws InterruptedException when the stream is stopped meanwhile
   */
  void awaitMicros(long micros) throws InterruptedException;

  /** Blocks for a while. */
  default void pause(Duration pause) throws InterruptedException {
    awaitMicros(nowMicros() + Positions.micros(pause));
  }

  static CaptureClock system() {
    Clock clock = Clock.systemUTC();
    return new CaptureClock() {
      @Override
      public long nowMicros() {
        return Positions.of(clock.instant());
      }

      @Override
      public void awaitMicros(long micros) throws InterruptedException {
        long rest = micros - nowMicros();
        if (rest > 0) {
          Thread.sleep(rest / 1_000, (int) (rest % 1_000) * 1_000);
        }
      }
    };
  }
}
