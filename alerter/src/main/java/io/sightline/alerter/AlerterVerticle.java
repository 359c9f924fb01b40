package io.sightline.alerter;

import io.sightline.alerter.delivery.Delivery;
import io.sightline.alerter.delivery.DeliveryCounts;
import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.plugin.Notifier;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.Map;

/**
 * The stage that raises alerts and tells channels. One instance reads its share of the partitions;
 * more processes share them out. Of what it is given it owns none; the channels that it opens it
 * closes.
 */
public final class AlerterVerticle extends VerticleBase {

  /** Its consumer group, and the stage's name in progress reports. */
  public static final String GROUP = ProgressReport.STAGE;

  private final AlerterConfig config;
  private final Notifiers notifiers;
  private final BusConfig bus;
  private final StageReaderConfig reading;
  private final RecordStore store;
  private final Writer writer;
  private final Checkpoints checkpoints;
  private final Clock clock;
  private final AlertCounts counts = new AlertCounts();

  private Map<String, Notifier> channels = Map.of();
  private Delivery delivery;
  private StageReader reader;

  public AlerterVerticle(
      AlerterConfig config,
      Notifiers notifiers,
      BusConfig bus,
      RecordStore store,
      Writer writer,
      Checkpoints checkpoints,
      Clock clock) {
    this(config, notifiers, bus, reading(), store, writer, checkpoints, clock);
  }

  /** With other bounds and intervals of reading than the defaults. */
  public AlerterVerticle(
      AlerterConfig config,
      Notifiers notifiers,
      BusConfig bus,
      StageReaderConfig reading,
      RecordStore store,
      Writer writer,
      Checkpoints checkpoints,
      Clock clock) {
    this.config = config;
    this.notifiers = notifiers;
    this.bus = bus;
    this.reading = reading;
    this.store = store;
    this.writer = writer;
    this.checkpoints = checkpoints;
    this.clock = clock;
  }

  /** How the stage reads: its group, its topics, the default bounds. */
  public static StageReaderConfig reading() {
    return StageReaderConfig.of(GROUP, Topic.DETECTIONS, Topic.CLIPS);
  }

  /** Fails when a channel cannot be opened, with the reason in words. */
  @Override
  public Future<?> start() {
    channels = notifiers.open(config.channels());
    delivery = new Delivery(vertx, context, store, channels, config.delivery(), clock);
    AlerterStage stage = new AlerterStage(config, store, writer, delivery, counts, clock);
    reader = StageReader.start(vertx, bus, reading, stage, checkpoints, writer);
    return Future.succeededFuture();
  }

  /** Ends reading, waits a little for messages on their way, then closes the channels. */
  @Override
  public Future<?> stop() {
    Future<Void> read = reader == null ? Future.succeededFuture() : reader.stop();
    return read.eventually(() -> delivery == null ? Future.succeededFuture() : delivery.close())
        .eventually(
            () -> {
              Notifiers.close(channels);
              return Future.succeededFuture();
            });
  }

  /** Counts of what was read since the start. To be called once started. */
  public StageReader.Stats reads() {
    return reader.stats();
  }

  /** Fails when reading has ended by itself; completes when stopped. To be called once started. */
  public Future<Void> failure() {
    return reader.failure();
  }

  public AlertCounts counts() {
    return counts;
  }

  /** What became of messages. To be called once started. */
  public DeliveryCounts deliveries() {
    return delivery.counts();
  }
}
