package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.ADMIN;
import static io.sightline.ingestgateway.GatewayFixture.AGENT;
import static io.sightline.ingestgateway.GatewayFixture.LOBBY_VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.ingestgateway.recordings.RetentionLimits;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Alert;
import io.sightline.records.AudioDetections;
import io.sightline.records.Box;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Keep;
import io.sightline.records.MediaState;
import io.sightline.records.Pin;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Records;
import io.sightline.storage.testing.MovableClock;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Retention as the door shows it: totals, stretches, playlists, clips that outlive it. */
class RetentionTest {

  private static final long START = 1_500_000_000_000_000L; // 2017
  private static final Duration AGE = Duration.ofDays(7);
  private static final RetentionLimits LIMITS =
      new RetentionLimits(
          1,
          Long.MAX_VALUE,
          Duration.ofMinutes(10),
          Duration.ofDays(30),
          Duration.ZERO,
          Duration.ofMillis(20),
          100);

  private static final MovableClock CLOCK = new MovableClock(Instant.now());
  private static GatewayFixture gateway;

  @BeforeAll
  static void open() {
    gateway = new GatewayFixture(new Keep("7d", null), LIMITS, CLOCK);
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  private static void post(String stream, long position) throws Exception {
    byte[] video =
        Files.readAllBytes(TestVideo.plain().sound().container(TestVideo.Container.TS).file());
    HttpResponse<Buffer> answer =
        await(
            gateway
                .request(
                    HttpMethod.POST,
                    "/api/v1/ingest/" + stream + "/chunks?position=" + position,
                    AGENT)
                .putHeader("Content-Type", "video/mp2t")
                .sendBuffer(Buffer.buffer(video)));
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(201);
  }

  private static List<ChunkInfo> stored(String stream) {
    return await(
        Records.of(gateway.records, ChunkInfo.class).all(StoreKeys.chunks(stream), null, null));
  }

  /** The stream's recordings, once they are as awaited. */
  private static JsonNode recordings(String stream, Predicate<JsonNode> awaited) {
    String path = "/api/v1/streams/" + stream + "/recordings";
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      HttpResponse<Buffer> answer = gateway.get(path, VIEWER);
      if (answer.statusCode() == 200 && awaited.test(GatewayFixture.json(answer))) {
        return GatewayFixture.json(answer);
      }
      assertThat(System.nanoTime()).as(answer.bodyAsString()).isLessThan(deadline);
    }
  }

  private static void setClock(long micros) {
    CLOCK.advance(Duration.between(CLOCK.instant(), Positions.instant(micros)));
  }

  private static String playlist(String path) {
    HttpResponse<Buffer> answer = gateway.get(path, VIEWER);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
    return answer.bodyAsString();
  }

  private static List<String> listed(String playlist) {
    return playlist.lines().filter(line -> line.startsWith("media/")).toList();
  }

  private static long mediaSequence(String playlist) {
    Matcher tag = Pattern.compile("#EXT-X-MEDIA-SEQUENCE:(\\d+)").matcher(playlist);
    assertThat(tag.find()).isTrue();
    return Long.parseLong(tag.group(1));
  }

  private static String uri(ChunkInfo chunk) {
    return chunk.key().replace("streams/" + chunk.stream(), "media");
  }

