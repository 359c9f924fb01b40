package io.sightline.clipper.mediaconvert;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends the making of a clip, also while it waits. Thread-safe. */
final class Stop {

  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean unwanted;

  /** Nobody wants the clip any more. */
  void unwanted() {
    unwanted = true;
    stopped.countDown();
  }

  /** This process ends; somebody else goes on. */
  void handedOver() {
    stopped.countDown();
  }

  boolean isUnwanted() {
    return unwanted;
  }

  /**
   * @throws CancellationException when it has been stopped
   */
  void check() {
    pause(Duration.ZERO);
  }

  /**
   * Waits.
   *
   * @throws CancellationException when it is stopped, at once
   */
  void pause(Duration time) {
    try {
      if (stopped.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new CancellationException(unwanted ? "It is not wanted any more" : "It is given up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("It is interrupted");
    }
  }
}
