package io.sightline.edgecapture;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.records.CaptureReport;
import io.sightline.records.Json;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The requests that an agent makes to the gateway. Futures fail with a {@link GatewayException} and
 * complete on the calling context. Answers are bounded in size and time.
 */
final class GatewayApi {

  /**
   * What the gateway grants with an epoch.
   *
   * @param fence names this opening; a later one makes it void
   * @param acknowledged up to which sequence it has the epoch; -1 for nothing
   * @param maxItemBytes of one message
   * @param windowBytes that may be under way
   */
  record Grant(long fence, long acknowledged, long maxItemBytes, long windowBytes) {}

  private static final int MAX_ANSWER_BYTES = 8_000_000;
  private static final int CONNECTIONS = 64;
  private static final int SOCKETS = 10_000;
  private static final String INGEST = "/api/v1/ingest/";

  private final URI base;
  private final String token;
  private final Timing timing;
  private final HttpClient http;
  private final WebSocketClient sockets;

  GatewayApi(Vertx vertx, CaptureConfig config, Timing timing) {
    this.base = config.gateway();
    this.token = config.token();
    this.timing = timing;
    int connectMillis = (int) timing.requestTimeout().toMillis();
    boolean secure = "https".equals(base.getScheme());
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions().setSsl(secure).setConnectTimeout(connectMillis),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    this.sockets =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setSsl(secure)
                .setConnectTimeout(connectMillis)
                .setMaxConnections(SOCKETS)
                .setClosingTimeout(1));
  }

  /**
   * The streams assigned to an agent, as JSON of the gateway.
   *
   * @param after answers only once there is a revision above it; null to answer at once
   */
  Future<JsonNode> assignments(String agent, Long after) {
    String query =
        after == null ? "" : "?after=" + after + "&wait=" + timing.pollWait().toSeconds() + "s";
    return exchange(
        HttpMethod.GET,
        "/api/v1/agents/" + agent + "/streams" + query,
        null,
        timing.pollWait().plus(timing.requestTimeout()));
  }

  /** Tells how capture stands. */
  Future<Void> report(String agent, List<CaptureReport> reports) {
    return exchange(
            HttpMethod.PUT,
            "/api/v1/agents/" + agent + "/reports",
            Buffer.buffer(Json.encode(Map.of("reports", reports))),
            timing.requestTimeout())
        .mapEmpty();
  }

  /**
   * Opens an epoch, or opens it again.
   *
   * @param acknowledged up to which sequence the gateway has said that it has it; -1 for nothing
   */
  Future<Grant> openEpoch(EpochStart start, long acknowledged) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("epoch", start.epoch());
    body.put("agent", start.agent());
    body.put("run", start.run());
    body.put("startMicros", start.startMicros());
    body.put("acknowledged", acknowledged);
    return exchange(
            HttpMethod.POST,
            INGEST + start.stream() + "/epochs",
            Buffer.buffer(Json.encode(body)),
            timing.requestTimeout())
        .compose(
            answer -> {
              Grant grant =
                  new Grant(
                      answer.path("fence").asLong(-1),
                      answer.path("acknowledged").asLong(-2),
                      answer.path("maxItemBytes").asLong(Long.MAX_VALUE),
                      answer.path("windowBytes").asLong(Long.MAX_VALUE));
              return grant.fence() < 0 || grant.acknowledged() < -1
                  ? Future.failedFuture(
                      new GatewayException(
                          GatewayException.NO_ANSWER,
                          "The gateway answered an epoch without fence and acknowledged sequence",
                          null))
                  : Future.succeededFuture(grant);
            });
  }

  /** Connects for the items of an epoch. */
  Future<WebSocket> connect(EpochStart start, long fence) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost(base.getHost())
            .setPort(port())
            .setURI(path(INGEST + start.stream() + "/epochs/" + start.epoch() + "?fence=" + fence))
            .setTimeout(timing.requestTimeout().toMillis())
            .setHeaders(MultiMap.caseInsensitiveMultiMap().add("Authorization", "Bearer " + token));
    return sockets
        .connect(options)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof UpgradeRejectedException rejected
                        ? refused(rejected.getStatus(), rejected.getBody())
                        : unreachable(failure)));
  }

  Future<Void> close() {
    return http.close().compose(closed -> sockets.close());
  }

  private Future<JsonNode> exchange(HttpMethod method, String path, Buffer body, Duration timeout) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(base.getHost())
            .setPort(port())
            .setURI(path(path))
            .setIdleTimeout(timeout.toMillis())
            .putHeader("Authorization", "Bearer " + token)
            .putHeader("Accept", "application/json, application/problem+json");
    if (body != null) {
      options.putHeader("Content-Type", "application/json");
    }
    return http.request(options)
        .compose(request -> body == null ? request.send() : request.send(body))
        .compose(
            response -> read(response).map(answer -> new Answer(response.statusCode(), answer)))
        .timeout(timeout.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(unreachable(failure)))
        .compose(GatewayApi::decode);
  }

  private record Answer(int status, Buffer body) {}

  private static Future<JsonNode> decode(Answer answer) {
    if (answer.status() / 100 != 2) {
      return Future.failedFuture(refused(answer.status(), answer.body()));
    }
    try {
      return Future.succeededFuture(Json.MAPPER.readTree(answer.body().getBytes()));
    } catch (IOException e) {
      return Future.failedFuture(
          new GatewayException(
              GatewayException.NO_ANSWER, "The gateway's answer is no JSON: is it a gateway?", e));
    }
  }

  private static Future<Buffer> read(HttpClientResponse response) {
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response.handler(
        part -> {
          if (body.length() + part.length() > MAX_ANSWER_BYTES) {
            if (whole.tryFail("the answer is larger than " + MAX_ANSWER_BYTES + " bytes")) {
              response.request().reset();
            }
          } else {
            body.appendBuffer(part);
          }
        });
    response.exceptionHandler(whole::tryFail);
    response.endHandler(end -> whole.tryComplete(body));
    return whole.future();
  }

  private GatewayException unreachable(Throwable failure) {
    return failure instanceof GatewayException known
        ? known
        : new GatewayException(
            GatewayException.NO_ANSWER,
            "The gateway at " + address() + " does not answer: " + Sentences.of(failure),
            failure);
  }

  private static GatewayException refused(int status, Buffer body) {
    String detail = detail(body);
    String sentence =
        switch (status) {
          case 401 -> "The gateway refuses the agent's token (401): check it";
          case 403 -> "The gateway does not let this agent capture (403): check the token's rights";
          default -> "The gateway answered " + status;
        };
    return new GatewayException(
        status, detail.isEmpty() ? sentence : sentence + ": " + detail, null);
  }

  private static String detail(Buffer body) {
    if (body == null || body.length() == 0) {
      return "";
    }
    try {
      JsonNode problem = Json.MAPPER.readTree(body.getBytes());
      String text = problem.path("detail").asText(problem.path("title").asText(""));
      return Sentences.clean(text);
    } catch (IOException e) {
      return "";
    }
  }

  private String address() {
    return base.getScheme() + "://" + base.getHost() + ":" + port();
  }

  private int port() {
    return base.getPort() >= 0 ? base.getPort() : "https".equals(base.getScheme()) ? 443 : 80;
  }

  private String path(String path) {
    String prefix = base.getRawPath() == null ? "" : base.getRawPath();
    return (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix) + path;
  }
}
