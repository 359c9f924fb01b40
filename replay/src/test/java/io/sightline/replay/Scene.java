package io.sightline.replay;

import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.Feedback;
import io.sightline.records.Ids;
import io.sightline.records.MediaState;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.Vote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Segments with their clips, made of seconds from the beginning of an event. */
final class Scene {

  static final long START = 1_700_000_000_000_000L;
  static final ReplayRequest.Selection SELECTION =
      new ReplayRequest.Selection(List.of("court"), "live", START, null, List.of());

  final List<Segment> segments = new ArrayList<>();
  final Map<String, List<Clip>> clips = new HashMap<>();
  final Map<String, List<Feedback>> feedback = new HashMap<>();

  /** A closed segment and its clip. */
  Segment add(double fromSecond, double toSecond, String label, Map<String, Object> features) {
    Segment segment = segment(fromSecond, toSecond, label, features);
    segments.add(segment);
    clips.put(segment.id(), List.of(clip(segment)));
    return segment;
  }

  Segment add(double fromSecond, double toSecond, String label) {
    return add(fromSecond, toSecond, label, Map.of());
  }

  void say(Segment segment, String by, Vote vote) {
    feedback
        .computeIfAbsent(segment.id(), id -> new ArrayList<>())
        .add(new Feedback(segment.id(), segment.stream(), by, vote, null, 1));
  }

  ReplaySelection choose(ReplayRules rules) {
    return ReplaySelection.of(
        SELECTION, rules, new ReplayMaterial(segments, clips, feedback), null, Interludes.NONE);
  }

  /** Ids of what plays, in order, by the second at which it starts: {@code [0, 30, 12]}. */
  static List<Long> seconds(ReplaySelection selection) {
    return selection.included().stream()
        .map(choice -> (choice.startMicros() - START) / 1_000_000)
        .toList();
  }

  static String reason(ReplaySelection selection, Segment segment) {
    List<ReplaySelection.Choice> all = new ArrayList<>(selection.included());
    all.addAll(selection.excluded());
    return all.stream()
        .filter(choice -> choice.segment().id().equals(segment.id()))
        .findFirst()
        .orElseThrow()
        .reason();
  }

  static Segment segment(
      double fromSecond, Double toSecond, String label, Map<String, Object> features) {
    long start = START + Math.round(fromSecond * 1e6);
    Long end = toSecond == null ? null : Long.valueOf(START + Math.round(toSecond * 1e6));
    return new Segment(
        Ids.segment("court", "live", "presence", start),
        "court",
        "live",
        "presence",
        "1700000000000000-local",
        start,
        end,
        label,
        null,
        features,
        null,
        false,
        1,
        1);
  }

  /** As long as the segment. */
  static Clip clip(Segment segment) {
    return clip(
        segment,
        ClipVariant.ORIGINAL,
        0,
        segment.startMicros(),
        segment.endMicros(),
        MediaState.READY,
        null);
  }

  /** With the marks for a sound track. */
  static Clip optimized(Segment segment, int track, long start, long end, MediaState state) {
    String error = state == MediaState.FAILED ? "it broke" : null;
    return clip(segment, ClipVariant.OPTIMIZED, track, start, end, state, error);
  }

  /** In place of a clip. */
  static Clip failed(Clip clip, String error) {
    return new Clip(
        clip.id(),
        clip.segment(),
        clip.stream(),
        clip.run(),
        clip.label(),
        clip.variant(),
        clip.audioTrack(),
        clip.rendition(),
        clip.segmentRevision(),
        MediaState.FAILED,
        clip.markInMicros(),
        clip.markOutMicros(),
        clip.startMicros(),
        clip.endMicros(),
        0,
        clip.accuracy(),
        null,
        List.of(),
        null,
        null,
        null,
        error,
        null,
        1);
  }

  private static Clip clip(
      Segment segment,
      ClipVariant variant,
      int track,
      long start,
      long end,
      MediaState state,
      String error) {
    String id = Ids.clip(segment.id(), variant, track, segment.revision(), "source");
    return new Clip(
        id,
        segment.id(),
        segment.stream(),
        segment.run(),
        segment.label(),
        variant,
        track,
        "source",
        segment.revision(),
        state,
        start,
        end,
        start,
        end,
        end - start,
        "frame",
        null,
        List.of(),
        "clips/" + id + "/index.json",
        null,
        null,
        error,
        null,
        1);
  }
}
