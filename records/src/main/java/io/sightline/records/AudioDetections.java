package io.sightline.records;

import java.util.List;

/**
 * All that the profile's analyzers heard in one chunk; published once per chunk, in order, also
 * when there was nothing to hear.
 *
 * @param durationMicros of the chunk
 * @param error why analysis failed; null when it did not
 */
public record AudioDetections(
    String stream,
    String epoch,
    String run,
    long sequence,
    long positionMicros,
    long durationMicros,
    long capturedMicros,
    List<Detection> detections,
    String error,
    boolean late)
    implements StreamItem {

  public AudioDetections {
    ItemChecks.check(stream, epoch, run, sequence, positionMicros);
    detections = detections == null ? List.of() : List.copyOf(detections);
  }

  @Override
  public Lane lane() {
    return Lane.CHUNKS;
  }
}
