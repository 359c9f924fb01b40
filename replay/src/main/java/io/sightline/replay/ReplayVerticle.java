package io.sightline.replay;

import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.InRecord;
import io.sightline.bus.LiveReader;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.storage.Lease;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Wires the replay stage. Requests come through the stage reader; changes of segments and clips,
 * which lie in partitions of other owners, come as hints from a live reader, and the record store
 * is asked for the truth.
 */
public final class ReplayVerticle extends VerticleBase {

  private static final long REFRESH_MILLIS = 2_000;
  private static final long STOP_SECONDS = 10;
  private static final long FIRST_LOOK_SECONDS = 60;
  private static final long LOOK_SECONDS = 600;

  /** So that a short one seldom waits for a long one. */
  private static final int MP4S_AT_ONCE = 2;

  private final BusConfig bus;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Checkpoints checkpoints;
  private final Writer writer;
  private final TransitionFiles files;

  private ExecutorService building;
  private ExecutorService mp4s;
  private ScheduledExecutorService keeping;
  private OpenReplays open;
  private LiveReader hints;
  private StageReader requests;
  private long timer;

  public ReplayVerticle(
      BusConfig bus,
      ObjectStore objects,
      RecordStore records,
      Checkpoints checkpoints,
      Writer writer) {
    this(bus, objects, records, checkpoints, writer, TransitionFiles.NONE);
  }

  /**
   * @param files what requests may name as transitions; stored when this starts
   */
  public ReplayVerticle(
      BusConfig bus,
      ObjectStore objects,
      RecordStore records,
      Checkpoints checkpoints,
      Writer writer,
      TransitionFiles files) {
    this.files = files;
    this.bus = bus;
    this.objects = objects;
    this.records = records;
    this.checkpoints = checkpoints;
    this.writer = writer;
  }

  @Override
  public Future<?> start() {
    // Plain threads, because all of them wait for storage, which Vert.x threads may not.
    building = Executors.newSingleThreadExecutor(task -> new Thread(task, "sightline-replay"));
    mp4s =
        Executors.newFixedThreadPool(
            MP4S_AT_ONCE, task -> new Thread(task, "sightline-replay-mp4"));
    keeping =
        Executors.newSingleThreadScheduledExecutor(
            task -> new Thread(task, "sightline-replay-parts"));
    HeldParts held = new HeldParts(records, Clock.systemUTC());
    StoredFiles stored = new StoredFiles(objects, held, files);
    return whenStored(stored).onSuccess(done -> begin(held, stored));
  }

  private Future<Void> whenStored(StoredFiles stored) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    keeping.execute(
        () -> {
          try {
            stored.store();
            ready.complete(null);
          } catch (IOException | RuntimeException e) {
            ready.completeExceptionally(e);
          }
        });
    return Future.fromCompletionStage(ready, context);
  }

  private void begin(HeldParts held, StoredFiles stored) {
    open =
        new OpenReplays(
            new ReplayBuilder(vertx, objects, records, writer, stored, held, Clock.systemUTC()),
            new ReplayRemoval(objects, records, writer, Clock.systemUTC()),
            building,
            mp4s);
    keeping.scheduleWithFixedDelay(
        new PartKeeping(stored, new PartRemoval(objects, records, Clock.systemUTC()), lease()),
        FIRST_LOOK_SECONDS,
        LOOK_SECONDS,
        TimeUnit.SECONDS);
    hints =
        LiveReader.start(
            vertx,
            bus,
            Set.of(Topic.CLIPS, Topic.SEGMENTS),
            (InRecord record) -> open.changed(record.key()));
    requests =
        StageReader.start(
            vertx,
            bus,
            StageReaderConfig.of("replay", Topic.REPLAY_REQUESTS),
            new ReplayStage(open),
            checkpoints,
            writer);
    timer = vertx.setPeriodic(REFRESH_MILLIS, tick -> open.refreshAll());
  }

  /** One process of many is enough to delete what nobody uses. */
  private Lease lease() {
    return new Lease(
        records,
        "replay-parts",
        String.valueOf(ProcessHandle.current().pid()),
        Duration.ofSeconds(3 * LOOK_SECONDS),
        System::nanoTime);
  }

  @Override
  public Future<?> stop() {
    keeping.shutdownNow();
    if (requests == null) {
      building.shutdown();
      return Future.succeededFuture();
    }
    vertx.cancelTimer(timer);
    open.stop();
    return hints
        .close()
        .eventually(requests::stop)
        .eventually(
            () -> {
              building.shutdown();
              mp4s.shutdown();
              return vertx.executeBlocking(
                  () ->
                      building.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)
                          && mp4s.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS));
            });
  }
}
