package io.sightline.storage.testing;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Blocks of bytes as a stream that keeps to its reader's demand, then ends or fails. */
public final class BlockStream implements ReadStream<Buffer> {

  private final Context context;
  private final Throwable failure;

  // Guarded by this.
  private final Queue<Buffer> blocks;
  private long demand = Long.MAX_VALUE;
  private boolean scheduled;
  private boolean over;
  private Handler<Buffer> handler;
  private Handler<Void> ended;
  private Handler<Throwable> failed;

  /**
   * @param failure what comes after the last block; null for a clean end
   */
  public BlockStream(Context context, List<Buffer> blocks, Throwable failure) {
    this.context = context;
    this.blocks = new ArrayDeque<>(blocks);
    this.failure = failure;
  }

  @Override
  public BlockStream handler(Handler<Buffer> newHandler) {
    synchronized (this) {
      handler = newHandler;
    }
    return schedule();
  }

  @Override
  public synchronized BlockStream endHandler(Handler<Void> newHandler) {
    ended = newHandler;
    return this;
  }

  @Override
  public synchronized BlockStream exceptionHandler(Handler<Throwable> newHandler) {
    failed = newHandler;
    return this;
  }

  @Override
  public synchronized BlockStream pause() {
    demand = 0;
    return this;
  }

  @Override
  public BlockStream resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public BlockStream fetch(long amount) {
    synchronized (this) {
      demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    }
    return schedule();
  }

  private synchronized BlockStream schedule() {
    if (!scheduled && !over && demand > 0 && handler != null) {
      scheduled = true;
      context.runOnContext(none -> step());
    }
    return this;
  }

  private void step() {
    Buffer next;
    Handler<Buffer> toHandler;
    synchronized (this) {
      scheduled = false;
      if (over || demand == 0 || handler == null) {
        return;
      }
      next = blocks.poll();
      demand -= next == null || demand == Long.MAX_VALUE ? 0 : 1;
      over = next == null;
      toHandler = handler;
    }
    if (next != null) {
      toHandler.handle(next);
    } else if (failure != null) {
      failed.handle(failure);
    } else {
      ended.handle(null);
    }
    schedule();
  }
}
