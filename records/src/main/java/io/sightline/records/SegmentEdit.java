package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a person asks of a segment.
 *
 * @param id names the request, so that a repeat changes nothing
 * @param kind trim sets the marks given, relabel the label
 * @param startMicros new mark-in; null to leave it
 * @param endMicros new mark-out; null to leave it
 * @param label new label; null to leave it
 * @param by who asks
 * @param atMicros when, by the wall clock
 */
public record SegmentEdit(
    String id,
    String stream,
    String segment,
    Kind kind,
    Long startMicros,
    Long endMicros,
    String label,
    String by,
    long atMicros) {

  /** What is asked. */
  public enum Kind {
    @JsonProperty("trim")
    TRIM,
    @JsonProperty("relabel")
    RELABEL
  }

  public SegmentEdit {
    Ids.requireName("stream", stream);
    Ids.requireId("segment", segment);
    if (id == null || kind == null) {
      throw new IllegalArgumentException("An edit has an id and a kind");
    }
    if (kind == Kind.TRIM && startMicros == null && endMicros == null) {
      throw new IllegalArgumentException("A trim gives a new mark-in, a new mark-out, or both");
    }
    if (startMicros != null && endMicros != null && endMicros <= startMicros) {
      throw new IllegalArgumentException("The new mark-out must lie after the new mark-in");
    }
    if (kind == Kind.RELABEL && (label == null || label.isBlank() || label.length() > 200)) {
      throw new IllegalArgumentException("A new label has 1 to 200 characters");
    }
  }
}
