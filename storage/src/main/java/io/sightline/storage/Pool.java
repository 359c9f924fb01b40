package io.sightline.storage;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;

/**
 * Named threads for blocking work, with a bound on what may wait. Results arrive on the caller's
 * context. Safe for use by any thread.
 */
public final class Pool {

  private static final int MAX_UNDERWAY = 10_000;

  private final Vertx vertx;
  private final String name;
  private final WorkerExecutor executor;

  // Guarded by this.
  private int underway;
  private boolean closing;
  private final Promise<Void> idle = Promise.promise();
  private Future<Void> closed;

  public Pool(Vertx vertx, String name, int threads) {
    this.vertx = vertx;
    this.name = name;
    this.executor = vertx.createSharedWorkerExecutor(name, threads);
  }

  /** Runs {@code work} unless the pool is closing or has too much to do. */
  public <T> Future<T> run(Callable<T> work) {
    synchronized (this) {
      if (closing) {
        return unavailable("is closed");
      }
      if (underway >= MAX_UNDERWAY) {
        return unavailable("is behind: " + MAX_UNDERWAY + " requests wait already");
      }
      underway++;
    }
    return executor.executeBlocking(
        () -> {
          try {
            return work.call();
          } finally {
            leave();
          }
        },
        false);
  }

  /** Lets what is under way finish, then runs {@code last} and ends; safe to call twice. */
  public synchronized Future<Void> close(Callable<Void> last) {
    if (closed == null) {
      closing = true;
      closed =
          idle.future()
              .compose(none -> executor.executeBlocking(last, false))
              .eventually(executor::close);
      if (underway == 0) {
        idle.complete();
      }
    }
    return Future.fromCompletionStage(closed.toCompletionStage(), vertx.getOrCreateContext());
  }

  private void leave() {
    boolean last;
    synchronized (this) {
      last = --underway == 0 && closing;
    }
    if (last) {
      idle.tryComplete();
    }
  }

  private <T> Future<T> unavailable(String what) {
    return Future.failedFuture(
        new StorageException(
            StorageException.Reason.UNAVAILABLE, "The store " + name + " " + what));
  }
}
