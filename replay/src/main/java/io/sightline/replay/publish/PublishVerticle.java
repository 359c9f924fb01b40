package io.sightline.replay.publish;

import io.sightline.bus.BlockingStage;
import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Wires the publishing of replays: a stage of its own over {@code replays}, and over the renditions
 * that their clips come to have, on a thread of its own, so that a slow place holds up no replay.
 */
public final class PublishVerticle extends VerticleBase {

  private static final long STOP_SECONDS = 10;

  private final PublishPlace place;
  private final BusConfig bus;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Checkpoints checkpoints;
  private final Writer writer;

  private ExecutorService publishing;
  private PublishTarget target;
  private PublishWork work;
  private StageReader reader;
  private StageReader renditions;

  public PublishVerticle(
      PublishPlace place,
      BusConfig bus,
      ObjectStore objects,
      RecordStore records,
      Checkpoints checkpoints,
      Writer writer) {
    this.place = place;
    this.bus = bus;
    this.objects = objects;
    this.records = records;
    this.checkpoints = checkpoints;
    this.writer = writer;
  }

  @Override
  public Future<?> start() {
    // A plain thread, because copying waits for storage, which Vert.x threads may not.
    publishing = Executors.newSingleThreadExecutor(task -> new Thread(task, "sightline-publish"));
    return vertx
        .executeBlocking(place::open)
        .map(
            opened -> {
              target = opened;
              work = new PublishWork(place, target, objects, records, Clock.systemUTC());
              reader =
                  StageReader.start(
                      vertx,
                      bus,
                      StageReaderConfig.of("publish", Topic.REPLAYS),
                      new BlockingStage(
                          publishing, record -> work.update(record.as(Replay.class).id())),
                      checkpoints,
                      writer);
              renditions =
                  StageReader.start(
                      vertx,
                      bus,
                      StageReaderConfig.of("publish-renditions", Topic.RENDITIONS),
                      new BlockingStage(
                          publishing, record -> work.made(record.as(Rendition.class))),
                      checkpoints,
                      writer);
              return null;
            });
  }

  @Override
  public Future<?> stop() {
    if (reader == null) {
      publishing.shutdownNow();
      return Future.succeededFuture();
    }
    // What is not copied by now is copied by whoever goes on.
    work.stop();
    return Future.join(reader.stop(), renditions.stop())
        .eventually(
            () -> {
              publishing.shutdownNow();
              return vertx.executeBlocking(
                  () -> publishing.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS));
            })
        .eventually(
            () -> {
              target.close();
              return Future.succeededFuture();
            });
  }
}
