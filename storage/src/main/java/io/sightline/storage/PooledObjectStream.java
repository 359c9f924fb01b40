package io.sightline.storage;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * A range of an object, read on the pool block by block as its reader asks, and handed out on the
 * context that opened it. Methods may be called by any thread.
 */
public final class PooledObjectStream implements ObjectStream {

  private static final int BLOCK_BYTES = 128 * 1024;

  private final Pool pool;
  private final Context context;
  private final ByteSource source;
  private final long length;

  // Guarded by this.
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

  /**
   * @param source has {@code length} bytes; closed by this stream
   */
  public PooledObjectStream(Pool pool, Context context, ByteSource source, long length) {
    this.pool = pool;
    this.context = context;
    this.source = source;
    this.length = length;
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
                    source.close();
                    return null;
                  })
              .recover(refused -> closeHere());
    }
    return closed;
  }

  /** A pool that takes no more work must not leave the source open. */
  private Future<Void> closeHere() {
    try {
      source.close();
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
    int size;
    synchronized (this) {
      size = (int) Math.min(BLOCK_BYTES, remaining);
    }
    pool.run(() -> Buffer.buffer(source.next(size)))
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
      tell.handle(StorageException.of("An object being read", failure));
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
}
