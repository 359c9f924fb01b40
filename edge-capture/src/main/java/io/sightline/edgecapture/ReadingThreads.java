package io.sightline.edgecapture;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The threads that read a stream's inputs, and what makes them end. Belongs to one context. */
final class ReadingThreads {

  private final Consumer<Throwable> failed;
  private final List<Thread> threads = new ArrayList<>();
  private final List<Future<Void>> ends = new ArrayList<>();
  private final List<Consumer<String>> stops = new ArrayList<>();

  /**
   * @param failed is told on the thread when it ends by something that nobody thought of
   */
  ReadingThreads(Consumer<Throwable> failed) {
    this.failed = failed;
  }

  /** What to do at the stop, before the threads are interrupted and before what was added first. */
  void atStop(Consumer<String> stop) {
    stops.add(0, stop);
  }

  void start(String name, Runnable work) {
    Promise<Void> end = Promise.promise();
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                failed.accept(e);
              } finally {
                end.tryComplete();
              }
            },
            name);
    thread.setDaemon(true);
    threads.add(thread);
    ends.add(end.future());
    thread.start();
  }

  /**
   * Has all of them end.
   *
   * @param why as a sentence
   * @return completes, on one of the threads, when they have
   */
  Future<Void> stop(String why) {
    stops.forEach(stop -> stop.accept(why));
    threads.forEach(Thread::interrupt);
    return Future.join(new ArrayList<>(ends)).mapEmpty();
  }
}
