package io.sightline.storage;

import io.vertx.core.Future;
import java.time.Instant;

/**
 * Facts as small JSON documents, by partition and sort key. Nothing scans: a query stays within one
 * partition and comes in order of its sort keys (byte order of ASCII). What is acknowledged
 * survives kill -9 and a loss of power. Expired items are never returned, whether or not they are
 * still there.
 *
 * <p>Partitions and sort keys are printable ASCII without spaces, 1 to 500 characters; a value is
 * at most {@link #MAX_VALUE_BYTES}. Anything else fails with {@link
 * StorageException.Reason#INVALID} before anything is written.
 *
 * <p>Safe for use by any thread and by several processes on one database; futures complete on the
 * caller's Vert.x context when it has one.
 */
public interface RecordStore {

  /** Larger state belongs into an object that the item names. */
  int MAX_VALUE_BYTES = 64 * 1024;

  /** The version of an item that is not there, for {@link #putIf}. */
  long ABSENT = 0;

  /**
   * Writes an item whatever was there.
   *
   * @param expires when it ceases to be; null for never
   * @return its new version: one above the one before, from 1
   */
  Future<Long> put(String partition, String sort, byte[] value, Instant expires);

  /**
   * Writes an item if it still has the version that was read.
   *
   * @param version as read, or {@link #ABSENT} when there must be none
   * @return its new version; fails with {@link StorageException.Reason#CONFLICT} when the version
   *     is another
   */
  Future<Long> putIf(String partition, String sort, byte[] value, Instant expires, long version);

  /** An item; fails with NOT_FOUND when there is none. */
  Future<StoredRecord> get(String partition, String sort);

  /** Deletes an item; succeeds when there is none. */
  Future<Void> delete(String partition, String sort);

  /** Deletes an item if it still has the version that was read; else fails with CONFLICT. */
  Future<Void> deleteIf(String partition, String sort, long version);

  /**
   * A page of a partition; see {@link Query}. It may hold fewer items than the limit although more
   * follow, when they are large: {@link RecordPage#nextSort()} alone says whether there is more.
   */
  Future<RecordPage> query(Query query);

  Future<Void> close();
}
