package io.sightline.clipper.mediaconvert;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** Ends the making of a clip or a replay, also while it waits. Thread-safe. */
final class Stop {

  // Guarded by this.
  private boolean stopped;
  private boolean unwanted;
  private boolean woken;

  /** Nobody wants it any more. */
  synchronized void unwanted() {
    unwanted = true;
    handedOver();
  }

  /** This process ends; somebody else goes on. */
  synchronized void handedOver() {
    stopped = true;
    notifyAll();
  }

  /** Something has happened: whoever waits, or is about to, goes on at once. */
  synchronized void wake() {
    woken = true;
    notifyAll();
  }

  synchronized boolean isUnwanted() {
    return unwanted;
  }

  synchronized boolean isStopped() {
    return stopped;
  }

  /**
   * @throws CancellationException when it has been stopped
   */
  synchronized void check() {
    if (stopped) {
      throw new CancellationException(unwanted ? "It is not wanted any more" : "It is given up");
    }
  }

  /**
   * Waits, unless it is woken.
   *
   * @throws CancellationException when it is stopped, at once
   */
  synchronized void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try {
      for (long rest = time.toNanos(); rest > 0 && !stopped && !woken; ) {
        TimeUnit.NANOSECONDS.timedWait(this, rest);
        rest = end - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("It is interrupted");
    }
    woken = false;
    check();
  }
}
