package io.sightline.ingestgateway.live;

import io.sightline.ingestgateway.access.Caller;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Set;

/**
 * One browser that listens. What it cannot read in time waits in a bounded queue of its own; beyond
 * that its oldest events are dropped, counted, and told with a {@code lost} event. Nobody else
 * waits for it. Used on one event loop.
 */
final class LiveClient {

  private static final int MAX_BYTES = 8_000_000;

  private final HttpServerResponse response;
  private final Caller caller;
  private final Set<String> types;
  private final Set<String> streams;
  private final int capacity;
  private final ArrayDeque<Buffer> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long lost;

  LiveClient(
      HttpServerResponse response,
      Caller caller,
      Set<String> types,
      Set<String> streams,
      int capacity) {
    this.response = response;
    this.caller = caller;
    this.types = types;
    this.streams = streams;
    this.capacity = capacity;
    response.drainHandler(v -> flush());
  }

  boolean wants(LiveEvent event) {
    return (types.isEmpty() || types.contains(event.type()))
        && (streams.isEmpty() || event.streams().stream().anyMatch(streams::contains))
        && event.streams().stream().allMatch(caller::sees);
  }

  /**
   * @return how many events were dropped for it
   */
  int send(Buffer text) {
    if (response.closed()) {
      return 0;
    }
    waiting.add(text);
    waitingBytes += text.length();
    int dropped = 0;
    flush();
    while (waiting.size() > capacity || (waitingBytes > MAX_BYTES && waiting.size() > 1)) {
      waitingBytes -= waiting.remove().length();
      dropped++;
    }
    lost += dropped;
    return dropped;
  }

  /** A comment line, so that proxies keep the connection and a dead one is noticed. */
  void heartbeat() {
    if (!response.closed() && !response.writeQueueFull()) {
      response.write(": alive\n\n");
    }
  }

  void close() {
    if (!response.closed()) {
      response.end();
    }
  }

  private void flush() {
    while (!waiting.isEmpty() && !response.writeQueueFull() && !response.closed()) {
      if (lost > 0) {
        response.write("event: lost\ndata: {\"events\":" + lost + "}\n\n");
        lost = 0;
      }
      Buffer next = waiting.remove();
      waitingBytes -= next.length();
      response.write(next);
    }
  }
}
