package io.sightline.records;

import static io.sightline.records.Samples.EPOCH;
import static io.sightline.records.Samples.NOON;
import static io.sightline.records.Samples.SEGMENT;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Samples of records that an optimizer has to do with. */
final class OptimizedSamples {

  private static final PluginSpec QUIET_MARKS =
      new PluginSpec("quiet-marks", Map.of("before", "2s", "after", "4s"));

  private OptimizedSamples() {}

  static Map<String, Object> all() {
    Map<String, Object> samples = new LinkedHashMap<>();
    samples.put("optimized-track", track());
    samples.put("optimized-marks", marks());
    samples.put("optimized-marks-to-come", OptimizedMarks.toCome(QUIET_MARKS, 2));
    samples.put("segment-optimized", segment());
    samples.put("profile-optimizer", profile());
    samples.put("replay-request-track", replayRequest());
    samples.put("replay-track", replay());
    samples.put("replay-item-track", replayItem());
    return samples;
  }

  private static OptimizedTrack track() {
    return new OptimizedTrack(
        2,
        NOON + 5_400_000,
        NOON + 19_710_000,
        MarkMove.MOVED,
        "It moved 0.62 s earlier, into a pause of 0.5 s",
        MarkMove.ALREADY_QUIET,
        "It stays: it lies in a pause of 1.2 s");
  }

  private static OptimizedMarks marks() {
    return new OptimizedMarks(QUIET_MARKS, 2, 3, List.of(track()), null);
  }

  private static Segment segment() {
    return new Segment(
        SEGMENT,
        "lobby",
        "live",
        "presence",
        EPOCH,
        NOON + 6_020_000,
        NOON + 19_710_000,
        "person",
        null,
        Map.of("peak", 87.25),
        Samples.evidence(),
        false,
        2,
        3,
        marks());
  }

  private static Profile profile() {
    Profile plain = Samples.profile();
    return new Profile(
        plain.name(),
        plain.sample(),
        plain.keepFrames(),
        plain.analyzers(),
        plain.classifiers(),
        QUIET_MARKS);
  }

  private static ReplayRequest replayRequest() {
    ReplayRequest plain = Samples.replayRequest();
    return new ReplayRequest(
        plain.replay(),
        plain.kind(),
        plain.title(),
        plain.selection(),
        plain.mp4(),
        plain.by(),
        plain.atMicros(),
        plain.revision(),
        null,
        false,
        2);
  }

  private static Replay replay() {
    return new Replay(
        "best-of",
        "The best of today",
        Samples.replayRequest().selection(),
        MediaState.PENDING,
        1,
        0,
        0,
        false,
        false,
        null,
        null,
        NOON + 2,
        1,
        null,
        1,
        false,
        2);
  }

  private static ReplayItem replayItem() {
    return new ReplayItem(
        "best-of",
        2,
        "lobby",
        SEGMENT,
        Ids.clip(SEGMENT, ClipVariant.OPTIMIZED, 2, 3, "source"),
        "person",
        0,
        NOON + 5_400_000,
        14_310_000,
        0,
        true,
        "it lies in the window; with the marks for sound track 2",
        ClipVariant.OPTIMIZED,
        2);
  }
}
