package io.sightline.replay;

import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.MediaState;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Segment;
import java.util.List;
import java.util.Optional;

/**
 * Which marks of a segment a replay with one sound track shows: those that were optimized for it,
 * where they are others than the segment's own.
 *
 * @param marks null for the segment's own
 * @param clip with those marks; null for the original, or while there is none
 * @param settled whether it is known which marks these are, and their clip is there
 * @param why for people
 */
record SoundChoice(OptimizedTrack marks, Clip clip, boolean settled, String why) {

  static SoundChoice of(Segment segment, List<Clip> clips, int audioTrack) {
    OptimizedMarks optimized = segment.optimized();
    if (optimized == null) {
      return own("its marks are not optimized");
    }
    Clip former = newest(clips, audioTrack, MediaState.READY).orElse(null);
    if (optimized.toCome()) {
      String why = "the marks for sound track " + audioTrack + " are not known yet";
      return new SoundChoice(null, former, false, why);
    }
    Optional<OptimizedTrack> found = optimized.of(audioTrack);
    if (found.isEmpty()) {
      return own("there are no marks for sound track " + audioTrack);
    }
    OptimizedTrack marks = found.get();
    if (!segment.differs(marks)) {
      return own("its own marks are the best for sound track " + audioTrack);
    }
    List<Clip> cut = clips.stream().filter(clip -> clip.shows(marks)).toList();
    Optional<Clip> ready = newest(cut, audioTrack, MediaState.READY);
    if (ready.isPresent()) {
      String why = "with the marks for sound track " + audioTrack;
      return new SoundChoice(marks, ready.get(), true, why);
    }
    Optional<Clip> failed = newest(cut, audioTrack, MediaState.FAILED, MediaState.GONE);
    return failed
        .map(
            clip ->
                own(
                    "its clip for sound track "
                        + audioTrack
                        + (clip.state() == MediaState.GONE
                            ? " is no longer kept"
                            : " cannot be made: " + clip.error())))
        .orElseGet(
            () ->
                new SoundChoice(
                    marks, former, false, "it is being cut for sound track " + audioTrack));
  }

  /** Whether the original plays, as it would without a sound track. */
  boolean original() {
    return settled && clip == null;
  }

  private static SoundChoice own(String why) {
    return new SoundChoice(null, null, true, why);
  }

  private static Optional<Clip> newest(List<Clip> clips, int audioTrack, MediaState... states) {
    return clips.stream()
        .filter(clip -> clip.variant() == ClipVariant.OPTIMIZED && clip.audioTrack() == audioTrack)
        .filter(clip -> List.of(states).contains(clip.state()))
        .max(Candidate.NEWEST);
  }
}
