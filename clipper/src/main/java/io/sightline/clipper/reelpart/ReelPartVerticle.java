package io.sightline.clipper.reelpart;

import io.sightline.bus.BlockingStage;
import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.clipper.ClipperConfig;
import io.sightline.records.ReelPartOrder;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Wires the making of what replays ask to be encoded, on one thread, so that cutting keeps the rest
 * of the machine.
 */
public final class ReelPartVerticle extends VerticleBase {

  private static final long STOP_SECONDS = 10;

  private final boolean rendered;
  private final BusConfig bus;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Checkpoints checkpoints;
  private final Writer writer;

  private ExecutorService encoding;
  private ReelPartWork work;
  private StageReader reader;

  /**
   * @param config whether it wants renditions
   */
  public ReelPartVerticle(
      ClipperConfig config,
      BusConfig bus,
      ObjectStore objects,
      RecordStore records,
      Checkpoints checkpoints,
      Writer writer) {
    this.rendered = !config.renditions().isEmpty();
    this.bus = bus;
    this.objects = objects;
    this.records = records;
    this.checkpoints = checkpoints;
    this.writer = writer;
  }

  @Override
  public Future<?> start() {
    // A plain thread, because encoding waits for storage, which Vert.x threads may not.
    encoding = Executors.newSingleThreadExecutor(task -> new Thread(task, "sightline-reel-parts"));
    work = new ReelPartWork(vertx, objects, records, writer, rendered, Clock.systemUTC());
    reader =
        StageReader.start(
            vertx,
            bus,
            StageReaderConfig.of("reel-parts", Topic.REEL_PARTS),
            new BlockingStage(
                encoding, record -> work.make(record.as(ReelPartOrder.class), record.key())),
            checkpoints,
            writer);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    // What is not made by now is made by whoever goes on.
    work.stop();
    return reader
        .stop()
        .eventually(
            () -> {
              encoding.shutdownNow();
              return vertx.executeBlocking(
                  () -> encoding.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS));
            });
  }
}
