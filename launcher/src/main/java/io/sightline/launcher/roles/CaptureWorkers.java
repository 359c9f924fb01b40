package io.sightline.launcher.roles;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Capture in processes of its own: what native code does wrong costs one of them, and its streams a
 * reconnect. One that ends is started again, at once and then with growing pauses; what its streams
 * had captured waits in their spool.
 */
final class CaptureWorkers extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureWorkers.class);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Who has run for so long is started again at once. */
  private static final Duration STEADY = Duration.ofSeconds(30);

  /** A bit more than a worker takes to send what is left. */
  private static final Duration PATIENCE = Duration.ofMillis(3_700);

  private final List<String> arguments;
  private final List<Worker> workers;
  private final WorkerProcess[] running;
  private final long[] pauseMillis;
  private final Counter restarts =
      Counter.builder("sightline.capture.worker.restarts")
          .description("Workers of capture that ended by themselves")
          .register(Metrics.globalRegistry);
  private boolean stopping;
  private final AtomicReferenceArray<String> troubles;

  /**
   * @param arguments of the command line that runs capture as this process is asked to
   * @param workers all of them
   */
  CaptureWorkers(List<String> arguments, List<Worker> workers) {
    this.arguments = List.copyOf(arguments);
    this.workers = List.copyOf(workers);
    this.running = new WorkerProcess[workers.size()];
    this.pauseMillis = new long[workers.size()];
    this.troubles = new AtomicReferenceArray<>(workers.size());
  }

  /** Why not all of them run, as a sentence; null when they do. Any thread. */
  String trouble() {
    for (int index = 0; index < troubles.length(); index++) {
      String trouble = troubles.get(index);
      if (trouble != null) {
        return trouble;
      }
    }
    return null;
  }

  @Override
  public Future<?> start() {
    List<Future<Void>> all = new ArrayList<>();
    for (int index = 0; index < workers.size(); index++) {
      all.add(run(index));
    }
    return Future.all(all);
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    List<Future<Void>> all = new ArrayList<>();
    for (WorkerProcess worker : running) {
      if (worker != null) {
        all.add(end(worker));
      }
    }
    Metrics.globalRegistry.remove(restarts);
    return Future.join(all).otherwiseEmpty();
  }

  private Future<Void> run(int index) {
    return vertx
        .executeBlocking(() -> WorkerProcess.start(arguments, workers.get(index)), false)
        .map(
            worker -> {
              running[index] = worker;
              troubles.set(index, null);
              long since = System.nanoTime();
              LOG.info("Worker {} of capture is process {}", name(index), worker.pid());
              worker
                  .ended()
                  .thenAccept(code -> context.runOnContext(now -> ended(index, code, since)));
              if (stopping) {
                worker.stop();
              }
              return null;
            });
  }

  private void ended(int index, int code, long sinceNanos) {
    running[index] = null;
    if (stopping) {
      return;
    }
    restarts.increment();
    boolean steady = System.nanoTime() - sinceNanos >= STEADY.toNanos();
    long pause = steady ? 0 : pauseMillis[index];
    pauseMillis[index] = Math.min(LONGEST_PAUSE.toMillis(), Math.max(500, 2 * pause));
    String trouble =
        "Worker " + name(index) + " of capture ended with code " + code + " and is started again";
    troubles.set(index, trouble);
    LOG.error("{}; its streams reconnect", trouble);
    if (pause == 0) {
      again(index);
    } else {
      vertx.setTimer(pause, now -> again(index));
    }
  }

  private void again(int index) {
    if (!stopping) {
      run(index)
          .onFailure(
              failure -> {
                String trouble =
                    "Worker " + name(index) + " cannot be started: " + failure.getMessage();
                troubles.set(index, trouble);
                LOG.error(trouble);
                vertx.setTimer(LONGEST_PAUSE.toMillis(), now -> again(index));
              });
    }
  }

  private Future<Void> end(WorkerProcess worker) {
    Promise<Void> ended = Promise.promise();
    worker.ended().thenAccept(code -> ended.tryComplete());
    worker.stop();
    return ended
        .future()
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            late -> {
              worker.kill();
              return late instanceof TimeoutException
                  ? Future.succeededFuture()
                  : Future.failedFuture(late);
            });
  }

  private String name(int index) {
    return workers.get(index).name();
  }
}
