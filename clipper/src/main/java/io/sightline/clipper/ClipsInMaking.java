package io.sightline.clipper;

import io.sightline.bus.TransientException;
import io.sightline.records.Segment;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clips of one partition that are being made while its stage reads on. They are part of what the
 * stage saves, so whoever goes on after a kill has them made again. Thread-safe.
 */
final class ClipsInMaking {

  private static final Logger LOG = LoggerFactory.getLogger(ClipsInMaking.class);

  /** A segment is small, and hours of work for any machine are among so many. */
  static final int MOST = 1_000;

  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final ClipStage.Clipping clipping;
  private final int most;
  private final Duration pause;

  // Guarded by this.
  private final TreeMap<String, WantedClip> making = new TreeMap<>();
  private final List<Promise<Void>> waiting = new ArrayList<>();
  private boolean left;
  private boolean closed;

  ClipsInMaking(ClipStage.Clipping clipping, int most) {
    this(clipping, most, PAUSE);
  }

  /**
   * @param most how many clips there may be; when there are more, the stage waits
   * @param pause before what failed and may pass is tried again
   */
  ClipsInMaking(ClipStage.Clipping clipping, int most, Duration pause) {
    this.clipping = clipping;
    this.most = most;
    this.pause = pause;
  }

  /** Has a clip made, unless it is being made, or one of a newer form of its segment. */
  void begin(WantedClip clip) {
    synchronized (this) {
      WantedClip held = making.get(clip.place());
      if (held != null
          && (held.id().equals(clip.id())
              || held.segment().revision() >= clip.segment().revision())) {
        return;
      }
      making.put(clip.place(), clip);
    }
    make(clip);
  }

  /**
   * Ends the making of those clips of a segment that it is not to have any more; completes when
   * they are ended.
   */
  Future<Void> supersede(Segment segment) {
    Set<String> wanted =
        segment.removed() || segment.open()
            ? Set.of()
            : WantedClip.of(segment).stream().map(WantedClip::id).collect(Collectors.toSet());
    List<WantedClip> older;
    synchronized (this) {
      older =
          making.subMap(segment.id() + ".", segment.id() + "/").values().stream()
              .filter(clip -> clip.segment().revision() < segment.revision())
              .filter(clip -> !wanted.contains(clip.id()))
              .toList();
    }
    older.forEach(this::done);
    return Future.join(older.stream().map(clipping::cancel).toList()).mapEmpty();
  }

  /** Completes when there are no more clips than there may be. */
  synchronized Future<Void> room() {
    if (left || making.size() <= most) {
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

  /** Those of whose clips some are not announced yet. */
  synchronized List<Segment> segments() {
    return making.values().stream().map(WantedClip::segment).distinct().toList();
  }

  /** What is being made is no longer this one's concern. */
  void close() {
    synchronized (this) {
      closed = true;
      making.clear();
    }
    leave();
  }

  private void make(WantedClip clip) {
    clipping
        .clip(clip, () -> wanted(clip))
        .onComplete(
            made -> {
              if (made.succeeded() || made.cause() instanceof CancellationException) {
                done(clip);
              } else if (made.cause() instanceof TransientException) {
                LOG.debug("{}: {}", clip.id(), made.cause().getMessage());
                again(clip);
              } else {
                LOG.error("The clip {} is given up", clip.id(), made.cause());
                done(clip);
              }
            });
  }

  private void again(WantedClip clip) {
    CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              // Also when it was superseded meanwhile: what it holds is let go then.
              if (!isClosed()) {
                make(clip);
              }
            });
  }

  private synchronized boolean wanted(WantedClip clip) {
    if (closed) {
      // It is wanted by whoever goes on: nothing that it holds may be let go here.
      throw new TransientException("Somebody else goes on with the clip " + clip.id(), null);
    }
    return making.get(clip.place()) == clip;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void done(WantedClip clip) {
    List<Promise<Void>> free = new ArrayList<>();
    synchronized (this) {
      making.remove(clip.place(), clip);
      if (making.size() <= most) {
        free.addAll(waiting);
        waiting.clear();
      }
    }
    free.forEach(Promise::tryComplete);
  }
}
