package io.sightline.alerter;

import java.util.concurrent.atomic.LongAdder;

/** What was made of detections since the start. Safe for use by any thread. */
public final class AlertCounts {

  private final LongAdder raised = new LongAdder();
  private final LongAdder cleared = new LongAdder();

  /** Visits that have begun. */
  public long raised() {
    return raised.sum();
  }

  /** Visits that have ended. */
  public long cleared() {
    return cleared.sum();
  }

  void count(VisitChange change) {
    (change.over() ? cleared : raised).increment();
  }
}
