package io.sightline.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * A stage whose work blocks and holds nothing from one record to the next: each record is worked
 * off on threads of its own, those of a partition one after another.
 */
public final class BlockingStage implements Stage {

  private static final byte[] NOTHING = {};

  private final Executor executor;
  private final Consumer<InRecord> work;

  /**
   * @param executor plain threads; when it takes nothing any more, records are left to whoever goes
   *     on
   * @param work throws {@link TransientException} for what may succeed later
   */
  public BlockingStage(Executor executor, Consumer<InRecord> work) {
    this.executor = executor;
    this.work = work;
  }

  @Override
  public StagePartition open(int partition, byte[] state) {
    return new Partition();
  }

  private final class Partition implements StagePartition {

    @Override
    public Future<Void> process(InRecord record) {
      Promise<Void> done = Promise.promise();
      try {
        executor.execute(
            () -> {
              try {
                work.accept(record);
                done.complete();
              } catch (RuntimeException | Error e) {
                done.fail(e);
              }
            });
      } catch (RejectedExecutionException e) {
        done.fail(new TransientException("This stage stops", e));
      }
      return done.future();
    }

    @Override
    public byte[] state() {
      return NOTHING;
    }

    @Override
    public void close() {
      // What was done is stored, and nothing is held.
    }
  }
}
