package io.sightline.replay;

import io.sightline.records.Clip;
import io.sightline.records.Feedback;
import io.sightline.records.MediaState;
import io.sightline.records.ReelDecisions;
import io.sightline.records.Segment;
import io.sightline.records.Vote;
import java.util.Comparator;
import java.util.List;

/**
 * A segment as a replay sees it.
 *
 * @param clip what would play; null when there is none, or none yet
 * @param failure why there will be none as it should be; null when that is not known
 * @param settled whether no other clip is to come for the marks as they are
 * @param trim marks of this replay alone; null for the segment's own
 */
record Candidate(
    Segment segment,
    Clip clip,
    String failure,
    boolean settled,
    int likes,
    int dislikes,
    ReelDecisions.Trim trim) {

  /** In order of position; of two at the same, by id. */
  static final Comparator<Candidate> BY_POSITION =
      Comparator.<Candidate>comparingLong(candidate -> candidate.segment().startMicros())
          .thenComparing(candidate -> candidate.segment().id());

  /**
   * @param clips of the segment
   * @param trim null for none
   * @param cut clips of the stretch between the trimmed marks
   */
  static Candidate of(
      Segment segment,
      List<Clip> clips,
      List<Feedback> feedback,
      ReelDecisions.Trim trim,
      List<Clip> cut) {
    Clip ready = newest(clips, MediaState.READY);
    Clip failed = newest(clips, MediaState.FAILED, MediaState.GONE);
    boolean settled = isOf(segment, ready) || isOf(segment, failed);
    if (trim != null) {
      Clip trimmed = newest(cut, MediaState.READY);
      failed = newest(cut, MediaState.FAILED);
      settled = trimmed != null || failed != null;
      // Until it is cut, the segment plays as it was.
      ready = trimmed != null ? trimmed : ready;
    }
    return new Candidate(
        segment,
        ready,
        failed == null ? null : failure(failed),
        settled,
        count(feedback, Vote.LIKE),
        count(feedback, Vote.DISLIKE),
        trim);
  }

  String id() {
    return segment.id();
  }

  boolean liked() {
    return likes > dislikes;
  }

  boolean disliked() {
    return dislikes > likes;
  }

  /** What is lost and will not come: neither a clip nor the hope of one. */
  boolean lost() {
    return clip == null && failure != null && settled;
  }

  long startMicros() {
    return trim != null ? trim.startMicros() : segment.startMicros();
  }

  /** How long it plays; as its marks say while there is no clip. Not for open segments. */
  long lengthMicros() {
    if (clip != null) {
      return clip.durationMicros();
    }
    return trim != null
        ? trim.endMicros() - trim.startMicros()
        : segment.endMicros() - segment.startMicros();
  }

  private static int count(List<Feedback> feedback, Vote vote) {
    return (int) feedback.stream().filter(one -> one.vote() == vote).count();
  }

  private static String failure(Clip clip) {
    return clip.state() == MediaState.GONE ? "it is no longer kept" : clip.error();
  }

  private static Clip newest(List<Clip> clips, MediaState... states) {
    return clips.stream()
        .filter(clip -> List.of(states).contains(clip.state()))
        .max(Comparator.comparingInt(Clip::segmentRevision).thenComparing(Clip::id))
        .orElse(null);
  }

  private static boolean isOf(Segment segment, Clip clip) {
    return clip != null && clip.segmentRevision() >= segment.revision();
  }
}
