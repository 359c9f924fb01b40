package io.sightline.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.testing.TestBroker;
import io.sightline.launcher.Command;
import io.sightline.launcher.ExitCode;
import io.sightline.launcher.SampleFiles;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Interval;
import io.sightline.records.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job from end to end, as people run it, on films whose content is known. */
class ProcessTest {

  private static final Interval[] VISITS = {
    new Interval(5, 9), new Interval(14, 18.4), new Interval(23, 27)
  };
  private static final TestVideo VIDEO =
      TestVideo.plain().size(640, 360).pictures(750).gop(50).sound().boxes(VISITS);
  private static final double RATE = 25;
  private static final double MOTION_TOLERANCE = 1.5;
  private static final double MODEL_TOLERANCE = 0.5;

  @TempDir static Path films;
  @TempDir Path folder;

  private static Path film;

  @BeforeAll
  static void makeFilm() {
    film = CountedFilm.write(VIDEO, films.resolve("Front Door.mp4"));
  }

  @Test
  void process_ofFilm_givesSegmentsClipsAndReplayOfTheVisits() throws Exception {
    Path tall =
        Files.writeString(
            folder.resolve("tall.yaml"),
            "clips: { renditions: [{ name: tall, size: 360, aspect: 9:16, fit: stretch }] }\n");

    Command.Result result = Command.run(folder, "process", film, "--config", tall);

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.DONE);
    assertThat(result.out()).contains("3 segments", "Results: front-door-results");
    Path out = folder.resolve("front-door-results");
    List<JsonNode> segments = segments(out);
    assertVisits(segments, VISITS);
    List<Integer> reel = new ArrayList<>();
    for (JsonNode segment : segments) {
      Path clip = out.resolve(segment.get("clip").textValue());
      List<Integer> pictures = TestVideo.frameNumbers(clip);
      assertThat(FfmpegProgram.decodesCleanly(clip)).isEmpty();
      assertThat(pictures).isEqualTo(expectedPictures(segment));
      assertThat(streams(clip)).containsExactlyInAnyOrder("video", "audio");
      reel.addAll(pictures);
      assertThat(TestVideo.cleanFrameNumbers(tall(out, clip), 360, 640)).isEqualTo(pictures);
    }
    assertThat(TestVideo.cleanFrameNumbers(out.resolve("renditions/tall/replay.mp4"), 360, 640))
        .isEqualTo(reel);
    for (String replay : List.of("replay.mp4", "replay/master.m3u8")) {
      Path file = out.resolve(replay);
      assertThat(FfmpegProgram.decodesCleanly(file)).as(replay).isEmpty();
      assertThat(TestVideo.frameNumbers(file)).as(replay).isEqualTo(reel);
    }
    assertThat(names(out))
        .containsExactlyInAnyOrder(
            "segments.json",
            "alerts.json",
            "replay.json",
            "replay.mp4",
            "replay",
            "clips",
            "renditions",
            "timelines");
    assertTimelines(out, segments);

    // Again, on a Kafka of somebody else's, into a folder that has things in it.
    TestBroker broker = TestBroker.shared();
    Path again = Files.createDirectories(folder.resolve("again"));
    Files.writeString(again.resolve("notes.txt"), "mine");
    Command.Result second =
        Command.run(folder, "process", film, "--out", again, "--kafka", broker.bootstrap());

