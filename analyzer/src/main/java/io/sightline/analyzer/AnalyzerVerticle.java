package io.sightline.analyzer;

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

/**
 * The analyzer stage: reads {@code frames} and {@code chunks}, stores what the profiles' analyzers
 * find and publishes it to {@code detections}. It closes nothing that it was given.
 */
public final class AnalyzerVerticle extends VerticleBase {

  private static final String GROUP = "analyzer";

  private final AnalyzerConfig config;
  private final BusConfig bus;
  private final AnalyzerPlugins plugins;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Writer writer;
  private final Checkpoints checkpoints;
  private final Zones zones;
  private final Clock clock;

  private AnalysisStage stage;
  private StageReader reader;

  public AnalyzerVerticle(
      AnalyzerConfig config,
      BusConfig bus,
      AnalyzerPlugins plugins,
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      Checkpoints checkpoints,
      Zones zones,
      Clock clock) {
    this.config = config;
    this.bus = bus;
    this.plugins = plugins;
    this.objects = objects;
    this.records = records;
    this.writer = writer;
    this.checkpoints = checkpoints;
    this.zones = zones;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    stage = new AnalysisStage(config, plugins, objects, records, writer, zones, clock);
    StageReaderConfig reading =
        StageReaderConfig.of(GROUP, Topic.FRAMES, Topic.CHUNKS)
            .withInFlight(config.maxInFlight(), config.maxInFlightBytes());
    reader = StageReader.start(vertx, bus, reading, stage, checkpoints, writer);
    return Future.succeededFuture();
  }

  /** Fails when reading ended by itself, with the reason; call after the deployment. */
  public Future<Void> failure() {
    return reader.failure();
  }

  /** Drains, stores the checkpoints, leaves the group, ends the threads. */
  @Override
  public Future<?> stop() {
    return reader
        .stop()
        .eventually(
            () ->
                vertx.executeBlocking(
                    () -> {
                      stage.close();
                      return null;
                    }));
  }
}