  @Test
  void expired_isNeitherListedNorThere_andWhatAClipRefersToPlaysOn() throws Exception {
    post("lobby", START);
    List<ChunkInfo> old = stored("lobby");
    JsonNode counted = recordings("lobby", node -> node.get("chunks").asInt() == old.size());
    assertThat(counted.get("bytes").asLong())
        .isEqualTo(old.stream().mapToLong(ChunkInfo::sizeBytes).sum());
    assertThat(counted.get("stretches")).hasSize(1);
    assertThat(counted.at("/stretches/0/startMicros").asLong()).isEqualTo(START);
    assertThat(counted.at("/stretches/0/endMicros").asLong())
        .isEqualTo(old.get(old.size() - 1).endMicros());
    Clip clip = cut(old, START + 6_000_000, START + 8_000_000);
    long oldArrived = counted.get("newestArrivalMicros").asLong();

    post("lobby", START + 3_600_000_000L);
    List<ChunkInfo> all = stored("lobby");
    List<ChunkInfo> young = all.subList(old.size(), all.size());
    recordings("lobby", node -> node.get("chunks").asInt() == all.size());
    String before = playlist("/api/v1/streams/lobby/live.m3u8?track=1&window=4h");
    assertThat(listed(before)).hasSize(all.size());

    setClock(oldArrived + Positions.micros(AGE));
    JsonNode after = recordings("lobby", node -> node.get("pinnedChunks").asInt() > 0);
    JsonNode settled =
        recordings("lobby", node -> stored("lobby").size() == pinnedAnd(young, node));

    assertThat(settled.get("chunks").asInt()).isEqualTo(young.size());
    assertThat(settled.get("bytes").asLong())
        .isEqualTo(young.stream().mapToLong(ChunkInfo::sizeBytes).sum());
    assertThat(settled.get("oldestArrivalMicros").asLong()).isGreaterThan(oldArrived);
    assertThat(settled.at("/stretches/0/pinned").asBoolean()).isTrue();
    assertThat(settled.at("/stretches/1/startMicros").asLong())
        .isEqualTo(young.get(0).positionMicros());
    assertThat(after.get("keep").get("age").asText()).isEqualTo("7d");

    String live = playlist("/api/v1/streams/lobby/live.m3u8?track=1&window=4h");
    assertThat(listed(live))
        .containsExactlyElementsOf(young.stream().map(RetentionTest::uri).toList());
    assertThat(mediaSequence(live)).isEqualTo(mediaSequence(before) + old.size());
    List<ChunkInfo> left = stored("lobby");
    String past = playlist("/api/v1/streams/lobby/recording.m3u8?track=1");
    assertThat(listed(past))
        .containsExactlyElementsOf(left.stream().map(RetentionTest::uri).toList());
    assertThat(gateway.get("/api/v1/streams/lobby/" + uri(old.get(0)), VIEWER).statusCode())
        .isEqualTo(404);
    for (ChunkInfo chunk : left) {
      assertThat(gateway.get("/api/v1/streams/lobby/" + uri(chunk), VIEWER).statusCode())
          .isEqualTo(200);
    }

    String hls = gateway.json("/api/v1/clips/" + clip.id(), VIEWER).at("/media/hls").asText();
    String url = "http://127.0.0.1:" + gateway.port() + hls;
    assertThat(FfmpegProgram.decodesCleanly(url)).isEmpty();
    assertThat(TestVideo.frameNumbers(url)).hasSize(50).startsWith(150);
    String metrics = gateway.get("/metrics", null).bodyAsString();
    assertThat(metrics)
        .contains("sightline_recordings_kept_bytes " + number(settled.get("bytes").asLong()))
        .containsPattern("sightline_recordings_expired_chunks_total [1-9]")
        .containsPattern("sightline_recordings_expired_bytes_total [1-9]");
  }

  private static String number(long value) {
    return Double.toString(value);
  }

  private static int pinnedAnd(List<ChunkInfo> young, JsonNode node) {
    return young.size() + node.get("pinnedChunks").asInt();
  }

  /** A clip whose media are the recorded chunks alone, pinned as the clipper does. */
  private static Clip cut(List<ChunkInfo> chunks, long from, long to) throws Exception {
    String segment = Ids.segment("lobby", "live", "presence", from);
    String id = Ids.clip(segment, ClipVariant.ORIGINAL, 0, 1, "source");
    List<ChunkInfo> covering =
        chunks.stream()
            .filter(chunk -> chunk.endMicros() > from && chunk.positionMicros() < to)
            .toList();
    Pin pin =
        new Pin(
            id,
            "live",
            covering.get(0).positionMicros(),
            covering.get(covering.size() - 1).positionMicros(),
            Positions.of(CLOCK.instant()));
    await(
        Records.of(gateway.records, Pin.class)
            .put(StoreKeys.pins("lobby"), pin.sortAt(pin.fromMicros()), pin, null));
    CutResult result =
        Cut.copy(
            id,
            covering,
            from,
            to,
            (key, offset, length) -> await(gateway.objects.get(key, offset, length)).getBytes(),
            gateway::put);
    String index = "clips/" + id + "/index.json";
    await(
        gateway.objects.put(index, Buffer.buffer(Json.encode(result.index())), "application/json"));
    Clip clip =
        new Clip(
            id,
            segment,
            "lobby",
            "live",
            "person",
            ClipVariant.ORIGINAL,
            0,
            "source",
            1,
            MediaState.READY,
            from,
            to,
            result.startMicros(),
            result.endMicros(),
            result.durationMicros(),
            "keyframe",
            result.note(),
            result.gaps(),
            index,
            null,
            null,
            null,
            null,
            1);
    await(
        Records.of(gateway.records, Clip.class)
            .put(StoreKeys.clips("lobby"), StoreKeys.sortOf(id), clip, null));
    return clip;
  }

