package io.sightline.ingestgateway.recordings;

import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectPage;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.ObjectStream;
import io.sightline.storage.Query;
import io.sightline.storage.RecordPage;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StorageException;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The stores as a process sees them that is killed after so many writes and deletions: the last one
 * happens, and nothing after it.
 */
final class CutOff {

  private final AtomicLong left;
  final RecordStore records;
  final ObjectStore objects;

  CutOff(RecordStore records, ObjectStore objects, long writes) {
    this.left = new AtomicLong(writes);
    this.records = new CutRecords(records);
    this.objects = new CutObjects(objects);
  }

  boolean dead() {
    return left.get() <= 0;
  }

  private boolean spent() {
    return left.getAndDecrement() <= 0;
  }

  private static <T> Future<T> killed() {
    return Future.failedFuture(
        new StorageException(StorageException.Reason.UNAVAILABLE, "This process was killed"));
  }

  private final class CutRecords implements RecordStore {
    private final RecordStore store;

    CutRecords(RecordStore store) {
      this.store = store;
    }

    @Override
    public Future<Long> put(String partition, String sort, byte[] value, Instant expires) {
      return spent() ? killed() : store.put(partition, sort, value, expires);
    }

    @Override
    public Future<Long> putIf(
        String partition, String sort, byte[] value, Instant expires, long version) {
      return spent() ? killed() : store.putIf(partition, sort, value, expires, version);
    }

    @Override
    public Future<StoredRecord> get(String partition, String sort) {
      return dead() ? killed() : store.get(partition, sort);
    }

    @Override
    public Future<Void> delete(String partition, String sort) {
      return spent() ? killed() : store.delete(partition, sort);
    }

    @Override
    public Future<Void> deleteIf(String partition, String sort, long version) {
      return spent() ? killed() : store.deleteIf(partition, sort, version);
    }

    @Override
    public Future<RecordPage> query(Query query) {
      return dead() ? killed() : store.query(query);
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }

  private final class CutObjects implements ObjectStore {
    private final ObjectStore store;

    CutObjects(ObjectStore store) {
      this.store = store;
    }

    @Override
    public Future<Void> put(String key, Buffer content, String contentType) {
      return spent() ? killed() : store.put(key, content, contentType);
    }

    @Override
    public Future<Long> put(String key, ReadStream<Buffer> content, String contentType) {
      return spent() ? killed() : store.put(key, content, contentType);
    }

    @Override
    public Future<Buffer> get(String key, long offset, long length) {
      return dead() ? killed() : store.get(key, offset, length);
    }

    @Override
    public Future<ObjectStream> read(String key, long offset, long length) {
      return dead() ? killed() : store.read(key, offset, length);
    }

    @Override
    public Future<ObjectInfo> head(String key) {
      return dead() ? killed() : store.head(key);
    }

    @Override
    public Future<Void> delete(String key) {
      return spent() ? killed() : store.delete(key);
    }

    @Override
    public Future<ObjectPage> list(String prefix, String after, int limit) {
      return dead() ? killed() : store.list(prefix, after, limit);
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }
}
