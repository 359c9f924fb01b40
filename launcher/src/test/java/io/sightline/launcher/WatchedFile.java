package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestPort;
import io.sightline.records.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that is worked off, and how: what is seen and what is heard both make segments, and what
 * is seen raises alerts.
 *
 * @param stream the name it gets, as {@code process} would name it
 */
record WatchedFile(Path video, double seconds, String stream) {

  static final String PROFILE = "watched";

  /** In which each clip is made, too. */
  static final String RENDITION = "square";

  private static final int MADE_SECONDS = 66;

  /** The one that system properties name, else one made here. */
  static WatchedFile chosen(Path work) {
    String given = System.getProperty("sightline.kills.video");
    Path video = given != null ? Path.of(given).toAbsolutePath() : made(work.resolve("room.mp4"));
    String name = video.getFileName().toString();
    return new WatchedFile(
        video,
        Double.parseDouble(System.getProperty("sightline.kills.seconds", "" + MADE_SECONDS)),
        Ids.nameFrom(name.substring(0, name.lastIndexOf('.'))));
  }

  /** Writes a configuration with a free port into a data folder. */
  Path config(Path data) throws IOException {
    int port = TestPort.free();
    String model = System.getProperty("sightline.kills.model");
    String analyzer = model == null ? "use: motion" : "use: onnx, model: '" + model + "'";
    String label = model == null ? "motion" : "person";
    List<String> lines = new ArrayList<>();
    lines.add("http: { port: " + port + " }");
    lines.add("kafka: { partitions: 3 }");
    lines.add("publish: { to: '" + web(data) + "' }");
    lines.add("clips: { renditions: [{ name: " + RENDITION + ", size: 360, aspect: 1:1 }] }");
    lines.add("streams:");
    lines.add("  " + stream + ":");
    lines.add("    inputs: [{ url: '" + video.toUri() + "' }]");
    lines.add("    profile: " + PROFILE);
    lines.add("profiles:");
    lines.add("  " + PROFILE + ":");
    lines.add("    sample: 5/s");
    lines.add("    analyzers: [{ " + analyzer + " }, { use: audio-level, pauseFor: 200ms }]");
    lines.add("    classifiers:");
    lines.add("      - { use: presence, labels: [" + label + "] }");
    lines.add("      - { use: presence, name: sound, labels: [audio-level], minConfidence: 60 }");
    lines.add("    optimizer: { use: quietMarks }");
    lines.add("alerts:");
    lines.add("  watch: { labels: [" + label + "], cooldown: 2s }");
    Files.write(data.resolve("port"), List.of(String.valueOf(port)));
    return Files.write(data.resolve("sightline.yaml"), lines);
  }

  /** Where replays are published. */
  static Path web(Path data) {
    return data.resolve("web");
  }

  /** The port in the configuration of a data folder. */
  static int port(Path data) throws IOException {
    return Integer.parseInt(Files.readString(data.resolve("port")).strip());
  }

  /** A room that something red crosses six times, and in which a tone sounds three times. */
  private static Path made(Path file) {
    String there = "between(t,8,14)+between(t,22,26)+between(t,34,40)+between(t,48,52)";
    String room = "color=c=gray:s=320x180:r=25:d=" + MADE_SECONDS + ",noise=alls=6:all_seed=1";
    String thing = "color=c=red:s=40x60:r=25:d=" + MADE_SECONDS;
    String tone =
        "aevalsrc='0.4*sin(6283*t)*(between(t,16,20)+between(t,33,36.5)+between(t,54,58))'"
            + ":s=48000:d="
            + MADE_SECONDS;
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-f", "lavfi", "-i", room, "-f", "lavfi", "-i", thing));
    arguments.addAll(List.of("-f", "lavfi", "-i", tone, "-filter_complex"));
    arguments.add("[0][1]overlay=x='mod(t*45,280)':y=70:enable='" + there + "'[v]");
    arguments.addAll(List.of("-map", "[v]", "-map", "2:a", "-c:v", "libopenh264", "-g", "50"));
    arguments.addAll(List.of("-b:v", "600k", "-c:a", "aac", "-b:a", "64k", file.toString()));
    FfmpegProgram.Result made = FfmpegProgram.ffmpeg(arguments);
    assertThat(made.exitCode()).as(String.join("\n", made.errors())).isZero();
    return file;
  }
}
