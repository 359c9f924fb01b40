package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.OPERATOR;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static io.sightline.ingestgateway.GatewayFixture.next;
import static io.sightline.ingestgateway.StoredSegments.segment;
import static io.sightline.ingestgateway.StoredSegments.store;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.InRecord;
import io.sightline.bus.Topic;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaProgress;
import io.sightline.records.MediaState;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.records.Transitions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayControlTest {

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
  void replay_changed_itsRequestsAreOnTheTopic() {
    Segment first = segment("lobby", 1_700_000_000_000_000L, 1_700_000_009_000_000L);
    Segment second = segment("lobby", 1_700_000_020_000_000L, 1_700_000_029_000_000L);
    store(gateway, first);
    store(gateway, second);
    new StoredRecording(gateway, "lobby").epoch(1_700_000_000_000_000L, 20, 2, 20, true);
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
            "{\"decide\":{\"lock\":[\"%s\"],\"trim\":[{\"segment\":\"%s\",\"startMicros\":1700000021000000,\"endMicros\":1700000025000000}]}}"
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
  void replay_tellsHowFarItsCutsAndItsCopyAre_andNothingOfOthers() {
    String id = "1700000000000000-stretches";
    String path = "/api/v1/replays/" + id;
    ReplayRules.Stretch hour =
        new ReplayRules.Stretch("lobby", 1_700_000_000_000_000L, 1_700_003_600_000_000L);
    ReplayRules.Mode mode = ReplayRules.Mode.TIMESTAMPS;
    ReplayRequest request =
        new ReplayRequest(
            id,
            ReplayRequest.Kind.CREATE,
            "Stretches",
            new ReplayRequest.Selection(List.of("lobby"), "live", null, null, List.of()),
            false,
            "operator",
            1,
            1,
            new ReplayRules(mode, null, null, List.of(hour), false, false, null));
    await(
        gateway.records.put(
            StoreKeys.replayRequests(id), "0000000001", Json.encode(request), null));
    assertThat(gateway.json(path, VIEWER).has("making")).isFalse();
    String cut = Ids.cut("lobby", "live", 1_700_000_000_000_000L, 1_700_003_600_000_000L);
    String clip = Ids.clip(cut, ClipVariant.ORIGINAL, 0, 1, "source");
    String others = Ids.cut("lobby", "live", 1_700_000_000_000_000L, 1_700_003_600_000_001L);

    tell(StoreKeys.mediaProgress("lobby"), StoreKeys.sortOf(clip), clip, "encoding", 12);
    String other = Ids.clip(others, ClipVariant.ORIGINAL, 0, 1, "source");
    tell(StoreKeys.mediaProgress("lobby"), StoreKeys.sortOf(other), other, "cutting", 50);
    tell(StoreKeys.REPLAY_PROGRESS, id + ".publishing.", id, "publishing: 3 of 9 files", 33);

    JsonNode making = gateway.json(path, VIEWER).get("making");
    assertThat(making).hasSize(2);
    assertThat(making.at("/0/doing").asText()).isEqualTo("publishing: 3 of 9 files");
    assertThat(making.at("/1/id").asText()).isEqualTo(clip);
    assertThat(making.at("/1/percent").asInt()).isEqualTo(12);
  }

  private static void tell(String partition, String sort, String id, String doing, int percent) {
    MediaProgress progress = new MediaProgress(id, doing, percent, 1_700_000_000_000_000L);
    await(gateway.records.put(partition, sort, Json.encode(progress), null));
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
}
