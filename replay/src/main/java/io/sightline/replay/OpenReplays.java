package io.sightline.replay;

import io.sightline.bus.TransientException;
import io.sightline.records.Replay;
import io.sightline.records.ReplayRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replays of this process that are not complete. What is done for a replay is done one after
 * another, so that it never has two builders; a replay that is told of several changes while it
 * waits is built once. MP4s are written by an executor of their own, while other replays go on.
 * Safe for use by any thread.
 */
final class OpenReplays {

  private static final Logger LOG = LoggerFactory.getLogger(OpenReplays.class);

  private final ReplayBuilder builder;
  private final ReplayRemoval removal;
  private final Executor building;
  private final Executor mp4s;
  private final Map<String, ReplayRequest> open = new ConcurrentHashMap<>();
  private final Set<String> queued = ConcurrentHashMap.newKeySet();

  /** Those whose MP4 is written, or waits to be. */
  private final Set<String> writing = ConcurrentHashMap.newKeySet();

  /** What is done last for each replay. */
  private final Map<String, Future<Void>> last = new ConcurrentHashMap<>();

  private volatile boolean stopping;

  /**
   * @param building plain threads: building blocks
   * @param mp4s plain threads for what takes long
   */
  OpenReplays(ReplayBuilder builder, ReplayRemoval removal, Executor building, Executor mp4s) {
    this.builder = builder;
    this.removal = removal;
    this.building = building;
    this.mp4s = mp4s;
  }

  /**
   * Takes a request; completes when its first result is stored and announced, or is complete but
   * for its MP4.
   */
  Future<Void> begin(ReplayRequest request) {
    open.put(request.replay(), request);
    return run(request.replay(), building, () -> build(request));
  }

  /** What is being written is left to whoever goes on. */
  void stop() {
    stopping = true;
  }

  Future<Void> cancel(ReplayRequest request) {
    open.remove(request.replay());
    // Where an MP4 was asked for it is written now.
    return run(
        request.replay(),
        mp4s,
        () -> {
          builder.cancel(request, () -> !stopping);
          builder.forget(request.replay());
        });
  }

  Future<Void> delete(ReplayRequest request) {
    open.remove(request.replay());
    return run(
        request.replay(),
        building,
        () -> {
          removal.delete(request);
          builder.forget(request.replay());
        });
  }

  /** Goes on with a request from a checkpoint. */
  void resume(ReplayRequest request) {
    if (request.kind().makes()) {
      open.put(request.replay(), request);
      refresh(request);
    }
  }

  boolean holds(String replay) {
    return open.containsKey(replay);
  }

  void forget(String replay) {
    open.remove(replay);
    builder.forget(replay);
  }

  /** Something of a stream changed. */
  void changed(String stream) {
    open.values().stream()
        .filter(request -> request.selection().streams().contains(stream))
        .forEach(this::refresh);
  }

  /** Time has passed: a window may have ended, a trigger may have been missed. */
  void refreshAll() {
    open.values().forEach(this::refresh);
  }

  private void refresh(ReplayRequest request) {
    String replay = request.replay();
    if (writing.contains(replay) || !queued.add(replay)) {
      return;
    }
    run(
            replay,
            building,
            () -> {
              queued.remove(replay);
              ReplayRequest current = open.get(replay);
              if (current != null) {
                build(current);
              }
            })
        .onFailure(
            failure -> {
              queued.remove(replay);
              LOG.warn(
                  "The replay {} is brought up to date later: {}", replay, failure.getMessage());
            });
  }

  private void build(ReplayRequest request) {
    builder
        .buildQuickly(request)
        .ifPresentOrElse(replay -> built(request, replay), () -> write(request.replay()));
  }

  /** The request stays open meanwhile: whoever goes on after a kill writes the MP4. */
  private void write(String replay) {
    if (!writing.add(replay)) {
      return;
    }
    run(
            replay,
            mp4s,
            () -> {
              ReplayRequest current = open.get(replay);
              if (current != null && !stopping) {
                BooleanSupplier wanted = () -> !stopping && open.get(replay) == current;
                built(current, builder.build(current, wanted));
              }
            })
        .onComplete(
            ended -> {
              writing.remove(replay);
              if (ended.failed()) {
                LOG.warn(
                    "The MP4 of the replay {} is written later: {}",
                    replay,
                    ended.cause().getMessage());
              }
            });
  }

  private void built(ReplayRequest request, Replay replay) {
    // What answers an earlier request plays on until what this one asks for is there.
    if (replay.complete() && replay.requestRevision() >= request.revision()) {
      open.remove(request.replay(), request);
      builder.forget(request.replay());
    }
  }

  /** Does it when all is done that was to be done for this replay before. */
  private Future<Void> run(String replay, Executor executor, Runnable work) {
    Promise<Void> done = Promise.promise();
    Future<Void> before = last.put(replay, done.future());
    done.future().onComplete(any -> last.remove(replay, done.future()));
    if (before == null) {
      execute(executor, work, done);
    } else {
      before.onComplete(any -> execute(executor, work, done));
    }
    return done.future();
  }

  private static void execute(Executor executor, Runnable work, Promise<Void> done) {
    try {
      executor.execute(
          () -> {
            try {
              work.run();
              done.complete();
            } catch (RuntimeException | Error e) {
              done.fail(e);
            }
          });
    } catch (RejectedExecutionException e) {
      done.fail(new TransientException("The replay stage is stopping", e));
    }
  }
}
