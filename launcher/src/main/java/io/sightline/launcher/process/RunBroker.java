package io.sightline.launcher.process;

import io.sightline.bus.broker.BrokerProcess;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The broker of one run. It takes seconds to start, so it starts beside everything else, and may be
 * ended before it is there.
 */
final class RunBroker implements AutoCloseable {

  private final CompletableFuture<BrokerProcess> started = new CompletableFuture<>();
  private final Thread start;

  /** Begins to start it. */
  RunBroker(Path data) {
    start =
        new Thread(
            () -> {
              try {
                started.complete(BrokerProcess.start(data, 0));
              } catch (RuntimeException e) {
                started.completeExceptionally(e);
              }
            },
            "sightline-broker-start");
    start.start();
  }

  /** Completes with where it listens. */
  CompletableFuture<String> bootstrap() {
    return started.thenApply(BrokerProcess::bootstrap);
  }

  /** Whether it is gone although nobody ended it. */
  boolean ended() {
    return started.isDone()
        && !started.isCompletedExceptionally()
        && started.join().ended().isDone();
  }

  /**
   * Ends it, also in the middle of its start. What it holds is thrown away, so it need not be put
   * in order; but for its class data archive.
   */
  @Override
  public void close() {
    start.interrupt();
    try {
      BrokerProcess broker = started.join();
      if (System.getProperty(BrokerProcess.JVM_OPTION, "").contains("ArchiveClassesAtExit")) {
        broker.close();
      } else {
        broker.kill();
      }
    } catch (CompletionException e) {
      // It did not start, so there is nothing to end.
    }
  }
}
