package io.sightline.ingestgateway.ingest;

import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.EpochInfo;
import io.sightline.records.Json;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordPage;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StorageException;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Who may write which epoch. Opening one raises its fence by a conditional write, also above that
 * of the epochs before it, which are closed to their connections thereby.
 */
final class EpochLedger {

  private static final int ATTEMPTS = 20;
  private static final int PAGE = 50;

  /** An epoch with the version it was read or written at. */
  record Held(EpochInfo info, long version) {}

  private final RecordStore store;

  EpochLedger(RecordStore store) {
    this.store = store;
  }

  /**
   * Opens an epoch, or goes on with it. What is noted here of an epoch may lag behind what its
   * agent was told; then the agent is believed, for it has given up what was acknowledged.
   *
   * @return with a new fence, or as it was when it is complete; fails with {@link Problem} 409 when
   *     a newer epoch of the run was opened
   */
  Future<Held> open(EpochInfo asked) {
    return open(asked, ATTEMPTS);
  }

  /** An epoch as it is stored; empty when it was never opened. */
  Future<Optional<Held>> find(String stream, String epoch) {
    return store
        .get(StoreKeys.epochs(stream), epoch)
        .map(stored -> Optional.of(held(stored)))
        .recover(
            failure ->
                is(failure, StorageException.Reason.NOT_FOUND)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** Writes what is known of an epoch; fails with {@link Refusal} when its fence was raised. */
  Future<Held> save(EpochInfo info, long version) {
    return store
        .putIf(StoreKeys.epochs(info.stream()), info.epoch(), Json.encode(info), null, version)
        .map(next -> new Held(info, next))
        .recover(
            failure ->
                Future.failedFuture(
                    is(failure, StorageException.Reason.CONFLICT) ? Refusal.fenced() : failure));
  }

  private Future<Held> open(EpochInfo asked, int attempts) {
    return find(asked.stream(), asked.epoch())
        .compose(
            known -> {
              if (known.isPresent() && known.get().info().ended()) {
                return Future.succeededFuture(known.get());
              }
              return neighbours(asked).compose(near -> raise(asked, known, near));
            })
        .recover(
            failure ->
                failure instanceof Refusal && attempts > 1
                    ? open(asked, attempts - 1)
                    : Future.failedFuture(failure));
  }

  private Future<Held> raise(EpochInfo asked, Optional<Held> known, Neighbours near) {
    if (near.newer != null) {
      return Future.failedFuture(
          Problem.of(
              409,
              "The newer epoch "
                  + near.newer.epoch()
                  + " of this stream is open; "
                  + asked.epoch()
                  + " cannot go on."));
    }
    if (known.isPresent() && !known.get().info().run().equals(asked.run())) {
      return Future.failedFuture(
          Problem.of(
              409, "This epoch belongs to the run '" + known.get().info().run() + "' already."));
    }
    // Of an epoch that was never opened here nothing can have been acknowledged.
    EpochInfo base =
        known
            .map(
                held ->
                    with(
                        held.info(),
                        held.info().fence(),
                        Math.max(held.info().acknowledged(), asked.acknowledged())))
            .orElse(with(asked, asked.fence(), -1));
    long fence = base.fence();
    Future<?> closed = Future.succeededFuture();
    if (near.older != null) {
      fence = Math.max(fence, near.older.info().fence());
      if (!near.older.info().ended()) {
        EpochInfo shut = withFence(near.older.info(), near.older.info().fence() + 1);
        fence = Math.max(fence, shut.fence());
        closed = save(shut, near.older.version());
      }
    }
    EpochInfo open = withFence(base, fence + 1);
    long version = known.map(Held::version).orElse(RecordStore.ABSENT);
    return closed.compose(v -> save(open, version));
  }

  /**
   * @param newer an epoch of the same run that began later; null when there is none
   * @param older the last epoch of the same run that began earlier; null when there is none
   */
  private record Neighbours(EpochInfo newer, Held older) {}

  private Future<Neighbours> neighbours(EpochInfo asked) {
    return neighbours(asked, new Query(StoreKeys.epochs(asked.stream()), null, null, PAGE, true));
  }

  private Future<Neighbours> neighbours(EpochInfo asked, Query query) {
    return store
        .query(query)
        .compose(
            page -> {
              Optional<Neighbours> found = scan(asked, page);
              if (found.isPresent() || page.nextSort() == null) {
                return Future.succeededFuture(found.orElse(new Neighbours(null, null)));
              }
              return neighbours(asked, query.after(page));
            });
  }

  private static Optional<Neighbours> scan(EpochInfo asked, RecordPage page) {
    for (StoredRecord stored : page.records()) {
      Held held = held(stored);
      int order = held.info().epoch().compareTo(asked.epoch());
      if (order == 0 || !held.info().run().equals(asked.run())) {
        continue;
      }
      return Optional.of(
          order > 0 ? new Neighbours(held.info(), null) : new Neighbours(null, held));
    }
    return Optional.empty();
  }

  private static Held held(StoredRecord stored) {
    return new Held(Json.decode(stored.value(), EpochInfo.class), stored.version());
  }

  private static EpochInfo withFence(EpochInfo info, long fence) {
    return with(info, fence, info.acknowledged());
  }

  private static EpochInfo with(EpochInfo info, long fence, long acknowledged) {
    return new EpochInfo(
        info.stream(),
        info.epoch(),
        info.run(),
        info.agent(),
        info.startMicros(),
        info.endMicros(),
        fence,
        acknowledged,
        info.ended(),
        info.reason(),
        info.lostMicros(),
        info.input(),
        info.because());
  }

  private static boolean is(Throwable failure, StorageException.Reason reason) {
    return failure instanceof StorageException storage && storage.reason() == reason;
  }
}