  @Test
  void replay_strict_isRefusedWhereSomethingIsMissing_withWhatThereIs() throws Exception {
    String path = "/api/v1/streams/quay";
    String inputs = "{\"inputs\":[{\"url\":\"rtsp://10.0.0.7/quay\"}],\"profile\":\"visits\"}";
    assertThat(gateway.send(HttpMethod.PUT, path, ADMIN, inputs).statusCode()).isEqualTo(201);
    post("quay", START);
    post("quay", START + 60_000_000L);
    List<ChunkInfo> chunks = stored("quay");
    recordings("quay", node -> node.get("chunks").asInt() == chunks.size());

    assertThat(replay(START + 1_000_000, START + 9_000_000, true).statusCode()).isEqualTo(202);
    assertThat(replay(START + 5_000_000, START + 65_000_000, false).statusCode()).isEqualTo(202);
    HttpResponse<Buffer> across = replay(START + 5_000_000, START + 65_000_000, true);
    HttpResponse<Buffer> beyond = replay(START + 65_000_000, START + 75_000_000, true);

    assertThat(across.statusCode()).isEqualTo(422);
    assertThat(GatewayFixture.json(across).get("detail").asText())
        .contains("some is not recorded", (START + 5_000_000) + " to ", (START + 60_000_000) + "");
    assertThat(beyond.statusCode()).isEqualTo(422);
  }

  private static HttpResponse<Buffer> replay(long from, long to, boolean strict) {
    return gateway.send(
        HttpMethod.POST,
        "/api/v1/replays",
        ADMIN,
        """
        {"title": "Quay", "selection": {"streams": ["quay"]}, "strict": %s,
         "rules": {"mode": "timestamps",
                   "stretches": [{"stream": "quay", "startMicros": %d, "endMicros": %d}]}}
        """
            .formatted(strict, from, to));
  }

  @Test
  void frames_olderThanTheRule_goWithTheirPictures_butForThoseThatAlertsShow() throws Exception {
    String path = "/api/v1/streams/pier";
    String inputs = "{\"inputs\":[{\"url\":\"rtsp://10.0.0.7/pier\"}],\"profile\":\"visits\"}";
    assertThat(gateway.send(HttpMethod.PUT, path, ADMIN, inputs).statusCode()).isEqualTo(201);
    post("pier", START);
    Instant now = CLOCK.instant();
    long arrived = Positions.of(now);
    Map<Long, String> pictures = new TreeMap<>();
    for (int n = 0; n < 250; n++) {
      long position = START + n * 1_000_000L;
      // An old film, of which a part came a day later.
      long captured = n % 50 < 40 ? arrived : arrived + 86_400_000_000L;
      pictures.put(position, frame("pier", position, captured));
      sound("pier", position, captured);
    }
    long alerted = START + 120 * 1_000_000L;
    alert("pier", alerted, pictures.get(alerted));

    CLOCK.advance(AGE.plusHours(1));
    Records<FrameDetections> frames = Records.of(gateway.records, FrameDetections.class);
    Records<AudioDetections> sounds = Records.of(gateway.records, AudioDetections.class);
    eventually(() -> await(frames.all(StoreKeys.frames("pier"), null, null)).size() == 50);
    eventually(() -> await(sounds.all(StoreKeys.sounds("pier"), null, null)).size() == 50);

    assertThat(await(frames.all(StoreKeys.frames("pier"), null, null)))
        .allMatch(frame -> frame.capturedMicros() > arrived);
    pictures.forEach(
        (position, key) -> {
          boolean young = (position - START) / 1_000_000 % 50 >= 40;
          assertThat(there(key)).as(key).isEqualTo(young || position == alerted);
        });
    assertThat(gateway.get("/metrics", null).bodyAsString())
        .containsPattern("sightline_frames_expired_total [1-9]");

    // What is left is looked at again after a rest.
    CLOCK.advance(Duration.ofDays(1));
    eventually(() -> await(frames.all(StoreKeys.frames("pier"), null, null)).isEmpty());
    setClock(Positions.of(now));
  }

  private static String frame(String stream, long position, long captured) {
    String key = Ids.frameKey(stream, position);
    await(gateway.objects.put(key, Buffer.buffer("picture"), "image/jpeg"));
    FrameDetections found =
        new FrameDetections(
            stream,
            Ids.epoch(START, "local"),
            "live",
            (position - START) / 1_000_000,
            position,
            captured,
            640,
            360,
            List.of(),
            key,
            null,
            false);
    await(
        Records.of(gateway.records, FrameDetections.class)
            .put(StoreKeys.frames(stream), StoreKeys.sort(position, "live"), found, null));
    return key;
  }

