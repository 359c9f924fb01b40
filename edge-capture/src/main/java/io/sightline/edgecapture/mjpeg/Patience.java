package io.sightline.edgecapture.mjpeg;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ends blocking calls from outside: when they take too long in all, however busily the other side
 * drips bytes, and when the stream is stopped. A reading thread hears neither an interrupt nor a
 * socket's timeout then.
 */
final class Patience implements AutoCloseable {

  private static final long LOOK_MILLIS = 100;

  /** One thread for all cameras of the process: it only compares times and closes sockets. */
  private static final ScheduledThreadPoolExecutor WATCH = watch();

  private final BooleanSupplier stop;
  private final Runnable abort;
  private final ScheduledFuture<?> looking;
  private volatile long deadlineNanos;
  private volatile boolean armed;
  private volatile boolean expired;

  /**
   * @param stop asked often, from another thread
   * @param abort ends the blocking call; called from another thread, also more than once
   */
  Patience(BooleanSupplier stop, Runnable abort) {
    this.stop = stop;
    this.abort = abort;
    this.looking =
        WATCH.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** From now on, for so long. */
  void begin(Duration limit) {
    expired = false;
    deadlineNanos = System.nanoTime() + limit.toNanos();
    armed = true;
  }

  /** The blocking call has returned. */
  void end() {
    armed = false;
  }

  /** Whether the last call was ended for having taken too long. */
  boolean expired() {
    return expired;
  }

  boolean stopped() {
    return stop.getAsBoolean();
  }

  private void look() {
    if (!armed) {
      return;
    }
    if (System.nanoTime() - deadlineNanos > 0) {
      expired = true;
    }
    if (expired || stop.getAsBoolean()) {
      abort.run();
    }
  }

  @Override
  public void close() {
    armed = false;
    looking.cancel(false);
  }

  private static ScheduledThreadPoolExecutor watch() {
    ScheduledThreadPoolExecutor watch =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "camera-patience");
              thread.setDaemon(true);
              return thread;
            });
    watch.setRemoveOnCancelPolicy(true);
    return watch;
  }
}
