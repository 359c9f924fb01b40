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

  /** Opening a source and looking at it takes some time, and what came meanwhile is old. */
  static final long SETTLED_MILLIS = 6_000;

  /** A picture, and what rounding of times makes. */
  private static final long GAP_MICROS = 50_000;

  /** A chunk waits for the keyframe that ends it. */
  private static final long CHUNK_MILLIS = 2_000;

  private long firstMicros = -1;
  private long reachedMicros;
  private int chunks;
  private int frames;
  private int late;
  private int lost;
  private long worstMillis;

  /**
   * @param startedMillis when the camera began to send
   */
  void add(StreamItem item, long startedMillis, long nowMillis) {
    if (firstMicros < 0) {
      firstMicros = item.positionMicros();
      reachedMicros = firstMicros;
    }
    long endMicros;
    if (item instanceof ChunkInfo chunk) {
      chunks++;
      lost += Math.abs(chunk.positionMicros() - reachedMicros) > GAP_MICROS ? 1 : 0;
      endMicros = chunk.endMicros();
      reachedMicros = endMicros;
    } else if (item instanceof FrameInfo frame) {
      frames++;
      endMicros = frame.positionMicros();
    } else {
      return;
    }
    long sentMillis = startedMillis + (endMicros - firstMicros) / 1_000;
    if (sentMillis - startedMillis >= SETTLED_MILLIS) {
      long behind = nowMillis - sentMillis;
      worstMillis = Math.max(worstMillis, behind);
      late += behind > LATE_MILLIS ? 1 : 0;
    }
  }

  int chunks() {
    return chunks;
  }

  /** Items that came late, and what should have come and has not. */
  int late(long startedMillis, long nowMillis) {
    long missingMillis = nowMillis - startedMillis - (reachedMicros - firstMicros) / 1_000;
    return late + (missingMillis > CHUNK_MILLIS + LATE_MILLIS ? 1 : 0);
  }

  /** Gaps in the recording, and keyframes of it without a picture. */
  int lost() {
    return lost + Math.max(0, chunks - frames);
  }

  long worstMillis() {
    return worstMillis;
  }
}
