package io.sightline.clipper.rendition;

import io.sightline.bus.InRecord;
import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.bus.TransientException;
import io.sightline.records.Clip;
import io.sightline.records.MediaState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Has renditions made of every clip that is ready, one after another. */
final class RenditionStage implements Stage {

  private static final byte[] NOTHING = {};

  private final RenditionWork work;
  private final Executor executor;

  /**
   * @param executor plain threads of its own: rendering blocks, and live clips do not wait for it
   */
  RenditionStage(RenditionWork work, Executor executor) {
    this.work = work;
    this.executor = executor;
  }

  @Override
  public StagePartition open(int partition, byte[] state) {
    return new Partition();
  }

  private final class Partition implements StagePartition {

    @Override
    public Future<Void> process(InRecord record) {
      Clip clip = record.as(Clip.class);
      if (clip.state() != MediaState.READY || clip.indexKey() == null) {
        return Future.succeededFuture();
      }
      Promise<Void> done = Promise.promise();
      try {
        executor.execute(
            () -> {
              try {
                work.render(clip);
                done.complete();
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
    public byte[] state() {
      return NOTHING;
    }

    @Override
    public void close() {
      // What was made is stored, and nothing is held.
    }
  }
}
