package io.sightline.records;

/**
 * What one reviewer says of one segment. A record of its own, beside the segment: it changes
 * nothing about the segment's marks, so no clip is cut anew for it. Written by the segmenter, as
 * segments are; when a reviewer takes it back, it is deleted.
 *
 * @param by who says so
 * @param vote like or dislike
 * @param note why, in words; null without
 * @param atMicros when, by the wall clock
 */
public record Feedback(
    String segment, String stream, String by, Vote vote, String note, long atMicros) {

  /** Longest note, in characters. */
  public static final int MAX_NOTE = 500;

  public Feedback {
    Ids.requireId("segment", segment);
    Ids.requireName("stream", stream);
    if (by == null || by.isBlank()) {
      throw new IllegalArgumentException("Feedback names its reviewer");
    }
    if (vote == null || vote == Vote.CLEAR) {
      throw new IllegalArgumentException("Feedback that is kept is like or dislike");
    }
    requireNote(note);
  }

  static void requireNote(String note) {
    if (note != null && note.length() > MAX_NOTE) {
      throw new IllegalArgumentException(
          "A note has " + MAX_NOTE + " characters at most, not " + note.length());
    }
  }
}
