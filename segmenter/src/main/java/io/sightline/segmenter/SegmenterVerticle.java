package io.sightline.segmenter;

import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;

/**
 * The stage that makes segments of detections. One instance reads its share of the partitions; more
 * processes share them out. It owns none of what it is given.
 */
public final class SegmenterVerticle extends VerticleBase {

  /** Its consumer group, and the stage's name in progress reports. */
  public static final String GROUP = ProgressReport.STAGE;

  private final BusConfig bus;
  private final StageReaderConfig reading;
  private final SegmenterStage stage;
  private final Checkpoints checkpoints;
  private final Writer writer;

  private StageReader reader;

  public SegmenterVerticle(
      SegmenterConfig config,
      SegmenterPlugins plugins,
      BusConfig bus,
      RecordStore store,
      Writer writer,
      Checkpoints checkpoints,
      Clock clock) {
    this(config, plugins, bus, reading(), store, writer, checkpoints, clock);
  }

  /** With other bounds and intervals of reading than the defaults. */
  public SegmenterVerticle(
      SegmenterConfig config,
      SegmenterPlugins plugins,
      BusConfig bus,
      StageReaderConfig reading,
      RecordStore store,
      Writer writer,
      Checkpoints checkpoints,
      Clock clock) {
    this.bus = bus;
    this.reading = reading;
    this.stage = new SegmenterStage(config, plugins, store, writer, clock);
    this.checkpoints = checkpoints;
    this.writer = writer;
  }

  /** How the stage reads: its group, its topics, the default bounds. */
  public static StageReaderConfig reading() {
    return StageReaderConfig.of(GROUP, Topic.DETECTIONS, Topic.SEGMENT_EDITS);
  }

  @Override
  public Future<?> start() {
    reader = StageReader.start(vertx, bus, reading, stage, checkpoints, writer);
    return Future.succeededFuture();
  }

  /** Ends reading: what is in flight is finished, and a checkpoint is left behind. */
  @Override
  public Future<?> stop() {
    return reader == null ? Future.succeededFuture() : reader.stop();
  }

  /** Counts of what was read since the start. To be called once started. */
  public StageReader.Stats reads() {
    return reader.stats();
  }

  /** Fails when reading has ended by itself; completes when stopped. To be called once started. */
  public Future<Void> failure() {
    return reader.failure();
  }
}
