package io.sightline.storage;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;

/**
 * Writes a stream into an object, one block after the other on the pool. What waits is bounded by
 * the source's regard for {@link #writeQueueFull()}. Belongs to the context of its source.
 */
public final class PooledUpload implements WriteStream<Buffer> {

  private static final int DEFAULT_QUEUE_BYTES = 1 << 20;

  private final Pool pool;
  private final ByteSink sink;

  // Guarded by this.
  private Future<Void> last = Future.succeededFuture();
  private int maxQueueBytes = DEFAULT_QUEUE_BYTES;
  private int queuedBytes;
  private long totalBytes;
  private Handler<Void> drained;
  private Handler<Throwable> failed;

  private PooledUpload(Pool pool, ByteSink sink) {
    this.pool = pool;
    this.sink = sink;
  }

  /**
   * Reads a stream to its end.
   *
   * @param sink closed at the end, whatever that is
   * @return the object's size in bytes; fails when the stream does, or the sink
   */
  public static Future<Long> store(Pool pool, ReadStream<Buffer> content, ByteSink sink) {
    PooledUpload upload = new PooledUpload(pool, sink);
    return content
        .pipe()
        .endOnFailure(false)
        .to(upload)
        .eventually(upload::close)
        .map(stored -> upload.totalBytes());
  }

  @Override
  public Future<Void> write(Buffer data) {
    int size = data.length();
    Future<Void> written;
    synchronized (this) {
      queuedBytes += size;
      totalBytes += size;
      written = last.compose(none -> onPool(() -> sink.write(data)));
      last = written;
    }
    return written.onComplete(result -> written(size, result.cause()));
  }

  @Override
  public synchronized Future<Void> end() {
    last = last.compose(none -> onPool(sink::finish));
    return last;
  }

  /** When the block under way is through: a sink has one caller at a time. */
  private synchronized Future<Void> close() {
    return last.transform(any -> onPool(sink::close));
  }

  private synchronized long totalBytes() {
    return totalBytes;
  }

  @Override
  public synchronized boolean writeQueueFull() {
    return queuedBytes >= maxQueueBytes;
  }

  @Override
  public synchronized PooledUpload setWriteQueueMaxSize(int bytes) {
    maxQueueBytes = bytes;
    return this;
  }

  @Override
  public synchronized PooledUpload drainHandler(Handler<Void> handler) {
    drained = handler;
    return this;
  }

  @Override
  public synchronized PooledUpload exceptionHandler(Handler<Throwable> handler) {
    failed = handler;
    return this;
  }

  private Future<Void> onPool(Step step) {
    return pool.run(
        () -> {
          step.run();
          return null;
        });
  }

  private void written(int size, Throwable failure) {
    Handler<Void> drain = null;
    Handler<Throwable> fail;
    synchronized (this) {
      queuedBytes -= size;
      if (drained != null && queuedBytes <= maxQueueBytes / 2) {
        drain = drained;
        drained = null;
      }
      fail = failed;
    }
    if (failure != null && fail != null) {
      fail.handle(failure);
    } else if (drain != null) {
      drain.handle(null);
    }
  }

  private interface Step {
    void run() throws IOException;
  }
}
