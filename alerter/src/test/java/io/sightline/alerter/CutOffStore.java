package io.sightline.alerter;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Writer;
import io.sightline.storage.Query;
import io.sightline.storage.RecordPage;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StorageException;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store and a writer as a process sees them that is killed after so many writes: the last one
 * happens, and nothing after it.
 */
final class CutOffStore implements RecordStore, Writer {

  private final RecordStore store;
  private final Writer writer;
  private final AtomicLong left;
  private final Promise<Void> death = Promise.promise();

  CutOffStore(RecordStore store, Writer writer, long writes) {
    this.store = store;
    this.writer = writer;
    this.left = new AtomicLong(writes);
  }

  boolean dead() {
    return left.get() <= 0;
  }

  @Override
  public Future<Long> put(String partition, String sort, byte[] value, Instant expires) {
    return spent() ? cutOff() : store.put(partition, sort, value, expires);
  }

  @Override
  public Future<Long> putIf(
      String partition, String sort, byte[] value, Instant expires, long version) {
    return spent() ? cutOff() : store.putIf(partition, sort, value, expires, version);
  }

  @Override
  public Future<StoredRecord> get(String partition, String sort) {
    return dead() ? cutOff() : store.get(partition, sort);
  }

  @Override
  public Future<Void> delete(String partition, String sort) {
    return spent() ? cutOff() : store.delete(partition, sort);
  }

  @Override
  public Future<Void> deleteIf(String partition, String sort, long version) {
    return spent() ? cutOff() : store.deleteIf(partition, sort, version);
  }

  @Override
  public Future<RecordPage> query(Query query) {
    return dead() ? cutOff() : store.query(query);
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> write(OutRecord record) {
    return spent() ? cutOff() : writer.write(record);
  }

  @Override
  public boolean full() {
    return writer.full();
  }

  @Override
  public Future<Void> drained() {
    return writer.drained();
  }

  /** Completes with the death. */
  Future<Void> death() {
    return death.future();
  }

  private boolean spent() {
    long before = left.getAndDecrement();
    if (before <= 1) {
      death.tryComplete();
    }
    return before <= 0;
  }

  private static <T> Future<T> cutOff() {
    return Future.failedFuture(
        new StorageException(StorageException.Reason.UNAVAILABLE, "This process was killed"));
  }
}
