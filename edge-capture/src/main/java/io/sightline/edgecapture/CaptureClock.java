package io.sightline.edgecapture;

import io.sightline.records.Positions;
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

  /** This machine's time of day, without the steps that somebody who sets it makes. */
  static CaptureClock system() {
    return SteadyClock.ofThisMachine();
  }
}
