package io.sightline.edgecapture;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.media.testing.TestPort;
import io.sightline.records.CaptureReport;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.InitPart;
import io.sightline.records.Json;
import io.sightline.records.Marker;
import io.sightline.records.StreamAssignment;
import io.sightline.records.StreamItem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway on a real socket that keeps what it is sent in memory, notes every breach of the
 * agreement, and misbehaves when told to.
 */
final class TestGateway implements AutoCloseable {

  static final String TOKEN = "agent-token";
  static final String AGENT = "local";
  private static final Pattern STREAMS = Pattern.compile("/api/v1/agents/([a-z0-9-]+)/streams");
  private static final Pattern REPORTS = Pattern.compile("/api/v1/agents/([a-z0-9-]+)/reports");
  private static final Pattern EPOCHS = Pattern.compile("/api/v1/ingest/([a-z0-9-]+)/epochs");
  private static final Pattern EPOCH =
      Pattern.compile("/api/v1/ingest/([a-z0-9-]+)/epochs/([a-z0-9-]+)");

  /** An item as it came. */
  record Received(StreamItem item, byte[] header, byte[] payload) {}

  /** An epoch as far as the gateway has it. */
  static final class Epoch {
    final String stream;
    final String epoch;
    final String run;
    final long startMicros;
    final List<Received> items = new ArrayList<>();
    final Set<String> inits = new HashSet<>();
    long fence;
    int openings;
    ServerWebSocket socket;
    boolean ended;
    long repeats;
    long acknowledged = -1;

    Epoch(String stream, JsonNode opening) {
      this.stream = stream;
      this.epoch = opening.path("epoch").asText();
      this.run = opening.path("run").asText();
      this.startMicros = opening.path("startMicros").asLong();
    }

    <T extends StreamItem> List<T> of(Class<T> type) {
      return items.stream().map(Received::item).filter(type::isInstance).map(type::cast).toList();
    }

