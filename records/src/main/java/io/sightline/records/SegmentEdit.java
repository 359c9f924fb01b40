package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a person asks of a segment.
 *
 * @param id names the request, so that a repeat changes nothing
 * @param kind trim sets the marks given, relabel the label, feedback a reviewer's vote, keep
 *     whether its clip is kept beyond its stream's rule; remove makes it none, for ever
 * @param startMicros new mark-in; null to leave it
 * @param endMicros new mark-out; null to leave it
 * @param label new label; null to leave it
 * @param by who asks
 * @param atMicros when, by the wall clock
 * @param vote what {@code by} says of it: with {@code FEEDBACK}; else null
 * @param note why, in words: with {@code FEEDBACK}; null without
 * @param keep with {@code KEEP}; else null
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
    long atMicros,
    Vote vote,
    String note,
    Boolean keep) {

  /** What is asked. */
  public enum Kind {
    @JsonProperty("trim")
    TRIM,
    @JsonProperty("relabel")
    RELABEL,
    @JsonProperty("feedback")
    FEEDBACK,
    @JsonProperty("keep")
    KEEP,
    @JsonProperty("remove")
    REMOVE
  }

  /** One that changes the segment itself. */
  public SegmentEdit(
      String id,
      String stream,
      String segment,
      Kind kind,
      Long startMicros,
      Long endMicros,
      String label,
      String by,
      long atMicros) {
    this(id, stream, segment, kind, startMicros, endMicros, label, by, atMicros, null, null, null);
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
    if (kind == Kind.FEEDBACK && (vote == null || by == null || by.isBlank())) {
      throw new IllegalArgumentException(
          "Feedback is like, dislike or clear, and names its reviewer");
    }
    if (kind == Kind.KEEP && keep == null) {
      throw new IllegalArgumentException("'keep' is true or false");
    }
    Feedback.requireNote(note);
  }
}
