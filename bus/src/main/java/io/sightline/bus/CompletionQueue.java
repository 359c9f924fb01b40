package io.sightline.bus;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Where futures that complete on any thread report to the reader's thread. */
final class CompletionQueue {

  /** Bounded by the records in flight: each reports once. */
  private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();

  void add(Runnable completion) {
    waiting.add(completion);
  }

  /** Runs all that have come. */
  void run() {
    Runnable next;
    while ((next = waiting.poll()) != null) {
      next.run();
    }
  }

  /** Waits for the next one, up to a time, and runs all that have come. */
  void await(Duration time) {
    try {
      Runnable first = waiting.poll(time.toNanos(), TimeUnit.NANOSECONDS);
      if (first != null) {
        first.run();
        run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
