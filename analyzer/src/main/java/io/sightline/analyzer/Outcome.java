package io.sightline.analyzer;

import io.sightline.records.Detection;
import java.util.ArrayList;
import java.util.List;

/**
 * What analyzers made of a frame or a chunk.
 *
 * @param error what failed, in words; null when nothing did
 */
record Outcome(List<Detection> detections, String error) {

  static final Outcome NOTHING = new Outcome(List.of(), null);

  private static final int MAX_ERROR = 1_000;

  Outcome {
    detections = List.copyOf(detections);
  }

  static Outcome failed(String error) {
    String line = error.lines().findFirst().orElse("");
    return new Outcome(
        List.of(), line.length() <= MAX_ERROR ? line : line.substring(0, MAX_ERROR) + "…");
  }

  /** All of several, in their order. */
  static Outcome all(List<Outcome> outcomes) {
    List<Detection> detections = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      detections.addAll(outcome.detections);
      if (outcome.error != null && !errors.contains(outcome.error)) {
        errors.add(outcome.error);
      }
    }
    return new Outcome(detections, errors.isEmpty() ? null : String.join("; ", errors));
  }
}