    Marker end() {
      return ended ? (Marker) items.get(items.size() - 1).item() : null;
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private HttpServer server;
  private int port;
  private final Map<String, StreamAssignment> assigned = new LinkedHashMap<>();
  private final Map<String, Map<String, Epoch>> epochs = new HashMap<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();
  private final Map<String, List<CaptureReport>> reports = new HashMap<>();
  private long revision;
  private long fences;
  private int asked;
  private int refusal;
  private long maxItemBytes = 4_000_000;
  private boolean holdAcknowledgements;
  private Predicate<Received> refused = item -> false;
  private int refusalCode;
  private Predicate<Received> dropBefore = item -> false;
  private Predicate<Received> dropAfter = item -> false;

  TestGateway() {
    listen(TestPort.free());
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  CaptureConfig config() {
    return CaptureConfig.of(uri(), TOKEN, AGENT);
  }

  // ---- what it does wrong

  /** Answers every request with this status; 0 for answering properly. */
  synchronized void answerAll(int status) {
    refusal = status;
  }

  synchronized void maxItemBytes(long bytes) {
    maxItemBytes = bytes;
  }

  synchronized void refuse(Predicate<Received> which, int code) {
    refused = which;
    refusalCode = code;
  }

  /** Breaks the connection off before the item is kept. */
  synchronized void dropBefore(Predicate<Received> which) {
    dropBefore = which;
  }

  /** Breaks the connection off after the item is kept, unacknowledged. */
  synchronized void dropAfter(Predicate<Received> which) {
    dropAfter = which;
  }

  synchronized void holdAcknowledgements(boolean hold) {
    holdAcknowledgements = hold;
    if (!hold) {
      epochs.values().stream().flatMap(all -> all.values().stream()).forEach(this::acknowledge);
    }
  }

  /** Forgets the last items of an epoch, as a gateway does that has lost its disk. */
  synchronized void forget(Epoch epoch, int keep) {
    while (epoch.items.size() > keep) {
      epoch.items.remove(epoch.items.size() - 1);
    }
    epoch.ended = false;
    epoch.acknowledged = keep - 1;
  }

  synchronized void fence(Epoch epoch) {
    epoch.fence = ++fences;
    if (epoch.socket != null) {
      epoch.socket.close((short) 4409, "fenced by a newer connection");
    }
  }

  /** Goes away: open connections break. */
  void goAway() {
    HttpServer going;
    synchronized (this) {
      going = server;
      server = null;
      waiting.clear();
    }
    await(going.close());
  }

  void comeBack() {
    listen(port);
  }

  // ---- what it assigns

  void assign(StreamAssignment... streams) {
    List<Runnable> ready;
    synchronized (this) {
      assigned.clear();
      for (StreamAssignment assignment : streams) {
        assigned.put(assignment.stream().name(), assignment);
      }
      revision++;
      ready = List.copyOf(waiting);
      waiting.clear();
    }
    ready.forEach(Runnable::run);
  }

  // ---- what it has

  synchronized List<Epoch> epochs(String stream) {
    return List.copyOf(epochs.getOrDefault(stream, Map.of()).values());
  }

  /** How often an agent has asked for its streams. */
  synchronized int asked() {
    return asked;
  }

  /** What was reported of a stream, in order. */
  synchronized List<CaptureReport> reports(String stream) {
    return List.copyOf(reports.getOrDefault(stream, List.of()));
  }

  synchronized List<String> breaches() {
    return List.copyOf(breaches);
  }

  synchronized <T> T read(java.util.function.Supplier<T> look) {
    return look.get();
  }

  @Override
  public void close() {
    HttpServer open;
    synchronized (this) {
      open = server;
    }
    if (open != null) {
      await(open.close());
    }
    await(vertx.close());
  }

  private void listen(int at) {
    HttpServer fresh =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(at)
                    .setReuseAddress(true)
                    .setMaxWebSocketMessageSize(16_000_000))
            .requestHandler(this::request)
            .webSocketHandshakeHandler(this::handshake)
            .webSocketHandler(this::connected);
    fresh.exceptionHandler(
        failure -> {
          // An agent that is killed resets its connections.
          if (!(failure instanceof IOException)) {
            breach("server: " + failure);
          }
        });
    await(fresh.listen());
    synchronized (this) {
      server = fresh;
      port = fresh.actualPort();
    }
  }

  private void request(HttpServerRequest request) {
    if (request.headers().contains("Upgrade")) {
      return;
    }
    request.body().onSuccess(body -> answer(request, body));
  }

  private synchronized void answer(HttpServerRequest request, Buffer body) {
    if (refused(request)) {
      return;
    }
    Matcher streams = STREAMS.matcher(request.path());
    Matcher opening = EPOCHS.matcher(request.path());
    if (request.method().name().equals("GET") && streams.matches()) {
      asked++;
      if (!streams.group(1).equals(AGENT)) {
        breach("asked for the streams of " + streams.group(1));
      }
      String after = request.getParam("after");
      if (after == null || Long.parseLong(after) != revision) {
        sendAssignments(request);
        return;
      }
      String wait = request.getParam("wait");
      if (wait == null || !wait.matches("\\d+s")) {
        breach("after without wait: " + request.uri());
      }
      boolean[] answered = new boolean[1];
      Runnable send =
          () -> {
            synchronized (this) {
              if (!answered[0]) {
                answered[0] = true;
                sendAssignments(request);
              }
            }
          };
      waiting.add(send);
      vertx.setTimer(
          1_000L * Integer.parseInt(wait.replace("s", "")),
          fired -> {
            synchronized (this) {
              waiting.remove(send);
            }
            send.run();
          });
    } else if (request.method().name().equals("PUT") && REPORTS.matcher(request.path()).matches()) {
      takeReports(body);
      request.response().putHeader("Content-Type", "application/json").end("{}");
    } else if (request.method().name().equals("POST") && opening.matches()) {
      openEpoch(request, opening.group(1), body);
    } else {
      breach("unknown request " + request.method() + " " + request.uri());
      request.response().setStatusCode(404).end();
    }
  }

  private void takeReports(Buffer body) {
    try {
      for (JsonNode one : Json.MAPPER.readTree(body.getBytes()).path("reports")) {
        CaptureReport report = Json.MAPPER.treeToValue(one, CaptureReport.class);
        if (!report.agent().equals(AGENT)) {
          breach("a report of " + report.agent());
        }
        reports.computeIfAbsent(report.stream(), stream -> new ArrayList<>()).add(report);
      }
    } catch (IOException e) {
      breach("reports that cannot be read: " + e.getMessage());
    }
  }

  private boolean refused(HttpServerRequest request) {
    if (!("Bearer " + TOKEN).equals(request.getHeader("Authorization"))) {
      breach("no token at " + request.uri());
    }
    if (refusal != 0) {
      request
          .response()
          .setStatusCode(refusal)
          .putHeader("Content-Type", "application/problem+json")
          .end("{\"title\":\"No\",\"detail\":\"not like this\"}");
      return true;
    }
    return false;
  }

  private void sendAssignments(HttpServerRequest request) {
    if (request.response().closed()) {
      return;
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("revision", revision);
    answer.put("streams", List.copyOf(assigned.values()));
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .end(Buffer.buffer(Json.encode(answer)));
  }

  private void openEpoch(HttpServerRequest request, String stream, Buffer body) {
    try {
      JsonNode opening = Json.MAPPER.readTree(body.getBytes());
      Set<String> fields = new HashSet<>();
      opening.fieldNames().forEachRemaining(fields::add);
      if (!fields.equals(Set.of("epoch", "agent", "run", "startMicros", "acknowledged"))) {
        breach("an epoch is opened with " + fields);
      }
      Ids.requireName("epoch", opening.path("epoch").asText());
      Ids.requireName("run", opening.path("run").asText());
      if (!opening.path("agent").asText().equals(AGENT)
          || !opening.path("startMicros").isIntegralNumber()
          || !opening.path("acknowledged").isIntegralNumber()
          || opening.path("acknowledged").asLong() < -1
          || !opening
              .path("epoch")
              .asText()
              .startsWith(Ids.fixedWidth(opening.path("startMicros").asLong()))) {
        breach("an epoch is opened with " + opening);
      }
      Epoch epoch =
          epochs
              .computeIfAbsent(stream, name -> new LinkedHashMap<>())
              .computeIfAbsent(opening.path("epoch").asText(), id -> new Epoch(stream, opening));
      epoch.fence = ++fences;
      epoch.openings++;
      if (epoch.socket != null) {
        epoch.socket.close((short) 4409, "fenced by a newer connection");
        epoch.socket = null;
      }
      Map<String, Object> grant = new LinkedHashMap<>();
      grant.put("fence", epoch.fence);
      grant.put("acknowledged", epoch.items.size() - 1L);
      grant.put("maxItemBytes", maxItemBytes);
      grant.put("windowBytes", 2_000_000);
      request
          .response()
          .setStatusCode(201)
          .putHeader("Content-Type", "application/json")
          .end(Buffer.buffer(Json.encode(grant)));
    } catch (IOException | IllegalArgumentException e) {
      breach("an epoch is opened with " + body + ": " + e.getMessage());
      request.response().setStatusCode(400).end();
    }
  }

  private synchronized void handshake(ServerWebSocketHandshake handshake) {
    Matcher path = EPOCH.matcher(handshake.path());
    if (!("Bearer " + TOKEN).equals(handshake.headers().get("Authorization"))) {
      breach("no token at " + handshake.uri());
    }
    if (refusal != 0) {
      handshake.reject(refusal);
    } else if (!path.matches() || epoch(path) == null) {
      handshake.reject(404);
    } else if (!("fence=" + epoch(path).fence).equals(handshake.query())) {
      handshake.reject(409);
    } else {
      handshake.accept();
    }
  }

  private Epoch epoch(Matcher path) {
    return epochs.getOrDefault(path.group(1), Map.of()).get(path.group(2));
  }

  private synchronized void connected(ServerWebSocket socket) {
    Matcher path = EPOCH.matcher(socket.path());
    Epoch epoch = path.matches() ? epoch(path) : null;
    if (epoch == null) {
      breach("connected to nothing: " + socket.uri());
      socket.close();
      return;
    }
    epoch.socket = socket;
    socket.textMessageHandler(text -> breach("a text came: " + text));
    socket.binaryMessageHandler(message -> received(epoch, socket, message));
    socket.closeHandler(
        closed -> {
          synchronized (this) {
            if (epoch.socket == socket) {
              epoch.socket = null;
            }
          }
        });
  }

  private synchronized void received(Epoch epoch, ServerWebSocket socket, Buffer message) {
    if (epoch.socket != socket) {
      return;
    }
    Received received = parse(epoch, message);
    if (received == null) {
      return;
    }
    long sequence = received.item().sequence();
    if (sequence < epoch.items.size()) {
      epoch.repeats++;
      if (!Arrays.equals(received.header(), epoch.items.get((int) sequence).header())
          && !(received.item() instanceof FrameInfo)
          && !(received.item() instanceof ChunkInfo)) {
        breach("item " + sequence + " came again with another content");
      }
      acknowledge(epoch);
      return;
    }
    if (sequence > epoch.items.size()) {
      breach("item " + sequence + " came after " + (epoch.items.size() - 1));
      return;
    }
    if (refused.test(received)) {
      epoch.socket = null;
      socket.close((short) refusalCode, "not this one");
    } else if (dropBefore.test(received)) {
      abort(epoch, socket);
    } else {
      keep(epoch, received);
      if (dropAfter.test(received)) {
        abort(epoch, socket);
      } else {
        acknowledge(epoch);
      }
    }
  }

  private static void abort(Epoch epoch, ServerWebSocket socket) {
    epoch.socket = null;
    // Without a farewell, as a pulled cable.
    ((io.vertx.core.internal.http.WebSocketInternal) socket).channelHandlerContext().close();
  }

  private Received parse(Epoch epoch, Buffer message) {
    int length = message.getInt(0);
    if (length < 2 || length > message.length() - 4) {
      breach("a header of " + length + " bytes in " + message.length());
      return null;
    }
    byte[] header = message.getBytes(4, 4 + length);
    byte[] payload = message.getBytes(4 + length, message.length());
    if (message.length() > maxItemBytes) {
      breach("an item of " + message.length() + " bytes");
    }
    StreamItem item = Json.decode(header, StreamItem.class);
    if (!item.stream().equals(epoch.stream)
        || !item.epoch().equals(epoch.epoch)
        || !item.run().equals(epoch.run)) {
      breach("an item of another epoch: " + item);
    }
    return new Received(item, header, payload);
  }

  private void keep(Epoch epoch, Received received) {
    StreamItem item = received.item();
    int size = received.payload().length;
    if (epoch.ended) {
      breach("an item after the end: " + item);
    }
    if (item.sequence() == 0
        && !(item instanceof Marker marker && marker.kind() == Marker.Kind.EPOCH_BEGIN)) {
      breach("an epoch begins with " + item);
    }
    if (item instanceof FrameInfo frame) {
      if (frame.sizeBytes() != size || received.payload()[0] != (byte) 0xff) {
        breach("a frame without its picture: " + frame);
      }
    } else if (item instanceof InitPart init) {
      epoch.inits.add(init.key());
      if (size == 0 || size > InitPart.MAX_BYTES) {
        breach("an init part of " + size + " bytes");
      }
    } else if (item instanceof ChunkInfo chunk) {
      if (chunk.sizeBytes() != size
          || !chunk.key().equals(Ids.chunkKey(epoch.stream, epoch.epoch, chunk.sequence()))
          || chunk.tracks().stream().anyMatch(track -> !epoch.inits.contains(track.initKey()))) {
        breach("a chunk that does not fit: " + chunk);
      }
    } else if (item instanceof Marker marker) {
      if (size != 0 || marker.lane() != null) {
        breach("a marker with a payload or a lane: " + marker);
      }
      epoch.ended = marker.kind() == Marker.Kind.EPOCH_END;
    }
    epoch.items.add(received);
  }

  private void acknowledge(Epoch epoch) {
    if (!holdAcknowledgements && epoch.socket != null) {
      epoch.acknowledged = epoch.items.size() - 1L;
      epoch.socket.writeTextMessage("{\"acknowledged\":" + epoch.acknowledged + "}");
    }
  }

  private synchronized void breach(String what) {
    breaches.add(what);
  }

  private static void await(io.vertx.core.Future<?> future) {
    try {
      future.await(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
