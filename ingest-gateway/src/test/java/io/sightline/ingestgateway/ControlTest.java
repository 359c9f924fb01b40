package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.ADMIN;
import static io.sightline.ingestgateway.GatewayFixture.AGENT;
import static io.sightline.ingestgateway.GatewayFixture.OPERATOR;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static io.sightline.ingestgateway.GatewayFixture.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.InRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.records.Alert;
import io.sightline.records.Clip;
import io.sightline.records.ClipUse;
import io.sightline.records.ClipVariant;
import io.sightline.records.EpochInfo;
import io.sightline.records.Feedback;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Kept;
import io.sightline.records.MarkMove;
import io.sightline.records.MediaProgress;
import io.sightline.records.MediaState;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.PluginSpec;
import io.sightline.records.Positions;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.SegmentEdit;
import io.sightline.records.StoreKeys;
import io.sightline.records.Transitions;
import io.sightline.records.Vote;
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
import java.util.concurrent.BlockingQueue;
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

  private static Segment segment(String stream, long start, Long end) {
    return new Segment(
        Ids.segment(stream, "live", "presence", start),
        stream,
        "live",
        "presence",
        "0000000000000000-x",
        start,
        end,
        "person",
        null,
        null,
        null,
        false,
        1,
        1);
  }

  private static void store(Segment segment) {
    byte[] json = Json.encode(segment);
    String sort = StoreKeys.sortOf(segment.id());
    await(gateway.records.put(StoreKeys.segments(segment.stream()), sort, json, null));
    await(
        gateway.records.put(
            StoreKeys.segmentsOfDay(Positions.day(segment.foundStartMicros())), sort, json, null));
  }

  @Test
  void segments_ofAllStreams_walkBackOverDays() {
    long day = 86_400_000_000L;
    long today = Positions.of(Instant.now());
    for (int i = 0; i < 12; i++) {
      store(segment(i % 2 == 0 ? "lobby" : "door", today - i * 7 * day, today - i * 7 * day + 9));
    }
    List<Long> starts = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = gateway.json("/api/v1/segments?limit=5" + cursor, VIEWER);
      page.get("items").forEach(one -> starts.add(one.get("startMicros").asLong()));
      cursor = page.get("next").isNull() ? null : "&cursor=" + page.get("next").asText();
    } while (cursor != null && starts.size() < 12);
    assertThat(starts)
        .hasSizeGreaterThanOrEqualTo(12)
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));

    JsonNode window =
        gateway.json("/api/v1/segments?from=" + (today - 8 * day) + "&to=" + today, VIEWER);
    assertThat(window.get("items")).hasSize(1);
    assertThat(window.get("next").isNull()).isTrue();
    JsonNode limited = gateway.json("/api/v1/segments", GatewayFixture.LOBBY_VIEWER);
    limited.get("items").forEach(one -> assertThat(one.get("stream").asText()).isEqualTo("lobby"));
    assertThat(limited.get("items")).hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void segment_edited_itsEditsAreOnTheTopicOnceEach() {
    Segment segment = segment("court", 1_700_000_000_000_000L, 1_700_000_009_000_000L);
    store(segment);
    BlockingQueue<InRecord> edits = gateway.follow(Topic.SEGMENT_EDITS);
    String path = "/api/v1/segments/" + segment.id();
    String body = "{\"startMicros\":1700000001000000,\"label\":\"rally\"}";

    HttpResponse<Buffer> answer = gateway.send(HttpMethod.PATCH, path, OPERATOR, body);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
    SegmentEdit trim = next(edits).as(SegmentEdit.class);
    SegmentEdit relabel = next(edits).as(SegmentEdit.class);
    assertThat(trim.kind()).isEqualTo(SegmentEdit.Kind.TRIM);
    assertThat(trim.startMicros()).isEqualTo(1_700_000_001_000_000L);
    assertThat(trim.endMicros()).isNull();
    assertThat(relabel.label()).isEqualTo("rally");
    assertThat(relabel.by()).isEqualTo("operator");
    HttpResponse<Buffer> again = gateway.send(HttpMethod.PATCH, path, OPERATOR, body);
    assertThat(json(again)).isEqualTo(json(answer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"startMicros\":1700000009000000}; 422",
        "{\"endMicros\":1700000000000000}; 422",
        "{\"endMicros\":1900000000000000}; 422",
        "{\"startMicros\":5}; 422",
        "{\"label\":\"   \"}; 422",
        "{\"label\":\"\"}; 400",
        "{}; 400",
        "{\"startMicros\":\"soon\"}; 400",
        "{\"removed\":true}; 400",
        "{\"feedback\":{\"vote\":\"love\"}}; 400",
        "{\"feedback\":{\"note\":\"nice\"}}; 400",
      })
  void segment_editThatCannotBe_isRefused(String body, int status) {
    Segment segment = segment("court", 1_700_000_000_000_000L, 1_700_000_009_000_000L);
    store(segment);
    HttpResponse<Buffer> answer =
        gateway.send(HttpMethod.PATCH, "/api/v1/segments/" + segment.id(), OPERATOR, body);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(status);
  }

  @Test
  void segment_liked_itsFeedbackIsOnTheTopicAndThenInTheList() {
    Segment segment = segment("court", 1_700_000_000_000_000L, 1_700_000_009_000_000L);
    store(segment);
    BlockingQueue<InRecord> edits = gateway.follow(Topic.SEGMENT_EDITS);
    String path = "/api/v1/segments/" + segment.id();

    HttpResponse<Buffer> answer =
        gateway.send(
            HttpMethod.PATCH,
            path,
            OPERATOR,
            "{\"feedback\":{\"vote\":\"like\",\"note\":\" what a save \"}}");
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
    SegmentEdit edit = next(edits).as(SegmentEdit.class);
    assertThat(edit.kind()).isEqualTo(SegmentEdit.Kind.FEEDBACK);
    assertThat(edit.vote()).isEqualTo(Vote.LIKE);
    assertThat(edit.note()).isEqualTo("what a save");
    assertThat(edit.by()).isEqualTo("operator");

    Feedback kept =
        new Feedback(segment.id(), "court", "operator", Vote.LIKE, edit.note(), edit.atMicros());
    await(
        gateway.records.put(
            StoreKeys.feedback("court"),
            StoreKeys.feedbackSort(segment.id(), "operator"),
            Json.encode(kept),
            null));
    JsonNode shown = gateway.json(path, VIEWER).get("feedback");
    assertThat(shown.get("likes").asInt()).isEqualTo(1);
    assertThat(shown.at("/reviews/0/by").asText()).isEqualTo("operator");
    assertThat(shown.at("/reviews/0/note").asText()).isEqualTo("what a save");
  }

  @Test
  void replay_changed_itsRequestsAreOnTheTopic() {
    Segment first = segment("lobby", 1_700_000_000_000_000L, 1_700_000_009_000_000L);
    Segment second = segment("lobby", 1_700_000_020_000_000L, 1_700_000_029_000_000L);
    store(first);
    store(second);
    BlockingQueue<InRecord> requests = gateway.follow(Topic.REPLAY_REQUESTS);
    HttpResponse<Buffer> asked =
        gateway.send(
            HttpMethod.POST,
            "/api/v1/replays",
            OPERATOR,
            """
            {"title": "Best", "selection": {"streams": ["lobby"]},
             "rules": {"mode": "duration",
                       "fill": {"targetMicros": 60000000, "weights": [
                         {"when": {"what": "label", "is": ["person"]}, "weight": 80}]}}}
            """);
    assertThat(asked.statusCode()).as(asked.bodyAsString()).isEqualTo(202);
    String path = asked.getHeader("Location");
    assertThat(gateway.json(path, VIEWER)).isEqualTo(json(asked));
    assertThat(json(asked).at("/rules/fill/toleranceMicros").asLong()).isEqualTo(30_000_000);
    ReplayRequest create = next(requests).as(ReplayRequest.class);
    assertThat(create.rules().mode()).isEqualTo(ReplayRules.Mode.DURATION);

    ReplayRequest decided =
        change(
            path,
            requests,
            "{\"decide\":{\"lock\":[\"%s\"],\"trim\":[{\"segment\":\"%s\",\"startMicros\":5,\"endMicros\":9}]}}"
                .formatted(first.id(), second.id()));
    assertThat(decided.kind()).isEqualTo(ReplayRequest.Kind.CHANGE);
    assertThat(decided.revision()).isEqualTo(2);
    assertThat(decided.title()).isEqualTo("Best");
    assertThat(decided.rules().fill()).isEqualTo(create.rules().fill());
    assertThat(decided.rules().decisions().locked()).containsExactly(first.id());

    play(create.replay(), first, second);
    ReplayRequest swapped =
        change(
            path,
            requests,
            "{\"title\":\"Better\",\"decide\":{\"free\":[\"%s\"],\"swap\":[\"%s\",\"%s\"]}}"
                .formatted(second.id(), first.id(), second.id()));
    assertThat(swapped.title()).isEqualTo("Better");
    assertThat(swapped.rules().decisions().order()).containsExactly(second.id(), first.id());
    assertThat(swapped.rules().decisions().locked()).containsExactly(first.id());
    assertThat(swapped.rules().decisions().trims()).isEmpty();

    assertThat(gateway.send(HttpMethod.DELETE, path, OPERATOR, null).statusCode()).isEqualTo(202);
    assertThat(next(requests).as(ReplayRequest.class).revision()).isEqualTo(4);
    ReplayRequest again = change(path, requests, "{}");
    assertThat(again.revision()).isEqualTo(5);
    assertThat(again.rules()).isEqualTo(swapped.rules());
    assertThat(gateway.send(HttpMethod.PATCH, path, VIEWER, "{}").statusCode()).isEqualTo(403);
  }

  private static ReplayRequest change(String path, BlockingQueue<InRecord> requests, String body) {
    HttpResponse<Buffer> answer = gateway.send(HttpMethod.PATCH, path, OPERATOR, body);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
    return next(requests).as(ReplayRequest.class);
  }

  /** A replay as the stage stores it. */
  private static void play(String id, Segment... reel) {
    ReplayRequest.Selection selection =
        new ReplayRequest.Selection(List.of("lobby"), null, null, null, null);
    Replay replay =
        new Replay(
            id,
            "Best",
            selection,
            MediaState.READY,
            1,
            reel.length,
            1,
            false,
            false,
            null,
            null,
            1,
            1,
            null,
            1);
    await(gateway.records.put(StoreKeys.REPLAYS, id, Json.encode(replay), null));
    for (int i = 0; i < reel.length; i++) {
      ReplayItem item =
          new ReplayItem(
              id, 1, "lobby", reel[i].id(), "clip", "person", i, 1, 1, 0, true, "it fits");
      await(
          gateway.records.put(
              StoreKeys.replayItems(id),
              "000001." + StoreKeys.sortOf(reel[i].id()),
              Json.encode(item),
              null));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'mode':'best'} | 'rules.mode' cannot be 'best'; it takes all, features, duration, timestamps, manual. | rules.mode",
        "{'mode':'all','wher':{}} | There is no 'wher' in 'rules'; it may have decisions, fill, forceLiked, ignoreDisliked, mode, stretches, where. | rules",
        "{'mode':'features'} | without any, ask for the mode 'all'. | rules",
        "{'mode':'features','where':{'and':[{'what':'label','is':['a']},{'what':'label','is':['b']}]}} | contradict each other | rules.where",
        "{'mode':'features','where':{'or':[{'what':'label','is':['a']},{'what':'speed','is':['b']}]}} | 'rules.where.or[1].what' cannot be 'speed'; it takes label, text, | rules.where.or[1].what",
        "{'mode':'features','where':{'what':'label','is':['a'],'iss':['a']}} | There is no 'iss' in 'rules.where'; it may have atLeast, atMost, | rules.where",
        "{'mode':'duration','fill':{'targetMicros':0,'weights':[]}} | 'rules.fill': A replay's 'targetMicros' lies between 1 and 24 hours, not at 0. | rules.fill",
        "{'mode':'timestamps','stretches':[{'stream':'lobby','startMicros':9,'endMicros':4}]} | must end after it starts: 9, 4. | rules.stretches[0]",
        "{'mode':'timestamps','stretches':[{'stream':'yard','startMicros':4,'endMicros':9}]} | of none of the replay's streams [lobby] | rules.stretches",
        "{'mode':'timestamps','stretches':[{'stream':'lobby','startMicros':4,'endMicros':9}]} | What there is stands under /streams/lobby/recordings. | rules.stretches[0]",
        "{'mode':'manual','decisions':{'order':['lobby.live.presence.0000000000000001']}} | There is no segment 'lobby.live.presence.0000000000000001' | rules.decisions",
        "{'decisions':{'locked':['yard.live.presence.0000000000000001']}} | add that stream to the selection. | rules.decisions",
      })
  void replay_rulesThatCannotBe_answerSaysWhereAndWhatIsPossible(
      String rules, String sentence, String field) {
    HttpResponse<Buffer> answer =
        gateway.send(
            HttpMethod.POST,
            "/api/v1/replays",
            OPERATOR,
            "{\"title\":\"x\",\"selection\":{\"streams\":[\"lobby\"]},\"rules\":"
                + rules.replace('\'', '"')
                + "}");

    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(422);
    assertThat(answer.getHeader("Content-Type")).isEqualTo("application/problem+json");
    assertThat(json(answer).get("detail").asText()).contains(sentence);
    assertThat(json(answer).get("field").asText()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'fade':{}}; 'outMillis', 'inMillis' or both, each 1 to 5000",
        "{'fade':{'outMillis':0}}; 'outMillis' is 1 to 5000 milliseconds, not 0",
        "{'fade':{'inMillis':5001}}; 'inMillis' is 1 to 5000 milliseconds, not 5001",
        "{'fade':{'outMillis':5,'color':'black'}}; written like #000000",
        "{'fade':{'outMillis':5,'color':'#000000','picture':'crest'}}; give one",
        "{'fade':{'outMillis':5,'picture':'crown'}}; no picture 'crown' for transitions; there is crest.",
        "{'clip':'../sting.mp4'}; 1 to 63 characters",
        "{'clip':'crest'}; no clip 'crest' for transitions; there is opener, sting.",
        "{'intro':'closer'}; no clip 'closer'",
        "{'wipe':'sting'}; no 'wipe' in 'transitions'; it may have clip, fade, intro, outro",
        "{'fade':{'outMillis':900}}; may take 500 ms"
      })
  void replay_transitionsThatCannotBe_answerSaysWhatIsPossible(
      String transitions, String sentence) {
    String rules =
        "{\"mode\":\"timestamps\",\"stretches\":[{\"stream\":\"lobby\",\"startMicros\":1,\"endMicros\":1000001}]}";
    HttpResponse<Buffer> answer =
        gateway.send(
            HttpMethod.POST,
            "/api/v1/replays",
            OPERATOR,
            "{\"title\":\"x\",\"selection\":{\"streams\":[\"lobby\"]},\"rules\":%s,\"transitions\":%s}"
                .formatted(rules, transitions.replace('\'', '"')));

    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(422);
    assertThat(json(answer).get("detail").asText()).contains(sentence);
  }

  @Test
  void replay_withTransitions_keepsThemUntilOthersAreAskedFor() {
    BlockingQueue<InRecord> requests = gateway.follow(Topic.REPLAY_REQUESTS);
    HttpResponse<Buffer> names = gateway.send(HttpMethod.GET, "/api/v1/transitions", VIEWER, null);
    assertThat(names.bodyAsString())
        .isEqualTo("{\"clips\":[\"opener\",\"sting\"],\"pictures\":[\"crest\"]}");

    HttpResponse<Buffer> answer =
        gateway.send(
            HttpMethod.POST,
            "/api/v1/replays",
            OPERATOR,
            """
            {"title":"Faded","selection":{"streams":["lobby"]},
             "transitions":{"fade":{"outMillis":500,"picture":"crest"},"intro":"opener"}}
            """);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
    JsonNode made = json(answer);
    assertThat(made.get("transitions").toString())
        .isEqualTo("{\"fade\":{\"outMillis\":500,\"picture\":\"crest\"},\"intro\":\"opener\"}");
    Transitions asked = next(requests).as(ReplayRequest.class).transitions();
    assertThat(asked.fade().outMillis()).isEqualTo(500);
    String path = "/api/v1/replays/" + made.get("id").asText();

    assertThat(change(path, requests, "{\"title\":\"Other\"}").transitions()).isEqualTo(asked);
    ReplayRequest longer = change(path, requests, "{\"transitions\":{\"fade\":{\"inMillis\":1}}}");
    assertThat(longer.transitions().fade().inMillis()).isEqualTo(1);
    assertThat(longer.transitions().intro()).isNull();
    assertThat(change(path, requests, "{\"transitions\":{}}").transitions()).isNull();
  }

  @Test
  void replay_conditionsNestedWithoutEnd_areRefused() {
    for (int levels : new int[] {9, 100, 900, 2_000, 20_000}) {
      String where =
          "{\"not\":".repeat(levels) + "{\"what\":\"label\",\"is\":[\"a\"]}" + "}".repeat(levels);
      HttpResponse<Buffer> answer =
          gateway.send(
              HttpMethod.POST,
              "/api/v1/replays",
              OPERATOR,
              "{\"title\":\"x\",\"selection\":{\"streams\":[\"lobby\"]},\"rules\":{\"mode\":\"features\",\"where\":"
                  + where
                  + "}}");
      assertThat(answer.statusCode()).as(levels + ": " + answer.bodyAsString()).isIn(400, 422);
    }
  }

  @Test
  void replay_askedForAndStopped_requestsAreOnTheTopic() {
    BlockingQueue<InRecord> requests = gateway.follow(Topic.REPLAY_REQUESTS);
    HttpResponse<Buffer> asked =
        gateway.send(
            HttpMethod.POST,
            "/api/v1/replays",
            OPERATOR,
            "{\"title\":\"Best of\",\"selection\":{\"streams\":[\"lobby\"],\"labels\":[\"person\"]},\"mp4\":true}");
    assertThat(asked.statusCode()).as(asked.bodyAsString()).isEqualTo(202);
    assertThat(asked.getHeader("Location")).isNotNull();
    JsonNode pending = gateway.json(asked.getHeader("Location"), VIEWER);
    assertThat(pending).isEqualTo(json(asked));
    assertThat(pending.get("state").asText()).isEqualTo("pending");
    ReplayRequest create = next(requests).as(ReplayRequest.class);
    assertThat(create.kind()).isEqualTo(ReplayRequest.Kind.CREATE);
    assertThat(create.replay()).isEqualTo(pending.get("id").asText());
    assertThat(create.mp4()).isTrue();

    String path = asked.getHeader("Location");
    HttpResponse<Buffer> more =
        gateway.send(HttpMethod.PATCH, path, OPERATOR, "{\"stop\":true,\"title\":\"x\"}");
    assertThat(more.statusCode()).isEqualTo(422);
    assertThat(gateway.send(HttpMethod.PATCH, path, OPERATOR, "{\"stop\":true}").statusCode())
        .isEqualTo(202);
    ReplayRequest stop = next(requests).as(ReplayRequest.class);
    assertThat(stop.kind()).isEqualTo(ReplayRequest.Kind.CANCEL);
    assertThat(stop.revision()).isEqualTo(2);
    assertThat(gateway.get("/api/v1/replays/none", VIEWER).statusCode()).isEqualTo(404);
    assertThat(
            gateway
                .send(
                    HttpMethod.POST,
                    "/api/v1/replays",
                    OPERATOR,
                    "{\"title\":\"x\",\"selection\":{\"streams\":[\"nosuch\"]}}")
                .statusCode())
        .isEqualTo(404);
    assertThat(
            gateway
                .send(
                    HttpMethod.POST,
                    "/api/v1/replays",
                    OPERATOR,
                    "{\"title\":\"x\",\"selection\":{\"streams\":[\"lobby\"],\"fromMicros\":9,\"toMicros\":3}}")
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void replay_deleted_isAskedForOnce_andShownNoMoreOnceItIsGone() {
    Replay made = replay("1700000000000000-goals", MediaState.READY, 1);
    BlockingQueue<InRecord> requests = gateway.follow(Topic.REPLAY_REQUESTS);
    String path = "/api/v1/replays/" + made.id();
    assertThat(gateway.send(HttpMethod.DELETE, path, VIEWER, null).statusCode()).isEqualTo(403);

    for (int twice = 0; twice < 2; twice++) {
      HttpResponse<Buffer> answer = gateway.send(HttpMethod.DELETE, path, OPERATOR, null);
      assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
    }
    assertThat(gateway.json(path, VIEWER).get("id").asText()).isEqualTo(made.id());
    replay(made.id(), MediaState.GONE, 2);

    ReplayRequest delete = next(requests).as(ReplayRequest.class);
    assertThat(delete.kind()).isEqualTo(ReplayRequest.Kind.DELETE);
    assertThat(delete.revision()).isEqualTo(2);
    assertThat(requests).isEmpty();
    for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.DELETE)) {
      assertThat(gateway.send(method, path, OPERATOR, null).statusCode()).isEqualTo(404);
    }
    assertThat(gateway.send(HttpMethod.PATCH, path, OPERATOR, "{}").statusCode()).isEqualTo(404);
    assertThat(gateway.json("/api/v1/replays", VIEWER).toString()).doesNotContain(made.id());
  }

  private static Replay replay(String id, MediaState state, int revision) {
    Replay replay =
        new Replay(
            id,
            "Goals",
            new ReplayRequest.Selection(List.of("lobby"), "live", null, null, List.of()),
            state,
            1,
            0,
            0,
            true,
            false,
            null,
            null,
            1,
            1,
            null,
            revision);
    await(gateway.records.put(StoreKeys.REPLAYS, id, Json.encode(replay), null));
    return replay;
  }

  @Test
  void segment_removed_isAskedForOnce_andNamesTheReplaysThatShowIt() {
    Segment segment = segment("court", 1_700_000_500_000_000L, 1_700_000_509_000_000L);
    store(segment);
    Clip clip = clip(segment, MediaState.READY);
    ClipUse use = new ClipUse(clip.id(), "best", Positions.of(Instant.now()));
    await(gateway.records.put(StoreKeys.clipUses("court"), use.sort(), Json.encode(use), null));
    BlockingQueue<InRecord> edits = gateway.follow(Topic.SEGMENT_EDITS);
    String path = "/api/v1/segments/" + segment.id();
    assertThat(gateway.send(HttpMethod.DELETE, path, VIEWER, null).statusCode()).isEqualTo(403);

    JsonNode first = json(gateway.send(HttpMethod.DELETE, path, OPERATOR, null));
    JsonNode second = json(gateway.send(HttpMethod.DELETE, path, OPERATOR, null));

    assertThat(first.at("/shownBy/0").asText()).isEqualTo("best");
    assertThat(second).isEqualTo(first);
    SegmentEdit edit = next(edits).as(SegmentEdit.class);
    assertThat(edit.kind()).isEqualTo(SegmentEdit.Kind.REMOVE);
    assertThat(edit.by()).isEqualTo("operator");
    assertThat(next(edits).as(SegmentEdit.class).id()).isEqualTo(edit.id());
    String none = "/api/v1/segments/court.live.presence.1700000999000000";
    assertThat(gateway.send(HttpMethod.DELETE, none, OPERATOR, null).statusCode()).isEqualTo(404);
  }

  @Test
  void segment_kept_andItsClipGone_areShown() {
    Segment segment = segment("court", 1_700_000_600_000_000L, 1_700_000_609_000_000L);
    store(segment);
    clip(segment, MediaState.GONE);
    BlockingQueue<InRecord> edits = gateway.follow(Topic.SEGMENT_EDITS);
    String path = "/api/v1/segments/" + segment.id();

    HttpResponse<Buffer> answer = gateway.send(HttpMethod.PATCH, path, OPERATOR, "{\"keep\":true}");

    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
    SegmentEdit edit = next(edits).as(SegmentEdit.class);
    assertThat(edit.kind()).isEqualTo(SegmentEdit.Kind.KEEP);
    assertThat(edit.keep()).isTrue();
    Kept kept = new Kept(segment.id(), "court", edit.by(), edit.atMicros());
    await(
        gateway.records.put(
            StoreKeys.kept("court"), StoreKeys.sortOf(segment.id()), Json.encode(kept), null));
    JsonNode shown = gateway.json(path, VIEWER);
    assertThat(shown.at("/kept/by").asText()).isEqualTo("operator");
    assertThat(shown.get("clipState").asText()).isEqualTo("gone");
    assertThat(shown.has("clip")).isFalse();
  }

  @Test
  void segment_whoseClipTakesLong_tellsHowFarItIs() {
    Segment segment = segment("court", 1_700_000_700_000_000L, 1_700_004_300_000_000L);
    store(segment);
    String clip = Ids.clip(segment.id(), ClipVariant.ORIGINAL, 0, 1, "source");
    MediaProgress progress = new MediaProgress(clip, "writing the MP4", 42, 1_700_004_301_000_000L);
    await(
        gateway.records.put(
            StoreKeys.mediaProgress("court"), StoreKeys.sortOf(clip), Json.encode(progress), null));

    JsonNode shown = gateway.json("/api/v1/segments/" + segment.id(), VIEWER);

    assertThat(shown.at("/making/0/percent").asInt()).isEqualTo(42);
    assertThat(shown.at("/making/0/id").asText()).isEqualTo(clip);
  }

  @Test
  void segment_optimized_showsItsMarksAndItsClips() {
    Segment plain = segment("court", 1_700_000_900_000_000L, 1_700_000_909_000_000L);
    OptimizedTrack moved =
        new OptimizedTrack(
            2,
            1_700_000_899_000_000L,
            1_700_000_910_000_000L,
            MarkMove.MOVED,
            "It moved 1 s earlier, into a pause of 0.5 s",
            MarkMove.WINDOW,
            "It moved 1 s later, as far as was searched, just into a pause");
    int next = plain.revision() + 1;
    store(
        plain.with(
            new OptimizedMarks(
                new PluginSpec("quiet-marks"), plain.revision(), next, List.of(moved), null),
            next));
    Clip original = clip(plain, MediaState.READY);
    Clip optimized =
        clip(
            plain,
            MediaState.READY,
            ClipVariant.OPTIMIZED,
            2,
            moved.startMicros(),
            moved.endMicros());
    // Cut for marks that it no longer has.
    clip(plain, MediaState.READY, ClipVariant.OPTIMIZED, 1, 5, 9);

    JsonNode shown = gateway.json("/api/v1/segments/" + plain.id(), VIEWER);

    assertThat(shown.at("/clip/id").asText()).isEqualTo(original.id());
    assertThat(shown.at("/optimized/tracks/0/start").asText()).isEqualTo("moved");
    assertThat(shown.at("/optimized/tracks/0/end").asText()).isEqualTo("window");
    assertThat(shown.get("optimizedClips")).hasSize(1);
    JsonNode clip = shown.at("/optimizedClips/0");
    assertThat(clip.get("audioTrack").asInt()).isEqualTo(2);
    assertThat(clip.get("id").asText()).isEqualTo(optimized.id());
    assertThat(clip.at("/media/hls").asText()).contains("/clips/" + optimized.id() + "/");
    JsonNode listed = gateway.json("/api/v1/clips?stream=court&segment=" + plain.id(), VIEWER);
    assertThat(listed.get("items")).hasSize(3);
  }

  @Test
  void replay_ofOneSoundTrack_isAskedForAndTakenBack() {
    BlockingQueue<InRecord> requests = gateway.follow(Topic.REPLAY_REQUESTS);
    HttpResponse<Buffer> asked =
        gateway.send(
            HttpMethod.POST,
            "/api/v1/replays",
            OPERATOR,
            "{\"title\":\"Second\",\"selection\":{\"streams\":[\"lobby\"]},\"audioTrack\":2}");
    assertThat(asked.statusCode()).as(asked.bodyAsString()).isEqualTo(202);
    assertThat(json(asked).get("audioTrack").asInt()).isEqualTo(2);
    ReplayRequest create = next(requests).as(ReplayRequest.class);
    assertThat(create.audioTrack()).isEqualTo(2);
    String path = asked.getHeader("Location");
    play(create.replay());

    assertThat(change(path, requests, "{\"title\":\"Still\"}").audioTrack()).isEqualTo(2);
    assertThat(change(path, requests, "{\"audioTrack\":0}").audioTrack()).isNull();
    for (String wrong : List.of("-1", "65", "1.5", "\"two\"")) {
      String body = "{\"audioTrack\":" + wrong + "}";
      assertThat(gateway.send(HttpMethod.PATCH, path, OPERATOR, body).statusCode())
          .as(wrong)
          .isIn(400, 422);
    }
  }

  private static Clip clip(Segment segment, MediaState state) {
    return clip(
        segment, state, ClipVariant.ORIGINAL, 0, segment.startMicros(), segment.endMicros());
  }

  private static Clip clip(
      Segment segment, MediaState state, ClipVariant variant, int track, long start, long end) {
    String id = Ids.clip(segment.id(), variant, track, 1, "source");
    Clip clip =
        new Clip(
            id,
            segment.id(),
            segment.stream(),
            "live",
            "person",
            variant,
            track,
            "source",
            1,
            state,
            start,
            end,
            start,
            end,
            end - start,
            "frame",
            null,
            List.of(),
            state == MediaState.GONE ? null : "clips/" + id + "/index.json",
            null,
            null,
            null,
            1L,
            1);
    await(
        gateway.records.put(
            StoreKeys.clips(segment.stream()), StoreKeys.sortOf(id), Json.encode(clip), null));
    return clip;
  }

  @Test
  void alert_whoseClipIsNoLongerKept_hasNoLinksToIt() {
    long now = Positions.of(Instant.now());
    Segment segment = segment("lobby", now, now + 9_000_000L);
    Clip there = clip(segment, MediaState.READY);
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

    clip(segment, MediaState.GONE);

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
