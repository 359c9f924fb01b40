package io.sightline.ingestgateway.streams;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.records.EpochInfo;
import io.sightline.records.InputSpec;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamSpec;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a stream stands, as JSON: its declaration without secrets, its state, its progress. */
public final class StreamView {

  /** After so long without an item a stream that should go on counts as stalled. */
  public static final Duration STALLED_AFTER = Duration.ofSeconds(10);

  private static final String CAPTURE = "capture";

  private final Records<EpochInfo> epochs;
  private final Records<StageProgress> progress;
  private final Clock clock;

  public StreamView(RecordStore store, Clock clock) {
    this.epochs = Records.of(store, EpochInfo.class);
    this.progress = Records.of(store, StageProgress.class);
    this.clock = clock;
  }

  /** All of it. */
  public Future<ObjectNode> of(StreamEntry entry) {
    return standing(entry)
        .map(
            standing -> {
              ObjectNode node = declaration(entry);
              node.setAll(standing);
              return node;
            });
  }

  /** Its name, state, position and progress. */
  public Future<ObjectNode> status(StreamEntry entry) {
    return standing(entry)
        .map(
            standing -> {
              ObjectNode node = Json.MAPPER.createObjectNode();
              node.put("name", entry.spec().name());
              node.setAll(standing);
              return node.retain("name", "state", "positionMicros", "progress");
            });
  }

  /** The last epoch of a stream to begin. */
  public Future<Optional<EpochInfo>> lastEpoch(String stream) {
    return epochs
        .query(new Query(StoreKeys.epochs(stream), null, null, 1, true))
        .map(page -> page.items().stream().findFirst());
  }

  private static ObjectNode declaration(StreamEntry entry) {
    StreamSpec spec = entry.spec();
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("name", spec.name());
    node.put("declared", entry.declaredIn() == null ? "api" : entry.declaredIn());
    ArrayNode inputs = node.putArray("inputs");
    for (InputSpec input : spec.inputs()) {
      ObjectNode one = inputs.addObject();
      one.put("url", input.safeUrl());
      one.set("use", Json.MAPPER.valueToTree(input.use().stream().sorted().toList()));
    }
    node.put("profile", spec.profile());
    node.put("agent", spec.agent());
    node.put("record", spec.record());
    node.set("zones", Json.MAPPER.valueToTree(spec.zones()));
    ObjectNode media = node.putObject("media");
    media.put("live", "/api/v1/streams/" + spec.name() + "/live.m3u8");
    media.put("latest", "/api/v1/streams/" + spec.name() + "/latest.jpg");
    return node;
  }

  private Future<ObjectNode> standing(StreamEntry entry) {
    String stream = entry.spec().name();
    return lastEpoch(stream)
        .compose(
            epoch ->
                progress
                    .all(StoreKeys.progress(stream), null, null)
                    .map(stages -> standing(epoch.orElse(null), stages)));
  }

  private ObjectNode standing(EpochInfo epoch, List<StageProgress> stages) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    StageProgress capture =
        stages.stream()
            .filter(stage -> stage.stage().equals(CAPTURE))
            .filter(stage -> epoch != null && stage.epoch().equals(epoch.epoch()))
            .findFirst()
            .orElse(null);
    node.put("state", state(epoch, capture));
    if (epoch != null) {
      node.put("run", epoch.run());
      node.put("epoch", epoch.epoch());
      node.put("startMicros", epoch.startMicros());
      node.put(
          "positionMicros",
          epoch.endMicros() != null
              ? epoch.endMicros()
              : capture == null ? epoch.startMicros() : capture.positionMicros());
      node.put("lostMicros", epoch.lostMicros());
      if (epoch.reason() != null) {
        node.put("reason", epoch.reason());
      }
    }
    node.set("progress", Json.MAPPER.valueToTree(stages));
    return node;
  }

  private String state(EpochInfo epoch, StageProgress capture) {
    if (epoch == null) {
      return "waiting";
    }
    if (epoch.ended()) {
      return "ended";
    }
    long silent = Positions.of(clock.instant()) - (capture == null ? 0 : capture.atMicros());
    return capture == null || silent > Positions.micros(STALLED_AFTER) ? "stalled" : "live";
  }
}
