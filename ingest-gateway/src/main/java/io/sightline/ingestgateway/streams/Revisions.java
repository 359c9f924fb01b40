package io.sightline.ingestgateway.streams;

import io.sightline.records.Json;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;

/**
 * The one revision of all assignments. A change writes its streams first and the revision last;
 * gateways see the revision and read the streams again. Safe for use by any thread.
 */
final class Revisions {

  private static final String REVISIONS = "stream-revisions";
  private static final String CURRENT = "current";
  private static final int ATTEMPTS = 20;

  private final RecordStore store;

  Revisions(RecordStore store) {
    this.store = store;
  }

  /** A write that belongs to the revision it is given. */
  interface Change {
    /**
     * @return whether there is something to tell; what was written when the process was killed
     *     before it could tell is told by the next
     */
    Future<Boolean> at(long revision);
  }

  Future<Long> current() {
    return counter().map(Counter::revision);
  }

  /** Makes a change, again when somebody else made one at the same time. */
  Future<Void> change(Change change) {
    return change(change, ATTEMPTS);
  }

  private record Counter(long revision, long version) {}

  private Future<Void> change(Change change, int attempts) {
    return counter()
        .compose(
            now ->
                change
                    .at(now.revision + 1)
                    .compose(told -> told ? bump(now) : Future.succeededFuture())
                    .recover(failure -> again(change, attempts, failure)));
  }

  private Future<Void> again(Change change, int attempts, Throwable failure) {
    boolean raced =
        failure instanceof StorageException storage
            && storage.reason() == StorageException.Reason.CONFLICT;
    return raced && attempts > 1 ? change(change, attempts - 1) : Future.failedFuture(failure);
  }

  private Future<Void> bump(Counter now) {
    byte[] next = Json.encode(new Revision(now.revision + 1));
    return store.putIf(REVISIONS, CURRENT, next, null, now.version).mapEmpty();
  }

  private Future<Counter> counter() {
    return store
        .get(REVISIONS, CURRENT)
        .map(
            stored ->
                new Counter(
                    Json.decode(stored.value(), Revision.class).revision(), stored.version()))
        .recover(
            failure ->
                failure instanceof StorageException storage
                        && storage.reason() == StorageException.Reason.NOT_FOUND
                    ? Future.succeededFuture(new Counter(0, RecordStore.ABSENT))
                    : Future.failedFuture(failure));
  }
}
