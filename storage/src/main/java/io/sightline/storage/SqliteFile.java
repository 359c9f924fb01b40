package io.sightline.storage;

import io.sightline.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The database file: its connections and its one table. Blocking. */
final class SqliteFile {

  /** "SLRS", Sightline record store, in the file's header. */
  private static final int APPLICATION_ID = 0x534c5253;

  private static final int SCHEMA_VERSION = 1;
  private static final Duration BUSY_LIMIT = Duration.ofSeconds(20);

  /** SQLite waits up to 100 ms between tries and so starves beside a busy process. */
  private static final Duration BUSY_PAUSE = Duration.ofMillis(1);

  private static final int MAX_LOG_BYTES = 64 << 20;

  private static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS items (
        partition_key TEXT NOT NULL,
        sort_key TEXT NOT NULL,
        value BLOB NOT NULL,
        version INTEGER NOT NULL,
        expires_millis INTEGER,
        PRIMARY KEY (partition_key, sort_key)
      );
      CREATE INDEX IF NOT EXISTS items_by_expiry
        ON items (expires_millis) WHERE expires_millis IS NOT NULL;
      """;

  private final Path path;

  private SqliteFile(Path path) {
    this.path = path;
  }

  /**
   * Makes the file ready to be used by connections.
   *
   * @throws StorageException INVALID when it is something else than a record store; UNAVAILABLE
   *     when it cannot be opened
   */
  static SqliteFile prepare(Path path) {
    Path absolute = path.toAbsolutePath();
    try {
      Files.createDirectories(absolute.getParent());
    } catch (IOException e) {
      throw new StorageException(
          Reason.UNAVAILABLE, "The folder of the record store " + path + ": " + e, e);
    }
    SqliteFile file = new SqliteFile(absolute);
    try (Connection connection = file.connect();
        Statement statement = connection.createStatement()) {
      // Without WAL, readers and the writer would wait for each other.
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("BEGIN IMMEDIATE");
      file.createOrCheck(statement);
      statement.execute("COMMIT");
      Folders.sync(absolute.getParent());
    } catch (SQLException | IOException e) {
      throw file.failure(e);
    }
    return file;
  }

  /** A connection that survives a loss of power and waits while another process writes. */
  Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
    try (Statement statement = connection.createStatement()) {
      BusyHandler.setHandler(connection, new Patience());
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA journal_size_limit = " + MAX_LOG_BYTES);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  StorageException failure(Exception cause) {
    if (cause instanceof StorageException known) {
      return known;
    }
    boolean foreign =
        cause instanceof SQLiteException e && e.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB;
    return new StorageException(
        foreign ? Reason.INVALID : Reason.UNAVAILABLE,
        "The record store " + path + ": " + cause.getMessage(),
        cause);
  }

  private void createOrCheck(Statement statement) throws SQLException {
    int application = number(statement, "PRAGMA application_id");
    int version = number(statement, "PRAGMA user_version");
    if (application == APPLICATION_ID) {
      if (version != SCHEMA_VERSION) {
        throw new StorageException(
            Reason.INVALID,
            "The record store "
                + path
                + " has layout "
                + version
                + ", which this version of Sightline does not know");
      }
      return;
    }
    if (number(statement, "SELECT count(*) FROM sqlite_schema") > 0) {
      throw new StorageException(
          Reason.INVALID, "The file " + path + " is a database, but no record store of Sightline");
    }
    for (String command : SCHEMA.split(";\\s*")) {
      statement.execute(command);
    }
    statement.execute("PRAGMA application_id = " + APPLICATION_ID);
    statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
  }

  private static int number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** Tries again soon, for a limited time. One per connection, which one thread uses at a time. */
  private static final class Patience extends BusyHandler {

    private long startNanos;

    @Override
    protected int callback(int earlierTries) {
      if (earlierTries == 0) {
        startNanos = System.nanoTime();
      } else if (System.nanoTime() - startNanos > BUSY_LIMIT.toNanos()) {
        return 0;
      }
      LockSupport.parkNanos(BUSY_PAUSE.toNanos());
      return 1;
    }
  }
}
