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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replays of this process that are not complete. All building is done one after another by one
 * executor, so that a replay never has two builders; a replay that is told of several changes while
 * it waits is built once. Safe for use by any thread.
 */
final class OpenReplays {

  private static final Logger LOG = LoggerFactory.getLogger(OpenReplays.class);

  private final ReplayBuilder builder;
  private final ReplayRemoval removal;
  private final Executor executor;
  private final Map<String, ReplayRequest> open = new ConcurrentHashMap<>();
  private final Set<String> queued = ConcurrentHashMap.newKeySet();

  /**
   * @param executor one plain thread: building blocks
   */
  OpenReplays(ReplayBuilder builder, ReplayRemoval removal, Executor executor) {
    this.builder = builder;
    this.removal = removal;
    this.executor = executor;
  }

  /** Takes a request; completes when its first result is stored and announced. */
  Future<Void> begin(ReplayRequest request) {
    open.put(request.replay(), request);
    return run(() -> build(request));
  }

  Future<Void> cancel(ReplayRequest request) {
    open.remove(request.replay());
    return run(
        () -> {
          builder.cancel(request);
          builder.forget(request.replay());
        });
  }

  Future<Void> delete(ReplayRequest request) {
    open.remove(request.replay());
    return run(
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
    if (!queued.add(request.replay())) {
      return;
    }
    run(() -> {
          queued.remove(request.replay());
          ReplayRequest current = open.get(request.replay());
          if (current != null) {
            build(current);
          }
        })
        .onFailure(
            failure -> {
              queued.remove(request.replay());
              LOG.warn(
                  "The replay {} is brought up to date later: {}",
                  request.replay(),
                  failure.getMessage());
            });
  }

  private void build(ReplayRequest request) {
    Replay replay = builder.build(request);
    // What answers an earlier request plays on until what this one asks for is there.
    if (replay.complete() && replay.requestRevision() >= request.revision()) {
      open.remove(request.replay(), request);
      builder.forget(request.replay());
    }
  }

  private Future<Void> run(Runnable work) {
    Promise<Void> done = Promise.promise();
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
    return done.future();
  }
}
