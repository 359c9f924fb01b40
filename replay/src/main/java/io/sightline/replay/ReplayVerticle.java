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
import java.time.Clock;
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

  private final BusConfig bus;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Checkpoints checkpoints;
  private final Writer writer;

  private ExecutorService building;
  private LiveReader hints;
  private StageReader requests;
  private long timer;

  public ReplayVerticle(
      BusConfig bus,
      ObjectStore objects,
      RecordStore records,
      Checkpoints checkpoints,
      Writer writer) {
    this.bus = bus;
    this.objects = objects;
    this.records = records;
    this.checkpoints = checkpoints;
    this.writer = writer;
  }

  @Override
  public Future<?> start() {
    // A plain thread, because building waits for storage, which Vert.x threads may not.
    building = Executors.newSingleThreadExecutor(task -> new Thread(task, "sightline-replay"));
    OpenReplays open =
        new OpenReplays(
            new ReplayBuilder(vertx, objects, records, writer),
            new ReplayRemoval(objects, records, writer, Clock.systemUTC()),
            building);
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
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    vertx.cancelTimer(timer);
    return hints
        .close()
        .eventually(requests::stop)
        .eventually(
            () -> {
              building.shutdown();
              return vertx.executeBlocking(() -> building.awaitTermination(10, TimeUnit.SECONDS));
            });
  }
}
