package io.sightline.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.launcher.Command;
import io.sightline.launcher.ExitCode;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipVariant;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Rational;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an installation holds, written as files: of a camera, of a second one, and of a replay. */
class ExportCommandTest {

  private static final long START = 1_763_000_000_000_000L;
  private static final long SECOND = 1_000_000;
  private static final String REPLAY = "best-of";

  @TempDir static Path installation;
  @TempDir Path folder;

  private Path out;

  @BeforeAll
  static void fill() throws Exception {
    Vertx vertx = Vertx.vertx();
    ObjectStore objects = await(DiskObjectStore.open(vertx, installation.resolve("objects")));
    RecordStore records =
        await(SqliteRecordStore.open(vertx, installation.resolve("records.sqlite")));
    for (String stream : List.of("court", "door")) {
      String epoch = Ids.epoch(START, "local");
      EpochInfo info =
          new EpochInfo(
              stream, epoch, "live", "local", START, START + 60 * SECOND, 1, 1, true, "ended", 0);
      await(records.put(StoreKeys.epochs(stream), epoch, Json.encode(info), null));
    }
    List<Clip> clips =
        List.of(
            clip(objects, records, "court", "goal", 10, 22),
            clip(objects, records, "court", "=SUM(A1)", 40, 51),
            clip(objects, records, "door", "person", 5, 16));
    for (int i = 0; i < clips.size(); i++) {
      Clip clip = clips.get(i);
      ReplayItem item =
          new ReplayItem(
              REPLAY,
              1,
              clip.stream(),
              clip.segment(),
              clip.id(),
              clip.label(),
              clips.size() - 1 - i,
              clip.markInMicros(),
              clip.durationMicros(),
              0,
              true,
              "it lies in the window");
      await(
          records.put(
              StoreKeys.replayItems(REPLAY),
              "000001." + StoreKeys.sortOf(clip.segment()),
              Json.encode(item),
              null));
    }
    Replay replay =
        new Replay(
            REPLAY,
            "Best of",
            new ReplayRequest.Selection(List.of("court", "door"), null, null, null, null),
            MediaState.READY,
            1,
            3,
            34 * SECOND,
            true,
            false,
            null,
            null,
            START,
            1,
            null,
            1);
    await(records.put(StoreKeys.REPLAYS, REPLAY, Json.encode(replay), null));
    await(records.close().eventually(objects::close));
    await(vertx.close());
  }

  private static Clip clip(
      ObjectStore objects, RecordStore records, String stream, String label, int from, int to) {
    long in = START + from * SECOND;
    long end = START + to * SECOND;
    String id = Ids.segment(stream, "live", "presence", in);
    Segment segment =
        new Segment(
            id,
            stream,
            "live",
            "presence",
            Ids.epoch(START, "local"),
            in,
            end,
            label,
            null,
            null,
            null,
            false,
            1,
            1);
    await(
        records.put(StoreKeys.segments(stream), StoreKeys.sortOf(id), Json.encode(segment), null));
    String clipId = Ids.clip(id, ClipVariant.ORIGINAL, 0, 1, "copy");
    String key = "clips/" + clipId + "/";
    ClipIndex index =
        new ClipIndex(
            clipId,
            List.of(
                new TrackInfo(
                    1,
                    TrackInfo.Kind.VIDEO,
                    "avc1.64001f",
                    "init",
                    90_000,
                    0,
                    1280,
                    720,
                    new Rational(30_000, 1001),
                    0,
                    0,
                    null)),
            0,
            List.of());
    await(objects.put(key + "index.json", Buffer.buffer(Json.encode(index)), "application/json"));
    await(objects.put(key + "clip.mp4", Buffer.buffer("media of " + clipId), "video/mp4"));
    Clip clip =
        new Clip(
            clipId,
            id,
            stream,
            "live",
            label,
            ClipVariant.ORIGINAL,
            0,
            "copy",
            1,
            MediaState.READY,
            in,
            end,
            in,
            end,
            end - in,
            "frame",
            null,
            null,
            key + "index.json",
            key + "clip.mp4",
            null,
            null,
            null,
            1);
    await(records.put(StoreKeys.clips(stream), StoreKeys.sortOf(clipId), Json.encode(clip), null));
    return clip;
  }

  @BeforeEach
  void nameFolder() {
    out = folder.resolve("out");
  }

