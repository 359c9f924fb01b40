package io.sightline.alerter.delivery;

import java.util.concurrent.atomic.LongAdder;

/** What became of messages since the start. Safe for use by any thread. */
public final class DeliveryCounts {

  private final LongAdder sent = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder retried = new LongAdder();

  /** Taken by the other side. */
  public long sent() {
    return sent.sum();
  }

  /** Given up. */
  public long failed() {
    return failed.sum();
  }

  /** Attempts that will be repeated. */
  public long retried() {
    return retried.sum();
  }

  void countSent() {
    sent.increment();
  }

  void countFailed() {
    failed.increment();
  }

  void countRetried() {
    retried.increment();
  }
}
