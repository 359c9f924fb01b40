package io.sightline.alerter.delivery;

import io.sightline.records.Json;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What was told and what is still to be told. A message is written down before it is tried, and its
 * end before it is forgotten; a small partition lists the pending ones, so that they are found
 * again without looking through all. Safe for use by any thread.
 */
final class SentLedger {

  /** A message and the version that the next change of it is conditional on. */
  record Held(Message message, long version) {}

  /** Where a pending message lies. */
  record Pending(String stream, String message) {}

  /** Long enough that no work done again after a restart comes without its entry. */
  private static final Duration KEPT = Duration.ofDays(30);

  private final RecordStore store;
  private final Records<Pending> pending;
  private final Clock clock;

  SentLedger(RecordStore store, Clock clock) {
    this.store = store;
    this.pending = Records.of(store, Pending.class);
    this.clock = clock;
  }

  /** Writes a message down unless it is there; returns it when it is (still) to be told. */
  Future<Optional<Held>> note(int partition, Message message) {
    String stream = message.alert().stream();
    return store
        .putIf(
            StoreKeys.sent(stream),
            message.id(),
            Json.encode(message),
            clock.instant().plus(KEPT),
            RecordStore.ABSENT)
        .map(version -> Optional.of(new Held(message, version)))
        .recover(e -> has(e, Reason.CONFLICT) ? find(stream, message.id()) : Future.failedFuture(e))
        .compose(
            held -> {
              if (held.isEmpty() || held.get().message().status() != Message.Status.PENDING) {
                return Future.succeededFuture(Optional.empty());
              }
              Pending entry = new Pending(stream, message.id());
              return pending
                  .put(StoreKeys.sentPending(partition), message.id(), entry, null)
                  .map(held);
            });
  }

  Future<Optional<Held>> find(String stream, String id) {
    return store
        .get(StoreKeys.sent(stream), id)
        .map(
            stored ->
                Optional.of(new Held(Json.decode(stored.value(), Message.class), stored.version())))
        .recover(
            e ->
                has(e, Reason.NOT_FOUND)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(e));
  }

  /** The first pending messages of a partition. */
  Future<List<Pending>> pending(int partition, int limit) {
    return pending
        .query(new Query(StoreKeys.sentPending(partition), null, null, limit, false))
        .map(page -> page.items());
  }

  /** Changes a message; fails with CONFLICT when somebody else has. */
  Future<Held> change(Held held, Message next) {
    return store
        .putIf(
            StoreKeys.sent(next.alert().stream()),
            next.id(),
            Json.encode(next),
            clock.instant().plus(KEPT),
            held.version())
        .map(version -> new Held(next, version));
  }

  Future<Void> forgetPending(int partition, String id) {
    return pending.delete(StoreKeys.sentPending(partition), id);
  }

  static boolean lostRace(Throwable failure) {
    return has(failure, Reason.CONFLICT);
  }

  private static boolean has(Throwable failure, Reason reason) {
    return failure instanceof StorageException storage && storage.reason() == reason;
  }
}
