package io.sightline.clipper;

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

/** Wires the clipper: the stage reader in front, lanes of threads and the maker behind. */
public final class ClipperVerticle extends VerticleBase {

  private static final long STOP_SECONDS = 10;

  private final ClipperConfig config;
  private final BusConfig bus;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Checkpoints checkpoints;
  private final Writer writer;
  private final ClipMaker.Opener opener;

  private ClipMaker maker;
  private CuttingLanes lanes;
  private ClipStage stage;
  private StageReader reader;

  /** With clips that are cut here. */
  public ClipperVerticle(
      ClipperConfig config,
      BusConfig bus,
      ObjectStore objects,
      RecordStore records,
      Checkpoints checkpoints,
      Writer writer) {
    this(config, bus, objects, records, checkpoints, writer, LocalMaker::new);
  }

  public ClipperVerticle(
      ClipperConfig config,
      BusConfig bus,
      ObjectStore objects,
      RecordStore records,
      Checkpoints checkpoints,
      Writer writer,
      ClipMaker.Opener opener) {
    this.config = config;
    this.bus = bus;
    this.objects = objects;
    this.records = records;
    this.checkpoints = checkpoints;
    this.writer = writer;
    this.opener = opener;
  }

  @Override
  public Future<?> start() {
    maker = opener.open(vertx, objects, config);
    lanes = new CuttingLanes(maker.atOnce());
    ClipWork work = new ClipWork(records, writer, config, maker);
    stage = new ClipStage(new QueuedClips(work, maker, lanes));
    reader =
        StageReader.start(
            vertx,
            bus,
            StageReaderConfig.of("clipper", Topic.CHUNKS, Topic.SEGMENTS),
            stage,
            checkpoints,
            writer);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stage.leave();
    return reader
        .stop()
        .eventually(
            () -> {
              lanes.close();
              return vertx.executeBlocking(
                  () -> {
                    maker.close();
                    return lanes.awaitEnd(STOP_SECONDS);
                  });
            });
  }
}
