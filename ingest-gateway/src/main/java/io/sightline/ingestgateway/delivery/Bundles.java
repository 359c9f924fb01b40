package io.sightline.ingestgateway.delivery;

import io.sightline.ingestgateway.web.Problem;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.timeline.TimelineBundle;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends media and timelines as one zip, made while it is sent: a part of one file is in memory, and
 * nothing on disk. A few at a time, each on a thread of its own that waits for its reader. For any
 * thread.
 */
public final class Bundles {

  private static final Logger LOG = LoggerFactory.getLogger(Bundles.class);

  private static final int AT_ONCE = 2;
  private static final int MOST_WAITING = 16;
  private static final int PART_BYTES = 1 << 20;

  /** A reader that takes nothing for so long would keep others waiting. */
  private static final long READER_SECONDS = 60;

  private final ObjectStore objects;
  private final ByteSource bytes;
  private final WorkerExecutor workers;
  private final AtomicInteger asked = new AtomicInteger();

  public Bundles(Vertx vertx, ObjectStore objects) {
    this.objects = objects;
    this.bytes = new StoredBytes(objects);
    // How long one takes depends on whoever reads it.
    this.workers = vertx.createSharedWorkerExecutor("sightline-bundle", AT_ONCE, 1, TimeUnit.DAYS);
  }

  /**
   * One file.
   *
   * @param path in the zip
   * @param key of the object that it is a copy of; null when {@code content} is all of it
   */
  public record Entry(String path, String key, byte[] content) {

    public static Entry of(String path, String key) {
      return new Entry(path, key, null);
    }

    public static Entry of(String path, byte[] content) {
      return new Entry(path, null, content);
    }
  }

  /**
   * Answers with a zip of files, in their order, and their checksums.
   *
   * @param name of the zip
   */
  public void send(RoutingContext context, String name, List<Entry> entries) {
    if (asked.incrementAndGet() > MOST_WAITING) {
      asked.decrementAndGet();
      context.fail(
          Problem.of(503, "Many bundles are being made already; try again in some minutes."));
      return;
    }
    HttpServerResponse response = context.response();
    response
        .putHeader("Content-Type", "application/zip")
        .putHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .putHeader("Cache-Control", "no-store")
        .setChunked(true);
    workers
        .executeBlocking(() -> write(entries, new Reader(response)), false)
        .compose(v -> response.end())
        .onComplete(v -> asked.decrementAndGet())
        .onFailure(failure -> giveUp(context, failure));
  }

  private Void write(List<Entry> entries, OutputStream out) throws IOException {
    TimelineBundle bundle = new TimelineBundle(out);
    for (Entry entry : entries) {
      try (OutputStream file = bundle.create(entry.path())) {
        if (entry.key() == null) {
          file.write(entry.content());
        } else {
          copy(entry.key(), file);
        }
      }
    }
    bundle.finish();
    bundle.close();
    return null;
  }

  private void copy(String key, OutputStream file) throws IOException {
    long size = await(objects.head(key)).sizeBytes();
    for (long offset = 0; offset < size; offset += PART_BYTES) {
      file.write(bytes.read(key, offset, Math.min(PART_BYTES, size - offset)));
    }
  }

  /** What has begun must not look whole. */
  private static void giveUp(RoutingContext context, Throwable failure) {
    if (context.response().headWritten()) {
      context.response().reset();
    } else {
      context.response().setChunked(false).headers().remove("Content-Disposition");
      LOG.warn("A bundle cannot be made: {}", failure.getMessage());
      context.fail(
          Problem.of(503, "A file of the bundle cannot be read now; try again in some minutes."));
    }
  }

  /** Whoever reads the answer, waited for. */
  private static final class Reader extends OutputStream {

    private final HttpServerResponse response;

    Reader(HttpServerResponse response) {
      this.response = response;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] content, int offset, int length) throws IOException {
      await(response.write(Buffer.buffer(length).appendBytes(content, offset, length)));
    }
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(READER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("Nothing was taken for " + READER_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The gateway stops");
    }
  }
}
