package io.sightline.segmenter;

import io.sightline.records.AudioDetections;
import io.sightline.records.Box;
import io.sightline.records.Detection;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.StreamItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One epoch of one run, in which something moves and is heard on two sound tracks with pauses.
 * Frames come every 200 ms, chunks every two seconds; times are in seconds from its start.
 */
final class TalkScene {

  static final long START = Scene.START;

  private static final long CHUNK = 2_000_000;
  private static final long STEP = 200_000;

  private final String run;
  private final String epoch = Ids.epoch(START, "local");
  private final Profile profile;
  private final double seconds;
  private boolean mute;
  private final List<double[]> moving = new ArrayList<>();
  private final Map<Integer, List<double[]>> pauses =
      Map.of(1, new ArrayList<>(), 2, new ArrayList<>());

  TalkScene(String run, double seconds, Map<String, Object> optimizer) {
    this(run, seconds, Map.of(), optimizer);
  }

  TalkScene(
      String run, double seconds, Map<String, Object> presence, Map<String, Object> optimizer) {
    this(
        run,
        seconds,
        new Profile(
            "talks",
            null,
            null,
            List.of(
                new PluginSpec("motion"),
                new PluginSpec("audioLevel", Map.of("pauseFor", "200ms"))),
            List.of(new PluginSpec("presence", presence)),
            new PluginSpec("quietMarks", optimizer)));
  }

  TalkScene(String run, double seconds, Profile profile) {
    this.run = run;
    this.seconds = seconds;
    this.profile = profile;
  }

  /** Nothing is heard of any track. */
  TalkScene silent() {
    mute = true;
    return this;
  }

  static long at(double seconds) {
    return START + Math.round(seconds * 1e6);
  }

  TalkScene moving(double from, double to) {
    moving.add(new double[] {from, to});
    return this;
  }

  TalkScene pause(int track, double from, double to) {
    pauses.get(track).add(new double[] {from, to});
    return this;
  }

  /** Something that moves now and then, and pauses wherever. */
  static TalkScene random(Random random) {
    double seconds = 30 + random.nextInt(20);
    Map<String, Object> presence =
        Map.of(
            "paddingBefore", random.nextInt(3) + "s",
            "paddingAfter", random.nextInt(3) + "s",
            "closeAfter", 1 + random.nextInt(2) + "s");
    TalkScene scene =
        new TalkScene("file", seconds, presence, Map.of("lead", 50 + random.nextInt(900) + "ms"));
    for (double at = 1 + random.nextInt(4); at < seconds - 3; ) {
      double to = Math.min(seconds, at + 1 + random.nextInt(40) / 10.0);
      scene.moving(at, to);
      at = to + 1 + random.nextInt(60) / 10.0;
    }
    for (int track = 1; track <= 2; track++) {
      for (double at = random.nextDouble(); at < seconds - 1; ) {
        double to = Math.min(seconds, at + 0.2 + random.nextDouble());
        scene.pause(track, at, to);
        at = to + 0.05 + random.nextDouble() * 4;
      }
    }
    return scene;
  }

  List<StreamItem> frames() {
    List<StreamItem> frames = new ArrayList<>();
    frames.add(Marker.begin("lobby", epoch, run, 0, START, profile).on(Lane.FRAMES));
    long sequence = 1;
    for (long at = 0; at < seconds * 1e6; at += STEP) {
      double now = at / 1e6;
      boolean moves = moving.stream().anyMatch(one -> now >= one[0] && now < one[1]);
      frames.add(
          new FrameDetections(
              "lobby",
              epoch,
              run,
              sequence++,
              START + at,
              0,
              640,
              360,
              moves
                  ? List.of(Detection.of("motion", "motion", 80, new Box(0.1, 0.1, 0.2, 0.2)))
                  : List.of(),
              null,
              null,
              false));
    }
    frames.add(end().on(Lane.FRAMES));
    return frames;
  }

  List<StreamItem> chunks() {
    List<StreamItem> chunks = new ArrayList<>();
    chunks.add(Marker.begin("lobby", epoch, run, 0, START, profile).on(Lane.CHUNKS));
    chunks.addAll(sounds());
    chunks.add(end().on(Lane.CHUNKS));
    return chunks;
  }

  /** As they arrive when both lanes are analysed at some speed of their own. */
  List<StreamItem> arriving(Random random) {
    List<StreamItem> frames = new ArrayList<>(frames());
    List<StreamItem> chunks = new ArrayList<>(chunks());
    List<StreamItem> all = new ArrayList<>();
    while (!frames.isEmpty() || !chunks.isEmpty()) {
      List<StreamItem> from = random.nextBoolean() ? frames : chunks;
      for (int burst = 1 + random.nextInt(30); burst > 0 && !from.isEmpty(); burst--) {
        all.add(from.remove(0));
      }
    }
    return all;
  }

  private Marker end() {
    return Marker.end("lobby", epoch, run, 100_000, at(seconds), "end of file", 0);
  }

  private List<AudioDetections> sounds() {
    List<AudioDetections> sounds = new ArrayList<>();
    long sequence = 1;
    for (long at = 0; at < seconds * 1e6; at += CHUNK) {
      long from = START + at;
      List<Detection> heard = new ArrayList<>();
      for (int track = 1; track <= 2 && !mute; track++) {
        heard.add(sound("audio-level", track, from, from + CHUNK));
        for (double[] pause : pauses.get(track)) {
          long to = Math.min(at(pause[1]), from + CHUNK);
          // As an analyzer says it: once it has lasted, and again as long as it goes on.
          if (at(pause[0]) < from + CHUNK && at(pause[1]) > from && to - at(pause[0]) >= 200_000) {
            heard.add(sound("pause", track, at(pause[0]), to));
          }
        }
      }
      sounds.add(
          new AudioDetections("lobby", epoch, run, sequence++, from, CHUNK, 0, heard, null, false));
    }
    return sounds;
  }

  private static Detection sound(String label, int track, long from, long to) {
    return new Detection(
        "audio-level", label, 100, null, to, track, null, null, Map.of("fromMicros", from));
  }
}
