package io.sightline.segmenter;

import io.sightline.records.AudioDetections;
import io.sightline.records.Detection;
import io.sightline.records.Lane;
import io.sightline.records.plugin.Observation;
import java.util.List;

/** What was heard in chunks, as plugins are told of it. */
final class Heard {

  private Heard() {}

  /**
   * @param positionMicros where the chunk begins in the order of its run
   */
  static Observation in(AudioDetections sound, long positionMicros) {
    long end = positionMicros + sound.durationMicros();
    List<Detection> detections =
        sound.detections().stream().map(detection -> lasting(detection, end)).toList();
    return new Observation(sound.epoch(), Lane.CHUNKS, positionMicros, detections);
  }

  /** What is heard in a chunk lasts as long as the chunk where nothing else is said. */
  private static Detection lasting(Detection detection, long endMicros) {
    return detection.endMicros() != null
        ? detection
        : new Detection(
            detection.analyzer(),
            detection.label(),
            detection.confidence(),
            detection.box(),
            endMicros,
            detection.audioTrack(),
            detection.subject(),
            detection.zones(),
            detection.attributes());
  }
}
