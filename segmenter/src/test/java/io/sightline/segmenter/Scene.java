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
 * Detections of one run of one stream, drawn as text: frames every 200 ms ({@code x} motion, {@code
 * .} none, {@code !} failed), chunks of two seconds ({@code s} silence, {@code .} none). Sequences
 * are those that capture would give.
 */
final class Scene {

  static final long START = 1_763_700_000_000_000L;
  static final long STEP = 200_000;
  static final long CHUNK = 2_000_000;

  /** Looks and listens. */
  static final Profile BOTH =
      new Profile(
          "both",
          null,
          null,
          List.of(new PluginSpec("motion"), new PluginSpec("audioLevel")),
          List.of(
              new PluginSpec("presence"),
              new PluginSpec("presence", Map.of("name", "silence", "labels", "silence"))));

  /** Only looks. */
  static final Profile LOOKING =
      new Profile(
          "looking",
          null,
          null,
          List.of(new PluginSpec("motion")),
          List.of(new PluginSpec("presence")));

  private final String stream;
  private final String run;
  private final List<StreamItem> frames = new ArrayList<>();
  private final List<StreamItem> chunks = new ArrayList<>();
  private long start;

  Scene(String stream, String run) {
    this.stream = stream;
    this.run = run;
  }

  /** An epoch that begins {@code seconds} after the start of the scene. */
  Scene epoch(double seconds, Profile profile, String looks, String sounds) {
    start = START + Math.round(seconds * 1e6);
    String epoch = Ids.epoch(start, "local");
    marker(Marker.begin(stream, epoch, run, 0, start, profile));
    long sequence = 1;
    long end = start;
    int sound = 0;
    for (int i = 0; i < looks.length(); i++) {
      long position = start + i * STEP;
      while (sound < sounds.length() && start + (sound + 1) * CHUNK <= position) {
        chunks.add(sound(epoch, sequence++, start + sound * CHUNK, sounds.charAt(sound++)));
      }
      frames.add(look(epoch, sequence++, position, looks.charAt(i)));
      end = position + STEP;
    }
    while (sound < sounds.length()) {
      end = Math.max(end, start + (sound + 1) * CHUNK);
      chunks.add(sound(epoch, sequence++, start + sound * CHUNK, sounds.charAt(sound++)));
    }
    marker(Marker.end(stream, epoch, run, sequence, end, "end of file", 0));
    return this;
  }

  List<StreamItem> frames() {
    return frames;
  }

  List<StreamItem> chunks() {
    return chunks;
  }

  /** All items, as they arrive when both lanes are analysed at some speed of their own. */
  List<StreamItem> arriving(Random random) {
    List<StreamItem> all = new ArrayList<>();
    int frame = 0;
    int chunk = 0;
    boolean fromFrames = random.nextBoolean();
    while (frame < frames.size() || chunk < chunks.size()) {
      for (int burst = 1 + random.nextInt(1 + random.nextInt(40)); burst > 0; burst--) {
        if (fromFrames && frame < frames.size()) {
          all.add(frames.get(frame++));
        } else if (!fromFrames && chunk < chunks.size()) {
          all.add(chunks.get(chunk++));
        }
      }
      fromFrames = !fromFrames;
    }
    return all;
  }

  private void marker(Marker marker) {
    frames.add(marker.on(Lane.FRAMES));
    chunks.add(marker.on(Lane.CHUNKS));
  }

  private StreamItem look(String epoch, long sequence, long position, char look) {
    List<Detection> detections =
        look == 'x'
            ? List.of(Detection.of("motion", "motion", 80, new Box(0.1, 0.1, 0.2, 0.2)))
            : List.of();
    String error = look == '!' ? "the picture cannot be decoded" : null;
    return new FrameDetections(
        stream, epoch, run, sequence, position, 0, 640, 360, detections, null, error, false);
  }

  private StreamItem sound(String epoch, long sequence, long position, char sound) {
    List<Detection> detections =
        sound == 's'
            ? List.of(
                new Detection(
                    "audio-level", "silence", 95, null, position + CHUNK, 1, null, null, null))
            : List.of();
    return new AudioDetections(
        stream, epoch, run, sequence, position, CHUNK, 0, detections, null, false);
  }
}
