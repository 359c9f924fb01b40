package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.ADMIN;
import static io.sightline.ingestgateway.GatewayFixture.OPERATOR;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static io.sightline.ingestgateway.StoredSegments.segment;
import static io.sightline.ingestgateway.StoredSegments.store;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Replays of what is not recorded: refused, with what there is. */
class ReplayMediaChecksTest {

  private static final long START = 1_700_000_000_000_000L;
  private static final long SECOND = 1_000_000;

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
  void audioTrack_thatNoRecordingOfTheSelectionHas_isRefusedWithThoseThereAre() {
    stream("one").epoch(START, 10, 1, 10, true);
    stream("three").epoch(START, 10, 3, 10, true);
    stream("mute").epoch(START, 10, 0, 10, true);
    stream("changed")
        .epoch(START, 10, 1, 10, true)
        .epoch(START + 100 * SECOND, 10, 2, 10, true)
        .epoch(START + 200 * SECOND, 10, 1, 10, false);
    stream("unseen");

    assertRefused(sound("'one'", 7), "track 7: 'one' has 1. With", "audioTrack");
    assertRefused(sound("'one','three'", 4), "'one' has 1, 'three' has 1 to 3.", "audioTrack");
    assertRefused(sound("'mute'", 1), "'mute' has none.", "audioTrack");
    assertTaken(sound("'one'", 1));
    assertTaken(sound("'one','three'", 3));
    assertTaken(sound("'changed'", 2));
    // Before anything is recorded it cannot be known.
    assertTaken(sound("'unseen'", 7));
    assertTaken(sound("'one','unseen'", 7));
    String after = ",'fromMicros':" + (START + 100 * SECOND);
    assertTaken(post("{'title':'x','audioTrack':7,'selection':{'streams':['one']" + after + "}}"));
    String before = ",'toMicros':" + (START + 50 * SECOND);
    assertRefused(
        post("{'title':'x','audioTrack':2,'selection':{'streams':['changed']" + before + "}}"),
        "'changed' has 1.",
        "audioTrack");
  }

  @Test
  void audioTrack_thatWasAskedForBefore_keepsNobodyFromOtherChanges() {
    StoredRecording recording = stream("later");
    HttpResponse<Buffer> asked = sound("'later'", 5);
    assertTaken(asked);
    recording.epoch(START, 10, 1, 10, true);
    String path = asked.getHeader("Location");

    assertTaken(patch(path, "{'title':'Better'}"));
    assertRefused(patch(path, "{'audioTrack':6}"), "'later' has 1.", "audioTrack");
    String other = "{'selection':{'streams':['later'],'fromMicros':" + START + "}}";
    assertRefused(patch(path, other), "'later' has 1.", "audioTrack");
  }

  @Test
  void trim_outsideOfTheRecording_isRefusedWithTheSegmentsBounds() {
    stream("trimmed").epoch(START, 20, 1, 20, true).epoch(START + 100 * SECOND, 5, 1, 5, true);
    Segment found = segment("trimmed", START + 10 * SECOND, START + 14 * SECOND);
    store(gateway, found);
    HttpResponse<Buffer> asked = post("{'title':'x','selection':{'streams':['trimmed']}}");
    assertTaken(asked);
    String path = asked.getHeader("Location");
    String bounds = "It was recorded from " + START + " to " + (START + 40 * SECOND) + ".";

    HttpResponse<Buffer> early = patch(path, decide(found, 5, 9));
    assertRefused(early, "cannot be trimmed like this. Nothing of 'trimmed'", "decide.trim[0]");
    assertThat(json(early).get("detail").asText())
        .contains("from 5 to 9: no recording of the run 'live' is older.", bounds);
    HttpResponse<Buffer> gap = patch(path, decide(found, START + 50 * SECOND, START + 60 * SECOND));
    assertRefused(gap, bounds, "decide.trim[0]");
    assertThat(json(gap).get("detail").asText())
        .contains(
            "the recording before it ends at "
                + (START + 40 * SECOND)
                + ", and the one after it begins at "
                + (START + 100 * SECOND));
    assertRefused(
        post(
            "{'title':'x','selection':{'streams':['trimmed']},'rules':{'decisions':{'trims':["
                + trim(found, 5, 9)
                + "]}}}"),
        bounds,
        "rules.decisions.trims[0]");
    assertTaken(patch(path, decide(found, START + 39 * SECOND, START + 50 * SECOND)));
    assertTaken(patch(path, decide(found, START + 11 * SECOND, START + 12 * SECOND)));
  }

