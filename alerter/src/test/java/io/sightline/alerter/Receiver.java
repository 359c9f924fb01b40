package io.sightline.alerter;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A webhook's other side, on a real port. Behaves as told for the next requests, then answers 204.
 */
public final class Receiver {

  /** One request that came. */
  public record Seen(JsonObject event, String signature, String contentType, String body) {}

  private final HttpServer server;
  private final ArrayDeque<Consumer<HttpServerRequest>> behaviours = new ArrayDeque<>();
  private final List<Seen> seen = new ArrayList<>();
  private final List<Seen> taken = new ArrayList<>();

  private Receiver(Vertx vertx) throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .await(30, SECONDS);
  }

  public static Receiver start(Vertx vertx) throws Exception {
    return new Receiver(vertx);
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/hook?token=secret-in-url";
  }

  public synchronized Receiver then(Consumer<HttpServerRequest> behaviour) {
    behaviours.add(behaviour);
    return this;
  }

  public Receiver thenStatus(int status) {
    return then(request -> request.response().setStatusCode(status).end("not now"));
  }

  public Receiver thenBusy(String retryAfter) {
    return then(
        request ->
            request.response().setStatusCode(429).putHeader("Retry-After", retryAfter).end());
  }

  public Receiver thenHang() {
    return then(request -> {});
  }

  public Receiver thenReset() {
    return then(request -> request.connection().close());
  }

  /** All requests, in order. */
  public synchronized List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** Those that were answered with 204. */
  public synchronized List<Seen> taken() {
    return List.copyOf(taken);
  }

  public Future<Void> close() {
    return server.close();
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              Consumer<HttpServerRequest> behaviour;
              synchronized (this) {
                Seen one =
                    new Seen(
                        body.toJsonObject(),
                        request.getHeader("X-Sightline-Signature"),
                        request.getHeader("Content-Type"),
                        body.toString());
                seen.add(one);
                behaviour = behaviours.poll();
                if (behaviour == null) {
                  taken.add(one);
                }
              }
              if (behaviour == null) {
                request.response().setStatusCode(204).end();
              } else {
                behaviour.accept(request);
              }
            });
  }
}
