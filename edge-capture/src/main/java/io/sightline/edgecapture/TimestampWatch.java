package io.sightline.edgecapture;

import io.sightline.records.Positions;
import java.util.ArrayDeque;

/**
 * Watches the decode times of an epoch's leading track: whether they jump, and whether they drift
 * from the clock. Packets arrive in bursts (an HLS segment at once, a network that hiccups), so
 * what is compared with the beginning is the smallest delay of the last seconds: bursts move single
 * packets, only drift moves the smallest. One thread.
 */
final class TimestampWatch {

  /** What a packet's time says. */
  enum Verdict {
    STEADY,
    /** The epoch goes on to the next keyframe, where a new one begins. */
    DRIFTED,
    /** The packet does not belong to the epoch. */
    JUMPED
  }

  static final long MAX_FORWARD_MICROS = 10 * Positions.MICROS_PER_SECOND;
  static final long MAX_DRIFT_MICROS = 500_000;
  private static final long WINDOW_MICROS = 15 * Positions.MICROS_PER_SECOND;
  private static final long BUCKET_MICROS = Positions.MICROS_PER_SECOND;

  private static final class Bucket {
    private final long arrivedMicros;
    private long smallestDelay;

    Bucket(long arrivedMicros, long smallestDelay) {
      this.arrivedMicros = arrivedMicros;
      this.smallestDelay = smallestDelay;
    }
  }

  private final boolean live;
  private final long toleranceMicros;
  private final ArrayDeque<Bucket> buckets = new ArrayDeque<>();
  private long last;
  private boolean started;
  private long startedMicros;
  private boolean settled;
  private long baseline;

  /**
   * @param live whether there is a clock to drift from
   * @param toleranceMicros by how much times may go back: nothing for decode times, the reordering
   *     of pictures where only presentation times are known
   */
  TimestampWatch(boolean live, long toleranceMicros) {
    this.live = live;
    this.toleranceMicros = toleranceMicros;
  }

  Verdict check(long mediaMicros, long arrivalMicros) {
    if (!started) {
      started = true;
      startedMicros = arrivalMicros;
      last = mediaMicros;
    }
    if (mediaMicros < last - toleranceMicros || mediaMicros > last + MAX_FORWARD_MICROS) {
      return Verdict.JUMPED;
    }
    last = Math.max(last, mediaMicros);
    return live && drifted(arrivalMicros - mediaMicros, arrivalMicros)
        ? Verdict.DRIFTED
        : Verdict.STEADY;
  }

  private boolean drifted(long delay, long arrivalMicros) {
    Bucket newest = buckets.peekLast();
    if (newest == null || Math.abs(arrivalMicros - newest.arrivedMicros) >= BUCKET_MICROS) {
      buckets.add(new Bucket(arrivalMicros, delay));
    } else {
      newest.smallestDelay = Math.min(newest.smallestDelay, delay);
    }
    while (Math.abs(arrivalMicros - buckets.peek().arrivedMicros) > WINDOW_MICROS) {
      buckets.poll();
    }
    long smallest = Long.MAX_VALUE;
    for (Bucket bucket : buckets) {
      smallest = Math.min(smallest, bucket.smallestDelay);
    }
    if (!settled) {
      baseline = smallest;
      settled = Math.abs(arrivalMicros - startedMicros) >= WINDOW_MICROS;
      return false;
    }
    return Math.abs(smallest - baseline) > MAX_DRIFT_MICROS;
  }
}
