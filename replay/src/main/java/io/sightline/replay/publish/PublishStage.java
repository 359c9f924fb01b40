package io.sightline.replay.publish;

import io.sightline.bus.InRecord;
import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.bus.TransientException;
import io.sightline.records.Replay;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Brings what is published up to date with each replay that has changed. */
final class PublishStage implements Stage {

  private static final byte[] NOTHING = new byte[0];

  private final PublishWork work;
  private final Executor executor;

  /**
   * @param executor one plain thread: copying blocks
   */
  PublishStage(PublishWork work, Executor executor) {
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
      Replay replay = record.as(Replay.class);
      Promise<Void> done = Promise.promise();
      try {
        executor.execute(
            () -> {
              try {
                work.update(replay.id());
                done.complete();
              } catch (RuntimeException | Error e) {
                done.fail(e);
              }
            });
      } catch (RejectedExecutionException e) {
        done.fail(new TransientException("Publishing stops", e));
      }
      return done.future();
    }

    @Override
    public byte[] state() {
      return NOTHING;
    }

    @Override
    public void close() {
      // What is published is stored, and nothing is held.
    }
  }
}
