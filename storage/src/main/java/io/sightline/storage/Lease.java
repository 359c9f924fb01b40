package io.sightline.storage;

import io.sightline.records.Json;
import io.sightline.storage.StorageException.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A right that one of many processes has at a time, such as to do a periodic job. Its holder writes
 * the lease's item again and again, each time on condition of the version that it wrote before. Who
 * has watched one version for longer than a holder may be silent takes it over. So nobody's clock
 * is compared with anybody else's.
 *
 * <p>A holder that was held up for long may still believe in it. Its fence is lower than that of
 * whoever followed: what it writes is to carry the fence, and is to be refused where a higher one
 * has been.
 *
 * <p>Used by one thread or event loop; calls do not overlap.
 */
public final class Lease {

  private static final String LEASES = "leases";

  private final RecordStore store;
  private final String name;
  private final String holder;
  private final long patienceNanos;
  private final LongSupplier nanoTime;

  /** Of what was written here last; {@link RecordStore#ABSENT} when it is not held. */
  private long heldVersion = RecordStore.ABSENT;

  private long fence;

  /** The version of somebody else that was seen last, and since when. */
  private long seenVersion = RecordStore.ABSENT;

  private long seenNanos;

  /**
   * @param holder for people who look at the item
   * @param patience how long a holder may be silent; it is to claim several times in that time
   * @param nanoTime measures it
   */
  public Lease(
      RecordStore store, String name, String holder, Duration patience, LongSupplier nanoTime) {
    this.store = store;
    this.name = name;
    this.holder = holder;
    this.patienceNanos = patience.toNanos();
    this.nanoTime = nanoTime;
  }

  /** As it is stored; never deleted, so that fences only rise. */
  private record Item(String holder, long fence, boolean free) {}

  /**
   * Keeps it, or gets it when nobody else has it.
   *
   * @return its fence, at least 1; empty when somebody else has it. Fails when the store does: then
   *     it is not held
   */
  public Future<OptionalLong> claim() {
    return find().compose(this::claim).onFailure(failure -> heldVersion = RecordStore.ABSENT);
  }

  /** Gives it back, so that another need not wait; does nothing when it is not held. */
  public Future<Void> release() {
    if (heldVersion == RecordStore.ABSENT) {
      return Future.succeededFuture();
    }
    long version = heldVersion;
    heldVersion = RecordStore.ABSENT;
    return put(new Item(holder, fence, true), version)
        .<Void>mapEmpty()
        .recover(
            failure ->
                isConflict(failure) ? Future.succeededFuture() : Future.failedFuture(failure));
  }

  private Future<OptionalLong> claim(Optional<StoredRecord> stored) {
    if (stored.isEmpty()) {
      return take(RecordStore.ABSENT, 1);
    }
    long version = stored.get().version();
    Item item = Json.decode(stored.get().value(), Item.class);
    if (heldVersion != RecordStore.ABSENT && version == heldVersion) {
      return take(version, fence);
    }
    heldVersion = RecordStore.ABSENT;
    if (item.free() || isAbandoned(version)) {
      return take(version, item.fence() + 1);
    }
    return Future.succeededFuture(OptionalLong.empty());
  }

  /** Whether it has been that version for too long. */
  private boolean isAbandoned(long version) {
    long now = nanoTime.getAsLong();
    if (version != seenVersion) {
      seenVersion = version;
      seenNanos = now;
    }
    return now - seenNanos >= patienceNanos;
  }

  private Future<OptionalLong> take(long version, long nextFence) {
    return put(new Item(holder, nextFence, false), version)
        .map(
            written -> {
              heldVersion = written;
              fence = nextFence;
              return OptionalLong.of(nextFence);
            })
        .recover(
            failure -> {
              heldVersion = RecordStore.ABSENT;
              return isConflict(failure)
                  ? Future.succeededFuture(OptionalLong.empty())
                  : Future.failedFuture(failure);
            });
  }

  private Future<Long> put(Item item, long version) {
    return store.putIf(LEASES, name, Json.encode(item), null, version);
  }

  private Future<Optional<StoredRecord>> find() {
    return store
        .get(LEASES, name)
        .map(Optional::of)
        .recover(
            failure ->
                has(failure, Reason.NOT_FOUND)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  private static boolean isConflict(Throwable failure) {
    return has(failure, Reason.CONFLICT);
  }

  private static boolean has(Throwable failure, Reason reason) {
    return failure instanceof StorageException storage && storage.reason() == reason;
  }
}
