package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.AGENT;
import static io.sightline.ingestgateway.GatewayFixture.LOBBY_AGENT;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.records.CaptureHop;
import io.sightline.records.CaptureReport;
import io.sightline.records.CaptureState;
import io.sightline.records.InputInUse;
import io.sightline.records.InputUse;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CaptureReportsTest {

  private static final String PATH = "/api/v1/agents/local/reports";
  private static final String REFUSED = "10.0.0.7 refuses the user or the password";

  private GatewayFixture gateway;

  @BeforeEach
  void open() {
    gateway = new GatewayFixture();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void report_ofTrouble_isShownWithItsHop_untilTheNext() {
    assertThat(
            put(AGENT, report("door", CaptureState.RECONNECTING, CaptureHop.SOURCE, REFUSED))
                .statusCode())
        .isEqualTo(200);

    JsonNode door = gateway.json("/api/v1/streams/door", VIEWER);
    assertThat(door.path("state").asText()).isEqualTo("reconnecting");
    assertThat(door.path("reason").asText()).isEqualTo(REFUSED);
    assertThat(door.at("/capture/hop").asText()).isEqualTo("source");
    assertThat(door.at("/capture/agent").asText()).isEqualTo("local");

    put(AGENT, report("door", CaptureState.WAITING, null, null));

    door = gateway.json("/api/v1/streams/door", VIEWER);
    assertThat(door.path("state").asText()).isEqualTo("waiting");
    assertThat(door.path("capture").has("hop")).isFalse();
  }

  @Test
  void agent_thatIsSilent_isNamedAsWhatFails() {
    long longAgo = Positions.of(Instant.now().minusSeconds(120));
    CaptureReport old = report("yard", CaptureState.CONNECTED, null, null).heard(longAgo);
    await(gateway.records.put(StoreKeys.CAPTURE, "yard", Json.encode(old), null));

    JsonNode yard = gateway.json("/api/v1/streams/yard", VIEWER);

    assertThat(yard.path("state").asText()).isEqualTo("stalled");
    assertThat(yard.at("/capture/hop").asText()).isEqualTo("agent");
    assertThat(yard.path("reason").asText())
        .matches("Nothing has been heard of the agent 'local' for 12\\d s");
  }

  @Test
  void health_ofStreams_is503WhileOneFails_andSaysWhy() {
    assertThat(health().statusCode()).isEqualTo(200);

    put(
        AGENT,
        report("door", CaptureState.RECONNECTING, CaptureHop.SOURCE, REFUSED),
        report("yard", CaptureState.WAITING, null, null));

    HttpResponse<Buffer> health = health();
    assertThat(health.statusCode()).isEqualTo(503);
    JsonNode body = json(health);
    assertThat(body.path("status").asText()).isEqualTo("down");
    for (JsonNode stream : body.path("streams")) {
      boolean door = stream.path("name").asText().equals("door");
      assertThat(stream.path("status").asText()).isEqualTo(door ? "down" : "up");
      assertThat(stream.path("reason").asText("")).isEqualTo(door ? REFUSED : "");
      assertThat(stream.path("hop").asText("")).isEqualTo(door ? "source" : "");
    }
  }

  @Test
  void stream_thatComesFromABackup_isDegradedAndNotDown_andSaysWhy() {
    InputInUse backup =
        new InputInUse(
            Set.of(InputUse.RECORD), 1, "rtsp://10.0.0.8/main", "nothing came from the main input");
    InputInUse sub =
        new InputInUse(Set.of(InputUse.ANALYZE), 0, "rtsp://10.0.0.7/sub", null)
            .laid(-120_000, InputInUse.OffsetFrom.SENDER_CLOCK);
    put(AGENT, onBackup("door", List.of(backup, sub)));

    HttpResponse<Buffer> health = health();
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(json(health).path("status").asText()).isEqualTo("degraded");
    for (JsonNode stream : json(health).path("streams")) {
      boolean door = stream.path("name").asText().equals("door");
      assertThat(stream.path("status").asText()).isEqualTo(door ? "degraded" : "up");
      assertThat(stream.path("reason").asText(""))
          .isEqualTo(door ? "Backup 1 is in use: nothing came from the main input" : "");
    }
    JsonNode capture = gateway.json("/api/v1/streams/door", VIEWER).path("capture");
    assertThat(capture.path("switches").asInt()).isEqualTo(3);
    assertThat(capture.at("/inputs/0/index").asInt()).isEqualTo(1);
    assertThat(capture.at("/inputs/0/url").asText()).isEqualTo("rtsp://10.0.0.8/main");
    assertThat(capture.at("/inputs/1/offsetMicros").asLong()).isEqualTo(-120_000);
    assertThat(capture.at("/inputs/1/offsetFrom").asText()).isEqualTo("sender-clock");

    put(
        AGENT,
        onBackup("door", List.of(sub)),
        report("yard", CaptureState.RECONNECTING, CaptureHop.SOURCE, REFUSED));

    assertThat(health().statusCode()).isEqualTo(503);
    assertThat(json(health()).path("status").asText()).isEqualTo("down");
  }

  @Test
  void report_thatIsNotTheAgents_isRefusedOrPassedOver() {
    CaptureReport door = report("door", CaptureState.CONNECTED, null, null);
    assertThat(put(VIEWER, door).statusCode()).isEqualTo(403);
    assertThat(put(LOBBY_AGENT, door).statusCode()).isEqualTo(404);
    assertThat(
            gateway
                .send(HttpMethod.PUT, "/api/v1/agents/other/reports", AGENT, body(List.of(door)))
                .statusCode())
        .isEqualTo(400);
    assertThat(json(put(AGENT, report("gone", CaptureState.CONNECTED, null, null))).path("taken"))
        .hasToString("0");
    assertThat(gateway.json("/api/v1/streams/door", VIEWER).has("capture")).isFalse();
  }

  @Test
  void body_thatIsNoReport_isRefusedWithASentence() {
    for (String body :
        List.of(
            "{",
            "[]",
            "{\"reports\":[{\"stream\":\"door\",\"agent\":\"local\"}]}",
            "{\"reports\":[{\"stream\":\"door\",\"agent\":\"local\",\"state\":\"happy\"}]}",
            "{\"reports\":[{\"stream\":\"../etc\",\"agent\":\"local\",\"state\":\"failed\"}]}",
            body(Collections.nCopies(1_001, report("door", CaptureState.FAILED, null, null))))) {
      assertThat(gateway.send(HttpMethod.PUT, PATH, AGENT, body).statusCode())
          .as(body.substring(0, Math.min(80, body.length())))
          .isEqualTo(400);
    }
    String huge = "{\"reports\":[],\"x\":\"" + "x".repeat(2_000_000) + "\"}";
    assertThat(gateway.send(HttpMethod.PUT, PATH, AGENT, huge).statusCode()).isEqualTo(413);
  }

  private static CaptureReport onBackup(String stream, List<InputInUse> inputs) {
    return new CaptureReport(
        stream,
        "local",
        CaptureState.CONNECTED,
        null,
        null,
        null,
        null,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        inputs,
        3);
  }

  private HttpResponse<Buffer> health() {
    return await(gateway.request(HttpMethod.GET, "/health/streams", null).send());
  }

  private HttpResponse<Buffer> put(String token, CaptureReport... reports) {
    return gateway.send(HttpMethod.PUT, PATH, token, body(List.of(reports)));
  }

  private static String body(List<CaptureReport> reports) {
    return new String(Json.encode(Map.of("reports", reports)), StandardCharsets.UTF_8);
  }

  private static CaptureReport report(
      String stream, CaptureState state, CaptureHop hop, String reason) {
    return new CaptureReport(
        stream, "local", state, hop, reason, null, null, 0, 0, 1, 0, 0, 0, 0, 0, 0);
  }
}
