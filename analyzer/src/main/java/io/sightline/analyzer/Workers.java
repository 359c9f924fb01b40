package io.sightline.analyzer;

import io.sightline.bus.TransientException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that decode and analyse, as many as asked for. What waits for them is bounded by the
 * records that the reader has in flight.
 */
final class Workers implements AutoCloseable {

  private static final long CLOSE_SECONDS = 10;

  private final ExecutorService threads;
  private final Semaphore ahead;

  Workers(int count) {
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, "analysis-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    ahead = new Semaphore(2 * count);
  }

  /** Runs blocking work; what it throws fails the future. */
  <T> Future<T> run(Callable<T> work) {
    Promise<T> promise = Promise.promise();
    try {
      threads.execute(
          () -> {
            try {
              promise.complete(work.call());
            } catch (Throwable e) {
              promise.fail(e);
            }
          });
    } catch (RejectedExecutionException e) {
      promise.fail(new TransientException("The analyzer is stopping", e));
    }
    return promise.future();
  }

  /**
   * Whether there is room to decode a picture before its turn; decoded pictures are large. If so,
   * {@link #releaseAhead()} must follow.
   */
  boolean tryAhead() {
    return ahead.tryAcquire();
  }

  void releaseAhead() {
    ahead.release();
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
