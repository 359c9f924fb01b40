package io.sightline.bench.capture;

import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.StreamItem;

/**
 * What of one camera has arrived at the gateway, and how long after the camera sent it. Times are
 * in milliseconds, of the monotonic clock; media time counts from the camera's first picture.
 */
final class Arrivals {

  /** A fragment that arrives later than this after the end of its chunk was sent is late. */
  static final long LATE_MILLIS = 1_000;

  /** A picture, and what rounding of times makes. */
  private static final long GAP_MICROS = 50_000;

  /** A chunk waits for the keyframe that ends it. */
  private static final long CHUNK_MILLIS = 2_000;

  private String epoch;
  private long firstMicros;
  private long reachedMicros;

  // Since the count began.
  private long countedFromMillis = Long.MAX_VALUE;
  private int connectionsBefore;
  private int chunks;
  private int frames;
  private int late;
  private int gaps;
  private long worstMillis;

  /** What was sent before does not count: while sources are opened, what comes is old. */
  void countFrom(long nowMillis, int connections) {
    countedFromMillis = nowMillis;
    connectionsBefore = connections;
    chunks = 0;
    frames = 0;
    late = 0;
    gaps = 0;
    worstMillis = 0;
  }

  /**
   * @param startedMillis when the camera began to send
   */
  void add(StreamItem item, long startedMillis, long nowMillis) {
    if (!item.epoch().equals(epoch)) {
      // The recording has a gap here, unless it is the first.
      gaps += epoch == null ? 0 : 1;
      epoch = item.epoch();
      firstMicros = item.positionMicros();
      reachedMicros = firstMicros;
    }
    long endMicros;
    if (item instanceof ChunkInfo chunk) {
      chunks++;
      gaps += Math.abs(chunk.positionMicros() - reachedMicros) > GAP_MICROS ? 1 : 0;
      endMicros = chunk.endMicros();
      reachedMicros = endMicros;
    } else if (item instanceof FrameInfo frame) {
      frames++;
      endMicros = frame.positionMicros();
    } else {
      return;
    }
    long sentMillis = startedMillis + (endMicros - firstMicros) / 1_000;
    if (sentMillis >= countedFromMillis) {
      long behind = nowMillis - sentMillis;
      worstMillis = Math.max(worstMillis, behind);
      late += behind > LATE_MILLIS ? 1 : 0;
    }
  }

  /** Items that came late, and what should have come and has not. */
  int late(long startedMillis, long nowMillis) {
    long missingMillis = nowMillis - startedMillis - (reachedMicros - firstMicros) / 1_000;
    return late + (missingMillis > CHUNK_MILLIS + LATE_MILLIS ? 1 : 0);
  }

  /**
   * Gaps in the recording, keyframes of it without a picture, and what a source that was connected
   * to again sent meanwhile.
   */
  int lost(int connections) {
    // A picture comes before its chunk, so one chunk of those that count may have had it before.
    return gaps + Math.max(0, chunks - frames - 1) + connections - connectionsBefore;
  }

  long worstMillis() {
    return worstMillis;
  }
}
