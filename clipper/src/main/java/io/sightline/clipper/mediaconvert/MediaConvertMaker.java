package io.sightline.clipper.mediaconvert;

import io.sightline.clipper.ClipFolder;
import io.sightline.clipper.ClipMaker;
import io.sightline.clipper.ClipMedia;
import io.sightline.clipper.ClipOrder;
import io.sightline.clipper.ClipperConfig;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.Progress;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has clips made by MediaConvert, each on a thread of its own that mostly waits; what is more than
 * the settings allow at once waits for a thread. What a job could not make exactly is cut here.
 */
final class MediaConvertMaker implements ClipMaker {

  private static final Logger LOG = LoggerFactory.getLogger(MediaConvertMaker.class);

  private static final long CLOSE_SECONDS = 10;

  private final Vertx vertx;
  private final ObjectStore objects;
  private final ClipperConfig config;
  private final MediaConvert mediaConvert;
  private final ClipMaker local;
  private final ExecutorService threads;

  // Guarded by this.
  private final Map<String, Making> making = new TreeMap<>();
  private boolean closed;

  MediaConvertMaker(
      Vertx vertx, ObjectStore objects, ClipperConfig config, MediaConvert mediaConvert) {
    this.vertx = vertx;
    this.objects = objects;
    this.config = config;
    this.mediaConvert = mediaConvert;
    this.local = ClipMaker.local(vertx, objects, config);
    mediaConvert.use();
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            mediaConvert.settings().jobs(),
            task -> new Thread(task, "sightline-mediaconvert-" + number.incrementAndGet()));
  }

  @Override
  public Future<ClipMedia> make(ClipOrder order, Progress progress) {
    Making one;
    synchronized (this) {
      one = making.get(order.id());
      if (one == null && closed) {
        return Future.failedFuture(new IOException(order.id() + " is made after the next start"));
      }
      if (one == null) {
        one = new Making(order, progress);
        making.put(order.id(), one);
        threads.execute(one);
      }
    }
    return one.made.future();
  }

  @Override
  public Future<Void> cancel(String clip) {
    Making one;
    synchronized (this) {
      one = making.get(clip);
    }
    return one == null ? Future.succeededFuture() : one.cancel();
  }

  @Override
  public int atOnce() {
    return Math.max(2, mediaConvert.settings().jobs());
  }

  @Override
  public void close() {
    List<Making> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(making.values());
      threads.shutdown();
    }
    all.forEach(one -> one.stop.handedOver());
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn(
            "Clips are still being made by MediaConvert; they are gone on with at the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    mediaConvert.leave();
  }

  /** One clip in the making. */
  private final class Making implements Runnable {

    private final ClipOrder order;
    private final Progress progress;
    private final Stop stop = new Stop();
    private final Promise<ClipMedia> made = Promise.promise();
    private final Promise<Void> ended = Promise.promise();
    private volatile boolean begun;

    Making(ClipOrder order, Progress progress) {
      this.order = order;
      this.progress = progress;
    }

    Future<Void> cancel() {
      stop.unwanted();
      return begun ? ended.future() : Future.succeededFuture();
    }

    @Override
    public void run() {
      begun = true;
      ClipFolder folder = new ClipFolder(vertx, objects, order.id());
      ClipRun run = new ClipRun(order, folder, mediaConvert, stop);
      try {
        settle(made(run));
      } catch (CancellationException e) {
        if (stop.isUnwanted()) {
          run.forget();
          settle(Future.failedFuture(e));
        } else {
          settle(Future.failedFuture(new IOException(order.id() + " is gone on with later", e)));
        }
      } catch (MediaException e) {
        run.undo();
        settle(Future.failedFuture(e));
      } catch (IOException | RuntimeException | Error e) {
        settle(Future.failedFuture(e));
      }
    }

    private Future<ClipMedia> made(ClipRun run) throws MediaException, IOException {
      try {
        run.prepare();
      } catch (MediaException e) {
        if (e.reason() != Reason.UNSUPPORTED) {
          throw e;
        }
        LOG.info("{} is cut here: {}", order.id(), e.getMessage());
        return local.make(order, progress).map(media -> media.with("cut here: " + e.getMessage()));
      }
      return Future.succeededFuture(run.make(config.thumbnailWidth(), progress));
    }

    private void settle(Future<ClipMedia> outcome) {
      synchronized (MediaConvertMaker.this) {
        making.remove(order.id());
      }
      ended.complete();
      outcome.onComplete(made);
    }
  }
}
