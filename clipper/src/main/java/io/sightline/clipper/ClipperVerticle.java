package io.sightline.clipper;

import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Wires the clipper: the stage reader in front, a pool of threads and the maker behind. */
public final class ClipperVerticle extends VerticleBase {

  private final ClipperConfig config;
  private final BusConfig bus;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Checkpoints checkpoints;
  private final Writer writer;
  private final ClipMaker.Opener opener;

  private ClipMaker maker;
  private ExecutorService cutting;

  /** For clips that nobody waits for, so that they keep none of the others waiting. */
  private ExecutorService aside;

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
    cutting = threads("sightline-cutting-");
    aside = threads("sightline-cutting-aside-");
    maker = opener.open(vertx, objects, config);
    ClipWork work = new ClipWork(records, writer, config, maker);
    stage = new ClipStage(new Submitted(work));
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

  /** Plain threads, because cutting waits for storage, which Vert.x threads may not. */
  private ExecutorService threads(String name) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        config.threads(), task -> new Thread(task, name + number.incrementAndGet()));
  }

  @Override
  public Future<?> stop() {
    stage.leave();
    return reader
        .stop()
        .eventually(
            () -> {
              cutting.shutdown();
              aside.shutdown();
              return vertx.executeBlocking(
                  () -> {
                    maker.close();
                    return cutting.awaitTermination(10, TimeUnit.SECONDS)
                        && aside.awaitTermination(10, TimeUnit.SECONDS);
                  });
            });
  }

  /** The work on threads of its own. */
  private final class Submitted implements ClipStage.Clipping {

    private final ClipWork work;

    Submitted(ClipWork work) {
      this.work = work;
    }

    @Override
    public Future<Void> clip(WantedClip clip, BooleanSupplier wanted) {
      Promise<Void> done = Promise.promise();
      try {
        ExecutorService threads = maker.readsOn(clip) ? aside : cutting;
        threads.execute(
            () -> {
              try {
                work.clip(clip, wanted).onComplete(done);
              } catch (RuntimeException | Error e) {
                done.fail(e);
              }
            });
      } catch (RejectedExecutionException e) {
        done.fail(new TransientException("The clipper stops", e));
      }
      return done.future();
    }

    @Override
    public Future<Void> cancel(WantedClip clip) {
      return work.cancel(clip);
    }

    @Override
    public boolean readsOn(WantedClip clip) {
      return maker.readsOn(clip);
    }

    @Override
    public int ahead() {
      return maker.ahead();
    }
  }
}
