package io.sightline.clipper.mediaconvert;

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Wires the encoding of whole replays by MediaConvert, however their clips were made. */
public final class ReplayJobVerticle extends VerticleBase {

  private static final long STOP_SECONDS = 10;

  private final MediaConvert mediaConvert;
  private final BusConfig bus;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Checkpoints checkpoints;
  private final Writer writer;

  private ExecutorService desk;
  private ExecutorService threads;
  private StageReader reader;

  public ReplayJobVerticle(
      MediaConvert mediaConvert,
      BusConfig bus,
      ObjectStore objects,
      RecordStore records,
      Checkpoints checkpoints,
      Writer writer) {
    this.mediaConvert = mediaConvert;
    this.bus = bus;
    this.objects = objects;
    this.records = records;
    this.checkpoints = checkpoints;
    this.writer = writer;
  }

  @Override
  public Future<?> start() {
    mediaConvert.use();
    // Plain threads, because both wait for storage, which Vert.x threads may not.
    desk = Executors.newSingleThreadExecutor(task -> new Thread(task, "sightline-replay-jobs"));
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            mediaConvert.settings().jobs(),
            task -> new Thread(task, "sightline-replay-job-" + number.incrementAndGet()));
    ReplayJobs jobs = new ReplayJobs(vertx, objects, records, writer, mediaConvert, threads);
    reader =
        StageReader.start(
            vertx,
            bus,
            StageReaderConfig.of("replay-jobs", Topic.REPLAY_JOB_REQUESTS, Topic.REPLAYS),
            new ReplayJobStage(jobs, desk),
            checkpoints,
            writer);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    // What is not made by now is gone on with at the next start, or by others.
    return reader
        .stop()
        .eventually(
            () -> {
              desk.shutdown();
              threads.shutdown();
              return vertx.executeBlocking(
                  () -> {
                    boolean ended =
                        desk.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)
                            && threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
                    mediaConvert.leave();
                    return ended;
                  });
            });
  }
}
