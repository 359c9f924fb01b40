package io.sightline.ingestgateway.recordings;

import io.micrometer.core.instrument.MeterRegistry;
import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.function.Predicate;

/**
 * Wires the counting of recordings (a stage over {@code chunks}) and their expiry (a look at all
 * ledgers in turns). It has an event loop of its own, beside the gateway's; stores and writer are
 * the caller's.
 */
public final class RecordingsVerticle extends VerticleBase {

  private static final String GROUP = "recordings";

  private final ObjectStore objects;
  private final RecordStore records;
  private final Writer writer;
  private final BusConfig bus;
  private final Checkpoints checkpoints;
  private final KeepRule rules;
  private final RetentionLimits limits;
  private final MeterRegistry registry;
  private final Clock clock;
  private final String group;
  private final Predicate<String> own;

  private RecordingsStage stage;
  private StageReader reader;
  private Retention retention;
  private Future<Void> turn = Future.succeededFuture();
  private long timer = -1;

  public RecordingsVerticle(
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      BusConfig bus,
      Checkpoints checkpoints,
      KeepRule rules,
      RetentionLimits limits,
      MeterRegistry registry,
      Clock clock) {
    this(
        objects,
        records,
        writer,
        bus,
        checkpoints,
        rules,
        limits,
        registry,
        clock,
        GROUP,
        stream -> true);
  }

  /**
   * @param group whose members share the streams among them
   * @param own the streams whose recordings are kept here; others are passed over
   */
  public RecordingsVerticle(
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      BusConfig bus,
      Checkpoints checkpoints,
      KeepRule rules,
      RetentionLimits limits,
      MeterRegistry registry,
      Clock clock,
      String group,
      Predicate<String> own) {
    this.objects = objects;
    this.records = records;
    this.writer = writer;
    this.bus = bus;
    this.checkpoints = checkpoints;
    this.rules = rules;
    this.limits = limits;
    this.registry = registry;
    this.clock = clock;
    this.group = group;
    this.own = own;
  }

  @Override
  public Future<?> start() {
    stage = new RecordingsStage(records, limits, own);
    RecordingMeters meters = new RecordingMeters(registry, stage::ledgers);
    retention = new Retention(objects, records, writer, rules, meters, limits, clock);
    reader =
        StageReader.start(
            vertx, bus, StageReaderConfig.of(group, Topic.CHUNKS), stage, checkpoints, writer);
    schedule();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    vertx.cancelTimer(timer);
    timer = -1;
    retention.end();
    return turn.transform(v -> reader.stop());
  }

  /** Turns never overlap; the pause between them is intake's. */
  private void schedule() {
    timer =
        vertx.setTimer(
            limits.every().toMillis(),
            id -> {
              turn = retention.turn(stage.ledgers());
              turn.onComplete(
                  v -> {
                    if (timer != -1) {
                      schedule();
                    }
                  });
            });
  }
}
