package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.ADMIN;
import static io.sightline.ingestgateway.GatewayFixture.AGENT;
import static io.sightline.ingestgateway.GatewayFixture.LOBBY_AGENT;
import static io.sightline.ingestgateway.GatewayFixture.LOBBY_VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.OPERATOR;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {

  private static GatewayFixture gateway;

  @BeforeAll
  static void open() {
    gateway = new GatewayFixture();
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({
    // method, path, none, agent, viewer, operator, admin
    "GET, /api/v1/streams, 401, 403, 200, 200, 200",
    "GET, /api/v1/status, 401, 403, 200, 200, 200",
    "GET, /api/v1/segments, 401, 403, 200, 200, 200",
    "GET, /api/v1/streams/lobby/live.m3u8, 401, 403, 404, 404, 404",
    "GET, /api/v1/agents/local/streams, 401, 200, 403, 403, 200",
    "GET, /api/v1/events, 401, 403, -, -, -",
    "POST, /api/v1/ingest/lobby/epochs, 401, 400, 403, 403, 400",
    "POST, /api/v1/ingest/lobby/frames, 401, 400, 403, 403, 400",
    "PATCH, /api/v1/segments/lobby.live.presence.0000000000000001, 401, 403, 403, 404, 404",
    "DELETE, /api/v1/replays/none, 401, 403, 403, 404, 404",
    "DELETE, /api/v1/streams/none, 401, 403, 403, 403, 404",
  })
  void scopes_eachRoute_areAskedBeforeAnythingElse(
      String method,
      String path,
      String none,
      String agent,
      String viewer,
      String operator,
      String admin) {
    HttpMethod verb = HttpMethod.valueOf(method);
    String body = verb == HttpMethod.PATCH ? "{\"label\":\"x\"}" : null;
    assertStatus(verb, path, null, body, none);
    assertStatus(verb, path, "not-a-token-0123456789", body, none);
    assertStatus(verb, path, AGENT, body, agent);
    assertStatus(verb, path, VIEWER, body, viewer);
    assertStatus(verb, path, OPERATOR, body, operator);
    assertStatus(verb, path, ADMIN, body, admin);
  }

  private static void assertStatus(
      HttpMethod method, String path, String token, String body, String status) {
    if (!status.equals("-")) {
      HttpResponse<Buffer> answer = gateway.send(method, path, token, body);
      assertThat(answer.statusCode())
          .as(method + " " + path + " with " + token + ": " + answer.bodyAsString())
          .isEqualTo(Integer.parseInt(status));
    }
  }

  @Test
  void limitedToStreams_others_areAsIfTheyWereNotThere() {
    JsonNode streams = gateway.json("/api/v1/streams", LOBBY_VIEWER);
    assertThat(streams.get("items")).hasSize(1);
    assertThat(streams.at("/items/0/name").asText()).isEqualTo("lobby");
    assertThat(gateway.get("/api/v1/streams/door", LOBBY_VIEWER).statusCode()).isEqualTo(404);
    assertThat(gateway.get("/api/v1/frames?stream=door", LOBBY_VIEWER).statusCode()).isEqualTo(404);
    assertThat(gateway.get("/api/v1/events?stream=door", LOBBY_VIEWER).statusCode()).isEqualTo(404);
    assertThat(
            gateway
                .get("/api/v1/segments/door.live.presence.0000000000000001", LOBBY_VIEWER)
                .statusCode())
        .isEqualTo(404);
    assertThat(
            gateway
                .send(HttpMethod.POST, "/api/v1/ingest/door/epochs", LOBBY_AGENT, "{}")
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void session_tokenExchanged_cookieOpensAndClosingForgets() {
    HttpResponse<Buffer> opened =
        gateway.send(HttpMethod.POST, "/api/v1/session", null, "{\"token\":\"" + VIEWER + "\"}");
    assertThat(opened.statusCode()).isEqualTo(200);
    String cookie = opened.getHeader("Set-Cookie");
    assertThat(cookie)
        .containsIgnoringCase("HttpOnly")
        .contains("SameSite=Strict")
        .contains("Path=/");
    String value = cookie.substring(0, cookie.indexOf(';'));

    assertThat(withCookie(HttpMethod.GET, "/api/v1/session", value, null, null).statusCode())
        .isEqualTo(200);
    String tampered = value.replace("viewer.", "admin.");
    assertThat(withCookie(HttpMethod.GET, "/api/v1/session", tampered, null, null).statusCode())
        .isEqualTo(401);
    assertThat(
            gateway.send(HttpMethod.DELETE, "/api/v1/session", null, null).getHeader("Set-Cookie"))
        .contains("Max-Age=0");
  }

  @Test
  void cookie_fromAnotherOrigin_isRefused() {
    HttpResponse<Buffer> opened =
        gateway.send(HttpMethod.POST, "/api/v1/session", null, "{\"token\":\"" + ADMIN + "\"}");
    String cookie = opened.getHeader("Set-Cookie");
    String value = cookie.substring(0, cookie.indexOf(';'));
    String path = "/api/v1/streams/none";
    String ours = "http://127.0.0.1:" + gateway.port();

    assertThat(withCookie(HttpMethod.DELETE, path, value, "Origin", ours).statusCode())
        .isEqualTo(404);
    assertThat(
            withCookie(HttpMethod.DELETE, path, value, "Origin", "http://127.0.0.1:1").statusCode())
        .isEqualTo(403);
    assertThat(withCookie(HttpMethod.DELETE, path, value, "Origin", "null").statusCode())
        .isEqualTo(403);
    assertThat(
            withCookie(HttpMethod.DELETE, path, value, "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
  }

  private static HttpResponse<Buffer> withCookie(
      HttpMethod method, String path, String cookie, String header, String value) {
    var request = gateway.request(method, path, null).putHeader("Cookie", cookie);
    if (header != null) {
      request.putHeader(header, value);
    }
    return await(request.send());
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8080, 200",
    "localhost, 200",
    "'[::1]:8080', 200",
    "sightline.example, 200",
    "SIGHTLINE.example:8080, 200",
    "evil.example, 421",
    "localhost.evil.example, 421",
    "127.0.0.1.evil.example, 421"
  })
  void host_nameThatIsNotOurs_isRefused(String host, int status) {
    HttpResponse<Buffer> answer =
        await(gateway.request(HttpMethod.GET, "/health/live", null).putHeader("Host", host).send());
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  void wrongTokens_oneAfterTheOther_areSlowedDown() {
    try (GatewayFixture own = new GatewayFixture()) {
      int last = 0;
      for (int i = 0; i < 11; i++) {
        last =
            own.send(HttpMethod.POST, "/api/v1/session", null, "{\"token\":\"guess-" + i + "\"}")
                .statusCode();
        assertThat(last).isEqualTo(i < 10 ? 401 : 429);
      }
      assertThat(
              own.send(HttpMethod.POST, "/api/v1/session", null, "{\"token\":\"" + ADMIN + "\"}")
                  .statusCode())
          .isEqualTo(429);
    }
  }

  @Test
  void answers_ofAllKinds_keepBrowsersNarrow() {
    HttpResponse<Buffer> answer = gateway.get("/api/v1/streams", VIEWER);
    assertThat(answer.getHeader("Content-Security-Policy")).contains("default-src 'self'");
    assertThat(answer.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.getHeader("X-Frame-Options")).isEqualTo("DENY");
    assertThat(answer.getHeader("Access-Control-Allow-Origin")).isNull();
    assertThat(answer.bodyAsString()).doesNotContain("secret").doesNotContain("pin=1");
  }
}
