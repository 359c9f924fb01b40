package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.ADMIN;
import static io.sightline.ingestgateway.GatewayFixture.AGENT;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static io.sightline.ingestgateway.StoredSegments.clip;
import static io.sightline.ingestgateway.StoredSegments.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.records.Alert;
import io.sightline.records.Clip;
import io.sightline.records.EpochInfo;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlTest {

  private static final String CAMERA =
      "{\"inputs\":[{\"url\":\"rtsp://u:p@10.0.0.9/x\"}],\"profile\":\"visits\",\"agent\":\"edge-7\"}";
  private static GatewayFixture gateway;

  @BeforeAll
  static void open() {
    gateway = new GatewayFixture();
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  @Test
  void stream_madeChangedRemoved_agentsHearOfItAtOnce() {
    String list = "/api/v1/agents/edge-7/streams";
    JsonNode before = json(gateway.get(list, AGENT));
    assertThat(before.get("streams")).isEmpty();

    Future<HttpResponse<Buffer>> waiting =
        gateway
            .request(HttpMethod.GET, list + "?after=" + before.get("revision") + "&wait=50s", AGENT)
            .send();
    HttpResponse<Buffer> made = gateway.send(HttpMethod.PUT, "/api/v1/streams/gate", ADMIN, CAMERA);
    assertThat(made.statusCode()).as(made.bodyAsString()).isEqualTo(201);
    assertThat(made.bodyAsString()).doesNotContain("u:p@");
    JsonNode heard = json(await(waiting));
    assertThat(heard.get("revision").asLong()).isGreaterThan(before.get("revision").asLong());
    assertThat(heard.at("/streams/0/stream/inputs/0/url").asText())
        .isEqualTo("rtsp://u:p@10.0.0.9/x");
    assertThat(heard.at("/streams/0/profile/name").asText()).isEqualTo("visits");

    JsonNode quiet =
        json(gateway.get(list + "?after=" + heard.get("revision") + "&wait=100ms", AGENT));
    assertThat(quiet.get("revision")).isEqualTo(heard.get("revision"));

    assertThat(gateway.send(HttpMethod.PUT, "/api/v1/streams/gate", ADMIN, CAMERA).statusCode())
        .isEqualTo(200);
    assertThat(gateway.send(HttpMethod.DELETE, "/api/v1/streams/gate", ADMIN, null).statusCode())
        .isEqualTo(204);
    assertThat(json(gateway.get(list, AGENT)).get("streams")).isEmpty();
    assertThat(gateway.get("/api/v1/streams/gate", VIEWER).statusCode()).isEqualTo(404);
  }

  @Test
  void stream_withABackup_isToldToItsAgentWhole_andToPeopleWithoutSecrets() {
    String body =
        "{\"inputs\":[{\"url\":\"rtsp://u:p@10.0.0.9/x\",\"failover\":\"3s\",\"returnAfter\":\"1m\","
            + "\"backup\":[{\"url\":\"rtmp-listen\",\"key\":\"secret-key\"}]}],"
            + "\"profile\":\"visits\",\"agent\":\"edge-8\"}";

    HttpResponse<Buffer> made = gateway.send(HttpMethod.PUT, "/api/v1/streams/spare", ADMIN, body);

    assertThat(made.statusCode()).as(made.bodyAsString()).isEqualTo(201);
    assertThat(made.bodyAsString()).doesNotContain("u:p@").doesNotContain("secret-key");
    JsonNode input = json(made).at("/inputs/0");
    assertThat(input.at("/backup/0/url").asText()).isEqualTo("rtmp-listen");
    assertThat(input.path("failover").asText()).isEqualTo("3s");
    assertThat(input.path("returnAfter").asText()).isEqualTo("1m");
    JsonNode told =
        json(gateway.get("/api/v1/agents/edge-8/streams", AGENT)).at("/streams/0/stream/inputs/0");
    assertThat(told.at("/backup/0/key").asText()).isEqualTo("secret-key");
    gateway.send(HttpMethod.DELETE, "/api/v1/streams/spare", ADMIN, null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "lobby; {\"inputs\":[{\"url\":\"rtsp://x/y\"}]}; 409; declared in sightline.yaml",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\"}],\"profile\":\"nope\"}; 422; other, visits",
        "new; {\"inputs\":[]}; 400; ",
        "new; {\"inputs\":[{\"url\":\"gopher://x\"}]}; 422; rtsp://camera",
        "new; {\"name\":\"old\",\"inputs\":[{\"url\":\"rtsp://x/y\"}]}; 400; 'old'",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\"},{\"url\":\"rtsp://x/z\"}],\"profile\":\"visits\"}; 422; Two inputs",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\"}],\"colour\":1}; 400; ",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\"}],\"pictures\":{\"rotate\":45}}; 400; ",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\"}],\"pictures\":{\"turn\":90}}; 400; ",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\"}],\"schedule\":[{\"from\":\"8\",\"to\":\"9\"}]}; 400; ",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\"}],\"profile\":\"visits\",\"schedule\":[{\"from\":\"08:00\",\"to\":\"08:00\"}]}; 422; two different times",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\",\"backup\":[{\"url\":\"gopher://u:p@x\"}]}]}; 422; 'gopher://x'",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\",\"backup\":[{\"url\":\"rtsp://x\",\"use\":[]}]}]}; 400; ",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\",\"failover\":\"5s\"}]}; 422; for an input with a backup",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\",\"failover\":\"1ms\",\"backup\":[{\"url\":\"rtsp://x\"}]}]}; 422; 1s to 10m",
        "new; {\"inputs\":[{\"url\":\"rtsp://x/y\",\"offset\":\"-1s\"}]}; 422; beside another that is recorded",
        "Bad_Name; {\"inputs\":[{\"url\":\"rtsp://x/y\"}]}; 400; ",
        "new; {; 400; ",
      })
  void stream_thatCannotBe_isRefusedWithASentence(
      String name, String body, int status, String sentence) {
    HttpResponse<Buffer> answer =
        gateway.send(HttpMethod.PUT, "/api/v1/streams/" + name, ADMIN, body);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(status);
    if (sentence != null) {
      assertThat(json(answer).get("detail").asText()).contains(sentence);
    }
  }

  @Test
  void stream_withPictureOptions_agentsAndViewersSeeThem() {
    String pictures = "{\"rotate\":90,\"width\":640,\"masks\":[[[0.0,0.0],[0.5,0.0],[0.5,0.25]]]}";
    String body = CAMERA.replaceFirst("\\{", "{\"pictures\":" + pictures + ",");

    HttpResponse<Buffer> made = gateway.send(HttpMethod.PUT, "/api/v1/streams/pier", ADMIN, body);

    assertThat(made.statusCode()).as(made.bodyAsString()).isEqualTo(201);
    assertThat(json(gateway.get("/api/v1/streams/pier", VIEWER)).get("pictures"))
        .hasToString(pictures);
    assertThat(
            json(gateway.get("/api/v1/agents/edge-7/streams", AGENT))
                .at("/streams/0/stream/pictures"))
        .hasToString(pictures);
    gateway.send(HttpMethod.DELETE, "/api/v1/streams/pier", ADMIN, null);
  }

  @Test
  void stream_withSchedule_agentsHearOfItAndOfTheTimeZone() {
    String schedule = "[{\"days\":[\"mon-fri\"],\"from\":\"08:00\",\"to\":\"18:00\"}]";
    String body = CAMERA.replaceFirst("\\{", "{\"schedule\":" + schedule + ",");

    HttpResponse<Buffer> made = gateway.send(HttpMethod.PUT, "/api/v1/streams/quay", ADMIN, body);

    assertThat(made.statusCode()).as(made.bodyAsString()).isEqualTo(201);
    assertThat(json(gateway.get("/api/v1/streams/quay", VIEWER)).at("/schedule/0/days"))
        .hasToString("[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"]");
    JsonNode assigned = json(gateway.get("/api/v1/agents/edge-7/streams", AGENT)).at("/streams/0");
    assertThat(assigned.at("/stream/schedule/0/to").asText()).isEqualTo("18:00");
    assertThat(assigned.get("timeZone").asText()).isEqualTo(ZoneId.systemDefault().getId());
    gateway.send(HttpMethod.DELETE, "/api/v1/streams/quay", ADMIN, null);
  }

  @Test
  void stream_thatHasEnded_waitsOutsideItsSchedule() {
    // Neither today nor tomorrow nor yesterday, wherever the test runs.
    String day = LocalDate.now(ZoneOffset.UTC).plusDays(3).getDayOfWeek().name().substring(0, 3);
    String never =
        "[{\"days\":[\""
            + day.toLowerCase(Locale.ROOT)
            + "\"],\"from\":\"10:00\",\"to\":\"11:00\"}]";
    EpochInfo over =
        new EpochInfo("mole", "1-a", "live", "a", 1, 2L, 1, 9, true, "outside its schedule", 0);
    await(
        gateway.records.put(
            StoreKeys.epochs("mole"), StoreKeys.sort(1, "1-a"), Json.encode(over), null));
    gateway.send(HttpMethod.PUT, "/api/v1/streams/mole", ADMIN, CAMERA);
    assertThat(json(gateway.get("/api/v1/streams/mole", VIEWER)).get("state").asText())
        .isEqualTo("ended");

    String body = CAMERA.replaceFirst("\\{", "{\"schedule\":" + never + ",");
    gateway.send(HttpMethod.PUT, "/api/v1/streams/mole", ADMIN, body);

    JsonNode stream = json(gateway.get("/api/v1/streams/mole", VIEWER));
    assertThat(stream.get("state").asText()).isEqualTo("waiting");
    assertThat(stream.get("reason").asText()).isEqualTo("outside its schedule");
    gateway.send(HttpMethod.DELETE, "/api/v1/streams/mole", ADMIN, null);
  }

  @Test
  void revision_afterARestart_isTheSame() {
    String list = "/api/v1/agents/local/streams";
    JsonNode before = json(gateway.get(list, AGENT));
    assertThat(before.get("streams")).hasSize(4);
    gateway.undeploy();
    gateway.deploy();
    assertThat(json(gateway.get(list, AGENT))).isEqualTo(before);
  }

  @Test
  void frames_thousands_comeNewestFirstPageByPage() {
    int count = 2_500;
    List<Future<Long>> writes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FrameDetections frame =
          new FrameDetections(
              "yard",
              "0000000000000000-x",
              i % 5 == 0 ? "trial" : "live",
              i,
              1_000_000L * i,
              0,
              640,
              360,
              List.of(),
              i % 2 == 0 ? Ids.frameKey("yard", i) : null,
              null,
              false);
      writes.add(
          gateway.records.put(
              StoreKeys.frames("yard"),
              StoreKeys.sort(frame.positionMicros(), frame.run()),
              Json.encode(frame),
              null));
    }
    await(Future.all(writes));

    String query = "/api/v1/frames?stream=yard&run=live&limit=300&from=100000000";
    Set<Long> seen = new HashSet<>();
    long last = Long.MAX_VALUE;
    String cursor = "";
    int pages = 0;
    do {
      JsonNode page = gateway.json(query + cursor, VIEWER);
      for (JsonNode frame : page.get("items")) {
        assertThat(frame.get("positionMicros").asLong()).isLessThan(last);
        last = frame.get("positionMicros").asLong();
        seen.add(last);
      }
      cursor = page.get("next").isNull() ? null : "&cursor=" + page.get("next").asText();
      pages++;
    } while (cursor != null);
    assertThat(seen).hasSize((count - 100) * 4 / 5);
    assertThat(pages).isBetween(7, 8);
    assertThat(last).isEqualTo(101_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/frames, 400",
    "/api/v1/frames?stream=UPPER, 400",
    "/api/v1/frames?stream=lobby&limit=0, 400",
    "/api/v1/frames?stream=lobby&limit=501, 400",
    "/api/v1/frames?stream=lobby&from=-1, 400",
    "/api/v1/frames?stream=lobby&from=5&to=5, 400",
    "/api/v1/frames?stream=lobby&from=99999999999999999999, 400",
    "/api/v1/frames?stream=lobby&cursor=%21%21, 400",
    "/api/v1/segments?cursor=AAAA, 400",
    "/api/v1/segments/..%2f..%2fx, 400",
    "/api/v1/segments/nosuch.live.p.0000000000000001, 404",
    "/api/v1/clips/lobby, 404",
    "/api/v1/nothing, 404",
    "/api/v1/streams/lobby/other.m3u8, 404",
    "/nothing/here, 404",
  })
  void badRequests_areRefusedWithASentence(String path, int status) {
    HttpResponse<Buffer> answer = gateway.get(path, VIEWER);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(status);
  }

  @Test
  void alert_whoseClipIsNoLongerKept_hasNoLinksToIt() {
    long now = Positions.of(Instant.now());
    Segment segment = segment("lobby", now, now + 9_000_000L);
    Clip there = clip(gateway, segment, MediaState.READY);
    String path = "/api/v1/alerts/" + Ids.alert("lobby", "leavers", now);
    Alert alert =
        new Alert(
            Ids.alert("lobby", "leavers", now),
            "leavers",
            "lobby",
            "live",
            "person",
            88,
            Alert.State.CLEARED,
            now,
            now,
            null,
            List.of(),
            null,
            there.id(),
            now,
            2);
    await(
        gateway.records.put(
            StoreKeys.alerts("lobby"), StoreKeys.sortOf(alert.id()), Json.encode(alert), null));
    assertThat(gateway.json(path, VIEWER).at("/media/hls").asText()).contains("/clips/");

    clip(gateway, segment, MediaState.GONE);

    assertThat(gateway.json(path, VIEWER).has("media")).isFalse();
    JsonNode list = gateway.json("/api/v1/alerts?stream=lobby&from=" + now, VIEWER).get("items");
    assertThat(list).hasSize(1);
    assertThat(list.get(0).has("media")).isFalse();
  }

  @Test
  void alert_listed_itsPictureIsASignedPath() {
    long now = Positions.of(Instant.now());
    String key = Ids.frameKey("lobby", now);
    await(gateway.objects.put(key, Buffer.buffer(Items.JPEG), "image/jpeg"));
    Alert alert =
        new Alert(
            Ids.alert("lobby", "visitors", now),
            "visitors",
            "lobby",
            "live",
            "person",
            88,
            Alert.State.RAISED,
            now,
            now,
            null,
            null,
            key,
            null,
            now,
            1);
    await(
        gateway.records.put(
            StoreKeys.alertsOfDay(Positions.day(now)),
            StoreKeys.sortOf(alert.id()),
            Json.encode(alert),
            null));
    JsonNode shown = gateway.json("/api/v1/alerts", VIEWER).at("/items/0");
    assertThat(shown.has("pictureKey")).isFalse();
    HttpResponse<Buffer> picture = gateway.get(shown.get("picture").asText(), null);
    assertThat(picture.statusCode()).isEqualTo(200);
    assertThat(picture.body().getBytes()).isEqualTo(Items.JPEG);
    assertThat(picture.getHeader("Cache-Control")).contains("immutable");
    assertThat(
            gateway.get(shown.get("picture").asText().replace("lobby", "door"), null).statusCode())
        .isEqualTo(403);
  }

  @Test
  void portInUse_theGatewayDoesNotStart_andLeavesNothingOpen() {
    GatewayConfig free = GatewayFixture.config();
    GatewayConfig taken =
        new GatewayConfig(
            free.host(),
            gateway.port(),
            free.hosts(),
            free.tokens(),
            free.signingKey(),
            free.signedFor(),
            free.maxItemBytes(),
            free.maxFrameBytes(),
            free.windowBytes(),
            free.dvrWindow(),
            free.eventQueue());
    // A server on the same Vert.x would share the port.
    Vertx other = Vertx.vertx();
    try {
      Future<String> deployed =
          other.deployVerticle(
              new GatewayVerticle(
                  taken,
                  gateway.objects,
                  gateway.records,
                  gateway.writer,
                  gateway.bus,
                  new MemoryCheckpoints(),
                  GatewayFixture.declared()));
      assertThatThrownBy(() -> await(deployed)).isInstanceOf(java.net.BindException.class);
    } finally {
      await(other.close());
    }
    assertThat(gateway.get("/health/live", null).statusCode()).isEqualTo(200);
  }

  @Test
  void operations_forThoseWhoRunIt_areThere() {
    assertThat(json(gateway.get("/health/live", null)).get("status").asText()).isEqualTo("up");
    JsonNode ready = json(gateway.get("/health/ready", null));
    assertThat(ready.at("/parts/bus").asText()).isEqualTo("up");
    assertThat(ready.at("/parts/records").asText()).isEqualTo("up");
    String metrics = gateway.get("/metrics", null).bodyAsString();
    assertThat(metrics).contains("sightline_http_requests_seconds_count").contains("jvm_memory");
    assertThat(gateway.json("/api/v1/status", VIEWER).get("streams")).isNotEmpty();
    assertThat(gateway.json("/api/v1/profiles", VIEWER).get("items")).hasSize(2);
  }

  @Test
  void libraries_ofTheDashboard_areServedWhateverTheirVersion() {
    for (String path :
        List.of(
            "/vendor/hls.js/dist/hls.mjs",
            "/vendor/lit/index.js",
            "/vendor/lit-html/lit-html.js",
            "/vendor/lit-element/lit-element.js",
            "/vendor/reactive-element/reactive-element.js")) {
      HttpResponse<Buffer> answer = gateway.get(path, null);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.getHeader("Content-Type")).as(path).contains("javascript");
    }
    assertThat(gateway.get("/", null).bodyAsString()).contains("A dashboard for tests");
    assertThat(gateway.get("/", null).getHeader("Content-Security-Policy")).contains("'sha256-");
    assertThat(gateway.get("/vendor/lit/..%2f..%2f..%2fmaven", null).statusCode()).isEqualTo(404);
    assertThat(gateway.get("/openapi.yaml", null).bodyAsString()).contains("openapi: 3.1.0");
  }
}
