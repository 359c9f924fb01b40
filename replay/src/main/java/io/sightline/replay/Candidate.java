package io.sightline.replay;

import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.Feedback;
import io.sightline.records.MediaState;
import io.sightline.records.OptimizedTrack;
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
 * @param sound which marks it has for the replay's only sound track; null where that does not
 *     matter
 */
record Candidate(
    Segment segment,
    Clip clip,
    String failure,
    boolean settled,
    int likes,
    int dislikes,
    ReelDecisions.Trim trim,
    SoundChoice sound) {

  /** In order of position; of two at the same, by id. */
  static final Comparator<Candidate> BY_POSITION =
      Comparator.<Candidate>comparingLong(candidate -> candidate.segment().startMicros())
          .thenComparing(candidate -> candidate.segment().id());

  /** Of several clips the one that was cut last. */
  static final Comparator<Clip> NEWEST =
      Comparator.comparingInt(Clip::segmentRevision).thenComparing(Clip::id);

  /**
   * @param clips of the segment
   * @param trim null for none
   * @param cut clips of the stretch between the trimmed marks
   * @param audioTrack the only one that is to play; null for all sound
   */
  static Candidate of(
      Segment segment,
      List<Clip> clips,
      List<Feedback> feedback,
      ReelDecisions.Trim trim,
      List<Clip> cut,
      Integer audioTrack) {
    List<Clip> originals = clips.stream().filter(Clip::original).toList();
    Clip ready = newest(originals, MediaState.READY);
    Clip failed = newest(originals, MediaState.FAILED, MediaState.GONE);
    boolean settled = isOf(segment, ready) || isOf(segment, failed);
    SoundChoice sound =
        audioTrack == null || trim != null ? null : SoundChoice.of(segment, clips, audioTrack);
    if (sound != null && !sound.original()) {
      // It would play with other marks a moment later: better not yet than not as asked.
      ready = sound.clip();
      settled = sound.settled();
    }
    if (trim != null) {
      Clip trimmed = newest(cut, MediaState.READY);
      failed = newest(cut, MediaState.FAILED, MediaState.GONE);
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
        trim,
        sound);
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

  /** Whether it plays with the marks of this replay: not before they are cut, nor without that. */
  boolean trimmed() {
    return trim != null && clip != null && !clip.segment().equals(segment.id());
  }

  long startMicros() {
    if (trimmed() || (trim != null && clip == null)) {
      return trim.startMicros();
    }
    return marks() != null ? marks().startMicros() : segment.startMicros();
  }

  /** How long it plays; as its marks say while there is no clip. Not for open segments. */
  long lengthMicros() {
    if (clip != null) {
      return clip.durationMicros();
    }
    if (trim != null) {
      return trim.endMicros() - trim.startMicros();
    }
    return marks() != null
        ? marks().endMicros() - marks().startMicros()
        : segment.endMicros() - segment.startMicros();
  }

  /** Those for the replay's sound track; null for the segment's own. */
  private OptimizedTrack marks() {
    return sound == null ? null : sound.marks();
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
        .max(NEWEST)
        .orElse(null);
  }

  private static boolean isOf(Segment segment, Clip clip) {
    return clip != null && clip.segmentRevision() >= segment.cutRevision(ClipVariant.ORIGINAL);
  }
}
