package io.sightline.bench.capture;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Any number of cameras that send the same stream over HTTP, each from its beginning, at the pace
 * at which it plays. On one event loop.
 */
final class Cameras {

  /** As a rule one picture of 30 a second is due each time, or two. */
  private static final long LOOK_MILLIS = 20;

  /** Their keyframes are spread over one GOP, as those of real cameras are. */
  private static final long SPREAD_MILLIS = 2_000;

  private final Vertx vertx;
  private final TransportStream stream;
  private final List<Camera> sending = new ArrayList<>();
  private final Map<String, Long> startedMillis = new HashMap<>();
  private final Map<String, Integer> connections = new HashMap<>();

  Cameras(Vertx vertx, TransportStream stream) {
    this.vertx = vertx;
    this.stream = stream;
    vertx.setPeriodic(LOOK_MILLIS, look -> sending.removeIf(Camera::send));
  }

  /** Answers a request for {@code ?place=}, a fraction of the spread. */
  void serve(String name, HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response.setChunked(true).putHeader("Content-Type", "video/mp2t");
    connections.merge(name, 1, Integer::sum);
    double place = Double.parseDouble(request.getParam("place"));
    vertx.setTimer(
        1 + (long) (place * SPREAD_MILLIS),
        start -> {
          long now = now();
          startedMillis.put(name, now);
          sending.add(new Camera(response, now));
        });
  }

  /** When a camera began to send; -1 before. */
  long startedMillis(String name) {
    return startedMillis.getOrDefault(name, -1L);
  }

  /** How often a camera was connected to. */
  int connections(String name) {
    return connections.getOrDefault(name, 0);
  }

  void forget() {
    startedMillis.clear();
    connections.clear();
  }

  static long now() {
    return System.nanoTime() / 1_000_000;
  }

  private final class Camera {

    private final HttpServerResponse response;
    private final long startMillis;
    private int sent;

    Camera(HttpServerResponse response, long startMillis) {
      this.response = response;
      this.startMillis = startMillis;
    }

    /** Returns whether there is nothing more to send. */
    boolean send() {
      if (response.closed() || response.ended()) {
        return true;
      }
      // What the reader does not take waits here; it is late then.
      int due = stream.dueBytes(now() - startMillis);
      if (due > sent && !response.writeQueueFull()) {
        response.write(stream.slice(sent, due));
        sent = due;
      }
      if (sent == stream.length()) {
        response.end();
      }
      return response.ended();
    }
  }
}
