package io.sightline.records.plugin;

import io.sightline.records.Detection;
import io.sightline.records.Marker;
import java.util.List;

/**
 * Makes segments of one run of one stream. Called by one thread, in order of position. What it does
 * must follow from what it is told alone (no clock, no chance), so that repeated work gives the
 * same segments.
 */
public interface Classifier {

  /** All detections at one position, of frames and sound alike; empty when nothing was seen. */
  void observe(long positionMicros, List<Detection> detections, SegmentOutput output);

  /** A turning point: epochs beginning and ending, a stream given up. */
  void marker(Marker marker, SegmentOutput output);

  /** What must survive a kill, as JSON. */
  byte[] state();

  /** Takes what {@link #state()} gave, before the first observation. */
  void restore(byte[] state);
}