  private static void sound(String stream, long position, long captured) {
    AudioDetections found =
        new AudioDetections(
            stream,
            Ids.epoch(START, "local"),
            "live",
            (position - START) / 1_000_000,
            position,
            1_000_000,
            captured,
            List.of(),
            null,
            false);
    await(
        Records.of(gateway.records, AudioDetections.class)
            .put(StoreKeys.sounds(stream), StoreKeys.sort(position, "live"), found, null));
  }

  private static void alert(String stream, long position, String pictureKey) {
    Alert alert =
        new Alert(
            Ids.alert(stream, "door", position),
            "door",
            stream,
            "live",
            "person",
            80,
            Alert.State.CLEARED,
            position,
            position + 2_000_000,
            new Box(0.1, 0.1, 0.2, 0.2),
            List.of(),
            pictureKey,
            null,
            position,
            2);
    await(
        Records.of(gateway.records, Alert.class)
            .put(StoreKeys.alerts(stream), StoreKeys.sortOf(alert.id()), alert, null));
  }

  private static boolean there(String key) {
    return await(gateway.objects.head(key).map(true).otherwise(false));
  }

  private static void eventually(BooleanSupplier holds) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
  }

  @Test
  void streamOverTheApi_itsRuleIsTakenChangedAndOutlivesIt() throws Exception {
    String path = "/api/v1/streams/gate";
    String inputs = "{\"inputs\":[{\"url\":\"rtsp://10.0.0.7/gate\"}],\"profile\":\"visits\"";
    HttpResponse<Buffer> made =
        gateway.send(HttpMethod.PUT, path, ADMIN, inputs + ",\"keep\":{\"age\":\"forever\"}}");
    assertThat(made.statusCode()).as(made.bodyAsString()).isEqualTo(201);
    assertThat(gateway.json(path, VIEWER).at("/keep/age").asText()).isEqualTo("forever");
    post("gate", START);
    int chunks = stored("gate").size();
    recordings("gate", node -> node.get("chunks").asInt() == chunks);

    HttpResponse<Buffer> changed =
        gateway.send(HttpMethod.PUT, path, ADMIN, inputs + ",\"keep\":{\"age\":\"1000d\"}}");
    assertThat(changed.statusCode()).isEqualTo(200);
    recordings("gate", node -> node.at("/keep/age").asText().equals("1000d"));
    assertThat(gateway.send(HttpMethod.DELETE, path, ADMIN, null).statusCode()).isEqualTo(204);
    Instant now = CLOCK.instant();
    CLOCK.advance(Duration.ofDays(999));
    recordings("gate", node -> node.get("chunks").asInt() == chunks);
    CLOCK.advance(Duration.ofDays(2));

    JsonNode gone = recordings("gate", node -> stored("gate").isEmpty());

    setClock(Positions.of(now));
    assertThat(gone.get("keep").get("age").asText()).isEqualTo("1000d");
    assertThat(gone.get("chunks").asInt()).isZero();
    assertThat(gone.get("stretches")).isEmpty();
  }

  @Test
  void rule_thatCannotBe_isRefusedWithASentence() {
    String path = "/api/v1/streams/other";
    String inputs = "{\"inputs\":[{\"url\":\"rtsp://10.0.0.7/gate\"}],\"profile\":\"visits\"";
    HttpResponse<Buffer> wrong =
        gateway.send(HttpMethod.PUT, path, ADMIN, inputs + ",\"keep\":{\"age\":\"7 weeks\"}}");
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(GatewayFixture.json(wrong).get("detail").asText())
        .isEqualTo(
            "'age' must be a duration from 10m to 36500d such as 7d, or 'forever', not '7 weeks'.");
    for (String keep : List.of("{\"size\":\"1GB\"}", "5", "{\"age\":7}", "[]")) {
      assertThat(
              gateway
                  .send(HttpMethod.PUT, path, ADMIN, inputs + ",\"keep\":" + keep + "}")
                  .statusCode())
          .as(keep)
          .isEqualTo(400);
    }
  }

  @Test
  void recordings_areShownToThoseWhoMaySeeTheStream() {
    assertThat(gateway.get("/api/v1/streams/yard/recordings", VIEWER).statusCode()).isEqualTo(404);
    assertThat(gateway.get("/api/v1/streams/yard/recordings", null).statusCode()).isEqualTo(401);
    // Whether there is a stream is not for everybody to know.
    assertThat(gateway.get("/api/v1/streams/court/recordings", LOBBY_VIEWER).bodyAsString())
        .contains("There is no stream 'court'");
    assertThat(gateway.get("/api/v1/streams/yard/recordings?from=5&to=5", VIEWER).statusCode())
        .isEqualTo(400);
    assertThat(gateway.get("/api/v1/streams/yard/recordings?from=x", VIEWER).statusCode())
        .isEqualTo(400);
  }
}
