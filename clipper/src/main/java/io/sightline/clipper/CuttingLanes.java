package io.sightline.clipper;

import io.sightline.bus.TransientException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The order in which clips are made: in two lanes, on threads of their own.
 *
 * <p>Somebody waits for what is in the first lane; what is in the other may take long. One place is
 * kept for either, so neither lane ever waits for the other to come to an end; any further place
 * that becomes free goes to the first lane while something waits there. Within a lane those who
 * have work there take turns, each with its own work in the order in which it came.
 *
 * <p>Work has its place until its future completes. How much may wait is for those to bound who
 * hand it in. Thread-safe.
 */
final class CuttingLanes {

  enum Lane {
    FIRST,
    ASIDE
  }

  private record Task(Supplier<Future<Void>> work, Promise<Void> done) {}

  private final int places;
  private final ExecutorService threads;

  // Guarded by this.
  private final Map<Lane, Turns> waiting = new EnumMap<>(Lane.class);
  private final Map<Lane, Integer> running = new EnumMap<>(Lane.class);
  private boolean closed;

  /**
   * @param places how much is worked on at once, at least two
   */
  CuttingLanes(int places) {
    if (places < 2) {
      throw new IllegalArgumentException("Two lanes need two places, not " + places);
    }
    this.places = places;
    AtomicInteger number = new AtomicInteger();
    // Plain threads, because cutting waits for storage, which Vert.x threads may not.
    this.threads =
        Executors.newFixedThreadPool(
            places, task -> new Thread(task, "sightline-cutting-" + number.incrementAndGet()));
    for (Lane lane : Lane.values()) {
      waiting.put(lane, new Turns());
      running.put(lane, 0);
    }
  }

  /**
   * Has work done when its turn comes.
   *
   * @param of who takes turns with others, such as a stream
   * @param work may block
   * @return completes as the work does; fails with {@link TransientException} when this is closed
   *     before its turn
   */
  Future<Void> run(Lane lane, String of, Supplier<Future<Void>> work) {
    Task task = new Task(work, Promise.promise());
    boolean late;
    synchronized (this) {
      late = closed;
      if (!late) {
        waiting.get(lane).add(of, task);
        begin();
      }
    }
    if (late) {
      leave(task);
    }
    return task.done().future();
  }

  /** What waits is given up; what is being worked on may end. */
  void close() {
    List<Task> left = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Turns turns : waiting.values()) {
        for (Task task = turns.next(); task != null; task = turns.next()) {
          left.add(task);
        }
      }
      threads.shutdown();
    }
    left.forEach(CuttingLanes::leave);
  }

  /** Blocks until all work has ended. Returns false when it has not in time. */
  boolean awaitEnd(long seconds) throws InterruptedException {
    return threads.awaitTermination(seconds, TimeUnit.SECONDS);
  }

  private synchronized void begin() {
    for (Lane lane : Lane.values()) {
      while (!closed && hasPlace(lane) && !waiting.get(lane).isEmpty()) {
        Task task = waiting.get(lane).next();
        running.merge(lane, 1, Integer::sum);
        threads.execute(() -> work(lane, task));
      }
    }
  }

  private boolean hasPlace(Lane lane) {
    int all = running.values().stream().mapToInt(Integer::intValue).sum();
    return all < places && running.get(lane) < places - 1;
  }

  private void work(Lane lane, Task task) {
    Future<Void> work;
    try {
      work = task.work().get();
    } catch (RuntimeException | Error e) {
      work = Future.failedFuture(e);
    }
    work.onComplete(
        ended -> {
          synchronized (this) {
            running.merge(lane, -1, Integer::sum);
            begin();
          }
          task.done().handle(ended);
        });
  }

  private static void leave(Task task) {
    task.done().fail(new TransientException("The clipper stops", null));
  }

  /** Who comes next. */
  private static final class Turns {

    private final LinkedHashMap<String, ArrayDeque<Task>> tasks = new LinkedHashMap<>();

    void add(String of, Task task) {
      tasks.computeIfAbsent(of, none -> new ArrayDeque<>()).add(task);
    }

    boolean isEmpty() {
      return tasks.isEmpty();
    }

    /** Null when nothing waits. */
    Task next() {
      if (tasks.isEmpty()) {
        return null;
      }
      String of = tasks.keySet().iterator().next();
      ArrayDeque<Task> own = tasks.remove(of);
      Task task = own.remove();
      if (!own.isEmpty()) {
        tasks.put(of, own);
      }
      return task;
    }
  }
}
