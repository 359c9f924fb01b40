package io.sightline.storage;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A range of a file, read on the pool block by block as its reader asks, and handed out on the
 * context that opened it. Methods may be called by any thread.
 */
final class DiskObjectStream implements ObjectStream {

  private static final int BLOCK_BYTES = 128 * 1024;

  private final Pool pool;
  private final Context context;
  private final FileChannel file;
  private final long length;

  // Guarded by this.
  private long position;
  private long remaining;
  private long demand;
  private Buffer block;
  private boolean reading;
  private boolean delivering;
  private boolean done;
  private Future<Void> closed;
  private Handler<Buffer> handler;
  private Handler<Void> ended;
  private Handler<Throwable> failed;

  DiskObjectStream(Pool pool, Context context, FileChannel file, long offset, long length) {
    this.pool = pool;
    this.context = context;
    this.file = file;
    this.length = length;
    this.position = offset;
    this.remaining = length;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public ObjectStream handler(Handler<Buffer> newHandler) {
    synchronized (this) {
      handler = newHandler;
    }
    return advance();
  }

  @Override
  public synchronized ObjectStream endHandler(Handler<Void> newHandler) {
    ended = newHandler;
    return this;
  }

  @Override
  public synchronized ObjectStream exceptionHandler(Handler<Throwable> newHandler) {
    failed = newHandler;
    return this;
  }

  @Override
  public synchronized ObjectStream pause() {
    demand = 0;
    return this;
  }

  @Override
  public ObjectStream resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public ObjectStream fetch(long amount) {
    if (amount < 0) {
      throw new IllegalArgumentException("Nobody can ask for " + amount + " blocks");
    }
    synchronized (this) {
      demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    }
    return advance();
  }

  @Override
  public synchronized Future<Void> close() {
    done = true;
    block = null;
    if (closed == null) {
      closed =
          pool.<Void>run(
                  () -> {
                    file.close();
                    return null;
                  })
              .recover(refused -> closeHere());
    }
    return closed;
  }

  /** A pool that takes no more work must not leave the file open. */
  private Future<Void> closeHere() {
    try {
      file.close();
      return Future.succeededFuture();
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  /** Brings the next step about: a read, or handing out what was read. */
  private ObjectStream advance() {
    boolean read = false;
    synchronized (this) {
      if (done || demand == 0 || handler == null && ended == null) {
        return this;
      }
      if (block == null && remaining > 0) {
        read = !reading;
        reading = true;
      } else if (!delivering) {
        delivering = true;
        context.runOnContext(none -> deliver());
      }
    }
    if (read) {
      read();
    }
    return this;
  }

  private void read() {
    long from;
    int size;
    synchronized (this) {
      from = position;
      size = (int) Math.min(BLOCK_BYTES, remaining);
    }
    pool.run(() -> readFully(file, from, size))
        .onComplete(
            result -> context.runOnContext(none -> arrived(result.result(), result.cause())));
  }

  private void arrived(Buffer read, Throwable failure) {
    Handler<Throwable> tell;
    synchronized (this) {
      reading = false;
      if (done) {
        return;
      }
      if (failure == null) {
        block = read;
        position += read.length();
        remaining -= read.length();
      }
      tell = failed;
    }
    if (failure == null) {
      advance();
      return;
    }
    close();
    if (tell != null) {
      tell.handle(DiskObjectStore.failure("An object being read", failure));
    }
  }

  /** On the context. Hands out one block, or the end. */
  private void deliver() {
    Buffer next;
    Handler<Buffer> toHandler;
    Handler<Void> toEnded = null;
    synchronized (this) {
      delivering = false;
      if (done || demand == 0) {
        return;
      }
      next = block;
      block = null;
      toHandler = handler;
      if (next != null && demand != Long.MAX_VALUE) {
        demand--;
      }
      if (next == null && remaining == 0) {
        done = true;
        toEnded = ended;
        close();
      }
    }
    if (next != null && toHandler != null) {
      toHandler.handle(next);
    }
    if (toEnded != null) {
      toEnded.handle(null);
    }
    advance();
  }

  /** Reads exactly {@code size} bytes. Blocking. */
  static Buffer readFully(FileChannel file, long from, int size) throws IOException {
    byte[] bytes = new byte[size];
    ByteBuffer into = ByteBuffer.wrap(bytes);
    while (into.hasRemaining()) {
      if (file.read(into, from + into.position()) < 0) {
        throw new EOFException("The file ends at " + (from + into.position()));
      }
    }
    return Buffer.buffer(bytes);
  }
}
