package io.sightline.records.plugin;

import io.sightline.records.Marker;

/**
 * Makes segments of one run of one stream. Called by one thread, in order of position. What it does
 * must follow from what it is told alone (no clock, no chance), so that repeated work gives the
 * same segments.
 */
public interface Classifier {

  /** What one frame showed, or what one chunk sounded like; also when that was nothing. */
  void observe(Observation observation, SegmentOutput output);

  /**
   * A turning point: epochs beginning and ending, a stream given up, another profile. What is still
   * open afterwards, the stage closes at the last position, except where a stream has only stalled.
   */
  default void marker(Marker marker, SegmentOutput output) {}

  /**
   * Up to where all its segments have been said: none that it says later begins before. Optimizers
   * wait for it, so that they know a segment's neighbours; those that come all the same are heeded
   * then, at the cost of another clip.
   *
   * @param positionMicros up to where it has been told what was seen and heard
   */
  default long settledMicros(long positionMicros) {
    return positionMicros;
  }

  /** What must survive a kill, as JSON. */
  byte[] state();

  /** Takes what {@link #state()} gave, before the first observation. */
  void restore(byte[] state);
}