  @Test
  void trim_whenStrict_isRefusedWhereSomethingIsMissing() {
    stream("strict").epoch(START, 20, 1, 20, true);
    Segment found = segment("strict", START + 30 * SECOND, START + 38 * SECOND);
    store(gateway, found);
    HttpResponse<Buffer> asked = post("{'title':'x','selection':{'streams':['strict']}}");
    String path = asked.getHeader("Location");
    String beyond = decide(found, START + 35 * SECOND, START + 45 * SECOND);
    String some =
        "some is not recorded, or not yet; there is "
            + (START + 35 * SECOND)
            + " to "
            + (START + 40 * SECOND);

    HttpResponse<Buffer> refused = patch(path, beyond.replaceFirst("\\{", "{'strict':true,"));
    assertRefused(refused, some, "decide.trim[0]");
    assertTaken(patch(path, beyond));
    assertRefused(patch(path, "{'strict':true}"), some, "strict");
    assertRefused(
        post(
            "{'title':'x','strict':true,'selection':{'streams':['strict']},'rules':"
                + "{'decisions':{'trims':["
                + trim(found, START + 35 * SECOND, START + 45 * SECOND)
                + "]}}}"),
        some,
        "rules.decisions.trims[0]");
    assertTaken(
        patch(
            path,
            decide(found, START + 33 * SECOND, START + 36 * SECOND)
                .replaceFirst("\\{", "{'strict':true,")));
  }

  @Test
  void stretch_thatHasExpiredOrLiesInAGap_isRefusedWithWhatThereIs() {
    stream("kept")
        .epoch(START, 20, 1, 5, true)
        .epoch(START + 100 * SECOND, 5, 1, 5, true)
        .epoch(START + 200 * SECOND, 5, 1, 5, false);
    stream("expired").epoch(START, 20, 1, 0, true);

    assertRefused(
        stretch("kept", 4, 8),
        "the recording, as far as it is still kept, begins at " + (START + 30 * SECOND) + ". What",
        "rules.stretches[0]");
    assertRefused(
        stretch("kept", 40, 100),
        "ends at "
            + (START + 40 * SECOND)
            + ", and the one after it begins at "
            + (START + 100 * SECOND)
            + ".",
        "rules.stretches[0]");
    assertRefused(
        stretch("expired", 4, 8), "nothing of the run 'live' is kept.", "rules.stretches[0]");
    assertTaken(stretch("kept", 4, 31));
    assertTaken(stretch("kept", 109, 150));
    // The agent of an epoch that has not ended may be cut off, and bring it later.
    assertTaken(stretch("kept", 220, 230));
  }

  @Test
  void stretch_thatExpiresLater_keepsNobodyFromOtherChanges() {
    stream("old").epoch(START, 20, 1, 20, true);
    HttpResponse<Buffer> asked = stretch("old", 4, 8);
    assertTaken(asked);
    for (int at = 0; at < 20; at++) {
      long position = START + at * StoredRecording.CHUNK_MICROS;
      GatewayFixture.await(
          gateway.records.delete(StoreKeys.chunks("old"), StoreKeys.sort(position, "live")));
    }

    assertRefused(stretch("old", 4, 8), "is kept.", "rules.stretches[0]");
    assertTaken(patch(asked.getHeader("Location"), "{'title':'Better'}"));
  }

  private static StoredRecording stream(String name) {
    String inputs = "{\"inputs\":[{\"url\":\"rtsp://10.0.0.7/cam\"}],\"profile\":\"visits\"}";
    HttpResponse<Buffer> made =
        gateway.send(HttpMethod.PUT, "/api/v1/streams/" + name, ADMIN, inputs);
    assertThat(made.statusCode()).as(made.bodyAsString()).isEqualTo(201);
    return new StoredRecording(gateway, name);
  }

  private static HttpResponse<Buffer> sound(String streams, int track) {
    return post(
        "{'title':'x','selection':{'streams':[" + streams + "]},'audioTrack':" + track + "}");
  }

  private static HttpResponse<Buffer> stretch(String stream, long from, long to) {
    return post(
        "{'title':'x','selection':{'streams':['%1$s']},'rules':{'mode':'timestamps','stretches':[{'stream':'%1$s','startMicros':%2$d,'endMicros':%3$d}]}}"
            .formatted(stream, START + from * SECOND, START + to * SECOND));
  }

  private static String decide(Segment segment, long start, long end) {
    return "{'decide':{'trim':[" + trim(segment, start, end) + "]}}";
  }

  private static String trim(Segment segment, long start, long end) {
    return "{'segment':'%s','startMicros':%d,'endMicros':%d}".formatted(segment.id(), start, end);
  }

  private static HttpResponse<Buffer> post(String body) {
    return gateway.send(HttpMethod.POST, "/api/v1/replays", OPERATOR, body.replace('\'', '"'));
  }

  private static HttpResponse<Buffer> patch(String path, String body) {
    return gateway.send(HttpMethod.PATCH, path, OPERATOR, body.replace('\'', '"'));
  }

  private static void assertTaken(HttpResponse<Buffer> answer) {
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
  }

  private static void assertRefused(HttpResponse<Buffer> answer, String sentence, String field) {
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(422);
    assertThat(json(answer).get("detail").asText()).contains(sentence);
    assertThat(json(answer).get("field").asText()).isEqualTo(field);
  }
}
