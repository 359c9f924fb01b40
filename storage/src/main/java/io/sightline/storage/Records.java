package io.sightline.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import io.sightline.storage.StorageException.Reason;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * A record store seen as records of one type. Safe for use by any thread; futures complete as those
 * of the store, and fail as they do, or with {@link MalformedRecordException} when what is stored
 * is no such record.
 */
public final class Records<T> {

  /** Each lost race means that another writer got on, so this many in a row are not chance. */
  private static final int MAX_LOST_RACES = 100;

  /** What a record takes when it is remembered both as bytes and as a value. */
  private static final int TIMES_ITS_BYTES = 3;

  private record Key(String partition, String sort) {}

  private record Remembered<T>(byte[] value, T decoded) {}

  private final RecordStore store;
  private final Class<T> type;
  private final Cache<Key, Remembered<T>> remembered;

  private Records(RecordStore store, Class<T> type, Cache<Key, Remembered<T>> remembered) {
    this.store = store;
    this.type = type;
    this.remembered = remembered;
  }

  public static <T> Records<T> of(RecordStore store, Class<T> type) {
    return new Records<>(store, type, null);
  }

  /**
   * For ranges that are read over and over while few of their records change: all are read each
   * time, but one whose bytes are as they were is not decoded again.
   *
   * @param type immutable, as readers share its values
   * @param mostBytes about how much is remembered
   */
  public static <T> Records<T> remembering(RecordStore store, Class<T> type, long mostBytes) {
    return new Records<>(
        store,
        type,
        Caffeine.newBuilder()
            .maximumWeight(mostBytes)
            .weigher((Key key, Remembered<T> one) -> TIMES_ITS_BYTES * one.value().length)
            .build());
  }

  /** A record; empty when there is none. */
  public Future<Optional<T>> find(String partition, String sort) {
    return stored(partition, sort).map(stored -> stored.map(this::decoded));
  }

  /**
   * Writes a record whatever was there.
   *
   * @param expires when it ceases to be; null for never
   */
  public Future<Void> put(String partition, String sort, T value, Instant expires) {
    return store.put(partition, sort, Json.encode(value), expires).mapEmpty();
  }

  /**
   * Writes a record unless the one that is there has the same revision or a higher one, also when
   * others write at the same time.
   *
   * @param revision of a record, rising with each change
   * @param expires when it ceases to be; null for never
   * @return whether it was written
   */
  public Future<Boolean> putNewer(
      String partition, String sort, T value, ToIntFunction<T> revision, Instant expires) {
    return putNewer(partition, sort, value, revision, expires, MAX_LOST_RACES);
  }

  /** Deletes a record; succeeds when there is none. */
  public Future<Void> delete(String partition, String sort) {
    return store.delete(partition, sort);
  }

  /** A page of a partition. */
  public Future<Page<T>> query(Query query) {
    return store
        .query(query)
        .map(page -> new Page<>(page.records().stream().map(this::decoded).toList(), page));
  }

  /**
   * All records of a range, in ascending order; for ranges that are known to be small, as all are
   * held in memory.
   *
   * @param fromSort inclusive; null for the first there is
   * @param toSort exclusive; null for no end
   */
  public Future<List<T>> all(String partition, String fromSort, String toSort) {
    return append(
        new ArrayList<>(), new Query(partition, fromSort, toSort, Query.MAX_LIMIT, false));
  }

  private Future<List<T>> append(List<T> items, Query query) {
    return query(query)
        .compose(
            page -> {
              items.addAll(page.items());
              return page.raw().nextSort() == null
                  ? Future.succeededFuture(items)
                  : append(items, query.after(page.raw()));
            });
  }

  private Future<Boolean> putNewer(
      String partition,
      String sort,
      T value,
      ToIntFunction<T> revision,
      Instant expires,
      int races) {
    return stored(partition, sort)
        .compose(
            held -> {
              if (held.isPresent()
                  && revision.applyAsInt(decoded(held.get())) >= revision.applyAsInt(value)) {
                return Future.succeededFuture(false);
              }
              long version = held.map(StoredRecord::version).orElse(RecordStore.ABSENT);
              return store
                  .putIf(partition, sort, Json.encode(value), expires, version)
                  .map(true)
                  .recover(
                      e ->
                          has(e, Reason.CONFLICT) && races > 0
                              ? putNewer(partition, sort, value, revision, expires, races - 1)
                              : Future.failedFuture(e));
            });
  }

  private Future<Optional<StoredRecord>> stored(String partition, String sort) {
    return store
        .get(partition, sort)
        .map(Optional::of)
        .recover(
            e ->
                has(e, Reason.NOT_FOUND)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(e));
  }

  private T decoded(StoredRecord stored) {
    if (remembered == null) {
      return anew(stored);
    }
    Key key = new Key(stored.partition(), stored.sort());
    Remembered<T> before = remembered.getIfPresent(key);
    if (before != null && Arrays.equals(before.value(), stored.value())) {
      return before.decoded();
    }
    T decoded = anew(stored);
    remembered.put(key, new Remembered<>(stored.value(), decoded));
    return decoded;
  }

  private T anew(StoredRecord stored) {
    try {
      return Json.decode(stored.value(), type);
    } catch (MalformedRecordException e) {
      throw new MalformedRecordException(
          "The item '" + stored.sort() + "' of '" + stored.partition() + "': " + e.getMessage(), e);
    }
  }

  private static boolean has(Throwable failure, Reason reason) {
    return failure instanceof StorageException storage && storage.reason() == reason;
  }
}
