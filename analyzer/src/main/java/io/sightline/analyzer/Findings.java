package io.sightline.analyzer;

import io.sightline.records.AudioDetections;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Detection;
import io.sightline.records.FrameDetections;
import io.sightline.records.FrameInfo;
import io.sightline.records.KeepFrames;
import io.sightline.records.Zone;
import java.util.List;

/** Outcomes as the records that are published. */
final class Findings {

  private Findings() {}

  static FrameDetections of(FrameInfo info, Outcome found, List<Zone> zones, boolean late) {
    return new FrameDetections(
        info.stream(),
        info.epoch(),
        info.run(),
        info.sequence(),
        info.positionMicros(),
        info.capturedMicros(),
        info.width(),
        info.height(),
        found.detections().stream().map(detection -> zoned(detection, zones)).toList(),
        null,
        found.error(),
        late,
        info.turned());
  }

  static AudioDetections of(ChunkInfo chunk, Outcome found, boolean late) {
    return new AudioDetections(
        chunk.stream(),
        chunk.epoch(),
        chunk.run(),
        chunk.sequence(),
        chunk.positionMicros(),
        chunk.durationMicros(),
        chunk.capturedMicros(),
        found.detections(),
        found.error(),
        late);
  }

  /** Whether the picture is stored; what failed to decode is no picture. */
  static boolean keeps(KeepFrames keep, Outcome found) {
    return switch (keep) {
      case ALL -> found.error() == null || !found.detections().isEmpty();
      case DETECTIONS -> !found.detections().isEmpty();
      case NONE -> false;
    };
  }

  /** Names the zones that a thing stands in; an analyzer that names them itself knows better. */
  private static Detection zoned(Detection detection, List<Zone> zones) {
    if (detection.box() == null || zones.isEmpty() || !detection.zones().isEmpty()) {
      return detection;
    }
    return detection.withZones(
        zones.stream()
            .filter(zone -> zone.contains(detection.box().foot()))
            .map(Zone::name)
            .toList());
  }
}
