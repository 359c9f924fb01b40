package io.sightline.ingestgateway.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.records.Json;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;

/**
 * {@code /health/streams}, for monitors that go by the status: 503 when a stream that should come
 * does not, and why. A stream that nobody publishes to yet and a file that has ended are well. One
 * that comes from a backup is {@code degraded}: nothing is lost, so the status is 200, but the body
 * says so.
 */
public final class StreamsHealth implements Handler<RoutingContext> {

  private static final Set<String> WELL = Set.of("live", "waiting", "ended");

  private final StreamCatalog catalog;
  private final StreamView view;

  public StreamsHealth(StreamCatalog catalog, StreamView view) {
    this.catalog = catalog;
    this.view = view;
  }

  @Override
  public void handle(RoutingContext context) {
    List<Future<ObjectNode>> all = catalog.all().stream().map(view::status).toList();
    Future.all(all)
        .onSuccess(done -> answer(context, all.stream().map(Future::result).toList()))
        .onFailure(context::fail);
  }

  private static void answer(RoutingContext context, List<ObjectNode> standings) {
    boolean well = true;
    boolean degraded = false;
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode streams = Json.MAPPER.createArrayNode();
    for (ObjectNode standing : standings) {
      boolean up = WELL.contains(standing.path("state").asText());
      String backup = up ? backup(standing) : null;
      well &= up;
      degraded |= backup != null;
      ObjectNode one = streams.addObject();
      one.put("name", standing.path("name").asText());
      one.put("status", status(up, backup != null));
      one.put("state", standing.path("state").asText());
      if (standing.path("capture").has("hop")) {
        one.put("hop", standing.path("capture").path("hop").asText());
      }
      if (!up && standing.has("reason")) {
        one.put("reason", standing.path("reason").asText());
      } else if (backup != null) {
        one.put("reason", backup);
      }
    }
    body.put("status", status(well, degraded));
    body.set("streams", streams);
    Answers.json(context, well ? 200 : 503, body);
  }

  private static String status(boolean up, boolean degraded) {
    return !up ? "down" : degraded ? "degraded" : "up";
  }

  /** Which backup a stream comes from, and why; null when from none. */
  private static String backup(ObjectNode standing) {
    for (JsonNode input : standing.path("capture").path("inputs")) {
      if (input.path("index").asInt() > 0) {
        return "Backup "
            + input.path("index").asInt()
            + " is in use: "
            + input.path("reason").asText("the main input is away");
      }
    }
    return null;
  }
}
