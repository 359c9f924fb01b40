package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.ADMIN;
import static io.sightline.ingestgateway.GatewayFixture.AGENT;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.ingestgateway.streams.FoundStreams;
import io.sightline.ingestgateway.streams.FoundStreams.Found;
import io.sightline.records.InputSpec;
import io.sightline.records.StreamSpec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Streams that a finder writes, as agents and clients of the API see them. */
class FoundStreamsTest {

  private static final String WHAT = "pipeline 0 of the MediaLive channel 'News' (11) in eu-west-1";
  private static final String MADE =
      "{\"inputs\":[{\"url\":\"medialive://11/1?region=eu-west-1\",\"every\":\"10s\"}],"
          + "\"profile\":\"visits\"}";

  private static GatewayFixture gateway;
  private static FoundStreams found;

  @BeforeAll
  static void open() {
    gateway = new GatewayFixture();
    found = by(GatewayFixture.StubFinder.NAME);
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  @Test
  void stream_found_agentsHearOfItAtOnce_andWhenItGoes() {
    String list = "/api/v1/agents/edge-8/streams";
    JsonNode before = json(gateway.get(list, AGENT));
    Future<HttpResponse<Buffer>> waiting = waiting(list, before);

    write(1, List.of(found("found-a", "edge-8")), List.of());

    JsonNode heard = json(await(waiting));
    assertThat(heard.at("/streams/0/stream/name").asText()).isEqualTo("found-a");
    assertThat(heard.at("/streams/0/stream/inputs/0/url").asText())
        .isEqualTo("medialive://11/0?region=eu-west-1");
    Future<HttpResponse<Buffer>> again = waiting(list, heard);
    write(1, List.of(), List.of("found-a"));
    assertThat(json(await(again)).get("streams")).isEmpty();
    assertThat(gateway.get("/api/v1/streams/found-a", VIEWER).statusCode()).isEqualTo(404);
  }

  @Test
  void stream_found_saysWhereItComesFrom_andIsNotChangedOverTheApi() {
    write(1, List.of(found("found-b", "edge-9")), List.of());
    refreshed("found-b");

    JsonNode stream = gateway.json("/api/v1/streams/found-b", VIEWER);
    HttpResponse<Buffer> changed =
        gateway.send(HttpMethod.PUT, "/api/v1/streams/found-b", ADMIN, MADE);
    HttpResponse<Buffer> removed =
        gateway.send(HttpMethod.DELETE, "/api/v1/streams/found-b", ADMIN, null);

    assertThat(stream.get("declared").asText()).isEqualTo("medialive.test");
    assertThat(stream.get("found").asText()).isEqualTo(WHAT);
    for (HttpResponse<Buffer> refused : List.of(changed, removed)) {
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(json(refused).get("detail").asText())
          .isEqualTo(
              "The stream 'found-b' was found by 'medialive.test' of the configuration file: "
                  + WHAT
                  + ". It comes and goes with that; change the rules there.");
    }
    write(1, List.of(), List.of("found-b"));
  }

  @Test
  void stream_sameNameMadeByAPerson_isThePersons() {
    assertThat(gateway.send(HttpMethod.PUT, "/api/v1/streams/found-c", ADMIN, MADE).statusCode())
        .isEqualTo(201);
    write(1, List.of(found("found-c", "edge-9"), found("lobby", "edge-9")), List.of());
    // Shows that what was written is seen.
    write(1, List.of(found("found-d", "edge-9")), List.of());
    refreshed("found-d");

    assertThat(gateway.json("/api/v1/streams/found-c", VIEWER).get("declared").asText())
        .isEqualTo("api");
    assertThat(gateway.json("/api/v1/streams/lobby", VIEWER).get("declared").asText())
        .isEqualTo("sightline.yaml");

    gateway.send(HttpMethod.DELETE, "/api/v1/streams/found-c", ADMIN, null);
    assertThat(gateway.json("/api/v1/streams/found-c", VIEWER).get("declared").asText())
        .isEqualTo("medialive.test");
    write(1, List.of(), List.of("found-c", "found-d", "lobby"));
  }

  @Test
  void stream_ofAFinderThatIsNotDeclaredAnyMore_isNotThere() {
    assertThat(
            await(by("medialive.former").change(1, List.of(found("found-e", "edge-9")), List.of())))
        .isTrue();
    write(1, List.of(found("found-f", "edge-9")), List.of());
    refreshed("found-f");

    assertThat(gateway.get("/api/v1/streams/found-e", VIEWER).statusCode()).isEqualTo(404);
    write(1, List.of(), List.of("found-f"));
  }

  @Test
  void stream_otherTextAlone_keepsItsRevision() {
    String list = "/api/v1/agents/edge-10/streams";
    write(1, List.of(found("found-g", "edge-10")), List.of());
    refreshed("found-g");
    JsonNode before = json(gateway.get(list, AGENT));
    Future<HttpResponse<Buffer>> waiting = waiting(list, before);

    write(1, List.of(new Found(found("found-g", "edge-10").stream(), "renamed")), List.of());

    assertThat(json(await(waiting)).at("/streams/0/revision"))
        .isEqualTo(before.at("/streams/0/revision"));
    assertThat(gateway.json("/api/v1/streams/found-g", VIEWER).get("found").asText())
        .isEqualTo("renamed");
    write(1, List.of(), List.of("found-g"));
  }

  private static FoundStreams by(String finder) {
    return new FoundStreams(gateway.records, finder, Clock.systemUTC());
  }

  private static Found found(String name, String agent) {
    InputSpec input = InputSpec.of("medialive://11/0?region=eu-west-1");
    return new Found(new StreamSpec(name, List.of(input), "visits", agent, false, null), WHAT);
  }

  private static void write(long fence, List<Found> there, List<String> gone) {
    assertThat(await(found.change(fence, there, gone))).isTrue();
  }

  private static Future<HttpResponse<Buffer>> waiting(String list, JsonNode before) {
    return gateway
        .request(HttpMethod.GET, list + "?after=" + before.get("revision") + "&wait=20s", AGENT)
        .send();
  }

  /** The gateway looks for changes of others once a second. */
  private static void refreshed(String stream) {
    String list = "/api/v1/agents/edge-9/streams";
    while (gateway.get("/api/v1/streams/" + stream, VIEWER).statusCode() == 404) {
      await(waiting(list, json(gateway.get(list, AGENT))));
    }
  }
}
