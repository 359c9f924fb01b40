package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.records.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** An epoch connection as an agent holds it. */
final class AgentConnection {

  private final GatewayFixture gateway;
  private final Map<Long, Promise<Void>> waiting = new HashMap<>();
  private final Promise<Void> closed = Promise.promise();
  private final WebSocket socket;
  private long acknowledged = -1;

  private AgentConnection(GatewayFixture gateway, WebSocket socket) {
    this.gateway = gateway;
    this.socket = socket;
    socket.textMessageHandler(this::heard);
    socket.closeHandler(v -> closed.tryComplete());
    // One that is refused at once may be closed before anybody could ask to hear of it.
    if (socket.isClosed()) {
      closed.tryComplete();
    }
  }

  static HttpResponse<Buffer> open(GatewayFixture gateway, Items items) {
    return open(gateway, items, -1);
  }

  /**
   * @param acknowledged what an earlier connection was told
   */
  static HttpResponse<Buffer> open(GatewayFixture gateway, Items items, long acknowledged) {
    return gateway.send(
        HttpMethod.POST,
        "/api/v1/ingest/" + items.stream() + "/epochs",
        GatewayFixture.AGENT,
        "{\"epoch\":\""
            + items.epoch()
            + "\",\"agent\":\"local\",\"run\":\""
            + items.run()
            + "\",\"startMicros\":"
            + items.start()
            + ",\"acknowledged\":"
            + acknowledged
            + "}");
  }

  static JsonNode opened(GatewayFixture gateway, Items items) {
    HttpResponse<Buffer> answer = open(gateway, items);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(201);
    return GatewayFixture.json(answer);
  }

  static AgentConnection connect(GatewayFixture gateway, Items items, long fence) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(gateway.port())
            .setURI(
                "/api/v1/ingest/" + items.stream() + "/epochs/" + items.epoch() + "?fence=" + fence)
            .putHeader("Authorization", "Bearer " + GatewayFixture.AGENT);
    return await(
        gateway.sockets.connect(options).map(socket -> new AgentConnection(gateway, socket)));
  }

  /** Opens the epoch and connects to it. */
  static AgentConnection openAndConnect(GatewayFixture gateway, Items items) {
    return connect(gateway, items, opened(gateway, items).get("fence").asLong());
  }

  AgentConnection send(Buffer message) {
    await(socket.writeBinaryMessage(message));
    return this;
  }

  /** Sends without waiting for room. */
  Future<Void> push(Buffer message) {
    return socket.writeBinaryMessage(message);
  }

  WebSocket socket() {
    return socket;
  }

  void awaitAcknowledged(long sequence) {
    Promise<Void> promise = Promise.promise();
    synchronized (this) {
      if (acknowledged >= sequence) {
        return;
      }
      waiting.put(sequence, promise);
    }
    await(promise.future());
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  /** The code that the gateway closed with. */
  int awaitClosed() {
    await(closed.future());
    return socket.closeStatusCode() == null ? 0 : socket.closeStatusCode();
  }

  String closeReason() {
    return socket.closeReason();
  }

  void close() {
    await(socket.close());
  }

  private void heard(String text) {
    try {
      long sequence = Json.MAPPER.readTree(text).get("acknowledged").asLong();
      synchronized (this) {
        assertThat(sequence).isGreaterThanOrEqualTo(acknowledged);
        acknowledged = sequence;
        waiting.forEach(
            (wanted, promise) -> {
              if (sequence >= wanted) {
                promise.tryComplete();
              }
            });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
