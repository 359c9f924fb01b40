package io.sightline.ingestgateway.streams;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.records.BackupSpec;
import io.sightline.records.CaptureHop;
import io.sightline.records.CaptureReport;
import io.sightline.records.CaptureState;
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

  /** An agent reports every ten seconds; after so long it counts as gone. */
  private static final Duration SILENT_AFTER = Duration.ofSeconds(35);

  private static final String CAPTURE = "capture";

  private final Records<EpochInfo> epochs;
  private final Records<StageProgress> progress;
  private final Records<CaptureReport> reports;
  private final Clock clock;

  public StreamView(RecordStore store, Clock clock) {
    this.epochs = Records.of(store, EpochInfo.class);
    this.progress = Records.of(store, StageProgress.class);
    this.reports = Records.of(store, CaptureReport.class);
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
              return node.retain(
                  "name", "state", "reason", "capture", "positionMicros", "progress");
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
    node.put("declared", entry.origin().shown());
    if (entry.origin().what() != null) {
      node.put("found", entry.origin().what());
    }
    ArrayNode inputs = node.putArray("inputs");
    for (InputSpec input : spec.inputs()) {
      ObjectNode one = inputs.addObject();
      one.put("url", input.safeUrl());
      one.set("use", Json.MAPPER.valueToTree(input.use().stream().sorted().toList()));
      if (input.every() != null) {
        one.put("every", input.every());
      }
      addBackups(input, one);
    }
    node.put("profile", spec.profile());
    node.put("agent", spec.agent());
    node.put("record", spec.record());
    if (spec.keep() != null) {
      node.set("keep", Json.MAPPER.valueToTree(spec.keep()));
    }
    node.set("zones", Json.MAPPER.valueToTree(spec.zones()));
    node.set("pictures", Json.MAPPER.valueToTree(spec.pictures()));
    node.set("schedule", Json.MAPPER.valueToTree(spec.schedule()));
    ObjectNode media = node.putObject("media");
    media.put("live", "/api/v1/streams/" + spec.name() + "/live.m3u8");
    media.put("latest", "/api/v1/streams/" + spec.name() + "/latest.jpg");
    return node;
  }

  private static void addBackups(InputSpec input, ObjectNode node) {
    if (input.offset() != null) {
      node.put("offset", input.offset());
    }
    if (input.backup().isEmpty()) {
      return;
    }
    ArrayNode backups = node.putArray("backup");
    for (BackupSpec backup : input.backup()) {
      ObjectNode one = backups.addObject();
      one.put("url", backup.safeUrl());
      if (backup.every() != null) {
        one.put("every", backup.every());
      }
      if (backup.offset() != null) {
        one.put("offset", backup.offset());
      }
    }
    if (input.failover() != null) {
      node.put("failover", input.failover());
    }
    if (input.returnAfter() != null) {
      node.put("returnAfter", input.returnAfter());
    }
  }

  private Future<ObjectNode> standing(StreamEntry entry) {
    String stream = entry.spec().name();
    Future<Optional<EpochInfo>> epoch = lastEpoch(stream);
    Future<List<StageProgress>> stages = progress.all(StoreKeys.progress(stream), null, null);
    Future<Optional<CaptureReport>> report = reports.find(StoreKeys.CAPTURE, stream);
    return Future.all(epoch, stages, report)
        .map(
            all -> {
              ObjectNode node = standing(entry, epoch.result().orElse(null), stages.result());
              report
                  .result()
                  .filter(known -> known.agent().equals(entry.spec().agent()))
                  .ifPresent(known -> add(known, node));
              return node;
            });
  }

  /**
   * What the agent says of the source is nearer to the truth than what its items tell; but where
   * items come, the stream lives, whatever was said.
   */
  private void add(CaptureReport report, ObjectNode node) {
    long silentMicros = Positions.of(clock.instant()) - report.atMicros();
    boolean gone = silentMicros > Positions.micros(SILENT_AFTER);
    CaptureHop hop = gone ? CaptureHop.AGENT : report.hop();
    String reason =
        gone
            ? "Nothing has been heard of the agent '"
                + report.agent()
                + "' for "
                + silentMicros / Positions.MICROS_PER_SECOND
                + " s"
            : report.reason();
    String state = node.path("state").asText();
    boolean live = state.equals("live");
    if (gone && !live && !state.equals("ended")) {
      node.put("state", "stalled");
    } else if (!gone && !(live && report.state() == CaptureState.CONNECTED)) {
      node.put("state", state(report, state));
    }
    if (hop != null && reason != null) {
      node.put("reason", reason);
    }
    ObjectNode capture = node.putObject(CAPTURE);
    capture.put("agent", report.agent());
    capture.set("state", Json.MAPPER.valueToTree(report.state()));
    if (hop != null) {
      capture.set("hop", Json.MAPPER.valueToTree(hop));
    }
    if (reason != null) {
      capture.put("reason", reason);
    }
    if (report.note() != null) {
      capture.put("note", report.note());
    }
    capture.put("heardMicros", report.atMicros());
    capture.put("epochs", report.epochs());
    capture.put("frames", report.frames());
    capture.put("chunks", report.chunks());
    capture.put("bytes", report.bytes());
    capture.put("droppedFrames", report.droppedFrames());
    capture.put("droppedChunks", report.droppedChunks());
    capture.put("switches", report.switches());
    capture.set("inputs", Json.MAPPER.valueToTree(report.inputs()));
  }

  private static String state(CaptureReport report, String fromItems) {
    return switch (report.state()) {
      case WAITING -> "waiting";
      case STARTING -> fromItems.equals("waiting") ? "waiting" : "reconnecting";
      case RECONNECTING -> "reconnecting";
      case STALLED -> "stalled";
      case FAILED -> "failed";
      case CONNECTED, ENDED, STOPPED -> fromItems;
    };
  }

  private ObjectNode standing(StreamEntry entry, EpochInfo epoch, List<StageProgress> stages) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    StageProgress capture =
        stages.stream()
            .filter(stage -> stage.stage().equals(CAPTURE))
            .filter(stage -> epoch != null && stage.epoch().equals(epoch.epoch()))
            .findFirst()
            .orElse(null);
    node.put("state", state(entry, epoch, capture));
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

  private String state(StreamEntry entry, EpochInfo epoch, StageProgress capture) {
    if (epoch == null) {
      return "waiting";
    }
    if (epoch.ended()) {
      return entry.assignment().schedule().holds(clock.instant()) ? "ended" : "waiting";
    }
    // One that has just begun has no progress yet.
    long heard = capture == null ? epoch.startMicros() : capture.atMicros();
    long silent = Positions.of(clock.instant()) - heard;
    return silent > Positions.micros(STALLED_AFTER) ? "stalled" : "live";
  }
}
