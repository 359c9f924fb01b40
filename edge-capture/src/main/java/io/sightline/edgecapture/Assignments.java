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
final class Assignments {

  private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);

  private final Vertx vertx;
  private final GatewayApi api;
  private final String agent;
  private final Timing timing;
  private final BiConsumer<Map<String, StreamAssignment>, Set<String>> changed;
  private final Backoff backoff;
  private Long revision;
  private volatile String trouble;
  private long timer = -1;
  private boolean stopped;

  /**
   * @param changed takes the assignments by stream, and the names of those that could not be
   *     understood: whatever runs under these names goes on as it is
   */
  Assignments(
      Vertx vertx,
      GatewayApi api,
      String agent,
      Timing timing,
      BiConsumer<Map<String, StreamAssignment>, Set<String>> changed) {
    this.vertx = vertx;
    this.api = api;
    this.agent = agent;
    this.timing = timing;
    this.changed = changed;
    this.backoff = new Backoff(timing.longestPause());
  }

  void start() {
    poll();
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  /** The last trouble with asking, as a sentence; null when it works. */
  String trouble() {
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
