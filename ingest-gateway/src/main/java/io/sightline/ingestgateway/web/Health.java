package io.sightline.ingestgateway.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.records.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** {@code /health/live}: this process answers. {@code /health/ready}: so does what it needs. */
public final class Health {

  private static final long TIMEOUT_SECONDS = 5;

  private final Map<String, Supplier<Future<?>>> checks = new LinkedHashMap<>();

  /** Adds something that must work for this server to be ready. */
  public Health needs(String what, Supplier<Future<?>> check) {
    checks.put(what, check);
    return this;
  }

  public void mount(Router router) {
    router.get("/health/live").handler(context -> answer(context, Map.of()));
    router.get("/health/ready").handler(this::ready);
  }

  private void ready(RoutingContext context) {
    Map<String, String> outcome = new LinkedHashMap<>();
    List<Future<?>> running = new ArrayList<>();
    checks.forEach(
        (what, check) ->
            running.add(
                check
                    .get()
                    .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .onSuccess(v -> outcome.put(what, "up"))
                    .onFailure(failure -> outcome.put(what, "down"))));
    Future.join(running).onComplete(done -> answer(context, outcome));
  }

  private static void answer(RoutingContext context, Map<String, String> outcome) {
    boolean up = !outcome.containsValue("down");
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("status", up ? "up" : "down");
    ObjectNode parts = body.putObject("parts");
    outcome.forEach(parts::put);
    context
        .response()
        .setStatusCode(up ? 200 : 503)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(Json.encode(body)));
  }
}