  @Test
  void export_withFormatsNamed_writesThoseOfTheSegments() throws IOException {
    Command.Result result = export("--timeline", "edl,otio,csv", "--begin", "10:00:00:00");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.DONE);
    assertThat(names(out.resolve("timelines")))
        .containsExactly("segments.csv", "segments.edl", "segments.otio");
    assertThat(Files.readString(out.resolve("timelines/segments.edl")))
        .contains("FCM: DROP FRAME")
        .contains("001  COURT    V     C        00:00:00;00 00:00:12;00 10:00:00;00 10:00:12;00")
        .contains("* FROM CLIP NAME: 001-goal.mp4");
    assertThat(Files.readString(out.resolve("timelines/segments.csv"))).contains("'=SUM(A1)");
    String otio = Files.readString(out.resolve("timelines/segments.otio"));
    assertThat(otio).contains(out.resolve("clips/001-goal.mp4").toUri().toString());
  }

  @Test
  void export_ofReplay_writesEveryFormatThatHoldsIt_andTheClipsOfOtherStreams() throws IOException {
    Command.Result result = export("--replay", REPLAY);

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.DONE);
    assertThat(names(out.resolve("timelines")))
        .containsExactly(
            "replay.csv",
            "replay.edl",
            "replay.fcpxml",
            "replay.ffmetadata",
            "replay.json",
            "replay.otio",
            "replay.vtt",
            "replay.xml",
            "replay.youtube.txt");
    JsonNode timeline = Json.MAPPER.readTree(out.resolve("timelines/replay.json").toFile());
    assertThat(timeline.at("/entries/0/label").asText()).isEqualTo("person");
    for (JsonNode source : timeline.get("sources")) {
      assertThat(Path.of(java.net.URI.create(source.get("url").asText()))).exists();
    }
  }

  @Test
  void export_ofTheRecordingWithHandles_takesWhatIsThere() throws IOException {
    Command.Result result =
        export(
            "--timeline",
            "json",
            "--media",
            "recording",
            "--timecode",
            "start",
            "--handles",
            "300",
            "--rate",
            "25");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.DONE);
    JsonNode timeline = Json.MAPPER.readTree(out.resolve("timelines/segments.json").toFile());
    assertThat(timeline.at("/rate").asText()).isEqualTo("25/1");
    assertThat(timeline.at("/entries/0/handleInFrames").asInt()).isPositive();
    assertThat(timeline.at("/sources/0/name").asText()).isEqualTo("court");
  }

  @Test
  void bundle_holdsMediaTimelinesAndChecksumsThatAreRight() throws Exception {
    Command.Result result = export("--replay", REPLAY, "--bundle");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.DONE);
    assertThat(names(out)).containsExactly("bundle.zip");
    Map<String, byte[]> files = unzip(out.resolve("bundle.zip"));
    assertThat(files.keySet())
        .contains(
            "clips/001-goal.mp4",
            "clips/002-sum-a1.mp4",
            "clips/door.live.presence.1763000005000000.original.a0.r1.copy.mp4",
            "segments.json",
            "replay.json",
            "timelines/replay.edl",
            "timelines/segments.edl",
            "timelines/replay.youtube.txt")
        .last()
        .isEqualTo("SHA256SUMS");
    List<String> sums =
        new String(files.get("SHA256SUMS"), StandardCharsets.UTF_8).lines().toList();
    assertThat(sums).hasSize(files.size() - 1);
    for (String sum : sums) {
      String[] parts = sum.split("  ");
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(files.get(parts[1]));
      assertThat(parts[0]).isEqualTo(HexFormat.of().formatHex(digest));
    }
    String fcpxml = new String(files.get("timelines/replay.fcpxml"), StandardCharsets.UTF_8);
    assertThat(fcpxml).contains("src=\"../clips/001-goal.mp4\"").doesNotContain("file:");

    byte[] once = Files.readAllBytes(out.resolve("bundle.zip"));
    export("--replay", REPLAY, "--bundle");
    assertThat(out.resolve("bundle.zip")).hasBinaryContent(once);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--timeline | aaf | There is no timeline format 'aaf'; there are edl, otio, fcpxml, xmeml,",
        "--timeline | youtube | YouTube shows chapters when there are 3 or more",
        "--handles | 1s | 'handles' is a number of frames from 0 to 3000, not '1s'",
        "--rate | fast | 'rate' is frames a second, as 25 or 30000/1001, not 'fast'",
        "--timecode | noon | 'timecode' is 'start' or 'time-of-day', not 'noon'",
        "--media | tape | 'media' is 'clips' or 'recording', not 'tape'",
        "--drop-frame | maybe | 'dropFrame' is 'true' or 'false', not 'maybe'",
        "--replay | none | There is no replay 'none'",
      })
  void export_withWrongValue_saysWhatIsRightAndWritesNothing(
      String option, String value, String sentence) throws IOException {
    Command.Result result = export(option, value);

    assertThat(result.exitCode()).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(result.errors()).singleElement().asString().startsWith("sightline: " + sentence);
    assertThat(Files.exists(out) ? names(out) : List.of()).isEmpty();
  }

  private Command.Result export(String... options) {
    List<Object> arguments =
        new ArrayList<>(List.of("export", "court", "--data", installation, "--out", out));
    arguments.addAll(List.of(options));
    return Command.here(arguments.toArray());
  }

  private static Map<String, byte[]> unzip(Path file) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("Nothing came within a minute", e);
    }
  }
}
