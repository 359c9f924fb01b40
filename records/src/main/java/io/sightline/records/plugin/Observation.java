package io.sightline.records.plugin;

import io.sightline.records.Detection;
import io.sightline.records.Lane;
import java.util.List;

/**
 * What a profile's analyzers made of one frame or of one chunk. A frame says nothing about sound
 * and a chunk nothing about pictures, so only an observation of the same lane can tell that
 * something has ended.
 *
 * @param lane whether a frame was looked at or a chunk listened to
 * @param positionMicros of the frame, or where the chunk begins
 * @param detections all of it; empty when nothing was seen or heard. Those of a chunk have an end
 */
public record Observation(
    String epoch, Lane lane, long positionMicros, List<Detection> detections) {

  public Observation {
    detections = List.copyOf(detections);
  }
}
