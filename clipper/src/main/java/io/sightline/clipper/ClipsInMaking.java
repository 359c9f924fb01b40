package io.sightline.clipper;

import io.sightline.bus.TransientException;
import io.sightline.records.Segment;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clips of one partition that are being made while its stage reads on. They are part of what the
 * stage saves, so whoever goes on after a kill has them made again. Thread-safe.
 */
final class ClipsInMaking {

  private static final Logger LOG = LoggerFactory.getLogger(ClipsInMaking.class);

  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final ClipStage.Clipping clipping;
  private final Duration pause;

  // Guarded by this.
  private final Map<String, Segment> making = new TreeMap<>();
  private final List<Promise<Void>> waiting = new ArrayList<>();
  private boolean left;
  private boolean closed;

  ClipsInMaking(ClipStage.Clipping clipping) {
    this(clipping, PAUSE);
  }

  /**
   * @param pause before what failed and may pass is tried again
   */
  ClipsInMaking(ClipStage.Clipping clipping, Duration pause) {
    this.clipping = clipping;
    this.pause = pause;
  }

  /** Has a clip made, unless it is being made, or a newer one of the same segment. */
  void begin(Segment segment) {
    synchronized (this) {
      Segment held = making.get(segment.id());
      if (held != null && held.revision() >= segment.revision()) {
        return;
      }
      making.put(segment.id(), segment);
    }
    make(segment);
  }

  /** Ends the making of an older clip of a segment; completes when it is ended. */
  Future<Void> supersede(Segment segment) {
    Segment older;
    synchronized (this) {
      older = making.get(segment.id());
      if (older == null || older.revision() >= segment.revision()) {
        return Future.succeededFuture();
      }
    }
    done(older);
    return clipping.cancel(older);
  }

  /** Completes when no more clips are being made than there may be. */
  synchronized Future<Void> room() {
    if (left || making.size() <= clipping.ahead()) {
      return Future.succeededFuture();
    }
    Promise<Void> room = Promise.promise();
    waiting.add(room);
    return room.future();
  }

  /** Nobody waits for room any more: what is being made goes on, or is gone on with elsewhere. */
  void leave() {
    List<Promise<Void>> free;
    synchronized (this) {
      left = true;
      free = List.copyOf(waiting);
      waiting.clear();
    }
    free.forEach(Promise::tryComplete);
  }

  /** Those whose clips are not announced yet. */
  synchronized List<Segment> segments() {
    return List.copyOf(making.values());
  }

  /** What is being made is no longer this one's concern. */
  void close() {
    synchronized (this) {
      closed = true;
      making.clear();
    }
    leave();
  }

  private void make(Segment segment) {
    clipping
        .clip(segment, () -> wanted(segment))
        .onComplete(
            made -> {
              if (made.succeeded() || made.cause() instanceof CancellationException) {
                done(segment);
              } else if (made.cause() instanceof TransientException) {
                LOG.debug("{}: {}", segment.id(), made.cause().getMessage());
                again(segment);
              } else {
                LOG.error("The clip of {} is given up", segment.id(), made.cause());
                done(segment);
              }
            });
  }

  private void again(Segment segment) {
    CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              // Also when it was superseded meanwhile: what it holds is let go then.
              if (!isClosed()) {
                make(segment);
              }
            });
  }

  /** What another owner goes on with is wanted, too: nothing that it holds may be let go here. */
  private synchronized boolean wanted(Segment segment) {
    return closed || making.get(segment.id()) == segment;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void done(Segment segment) {
    List<Promise<Void>> free = new ArrayList<>();
    synchronized (this) {
      making.remove(segment.id(), segment);
      if (making.size() <= clipping.ahead()) {
        free.addAll(waiting);
        waiting.clear();
      }
    }
    free.forEach(Promise::tryComplete);
  }
}
