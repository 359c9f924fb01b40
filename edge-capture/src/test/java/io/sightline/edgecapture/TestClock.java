package io.sightline.edgecapture;

import java.util.ArrayList;
import java.util.List;

/**
 * A clock that stands still until something waits for it: then it is that time at once, up to a
 * limit. So what is paced takes no time, and the pace can be read afterwards.
 */
final class TestClock implements CaptureClock {

  static final long START = 1_790_000_000_000_000L;

  private final List<Long> waits = new ArrayList<>();
  private long now = START;
  private long limit = Long.MAX_VALUE;

  /** Whoever waits for a time beyond it waits really. */
  synchronized TestClock limit(long micros) {
    limit = micros;
    notifyAll();
    return this;
  }

  synchronized void advance(long micros) {
    now += micros;
    notifyAll();
  }

  /** The times waited for, in order. */
  synchronized List<Long> waits() {
    return List.copyOf(waits);
  }

  @Override
  public synchronized long nowMicros() {
    return now;
  }

  @Override
  public synchronized void awaitMicros(long micros) throws InterruptedException {
    waits.add(micros);
    while (micros > limit && micros > now) {
      wait();
    }
    now = Math.max(now, micros);
  }
}
