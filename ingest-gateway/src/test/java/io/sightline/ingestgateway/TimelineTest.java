package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.AGENT;
import static io.sightline.ingestgateway.GatewayFixture.LOBBY_VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.records.Timecode;
import io.sightline.storage.Records;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A recorded video, its segments, clips and a replay of them, asked for as timelines. */
class TimelineTest {

  private static final long START = 1_763_000_000_000_000L;
  private static final long SECOND = 1_000_000;
  private static final Rational RATE = new Rational(25, 1);
  private static final ByteSource BYTES =
      (key, offset, length) -> await(gateway().objects.get(key, offset, length)).getBytes();

  private static GatewayFixture gateway;
  private static List<ChunkInfo> chunks;
  private static Clip first;
  private static Clip second;

  private static GatewayFixture gateway() {
    return gateway;
  }

  @BeforeAll
  static void open() throws Exception {
    gateway = new GatewayFixture();
    TestVideo video = TestVideo.plain().sound().container(TestVideo.Container.TS);
    HttpResponse<Buffer> posted =
        await(
            gateway
                .request(HttpMethod.POST, "/api/v1/ingest/lobby/chunks?position=" + START, AGENT)
                .putHeader("Content-Type", "video/mp2t")
                .sendBuffer(Buffer.buffer(Files.readAllBytes(video.file()))));
    assertThat(posted.statusCode()).as(posted.bodyAsString()).isEqualTo(201);
    chunks =
        await(
            Records.of(gateway.records, ChunkInfo.class)
                .all(StoreKeys.chunks("lobby"), null, null));
    first = cut("goal", START + 2 * SECOND, START + 4 * SECOND);
    second = cut("save", START + 6 * SECOND, START + 9 * SECOND);
    segment("lobby", "goal", START + 9_400_000, null);
    segment("lobby", "shot", START + 9_200_000, START + 9_600_000);
    segment("door", "person", START, START + SECOND);
    store(second, 300_000);
    replay("best-of", List.of(second, first));
    replay("empty", List.of());
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  private static Clip cut(String label, long in, long out) throws Exception {
    Segment segment = segment("lobby", label, in, out);
    String id = Ids.clip(segment.id(), ClipVariant.ORIGINAL, 0, 1, "copy");
    CutResult result = Cut.copy(id, chunks, in, out, BYTES, gateway::put);
    String key = "clips/" + id + "/index.json";
    await(gateway.objects.put(key, Buffer.buffer(Json.encode(result.index())), "application/json"));
    Clip clip =
        new Clip(
            id,
            segment.id(),
            "lobby",
            "live",
            label,
            ClipVariant.ORIGINAL,
            0,
            "copy",
            1,
            MediaState.READY,
            in,
            out,
            result.startMicros(),
            result.endMicros(),
            result.durationMicros(),
            "keyframe",
            null,
            result.gaps(),
            key,
            "clips/" + id + "/clip.mp4",
            null,
            null,
            null,
            1);
    await(
        gateway.records.put(
            StoreKeys.clips("lobby"), StoreKeys.sortOf(id), Json.encode(clip), null));
    return clip;
  }

  private static Segment segment(String stream, String label, long in, Long out) {
    String id = Ids.segment(stream, "live", "presence", in);
    Segment segment =
        new Segment(
            id,
            stream,
            "live",
            "presence",
            chunks.get(0).epoch(),
            in,
            out,
            label,
            null,
            null,
            null,
            false,
            1,
            1);
    await(
        gateway.records.put(
            StoreKeys.segments(stream), StoreKeys.sortOf(id), Json.encode(segment), null));
    return segment;
  }

  private static void replay(String id, List<Clip> clips) {
    long offset = 0;
    for (int i = 0; i < clips.size(); i++) {
      Clip clip = clips.get(i);
      ReplayItem item =
          new ReplayItem(
              id,
              3,
              "lobby",
              clip.segment(),
              clip.id(),
              clip.label(),
              i,
              clip.markInMicros(),
              clip.durationMicros(),
              offset,
              true,
              "it lies in the window");
      offset += clip.durationMicros();
      await(
          gateway.records.put(
              StoreKeys.replayItems(id),
              "000003." + StoreKeys.sortOf(clip.segment()),
              Json.encode(item),
              null));
    }
    Replay replay =
        new Replay(
            id,
            "Cup \"final\"",
            new ReplayRequest.Selection(List.of("lobby"), null, null, null, null),
            MediaState.READY,
            3,
            clips.size(),
            offset,
            true,
            false,
            null,
            null,
            START,
            1,
            null,
            1);
    await(gateway.records.put(StoreKeys.REPLAYS, id, Json.encode(replay), null));
  }

  @Test
  void replay_asEdl_listsItsClipsInItsOrder() {
    HttpResponse<Buffer> answer =
        gateway.get("/api/v1/replays/best-of/timeline?format=edl&begin=10:00:00:00", VIEWER);

    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
    assertThat(answer.getHeader("Content-Type")).isEqualTo("text/plain;charset=utf-8");
    assertThat(answer.getHeader("Content-Disposition"))
        .isEqualTo("attachment; filename=\"cup-final.edl\"");
    long one = frames(second.durationMicros());
    long all = one + frames(first.durationMicros());
    assertThat(answer.bodyAsString())
        .contains("TITLE: Cup \"final\"\r\nFCM: NON-DROP FRAME\r\n")
        .contains(
            "00:00:00:00 " + timecode(one) + " 10:00:00:00 " + timecode(36_000 * 25 + one) + "\r\n")
        .contains(
            " 00:00:00:00 "
                + timecode(all - one)
                + " "
                + timecode(36_000 * 25 + one)
                + " "
                + timecode(36_000 * 25 + all))
        .contains("* FROM CLIP NAME: " + second.id() + ".mp4");
  }

  @Test
  void replay_asJson_namesFilesThatOpenWithoutAToken() {
    JsonNode timeline = json(gateway.get(path("best-of", "format=json"), VIEWER));

    JsonNode source = timeline.at("/sources/0");
    assertThat(source.get("url").asText())
        .startsWith("http://127.0.0.1:" + gateway.port() + "/m/")
        .endsWith("/clips/" + second.id() + "/clip.mp4");
    assertThat(source.get("width").asInt()).isPositive();
    assertThat(source.get("audioChannels")).hasSize(1);
    assertThat(timeline.at("/entries/0/label").asText()).isEqualTo("save");
    assertThat(timeline.at("/entries/0/why").asText()).isEqualTo("it lies in the window");
  }

  @Test
  void replay_ofTheRecordingByTimeOfDay_isCutAtTheMarksWithHandles() {
    JsonNode timeline =
        json(gateway.get(path("best-of", "format=json&media=recording&handles=12"), VIEWER));

    assertThat(timeline.get("sources")).hasSize(1);
    long day =
        Positions.instant(START).atZone(ZoneId.systemDefault()).toLocalTime().toNanoOfDay() / 1_000;
    assertThat(timeline.at("/sources/0/startFrame").asLong()).isEqualTo(frames(day));
    assertThat(timeline.at("/entries/0/sourceInFrame").asLong()).isEqualTo(150 - 12);
    assertThat(timeline.at("/entries/0/sourceOutFrame").asLong()).isEqualTo(225 + 12);
    assertThat(timeline.at("/entries/1/sourceInFrame").asLong()).isEqualTo(50 - 12);
    assertThat(timeline.at("/entries/1/recordInFrame").asLong()).isEqualTo(75 + 24);
  }

  @Test
  void replay_inSeveralFormats_isAZip() throws Exception {
    HttpResponse<Buffer> answer =
        gateway.get(path("best-of", "format=otio,fcpxml,xmeml,csv,webvtt,ffmetadata"), VIEWER);

    assertThat(answer.getHeader("Content-Type")).isEqualTo("application/zip");
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(answer.body().getBytes()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
        assertThat(zip.readAllBytes()).isNotEmpty();
      }
    }
    assertThat(names)
        .containsExactly(
            "cup-final.otio",
            "cup-final.fcpxml",
            "cup-final.xml",
            "cup-final.csv",
            "cup-final.vtt",
            "cup-final.ffmetadata");
  }

