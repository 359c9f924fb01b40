package io.sightline.bench.capture;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.records.Json;
import io.sightline.records.StreamItem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What lies around an agent, in a process of its own so that its cost is not the agent's: cameras
 * to read from, and a gateway that acknowledges what it is sent and throws it away. One event loop
 * does all for the gateway. Ends with its standard input.
 *
 * <p>Arguments: a transport stream for the cameras, if there are any. Prints the ports of gateway
 * and cameras.
 */
final class Field {

  private static final Pattern EPOCH =
      Pattern.compile("/api/v1/ingest/([a-z0-9-]+)/epochs(?:/[a-z0-9-]+)?");
  private static final String ASSIGNMENTS = "/api/v1/agents/";
  private static final String WANTED = "/field/streams";
  private static final String COUNT = "/field/count";
  private static final String REPORT = "/field/report";

  private static final int MAX_MESSAGE_BYTES = 64_000_000;
  private static final int MAX_ITEM_BYTES = 32_000_000;
  private static final int WINDOW_BYTES = 8_000_000;

  private final Vertx vertx;
  private final Cameras cameras;
  private final Map<String, Arrivals> arrivals = new HashMap<>();
  private final Map<HttpServerResponse, Runnable> waiting = new LinkedHashMap<>();
  private JsonNode wanted = Json.MAPPER.createArrayNode();
  private long revision;
  private long fence;

  private Field(Vertx vertx, Cameras cameras) {
    this.vertx = vertx;
    this.cameras = cameras;
  }

  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    TransportStream stream =
        new TransportStream(
            arguments.length == 0 ? new byte[0] : Files.readAllBytes(Path.of(arguments[0])));
    Cameras cameras = new Cameras(stream);
    vertx
        .getOrCreateContext()
        .runOnContext(
            now -> {
              Field field = new Field(vertx, cameras);
              HttpServer server =
                  vertx.createHttpServer(
                      new HttpServerOptions()
                          .setHost("127.0.0.1")
                          .setPort(0)
                          .setMaxWebSocketMessageSize(MAX_MESSAGE_BYTES));
              server.requestHandler(field::request).webSocketHandler(field::connected);
              server
                  .listen()
                  .onSuccess(
                      bound -> System.out.println(bound.actualPort() + " " + cameras.port()));
            });
    while (System.in.read() >= 0) {
      // Nothing is said; the end is what counts.
    }
    vertx.close().await(5, TimeUnit.SECONDS);
  }

  private void request(HttpServerRequest request) {
    if (request.headers().contains("Upgrade")) {
      return;
    }
    Matcher epoch = EPOCH.matcher(request.path());
    if (epoch.matches()) {
      request.body().onSuccess(body -> open(request.response()));
    } else if (request.path().startsWith(ASSIGNMENTS)) {
      assignments(request);
    } else if (request.path().equals(WANTED)) {
      request.body().onSuccess(body -> want(request.response(), body));
    } else if (request.path().equals(COUNT)) {
      count();
      request.response().end();
    } else if (request.path().equals(REPORT)) {
      answer(request.response(), report());
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  private void open(HttpServerResponse response) {
    Map<String, Object> grant = new LinkedHashMap<>();
    grant.put("fence", ++fence);
    grant.put("acknowledged", -1);
    grant.put("maxItemBytes", MAX_ITEM_BYTES);
    grant.put("windowBytes", WINDOW_BYTES);
    answer(response.setStatusCode(201), grant);
  }

  private void assignments(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    String after = request.getParam("after");
    if (after == null || Long.parseLong(after) != revision) {
      sendAssignments(response);
      return;
    }
    long seconds = Long.parseLong(request.getParam("wait").replace("s", ""));
    waiting.put(response, () -> sendAssignments(response));
    vertx.setTimer(
        TimeUnit.SECONDS.toMillis(seconds),
        late -> {
          Runnable send = waiting.remove(response);
          if (send != null) {
            send.run();
          }
        });
  }

  private void want(HttpServerResponse response, Buffer body) {
    try {
      wanted = Json.MAPPER.readTree(body.getBytes());
    } catch (IOException e) {
      response.setStatusCode(400).end();
      return;
    }
    revision++;
    arrivals.clear();
    Map<HttpServerResponse, Runnable> ready = new LinkedHashMap<>(waiting);
    waiting.clear();
    ready.values().forEach(Runnable::run);
    response.end();
  }

  private void sendAssignments(HttpServerResponse response) {
    if (!response.closed()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("revision", revision);
      answer.put("streams", wanted);
      answer(response, answer);
    }
  }

  private void connected(ServerWebSocket socket) {
    Matcher epoch = EPOCH.matcher(socket.path());
    if (!epoch.matches()) {
      socket.close();
      return;
    }
    String stream = epoch.group(1);
    socket.binaryMessageHandler(message -> received(stream, socket, message));
  }

  private void received(String stream, ServerWebSocket socket, Buffer message) {
    StreamItem item = Json.decode(message.getBytes(4, 4 + message.getInt(0)), StreamItem.class);
    arrivals
        .computeIfAbsent(stream, first -> new Arrivals())
        .add(item, cameras.startedMillis(stream), Cameras.now());
    socket.writeTextMessage("{\"acknowledged\":" + item.sequence() + "}");
  }

  /** What comes from now on counts. */
  private void count() {
    arrivals.forEach((name, came) -> came.countFrom(Cameras.now(), cameras.connections(name)));
  }

  private FieldReport report() {
    int late = 0;
    int lost = 0;
    long worst = 0;
    for (JsonNode each : wanted) {
      String name = each.path("stream").path("name").asText();
      Arrivals came = arrivals.get(name);
      if (came == null) {
        lost++;
        continue;
      }
      late += came.late(cameras.startedMillis(name), Cameras.now());
      lost += came.lost(cameras.connections(name));
      worst = Math.max(worst, came.worstMillis());
    }
    return new FieldReport(late, lost, worst);
  }

  private static void answer(HttpServerResponse response, Object body) {
    response.putHeader("Content-Type", "application/json").end(Buffer.buffer(Json.encode(body)));
  }
}
