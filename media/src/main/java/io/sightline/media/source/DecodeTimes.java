package io.sightline.media.source;

import java.util.PriorityQueue;

/**
 * Decode times for sources that give none (RTSP): the n-th picture in decoding order gets the n-th
 * smallest presentation time, moved back by the reorder depth, so decode times rise and none lies
 * after its presentation time. One per track; not thread-safe.
 */
public final class DecodeTimes {

  private final int reorderDepth;
  private final long pictureDuration;
  private final PriorityQueue<Long> presented = new PriorityQueue<>();

  private boolean started;
  private long last;

  /**
   * @param reorderDepth {@link SourceTrack#reorderDepth()}
   * @param pictureDuration in units of the track's time base, at least 1; used before the first
   *     pictures only
   */
  public DecodeTimes(int reorderDepth, long pictureDuration) {
    if (reorderDepth < 0 || pictureDuration < 1) {
      throw new IllegalArgumentException(
          "A reorder depth is not negative and a picture lasts at least one unit");
    }
    this.reorderDepth = reorderDepth;
    this.pictureDuration = pictureDuration;
  }

  /** The decode time of the next picture in decoding order, which is shown at {@code pts}. */
  public long next(long pts) {
    if (!started) {
      started = true;
      last = pts - reorderDepth * pictureDuration - 1;
      for (int before = reorderDepth; before > 0; before--) {
        presented.add(pts - before * pictureDuration);
      }
    }
    presented.add(pts);
    last = Math.max(last + 1, presented.remove());
    return last;
  }
}