    assertThat(second.exitCode()).as(second.err()).isEqualTo(ExitCode.DONE);
    assertThat(again.resolve("segments.json")).hasSameBinaryContentAs(out.resolve("segments.json"));
    assertThat(again.resolve("replay.mp4")).hasSameBinaryContentAs(out.resolve("replay.mp4"));
    assertThat(again.resolve("notes.txt")).hasContent("mine");
    assertThat(topics(broker)).noneMatch(topic -> topic.contains("process-"));
  }

  private static Path tall(Path out, Path clip) {
    return out.resolve("renditions/tall").resolve(clip.getFileName());
  }

  @Test
  void process_ofFilmThatBreaksOff_givesWhatCouldBeReadAndSaysWhatIsLost() throws Exception {
    Path whole = CountedFilm.write(VIDEO, films.resolve("whole.ts"));
    Path broken = CountedFilm.breakOff(whole, 0.7);
    Path out = folder.resolve("out");

    Command.Result result = Command.run(folder, "process", broken, "--out", out);

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.PARTLY_READ);
    assertThat(result.err().lines().filter(line -> line.startsWith("sightline:")))
        .singleElement()
        .asString()
        .matches(
            "sightline: broken-whole\\.ts breaks off after \\d+\\.\\d\\d s: at least \\d+\\.\\d\\d s"
                + " of it could not be read; what could be read is complete\\.");
    List<JsonNode> segments = segments(out);
    assertVisits(segments, VISITS[0], VISITS[1]);
    for (JsonNode segment : segments) {
      Path clip = out.resolve(segment.get("clip").textValue());
      assertThat(FfmpegProgram.decodesCleanly(clip)).isEmpty();
      assertThat(TestVideo.frameNumbers(clip)).isEqualTo(expectedPictures(segment));
    }
    assertThat(FfmpegProgram.decodesCleanly(out.resolve("replay.mp4"))).isEmpty();
  }

  @Test
  void process_withOptimizer_alsoGivesClipsThatAreCutInPausesOfEachTrack() throws Exception {
    Path talk = CountedFilm.withSounds(film, films.resolve("talk.mp4"), TALK, BEEPS);
    Path profile =
        Files.writeString(
            folder.resolve("talks.yaml"),
            """
            profiles:
              talks:
                sample: 4/s
                analyzers: [ { use: motion }, { use: audioLevel, pauseFor: 200ms } ]
                classifier: { use: presence }
                optimizer: { use: quietMarks }
            """);
    Path out = folder.resolve("out");

    Command.Result result =
        Command.run(
            folder, "process", talk, "--config", profile, "--profile", "talks", "--out", out);

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.DONE);
    List<JsonNode> segments = segments(out);
    assertVisits(segments, VISITS);
    JsonNode first = segments.get(0).get("optimized").get(0);
    assertMarks(first, "moved", 3.5, "moved", 10.1);
    assertMarks(segments.get(1).get("optimized").get(0), "nothing-found", 14, "moved", 20.1);
    assertMarks(segments.get(2).get("optimized").get(0), "moved", 20.9, "nothing-found", 27);
    assertThat(segments.get(0).get("optimized").get(1).get("startMove").textValue())
        .isEqualTo("already-quiet");
    assertMarks(segments.get(1).get("optimized").get(1), "moved", 13.4, "already-quiet", 18.4);
    assertThat(names(out.resolve("clips")))
        .contains("001-motion-track1.mp4", "001-motion-track1.jpg", "002-motion-track2.mp4")
        .doesNotContain("001-motion-track2.mp4");
    for (int segment = 0; segment < 2; segment++) {
      JsonNode marks = segments.get(segment).get("optimized").get(segment);
      Path clip = out.resolve(marks.get("clip").textValue());
      assertThat(FfmpegProgram.decodesCleanly(clip)).isEmpty();
      assertThat(TestVideo.frameNumbers(clip)).isEqualTo(expectedPictures(marks));
      assertThat(streams(clip)).containsExactlyInAnyOrder("video", "audio");
      assertThat(loudest(clip, 0)).as("it begins in a pause").isLessThan(-50);
      double length = marks.get("end").asDouble() - marks.get("start").asDouble();
      assertThat(loudest(clip, length - 0.06)).as("and ends in one").isLessThan(-50);
      Path original = out.resolve(segments.get(segment).get("clip").textValue());
      assertThat(TestVideo.frameNumbers(original))
          .isEqualTo(expectedPictures(segments.get(segment)));
      assertThat(streams(original)).containsExactlyInAnyOrder("video", "audio", "audio");
    }
    Path original = out.resolve(segments.get(0).get("clip").textValue());
    assertThat(loudest(original, 0)).as("the original cuts into the tone").isGreaterThan(-20);
  }

  private static final Pattern LOUDEST = Pattern.compile("max_volume: (-?[0-9.]+) dB");

  /** The highest level, in decibels, of 40 ms of a file's first sound track. */
  private static double loudest(Path file, double atSecond) {
    FfmpegProgram.Result heard =
        FfmpegProgram.ffmpeg(
            List.of(
                "-loglevel",
                "info",
                "-i",
                file.toString(),
                "-map",
                "0:a:0",
                "-af",
                "atrim=start=" + atSecond + ":duration=0.04,volumedetect",
                "-f",
                "null",
                "-"));
    Matcher level = LOUDEST.matcher(String.join("\n", heard.errors()));
    assertThat(level.find()).as("%s", heard.errors()).isTrue();
    return Double.parseDouble(level.group(1));
  }

  /** A tone with three pauses, and silence with two beeps. */
  private static final String TALK =
      "0.3*sin(6283*t)*(1-between(t,3,3.6)-between(t,10,10.5)-between(t,20,21))";

  private static final String BEEPS = "0.3*sin(3141*t)*(between(t,13.5,14.6)+between(t,29,29.5))";

  private static void assertMarks(
      JsonNode marks, String startMove, double start, String endMove, double end) {
    assertThat(marks.get("startMove").textValue()).as("%s", marks).isEqualTo(startMove);
    assertThat(marks.get("endMove").textValue()).as("%s", marks).isEqualTo(endMove);
    double startTolerance = startMove.equals("moved") ? 0.05 : MOTION_TOLERANCE;
    double endTolerance = endMove.equals("moved") ? 0.05 : MOTION_TOLERANCE;
    assertThat(marks.get("start").asDouble()).isCloseTo(start, within(startTolerance));
    assertThat(marks.get("end").asDouble()).isCloseTo(end, within(endTolerance));
  }

  @Test
  void process_interrupted_leavesNothing() throws Exception {
    Path out = folder.resolve("out");
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Process process = Command.start(folder, "process", film, "--out", out);
      WatchKey made = watch.poll(60, TimeUnit.SECONDS);
      assertThat(made).as("the output folder").isNotNull();

      process.toHandle().destroy();
      Command.Result result = Command.result(process);

      assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(result.errors()).last().asString().startsWith("sightline: interrupted");
      assertThat(out).doesNotExist();
    }
  }

  @Test
  void process_withModel_findsEachVisitOfThePerson() throws Exception {
    Path visits = SampleFiles.require("media", "visits.mp4");
    Path model = SampleFiles.require("models", "yolox-nano.onnx");
    JsonNode truth =
        Json.MAPPER.readTree(SampleFiles.require("media", "visits.truth.json").toFile());
    Interval[] visible =
        Stream.iterate(0, i -> i + 1)
            .limit(truth.get("segments").size())
            .map(i -> truth.get("segments").get(i))
            .map(one -> new Interval(one.get("start").asDouble(), one.get("end").asDouble()))
            .toArray(Interval[]::new);
    Path out = folder.resolve("out");

    Command.Result result =
        Command.run(folder, "process", visits, "--model", model, "--watch", "person", "--out", out);

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.DONE);
    List<JsonNode> segments = segments(out);
    assertVisits(segments, "person", MODEL_TOLERANCE, visible);
    JsonNode alerts = Json.MAPPER.readTree(out.resolve("alerts.json").toFile()).get("alerts");
    assertThat(alerts).hasSize(visible.length);
    assertThat(FfmpegProgram.decodesCleanly(out.resolve("replay.mp4"))).isEmpty();
  }

  private static void assertVisits(List<JsonNode> segments, Interval... visits) {
    assertVisits(segments, "motion", MOTION_TOLERANCE, visits);
  }

  private static void assertVisits(
      List<JsonNode> segments, String label, double tolerance, Interval... visits) {
    assertThat(segments).hasSameSizeAs(visits);
    for (int i = 0; i < visits.length; i++) {
      JsonNode segment = segments.get(i);
      assertThat(segment.get("label").textValue()).isEqualTo(label);
      assertThat(segment.get("start").asDouble()).isCloseTo(visits[i].start(), within(tolerance));
      assertThat(segment.get("end").asDouble()).isCloseTo(visits[i].end(), within(tolerance));
      assertThat(segment.get("why").get("opened")).isNotEmpty();
    }
  }

  /** Each cut is as many pictures as its clip has, and names the clip's file. */
  private static void assertTimelines(Path out, List<JsonNode> segments) throws IOException {
    assertThat(names(out.resolve("timelines")))
        .contains("replay.edl", "replay.otio", "replay.fcpxml", "replay.xml", "replay.json")
        .contains("replay.csv", "replay.vtt", "replay.ffmetadata");
    JsonNode timeline = Json.MAPPER.readTree(out.resolve("timelines/replay.json").toFile());
    int at = 0;
    for (int i = 0; i < segments.size(); i++) {
      JsonNode entry = timeline.get("entries").get(i);
      JsonNode source = timeline.get("sources").get(entry.get("source").asInt());
      assertThat(Path.of(URI.create(source.get("url").asText())))
          .isEqualTo(out.resolve(segments.get(i).get("clip").asText()));
      int pictures = expectedPictures(segments.get(i)).size();
      assertThat(entry.get("sourceOutFrame").asInt()).isEqualTo(pictures);
      assertThat(entry.get("recordInFrame").asInt()).isEqualTo(at);
      at += pictures;
    }
    assertThat(timeline.get("lengthFrames").asInt()).isEqualTo(at);
  }

  /** From the first picture at or after the mark-in to the last one before the mark-out. */
  private static List<Integer> expectedPictures(JsonNode segment) {
    int in = (int) Math.ceil(segment.get("start").asDouble() * RATE - 0.01);
    int end = (int) Math.ceil(segment.get("end").asDouble() * RATE - 0.01);
    return IntStream.range(in, end).boxed().toList();
  }

  private static List<JsonNode> segments(Path out) throws IOException {
    List<JsonNode> segments = new ArrayList<>();
    Json.MAPPER
        .readTree(out.resolve("segments.json").toFile())
        .get("segments")
        .forEach(segments::add);
    return segments;
  }

  private static List<String> streams(Path file) {
    return FfmpegProgram.ffprobe(
            "-show_entries", "stream=codec_type", "-of", "csv=p=0", file.toString())
        .text()
        .lines()
        .map(String::strip)
        .toList();
  }

  private static List<String> names(Path out) throws IOException {
    try (Stream<Path> entries = Files.list(out)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  private static Iterable<String> topics(TestBroker broker) throws Exception {
    Map<String, Object> settings =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap());
    try (Admin admin = Admin.create(settings)) {
      return admin.listTopics().names().get(60, TimeUnit.SECONDS);
    }
  }
}
