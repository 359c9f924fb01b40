package io.sightline.storage;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.Callable;

/**
 * Writes a stream into a file, one block after the other on the pool. What waits is bounded by the
 * source's regard for {@link #writeQueueFull()}. Belongs to the context of its source.
 */
final class DiskUpload implements WriteStream<Buffer> {

  private static final int DEFAULT_QUEUE_BYTES = 1 << 20;

  private final Pool pool;
  private final FileChannel file;
  private final Callable<Void> finish;

  // Guarded by this.
  private Future<Void> last = Future.succeededFuture();
  private int maxQueueBytes = DEFAULT_QUEUE_BYTES;
  private int queuedBytes;
  private Handler<Void> drained;
  private Handler<Throwable> failed;

  /**
   * @param finish runs on the pool after the last block is written
   */
  DiskUpload(Pool pool, FileChannel file, Callable<Void> finish) {
    this.pool = pool;
    this.file = file;
    this.finish = finish;
  }

  @Override
  public Future<Void> write(Buffer data) {
    int size = data.length();
    Future<Void> written;
    synchronized (this) {
      queuedBytes += size;
      written = last.compose(none -> pool.run(() -> append(data)));
      last = written;
    }
    return written.onComplete(result -> written(size, result.cause()));
  }

  @Override
  public synchronized Future<Void> end() {
    last = last.compose(none -> pool.run(finish));
    return last;
  }

  @Override
  public synchronized boolean writeQueueFull() {
    return queuedBytes >= maxQueueBytes;
  }

  @Override
  public synchronized DiskUpload setWriteQueueMaxSize(int bytes) {
    maxQueueBytes = bytes;
    return this;
  }

  @Override
  public synchronized DiskUpload drainHandler(Handler<Void> handler) {
    drained = handler;
    return this;
  }

  @Override
  public synchronized DiskUpload exceptionHandler(Handler<Throwable> handler) {
    failed = handler;
    return this;
  }

  private Void append(Buffer data) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(data.getBytes());
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    return null;
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
}
