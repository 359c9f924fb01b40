package io.sightline.storage;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * Records in one SQLite file, which several processes of one machine may share. Writes of a process
 * are made by one thread, in the order of the calls; reads happen beside it on threads named {@code
 * sightline-records} and see all that was acknowledged before.
 */
public final class SqliteRecordStore implements RecordStore {

  private static final int READERS = 4;

  private final Vertx vertx;
  private final SqliteWriter writer;
  private final SqliteReaders readers;
  private final Pool pool;

  private SqliteRecordStore(Vertx vertx, Pool pool, SqliteWriter writer, SqliteReaders readers) {
    this.vertx = vertx;
    this.pool = pool;
    this.writer = writer;
    this.readers = readers;
  }

  /** As {@link #open(Vertx, Path, Clock)}, by the system's clock. */
  public static Future<SqliteRecordStore> open(Vertx vertx, Path file) {
    return open(vertx, file, Clock.systemUTC());
  }

  /**
   * Opens a store, making its file and folder when there are none.
   *
   * @param clock says what has expired
   * @return fails with INVALID when the file is something else, with UNAVAILABLE when it cannot be
   *     opened
   */
  public static Future<SqliteRecordStore> open(Vertx vertx, Path file, Clock clock) {
    Pool pool = new Pool(vertx, "sightline-records", READERS);
    return pool.run(
            () -> {
              SqliteFile database = SqliteFile.prepare(file);
              try {
                SqliteReaders readers = SqliteReaders.open(database, clock, READERS);
                return new SqliteRecordStore(
                    vertx, pool, SqliteWriter.start(database, clock), readers);
              } catch (SQLException e) {
                throw database.failure(e);
              }
            })
        .onFailure(e -> pool.close(() -> null));
  }

  @Override
  public Future<Long> put(String partition, String sort, byte[] value, Instant expires) {
    return write(partition, sort, value, expires, SqliteWriter.ANY_VERSION);
  }

  @Override
  public Future<Long> putIf(
      String partition, String sort, byte[] value, Instant expires, long version) {
    return write(partition, sort, value, expires, requireVersion(version));
  }

  @Override
  public Future<StoredRecord> get(String partition, String sort) {
    return pool.run(() -> readers.get(partition, sort));
  }

  @Override
  public Future<Void> delete(String partition, String sort) {
    return remove(partition, sort, SqliteWriter.ANY_VERSION);
  }

  @Override
  public Future<Void> deleteIf(String partition, String sort, long version) {
    return remove(partition, sort, requireVersion(version));
  }

  @Override
  public Future<RecordPage> query(Query query) {
    return pool.run(() -> readers.query(query));
  }

  @Override
  public Future<Void> close() {
    return Future.fromCompletionStage(writer.close(), vertx.getOrCreateContext())
        .eventually(() -> pool.close(readers::close));
  }

  private Future<Long> write(
      String partition, String sort, byte[] value, Instant expires, long expected) {
    try {
      RecordKeys.require(partition, sort);
      RecordKeys.requireValue(partition, sort, value);
      return submit(partition, sort, value.clone(), RecordKeys.expiryMillis(expires), expected);
    } catch (StorageException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<Void> remove(String partition, String sort, long expected) {
    try {
      RecordKeys.require(partition, sort);
      return submit(partition, sort, null, null, expected).mapEmpty();
    } catch (StorageException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<Long> submit(
      String partition, String sort, byte[] value, Long expiresMillis, long expected) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    writer.submit(new SqliteWriter.Write(partition, sort, value, expiresMillis, expected, done));
    return Future.fromCompletionStage(done, vertx.getOrCreateContext());
  }

  private static long requireVersion(long version) {
    if (version < ABSENT) {
      throw new IllegalArgumentException("No item was ever read with version " + version);
    }
    return version;
  }
}
