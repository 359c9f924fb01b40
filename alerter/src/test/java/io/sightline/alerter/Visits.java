package io.sightline.alerter;

import io.sightline.records.AudioDetections;
import io.sightline.records.Box;
import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.Detection;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.MediaState;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.StreamItem;
import io.sightline.records.WatchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What alerts are made of in tests: one look a second, {@code x} a person, {@code !} failed. */
final class Visits {

  static final long START = 1_763_700_000_000_000L;
  static final long SECOND = 1_000_000;

  private static final Profile PROFILE =
      new Profile("test", null, null, List.of(new PluginSpec("motion")), List.of());

  private Visits() {}

  static WatchRule rule(String name, long cooldownSeconds, String... channels) {
    return new WatchRule(
        name, Set.of("Person"), 50, Set.of(), Set.of(), cooldownSeconds * 1000, List.of(channels));
  }

  static Visit at(long second) {
    return new Visit(
        "lobby",
        "live",
        "door",
        List.of(),
        "person",
        80,
        START + second * SECOND,
        START + second * SECOND,
        null,
        List.of(),
        null,
        false,
        false);
  }

  /** The items of an epoch on both lanes, markers on each. */
  static List<StreamItem> epoch(String stream, String run, long second, String looks) {
    long start = START + second * SECOND;
    String epoch = Ids.epoch(start, "local");
    List<StreamItem> items = new ArrayList<>();
    Marker begin = Marker.begin(stream, epoch, run, 0, start, PROFILE);
    items.add(begin.on(Lane.FRAMES));
    items.add(begin.on(Lane.CHUNKS));
    for (int i = 0; i < looks.length(); i++) {
      items.add(look(stream, run, epoch, i + 1, start + i * SECOND, looks.charAt(i)));
    }
    Marker end =
        Marker.end(
            stream, epoch, run, looks.length() + 1, start + looks.length() * SECOND, "end", 0);
    items.add(end.on(Lane.FRAMES));
    items.add(end.on(Lane.CHUNKS));
    return items;
  }

  static FrameDetections look(
      String stream, String run, String epoch, long sequence, long position, char look) {
    List<Detection> detections =
        look == 'x'
            ? List.of(
                Detection.of("onnx", "chair", 99, new Box(0, 0, 1, 1)),
                Detection.of("onnx", "person", 60 + sequence % 30, new Box(0.1, 0.1, 0.2, 0.2)))
            : List.of(Detection.of("onnx", "person", 49.9, new Box(0.1, 0.1, 0.2, 0.2)));
    return new FrameDetections(
        stream,
        epoch,
        run,
        sequence,
        position,
        0,
        640,
        360,
        detections,
        Ids.frameKey(stream, position),
        look == '!' ? "failed" : null,
        false);
  }

  static AudioDetections listen(
      String stream, String run, String epoch, long sequence, long position, boolean heard) {
    List<Detection> detections =
        heard
            ? List.of(new Detection("audio-level", "person", 90, null, null, 1, null, null, null))
            : List.of();
    return new AudioDetections(
        stream, epoch, run, sequence, position, 2 * SECOND, 0, detections, null, false);
  }

  static Clip clip(String stream, String run, long fromSecond, long toSecond, int revision) {
    String segment = Ids.segment(stream, run, "presence", START + fromSecond * SECOND);
    long from = START + fromSecond * SECOND;
    long to = START + toSecond * SECOND;
    return new Clip(
        Ids.clip(segment, ClipVariant.ORIGINAL, 0, revision, "copy"),
        segment,
        stream,
        run,
        "person",
        ClipVariant.ORIGINAL,
        0,
        "copy",
        revision,
        MediaState.READY,
        from,
        to,
        from - 500_000,
        to,
        to - from,
        "keyframe",
        null,
        List.of(),
        "clips/i",
        "clips/m",
        "clips/t",
        null,
        null,
        2);
  }
}
