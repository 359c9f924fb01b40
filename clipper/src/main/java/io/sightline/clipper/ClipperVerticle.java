package io.sightline.clipper;

import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.Segment;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Wires the clipper: the stage reader in front, a pool of cutting threads behind. */
public final class ClipperVerticle extends VerticleBase {

  private final ClipperConfig config;
  private final BusConfig bus;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Checkpoints checkpoints;
  private final Writer writer;

  private ExecutorService cutting;
  private StageReader reader;

  public ClipperVerticle(
      ClipperConfig config,
      BusConfig bus,
      ObjectStore objects,
      RecordStore records,
      Checkpoints checkpoints,
      Writer writer) {
    this.config = config;
    this.bus = bus;
    this.objects = objects;
    this.records = records;
    this.checkpoints = checkpoints;
    this.writer = writer;
  }

  @Override
  public Future<?> start() {
    AtomicInteger number = new AtomicInteger();
    // Plain threads, because cutting waits for storage, which Vert.x threads may not.
    cutting =
        Executors.newFixedThreadPool(
            config.threads(),
            task -> new Thread(task, "sightline-cutting-" + number.incrementAndGet()));
    ClipCutter cutter = new ClipCutter(vertx, objects, records, writer, config);
    reader =
        StageReader.start(
            vertx,
            bus,
            StageReaderConfig.of("clipper", Topic.CHUNKS, Topic.SEGMENTS),
            new ClipStage(segment -> submit(cutter, segment)),
            checkpoints,
            writer);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    return reader
        .stop()
        .eventually(
            () -> {
              cutting.shutdown();
              return vertx.executeBlocking(() -> cutting.awaitTermination(10, TimeUnit.SECONDS));
            });
  }

  private Future<Void> submit(ClipCutter cutter, Segment segment) {
    Promise<Void> done = Promise.promise();
    cutting.execute(
        () -> {
          try {
            cutter.cut(segment);
            done.complete();
          } catch (RuntimeException | Error e) {
            done.fail(e);
          }
        });
    return done.future();
  }
}
