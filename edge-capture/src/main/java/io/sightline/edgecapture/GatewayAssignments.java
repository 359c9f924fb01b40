package io.sightline.edgecapture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.records.Json;
import io.sightline.records.StreamAssignment;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the gateway again and again which streams this agent captures, and says so whenever an
 * answer comes. Belongs to one context.
 */
final class GatewayAssignments implements Assignments {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayAssignments.class);

  private final Vertx vertx;
  private final GatewayApi api;
  private final String agent;
  private final Timing timing;
  private final Backoff backoff;
  private BiConsumer<Map<String, StreamAssignment>, Set<String>> changed;
  private Long revision;
  private volatile String trouble;
  private long timer = -1;
  private boolean stopped;

  GatewayAssignments(Vertx vertx, GatewayApi api, String agent, Timing timing) {
    this.vertx = vertx;
    this.api = api;
    this.agent = agent;
    this.timing = timing;
    this.backoff = new Backoff(timing.longestPause());
  }

  @Override
  public void start(BiConsumer<Map<String, StreamAssignment>, Set<String>> told) {
    changed = told;
    poll();
  }

  @Override
  public void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  @Override
  public String trouble() {
    return trouble;
  }

  private void poll() {
    if (stopped) {
      return;
    }
    api.assignments(agent, revision)
        .onSuccess(
            answer -> {
              if (stopped) {
                return;
              }
              if (trouble != null) {
                LOG.info("The gateway says again what to capture");
                trouble = null;
              }
              backoff.reset();
              take(answer);
              again(Duration.ZERO);
            })
        .onFailure(this::failed);
  }

  private void take(JsonNode answer) {
    revision = answer.path("revision").isIntegralNumber() ? answer.path("revision").asLong() : null;
    Map<String, StreamAssignment> streams = new LinkedHashMap<>();
    Set<String> unclear = new HashSet<>();
    for (JsonNode node : answer.path("streams")) {
      try {
        StreamAssignment assignment = Json.MAPPER.treeToValue(node, StreamAssignment.class);
        if (assignment.stream() == null || assignment.profile() == null) {
          throw new IllegalArgumentException("An assignment names a stream and its profile");
        }
        streams.put(assignment.stream().name(), assignment);
      } catch (JsonProcessingException | IllegalArgumentException e) {
        String name = node.path("stream").path("name").asText("");
        unclear.add(name);
        LOG.warn(
            "The assignment of '{}' cannot be understood: {}",
            Sentences.clean(name),
            Sentences.of(e));
      }
    }
    changed.accept(streams, unclear);
    if (revision == null) {
      // Without a revision to wait for, an answer comes at once each time.
      backoff.next();
      again(backoff.next());
    }
  }

  private void failed(Throwable failure) {
    if (stopped) {
      return;
    }
    // A gateway that comes back may count from elsewhere: ask for all of it.
    revision = null;
    String sentence = Sentences.of(failure);
    if (!sentence.equals(trouble)) {
      LOG.warn("{}", sentence);
    }
    trouble = sentence;
    boolean refused = failure instanceof GatewayException answer && answer.unauthorized();
    again(refused ? timing.refusedPause() : backoff.next());
  }

  private void again(Duration pause) {
    if (stopped || timer >= 0) {
      return;
    }
    timer =
        vertx.setTimer(
            Math.max(1, pause.toMillis()),
            fired -> {
              timer = -1;
              poll();
            });
  }
}
