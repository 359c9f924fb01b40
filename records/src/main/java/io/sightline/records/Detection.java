package io.sightline.records;

import java.util.List;
import java.util.Map;

/**
 * Something an analyzer saw or heard.
 *
 * @param analyzer who says so, by its name in the profile
 * @param label what it is, in the analyzer's words ({@code person}, {@code motion}, {@code
 *     silence})
 * @param confidence 0 to 100, kept to two decimals
 * @param box where in the picture; null when it is about the whole picture or about sound
 * @param endMicros where it ends, when it lasts; null for a moment
 * @param audioTrack 1-based; null when it is not about sound
 * @param subject the tracked identity it belongs to; null where nothing is tracked
 * @param zones names of the stream's zones it stands in
 * @param attributes more numbers, words and truths about it; 0 and false are values
 */
public record Detection(
    String analyzer,
    String label,
    double confidence,
    Box box,
    Long endMicros,
    Integer audioTrack,
    String subject,
    List<String> zones,
    Map<String, Object> attributes) {

  public Detection {
    if (analyzer == null || analyzer.isBlank() || label == null || label.isBlank()) {
      throw new IllegalArgumentException("A detection names its analyzer and its label");
    }
    if (!(confidence >= 0 && confidence <= 100)) {
      throw new IllegalArgumentException(
          "The confidence of '" + label + "' must lie between 0 and 100, not " + confidence);
    }
    confidence = Math.round(confidence * 100) / 100.0;
    zones = zones == null ? List.of() : List.copyOf(zones);
    attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
  }

  /** A labelled box. */
  public static Detection of(String analyzer, String label, double confidence, Box box) {
    return new Detection(analyzer, label, confidence, box, null, null, null, null, null);
  }

  public Detection withZones(List<String> names) {
    return new Detection(
        analyzer, label, confidence, box, endMicros, audioTrack, subject, names, attributes);
  }

  public Detection withAttributes(Map<String, Object> values) {
    return new Detection(
        analyzer, label, confidence, box, endMicros, audioTrack, subject, zones, values);
  }
}
