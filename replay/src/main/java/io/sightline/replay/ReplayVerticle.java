package io.sightline.replay;

import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.InRecord;
import io.sightline.bus.LiveReader;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.file.OpenOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Wires the replay stage. Requests come through the stage reader; changes of segments and clips,
 * which lie in partitions of other owners, come as hints from a live reader, and the record store
 * is asked for the truth.
 */
public final class ReplayVerticle extends VerticleBase {

  private static final long REFRESH_MILLIS = 2_000;
  private static final long STOP_SECONDS = 10;

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
    return storeFiles().onSuccess(stored -> begin());
  }

  /** Whoever makes something of them may run on another machine. */
  private Future<?> storeFiles() {
    List<Future<Void>> stored = new ArrayList<>();
    files
        .byKey()
        .forEach(
            (key, file) ->
                stored.add(
                    objects.head(key).<Void>mapEmpty().recover(missing -> store(key, file))));
    return Future.all(stored);
  }

  private Future<Void> store(String key, Path file) {
    return vertx
        .fileSystem()
        .open(file.toString(), new OpenOptions().setRead(true).setWrite(false))
        .compose(open -> objects.put(key, open, "application/octet-stream").eventually(open::close))
        .mapEmpty();
  }

  private void begin() {
    // Plain threads, because building waits for storage, which Vert.x threads may not.
    building = Executors.newSingleThreadExecutor(task -> new Thread(task, "sightline-replay"));
    mp4s =
        Executors.newFixedThreadPool(
            MP4S_AT_ONCE, task -> new Thread(task, "sightline-replay-mp4"));
    open =
        new OpenReplays(
            new ReplayBuilder(vertx, objects, records, writer, files),
            new ReplayRemoval(objects, records, writer, Clock.systemUTC()),
            building,
            mp4s);
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

  @Override
  public Future<?> stop() {
    if (requests == null) {
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
