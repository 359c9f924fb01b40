package io.sightline.segmenter;

import io.sightline.records.Settings;
import io.sightline.records.plugin.Classifier;
import io.sightline.records.plugin.ClassifierPlugin;
import io.sightline.records.plugin.Observation;
import io.sightline.records.plugin.SegmentOutput;
import java.nio.ByteBuffer;
import java.util.Map;

/** A segment from the first look with any detection to the first without: the README quotes it. */
public final class ShortestClassifier implements ClassifierPlugin {

  public String name() {
    return "shortest";
  }

  public Classifier open(Settings settings) {
    settings.complete();
    return new Classifier() {
      private long start = -1;

      public void observe(Observation seen, SegmentOutput output) {
        if (start < 0 && !seen.detections().isEmpty()) {
          start = seen.positionMicros();
          output.open(start, "something", Map.of(), null);
        } else if (start >= 0 && seen.detections().isEmpty()) {
          output.close(start, seen.positionMicros(), "something", Map.of(), null);
          start = -1;
        }
      }

      public byte[] state() {
        return ByteBuffer.allocate(Long.BYTES).putLong(start).array();
      }

      public void restore(byte[] state) {
        start = ByteBuffer.wrap(state).getLong();
      }
    };
  }
}
