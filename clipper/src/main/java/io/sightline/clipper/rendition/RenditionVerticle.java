package io.sightline.clipper.rendition;

import io.sightline.bus.BlockingStage;
import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.InRecord;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.clipper.ClipperConfig;
import io.sightline.records.Clip;
import io.sightline.records.RenditionRequest;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Wires the making of renditions: it follows the clips that are announced, and what people ask of
 * earlier ones, on one thread, so that cutting keeps the rest of the machine.
 */
public final class RenditionVerticle extends VerticleBase {

  private static final long STOP_SECONDS = 10;

  private final ClipperConfig config;
  private final BusConfig bus;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Checkpoints checkpoints;
  private final Writer writer;

  private ExecutorService rendering;
  private RenditionWork work;
  private StageReader reader;

  public RenditionVerticle(
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
    // A plain thread, because rendering waits for storage, which Vert.x threads may not.
    rendering = Executors.newSingleThreadExecutor(task -> new Thread(task, "sightline-rendering"));
    work = new RenditionWork(vertx, objects, records, writer, config);
    reader =
        StageReader.start(
            vertx,
            bus,
            StageReaderConfig.of("renditions", Topic.CLIPS, Topic.RENDITION_REQUESTS),
            new BlockingStage(rendering, this::work),
            checkpoints,
            writer);
    return Future.succeededFuture();
  }

  private void work(InRecord record) {
    if (record.topic() == Topic.CLIPS) {
      work.render(record.as(Clip.class));
    } else {
      work.render(record.as(RenditionRequest.class));
    }
  }

  @Override
  public Future<?> stop() {
    // What is not made by now is made by whoever goes on: ending may not take as long as a film.
    work.stop();
    return reader
        .stop()
        .eventually(
            () -> {
              rendering.shutdownNow();
              return vertx.executeBlocking(
                  () -> rendering.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS));
            });
  }
}
