package io.sightline.ingestgateway.streams;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.StreamAssignment;
import io.sightline.records.Units;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells agents what to capture. An agent that knows the current revision waits until there is
 * another. Used on one event loop.
 */
public final class Assignments implements Handler<RoutingContext> {

  private static final Duration MAX_WAIT = Duration.ofSeconds(60);
  private static final int MAX_WAITING = 10_000;

  private final Vertx vertx;
  private final StreamCatalog catalog;
  private final Set<Runnable> waiting = new LinkedHashSet<>();

  public Assignments(Vertx vertx, StreamCatalog catalog) {
    this.vertx = vertx;
    this.catalog = catalog;
    catalog.watch(() -> List.copyOf(waiting).forEach(Runnable::run));
  }

  @Override
  public void handle(RoutingContext context) {
    String agent = agent(context);
    Long after = after(context);
    Duration wait = wait(context);
    if (after == null || after != catalog.revision() || wait.isZero()) {
      answer(context, agent);
      return;
    }
    if (waiting.size() >= MAX_WAITING) {
      throw Problem.of(503, "Too many agents wait here already; ask again later.");
    }
    await(context, agent, wait);
  }

  /** Answers all who wait, because the server stops. */
  public void close() {
    List.copyOf(waiting).forEach(Runnable::run);
  }

  private void await(RoutingContext context, String agent, Duration wait) {
    Runnable[] wake = new Runnable[1];
    long timer = vertx.setTimer(wait.toMillis(), id -> wake[0].run());
    wake[0] =
        () -> {
          vertx.cancelTimer(timer);
          if (waiting.remove(wake[0])) {
            answer(context, agent);
          }
        };
    waiting.add(wake[0]);
    context
        .response()
        .closeHandler(
            v -> {
              vertx.cancelTimer(timer);
              waiting.remove(wake[0]);
            });
  }

  private void answer(RoutingContext context, String agent) {
    if (context.response().closed()) {
      return;
    }
    Caller caller = Access.caller(context);
    List<StreamAssignment> assigned =
        catalog.all().stream()
            .filter(entry -> entry.spec().agent().equals(agent))
            .filter(entry -> caller.sees(entry.spec().name()))
            .map(StreamEntry::assignment)
            .toList();
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("revision", catalog.revision());
    body.set("streams", Json.MAPPER.valueToTree(assigned));
    Answers.json(context, 200, body);
  }

  static String agent(RoutingContext context) {
    try {
      return Ids.requireName("agent", context.pathParam("agent"));
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, e.getMessage() + ".");
    }
  }

  private static Long after(RoutingContext context) {
    String text = context.request().getParam("after");
    if (text == null) {
      return null;
    }
    if (!text.matches("\\d{1,18}")) {
      throw Problem.of(400, "'after' is the revision of the answer before, not '" + text + "'.");
    }
    return Long.parseLong(text);
  }

  private static Duration wait(RoutingContext context) {
    String text = context.request().getParam("wait");
    try {
      Duration wait = Units.duration(text == null ? "20s" : text);
      return wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "'wait': " + e.getMessage() + ".");
    }
  }
}
