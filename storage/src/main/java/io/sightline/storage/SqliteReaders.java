package io.sightline.storage;

import io.sightline.storage.StorageException.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Connections that only read. Each call takes one and gives it back, so no more threads than
 * connections should call at a time. Blocking.
 */
final class SqliteReaders {

  /** What a page holds at most, however large its items are. */
  private static final int MAX_PAGE_BYTES = 4 << 20;

  private static final String COLUMNS =
      "SELECT sort_key, value, version, expires_millis FROM items";
  private static final String ALIVE = " AND (expires_millis IS NULL OR expires_millis > ?)";

  /** One connection and its statements. */
  private static final class Reader {
    final Connection connection;
    final PreparedStatement get;
    final PreparedStatement oldestFirst;
    final PreparedStatement newestFirst;

    Reader(Connection connection) throws SQLException {
      this.connection = connection;
      connection.createStatement().execute("PRAGMA query_only = true");
      String range =
          COLUMNS + " WHERE partition_key = ? AND sort_key >= ? AND sort_key < ?" + ALIVE;
      get =
          connection.prepareStatement(
              COLUMNS + " WHERE partition_key = ? AND sort_key = ?" + ALIVE);
      oldestFirst = connection.prepareStatement(range + " ORDER BY sort_key LIMIT ?");
      newestFirst = connection.prepareStatement(range + " ORDER BY sort_key DESC LIMIT ?");
    }
  }

  /** Work with one reader. */
  private interface Reading<T> {
    T from(Reader reader) throws SQLException;
  }

  private final SqliteFile file;
  private final Clock clock;
  private final ArrayBlockingQueue<Reader> idle;
  private final int count;

  private SqliteReaders(SqliteFile file, Clock clock, int count) {
    this.file = file;
    this.clock = clock;
    this.count = count;
    this.idle = new ArrayBlockingQueue<>(count);
  }

  static SqliteReaders open(SqliteFile file, Clock clock, int count) throws SQLException {
    SqliteReaders readers = new SqliteReaders(file, clock, count);
    for (int i = 0; i < count; i++) {
      readers.idle.add(new Reader(file.connect()));
    }
    return readers;
  }

  /**
   * @throws StorageException NOT_FOUND, INVALID or UNAVAILABLE
   */
  StoredRecord get(String partition, String sort) {
    RecordKeys.require(partition, sort);
    return read(
        reader -> {
          reader.get.setString(1, partition);
          reader.get.setString(2, sort);
          reader.get.setLong(3, clock.millis());
          try (ResultSet rows = reader.get.executeQuery()) {
            if (!rows.next()) {
              throw new StorageException(
                  Reason.NOT_FOUND, "There is no item '" + sort + "' in '" + partition + "'");
            }
            return record(partition, rows);
          }
        });
  }

  /**
   * @throws StorageException INVALID or UNAVAILABLE
   */
  RecordPage query(Query query) {
    RecordKeys.require(query);
    return read(
        reader -> {
          PreparedStatement statement =
              query.newestFirst() ? reader.newestFirst : reader.oldestFirst;
          statement.setString(1, query.partition());
          // All keys are ASCII: the empty text lies before, DEL behind every one of them.
          statement.setString(2, query.fromSort() == null ? "" : query.fromSort());
          statement.setString(3, query.toSort() == null ? "\u007f" : query.toSort());
          statement.setLong(4, clock.millis());
          statement.setInt(5, query.limit() + 1);
          try (ResultSet rows = statement.executeQuery()) {
            return page(query, rows);
          }
        });
  }

  /** Ends all connections; none may be in use any more. */
  Void close() throws InterruptedException, SQLException {
    for (int i = 0; i < count; i++) {
      idle.take().connection.close();
    }
    return null;
  }

  private static RecordPage page(Query query, ResultSet rows) throws SQLException {
    List<StoredRecord> records = new ArrayList<>();
    long bytes = 0;
    while (rows.next()) {
      StoredRecord record = record(query.partition(), rows);
      bytes += record.value().length;
      if (records.size() == query.limit() || !records.isEmpty() && bytes > MAX_PAGE_BYTES) {
        String last = records.get(records.size() - 1).sort();
        return new RecordPage(List.copyOf(records), query.newestFirst() ? last : record.sort());
      }
      records.add(record);
    }
    return new RecordPage(List.copyOf(records), null);
  }

  private static StoredRecord record(String partition, ResultSet row) throws SQLException {
    long expires = row.getLong(4);
    Instant expiry = row.wasNull() ? null : Instant.ofEpochMilli(expires);
    return new StoredRecord(partition, row.getString(1), row.getBytes(2), row.getLong(3), expiry);
  }

  private <T> T read(Reading<T> reading) {
    Reader reader;
    try {
      reader = idle.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(Reason.UNAVAILABLE, "Interrupted while reading records", e);
    }
    try {
      return reading.from(reader);
    } catch (SQLException e) {
      throw file.failure(e);
    } finally {
      idle.add(reader);
    }
  }
}
