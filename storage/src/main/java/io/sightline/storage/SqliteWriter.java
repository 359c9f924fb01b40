package io.sightline.storage;

import io.sightline.storage.StorageException.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a process that writes to the database. A flush to the disk costs the same for
 * one write as for hundreds, so all that wait are written in one transaction (group commit): alone,
 * a write costs one flush; under load, flushes are shared. Writes take effect in the order of
 * submission.
 *
 * <p>{@link #submit} and {@link #close} are for any thread; all else belongs to the writer's.
 */
final class SqliteWriter {

  /** As {@link Write#expected}: whatever is there. */
  static final long ANY_VERSION = -1;

  private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
  private static final int MAX_WAITING_BYTES = 64 << 20;
  private static final int WRITE_OVERHEAD_BYTES = 512;
  private static final int MAX_BATCH = 500;
  private static final int PURGE_BATCH = 500;
  private static final Duration PURGE_EVERY = Duration.ofMinutes(1);

  /**
   * @param value null to delete
   * @param expiresMillis null for never
   * @param expected the version it must have, or {@link #ANY_VERSION}
   * @param done completes with the new version, once it is durable
   */
  record Write(
      String partition,
      String sort,
      byte[] value,
      Long expiresMillis,
      long expected,
      CompletableFuture<Long> done) {

    int waitingBytes() {
      return WRITE_OVERHEAD_BYTES + (value == null ? 0 : value.length);
    }
  }

  private static final Write END = new Write(null, null, null, null, 0, null);

  private final SqliteFile file;
  private final Clock clock;
  private final LinkedBlockingQueue<Write> waiting = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(MAX_WAITING_BYTES);
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  // Guarded by this.
  private boolean closing;

  // The writer's thread.
  private final Connection connection;
  private final Statement transaction;
  private final PreparedStatement find;
  private final PreparedStatement upsert;
  private final PreparedStatement remove;
  private final PreparedStatement purge;
  private long nextPurgeNanos = System.nanoTime();

  private SqliteWriter(SqliteFile file, Clock clock) throws SQLException {
    this.file = file;
    this.clock = clock;
    connection = file.connect();
    transaction = connection.createStatement();
    find =
        connection.prepareStatement(
            "SELECT version, expires_millis FROM items WHERE partition_key = ? AND sort_key = ?");
    upsert =
        connection.prepareStatement(
            """
            INSERT INTO items (partition_key, sort_key, value, version, expires_millis)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (partition_key, sort_key) DO UPDATE SET
              value = excluded.value,
              version = excluded.version,
              expires_millis = excluded.expires_millis
            """);
    remove =
        connection.prepareStatement("DELETE FROM items WHERE partition_key = ? AND sort_key = ?");
    purge =
        connection.prepareStatement(
            """
            DELETE FROM items WHERE rowid IN (
              SELECT rowid FROM items WHERE expires_millis <= ?
              ORDER BY expires_millis LIMIT\s"""
                + PURGE_BATCH
                + ")");
  }

  static SqliteWriter start(SqliteFile file, Clock clock) throws SQLException {
    SqliteWriter writer = new SqliteWriter(file, clock);
    Thread thread = new Thread(writer::run, "sightline-records-writer");
    thread.setDaemon(true);
    thread.start();
    return writer;
  }

  /** Queues a write; its future fails with UNAVAILABLE when the queue is full or closed. */
  void submit(Write write) {
    String refusal;
    synchronized (this) {
      if (!closing && room.tryAcquire(write.waitingBytes())) {
        waiting.add(write);
        return;
      }
      refusal = closing ? "The record store is closed" : "Too many writes wait for the disk";
    }
    write.done().completeExceptionally(new StorageException(Reason.UNAVAILABLE, refusal));
  }

  /** Writes what waits and ends; safe to call twice. */
  synchronized CompletableFuture<Void> close() {
    if (!closing) {
      closing = true;
      waiting.add(END);
    }
    return closed;
  }

  private void run() {
    List<Write> batch = new ArrayList<>();
    boolean ending = false;
    while (!ending) {
      batch.clear();
      take(batch);
      ending = !batch.isEmpty() && batch.get(batch.size() - 1) == END;
      if (ending) {
        batch.remove(batch.size() - 1);
      }
      if (!batch.isEmpty()) {
        write(batch);
      }
      if (!ending && System.nanoTime() - nextPurgeNanos >= 0) {
        purge();
      }
    }
    try {
      connection.close();
      closed.complete(null);
    } catch (SQLException e) {
      closed.completeExceptionally(file.failure(e));
    }
  }

  /** Waits for the first write, or until it is time to purge, and takes all that have come. */
  private void take(List<Write> batch) {
    try {
      Write first = waiting.poll(nextPurgeNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (first != null) {
        batch.add(first);
        waiting.drainTo(batch, MAX_BATCH - 1);
      }
    } catch (InterruptedException e) {
      // Nobody outside has this thread; it ends when the store is closed.
      LOG.warn("The thread that writes records was interrupted and goes on");
    }
  }

  private void write(List<Write> batch) {
    List<Object> outcomes = new ArrayList<>(batch.size());
    StorageException failure = null;
    try {
      transaction.execute("BEGIN IMMEDIATE");
      long now = clock.millis();
      for (Write write : batch) {
        outcomes.add(apply(write, now));
      }
      transaction.execute("COMMIT");
    } catch (SQLException | RuntimeException e) {
      failure = file.failure(e);
      rollback();
    }
    for (int i = 0; i < batch.size(); i++) {
      Write write = batch.get(i);
      room.release(write.waitingBytes());
      if (failure != null) {
        write.done().completeExceptionally(failure);
      } else if (outcomes.get(i) instanceof Long version) {
        write.done().complete(version);
      } else {
        write.done().completeExceptionally((StorageException) outcomes.get(i));
      }
    }
  }

  /**
   * @return the new version, or the conflict
   */
  private Object apply(Write write, long now) throws SQLException {
    long held = heldVersion(write, now);
    if (write.expected() != ANY_VERSION && write.expected() != held) {
      return new StorageException(
          Reason.CONFLICT,
          "The item '%s' of '%s' has version %d, not %d"
              .formatted(write.sort(), write.partition(), held, write.expected()));
    }
    if (write.value() == null) {
      remove.setString(1, write.partition());
      remove.setString(2, write.sort());
      remove.executeUpdate();
      return RecordStore.ABSENT;
    }
    upsert.setString(1, write.partition());
    upsert.setString(2, write.sort());
    upsert.setBytes(3, write.value());
    upsert.setLong(4, held + 1);
    if (write.expiresMillis() == null) {
      upsert.setNull(5, Types.INTEGER);
    } else {
      upsert.setLong(5, write.expiresMillis());
    }
    upsert.executeUpdate();
    return held + 1;
  }

  /** An expired item is none, whether or not it was purged. */
  private long heldVersion(Write write, long now) throws SQLException {
    find.setString(1, write.partition());
    find.setString(2, write.sort());
    try (ResultSet rows = find.executeQuery()) {
      if (!rows.next()) {
        return RecordStore.ABSENT;
      }
      long expires = rows.getLong(2);
      return rows.wasNull() || expires > now ? rows.getLong(1) : RecordStore.ABSENT;
    }
  }

  /** Deletes one batch of expired items; the next follows at once when there were as many. */
  private void purge() {
    int purged = 0;
    try {
      purge.setLong(1, clock.millis());
      purged = purge.executeUpdate();
    } catch (SQLException e) {
      LOG.warn("Expired records could not be deleted; next try in {}", PURGE_EVERY, e);
    }
    nextPurgeNanos = System.nanoTime() + (purged == PURGE_BATCH ? 0 : PURGE_EVERY.toNanos());
  }

  private void rollback() {
    try {
      transaction.execute("ROLLBACK");
    } catch (SQLException e) {
      LOG.debug("Nothing was there to be rolled back", e);
    }
  }
}
