package io.sightline.bench.stages;

import io.sightline.records.Ids;
import io.sightline.records.Segment;
import java.util.Map;

/** Segments as a segmenter would find them. */
final class Found {

  private Found() {}

  /** A closed one. */
  static Segment segment(String label, String epoch, long startMicros, long endMicros) {
    return new Segment(
        Ids.segment(Stages.STREAM, Stages.RUN, label, startMicros),
        Stages.STREAM,
        Stages.RUN,
        label,
        epoch,
        startMicros,
        endMicros,
        label,
        null,
        Map.of(),
        null,
        false,
        1,
        1);
  }
}