  @Test
  void replay_asABundle_holdsItsClipsTimelinesAndChecksumsThatAreRight() throws Exception {
    byte[] media = store(first, 5_000);

    HttpResponse<Buffer> answer =
        gateway.get(path("best-of", "format=otio,csv&bundle=true"), VIEWER);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("Content-Type")).isEqualTo("application/zip");
    assertThat(answer.getHeader("Content-Disposition")).contains("\"cup-final.zip\"");
    Map<String, byte[]> files = unzip(answer.body().getBytes());
    assertThat(files.keySet())
        .containsExactly(
            "clips/001-save.mp4",
            "clips/002-goal.mp4",
            "timelines/cup-final.otio",
            "timelines/cup-final.csv",
            "SHA256SUMS");
    assertThat(files.get("clips/002-goal.mp4")).isEqualTo(media);
    assertThat(new String(files.get("timelines/cup-final.otio"), StandardCharsets.UTF_8))
        .contains("\"../clips/001-save.mp4\"", "\"../clips/002-goal.mp4\"");
    List<String> sums =
        new String(files.remove("SHA256SUMS"), StandardCharsets.UTF_8).lines().toList();
    assertThat(sums).hasSize(files.size());
    for (String sum : sums) {
      byte[] file = files.get(sum.substring(sum.lastIndexOf(' ') + 1));
      String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
      assertThat(sum).startsWith(digest + "  ");
    }
  }

  private static Map<String, byte[]> unzip(byte[] content) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  /** Of the segments that have a clip. */
  @Test
  void segments_asABundle_holdTheirClips() throws Exception {
    store(first, 5_000);

    HttpResponse<Buffer> answer =
        gateway.get("/api/v1/streams/lobby/timeline?format=edl&bundle=true&label=goal", VIEWER);

    assertThat(unzip(answer.body().getBytes()).keySet())
        .contains("clips/001-goal.mp4", "SHA256SUMS")
        .hasSize(3);
  }

  @Test
  void bundle_ofAFileThatIsNotThere_isRefusedOrEndsWithinIt() {
    await(gateway.objects.delete(first.mp4Key()));
    String goals = "/api/v1/streams/lobby/timeline?format=edl&bundle=true&label=goal";

    assertThat(gateway.get(goals, VIEWER).statusCode()).isEqualTo(503);
    // The other clip comes before it, and is on its way by then.
    store(second, 3_000_000);
    assertThatThrownBy(() -> gateway.get(path("best-of", "format=edl&bundle=true"), VIEWER))
        .hasMessageContaining("closed");
  }

  @Test
  void bundles_ofReadersThatDoNotRead_areFewAndEndWithThem() throws Exception {
    store(first, 5_000);
    store(second, 30_000_000);
    String path = path("best-of", "format=edl&bundle=true");
    List<Socket> readers = new ArrayList<>();
    String answered = "";
    while (!answered.startsWith("HTTP/1.1 503")) {
      assertThat(readers).hasSizeLessThan(40);
      Socket socket = new Socket("127.0.0.1", gateway.port());
      readers.add(socket);
      answered = begun(socket, path);
    }

    assertThat(readers).hasSizeGreaterThan(16);
    for (Socket reader : readers) {
      reader.close();
    }
    String small = "/api/v1/streams/lobby/timeline?format=edl&bundle=true&label=goal";
    while (gateway.get(small, VIEWER).statusCode() != 200) {
      Thread.onSpinWait();
    }
    store(second, 300_000);
  }

  /** How an answer begins; empty while there is none. */
  private static String begun(Socket socket, String path) throws IOException {
    String head = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + gateway.port();
    String request = head + "\r\nAuthorization: Bearer " + VIEWER + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.setSoTimeout(300);
    try {
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    } catch (SocketTimeoutException e) {
      return "";
    }
  }

  /** Its MP4 as some bytes, which it is here. */
  private static byte[] store(Clip clip, int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    await(gateway.objects.put(clip.mp4Key(), Buffer.buffer(content), "video/mp4"));
    return content;
  }

  @Test
  void segments_ofAWindow_areThoseThatEndedAndBeganInIt() {
    String stream = "/api/v1/streams/lobby/timeline?format=json&media=recording&from=" + START;
    JsonNode all = json(gateway.get(stream, VIEWER));
    assertThat(labels(all)).containsExactly("goal", "save", "shot");
    assertThat(all.at("/sources/0/lengthFrames").asLong()).isEqualTo(250);
    assertThat(labels(json(gateway.get(stream + "&to=" + (START + 6 * SECOND), VIEWER))))
        .containsExactly("goal");
    assertThat(labels(json(gateway.get(stream + "&label=save", VIEWER)))).containsExactly("save");
    // What has no clip yet cannot be a file.
    assertThat(labels(json(gateway.get("/api/v1/streams/lobby/timeline?format=json", VIEWER))))
        .containsExactly("goal", "save");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "format=aaf | 400 | There is no timeline format 'aaf'; there are edl, otio,",
        "format=edl&handles=many | 400 | 'handles' is a number of frames from 0 to 3000,"
            + " not 'many'.",
        "format=edl&handles=3001 | 400 | 'handles' is a number of frames from 0 to 3000, not 3001.",
        "format=edl&media=tape | 400 | 'media' is 'clips' or 'recording', not 'tape'.",
        "format=edl&timecode=ltc | 400 | 'timecode' is 'start' or 'time-of-day', not 'ltc'.",
        "format=edl&rate=0 | 400 | 'rate' is frames a second, as 25 or 30000/1001, not '0'.",
        "format=edl&dropFrame=true | 422 | Drop-frame is for 30000/1001 and 60000/1001 frames a"
            + " second, and these are 25/1.",
        "format=edl&begin=24:00:00:00 | 422 | 'begin': The hours of a timecode are 0 to 23 here",
        "format=youtube | 422 | YouTube shows chapters when there are 3 or more",
        "handles=2 | 400 | ",
      })
  void request_thatIsWrong_isToldWhatIsRight(String query, int status, String sentence) {
    HttpResponse<Buffer> answer = gateway.get(path("best-of", query), VIEWER);

    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(status);
    assertThat(json(answer).get("detail").asText())
        .startsWith(sentence == null ? "" : sentence)
        .endsWith(".");
  }

  @Test
  void window_thatEndsBeforeItBegins_isRefused() {
    HttpResponse<Buffer> answer =
        gateway.get("/api/v1/streams/lobby/timeline?format=edl&from=5&to=5", VIEWER);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("detail").asText()).isEqualTo("'to' must lie after 'from'.");
  }

  @Test
  void nothingToShow_isNotFoundAndSaysWhy() {
    HttpResponse<Buffer> empty = gateway.get(path("empty", "format=edl"), VIEWER);
    assertThat(empty.statusCode()).isEqualTo(404);
    assertThat(json(empty).get("detail").asText()).startsWith("There is nothing to show: ");
    HttpResponse<Buffer> uncut = gateway.get("/api/v1/streams/door/timeline?format=edl", VIEWER);
    assertThat(uncut.statusCode()).isEqualTo(404);
    assertThat(json(uncut).get("detail").asText()).contains("ask for 'media' as 'recording'");
    assertThat(gateway.get(path("no-such", "format=edl"), VIEWER).statusCode()).isEqualTo(404);
  }

  @Test
  void caller_withoutAccess_isRefusedAsElsewhere() {
    String door = "/api/v1/streams/door/timeline?format=edl";
    assertThat(gateway.get(door, null).statusCode()).isEqualTo(401);
    assertThat(gateway.get(door, AGENT).statusCode()).isEqualTo(403);
    assertThat(json(gateway.get(door, LOBBY_VIEWER)).get("detail").asText())
        .isEqualTo("There is no stream 'door'.");
    assertThat(gateway.get(path("best-of", "format=edl"), LOBBY_VIEWER).statusCode())
        .isEqualTo(200);
  }

  private static String path(String replay, String query) {
    return "/api/v1/replays/" + replay + "/timeline?" + query;
  }

  private static List<String> labels(JsonNode timeline) {
    List<String> labels = new ArrayList<>();
    timeline.get("entries").forEach(entry -> labels.add(entry.get("label").asText()));
    return labels;
  }

  private static long frames(long micros) {
    return Rational.rescale(micros, new Rational(1, SECOND), new Rational(1, 25));
  }

  private static String timecode(long frame) {
    return Timecode.of(frame, RATE).toString();
  }
}
