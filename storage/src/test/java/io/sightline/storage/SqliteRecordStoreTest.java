package io.sightline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.storage.testing.RecordStoreContract;
import io.sightline.storage.testing.StoreOpener;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRecordStoreTest extends RecordStoreContract {

  /** Opens stores by the system's clock. */
  public static final class Opener implements StoreOpener<RecordStore> {
    @Override
    public Future<? extends RecordStore> open(Vertx vertx, String place) {
      return SqliteRecordStore.open(vertx, Path.of(place));
    }
  }

  @TempDir Path folder;

  @Override
  protected Future<? extends RecordStore> open(Vertx openedBy, String place, Clock expiry) {
    return SqliteRecordStore.open(openedBy, Path.of(place), expiry);
  }

  @Override
  protected StoreOpener<RecordStore> opener() {
    return new Opener();
  }

  @Override
  protected String place() {
    return folder.resolve("data/records.db").toString();
  }

  @Test
  void connections_survivePowerLossAndDoNotBlockReaders() throws Exception {
    try (Connection connection = SqliteFile.prepare(Path.of(place())).connect()) {
      assertThat(one(connection, "PRAGMA journal_mode")).isEqualTo("wal");
      assertThat(one(connection, "PRAGMA synchronous")).isEqualTo("2");
    }
  }

  @Test
  void expiredItems_arePurgedInBatchesWhileWritesGoOn() throws Exception {
    Instant soon = clock.instant().plusSeconds(1);
    await(
        Future.all(
            IntStream.range(0, 1_200)
                .mapToObj(i -> store.put("p", "s" + i, new byte[10], soon))
                .toList()));
    await(store.put("p", "lasting", new byte[10], null));
    await(store.close());
    clock.advance(Duration.ofMinutes(5));

    store = await(SqliteRecordStore.open(vertx, Path.of(place()), clock));
    // Between two writes there is room for one batch; after four all must have been deleted.
    for (int i = 0; i < 5; i++) {
      await(store.put("q", "s", new byte[10], null));
    }

    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + place())) {
      assertThat(one(connection, "SELECT group_concat(sort_key) FROM items ORDER BY sort_key"))
          .isEqualTo("lasting,s");
    }
  }

  @Test
  void put_moreThanMayWait_isRefusedAndTheRestIsWritten() throws Exception {
    byte[] large = new byte[RecordStore.MAX_VALUE_BYTES];
    List<Future<Long>> puts = new ArrayList<>();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + place());
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE"); // Another process writes for a while.
      for (int i = 0; i < 1_200; i++) {
        puts.add(store.put("p", "s" + i, large, null));
      }
      assertThat(puts.get(1_199).failed()).isTrue();
      assertThat(puts.get(1_199).cause()).hasMessageContaining("Too many writes wait");
      statement.execute("ROLLBACK");
    }

    await(Future.join(puts).otherwiseEmpty());
    int written = (int) puts.stream().filter(Future::succeeded).count();
    assertThat(written).isBetween(1_000, 1_100);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + place())) {
      assertThat(one(connection, "SELECT count(*) FROM items")).isEqualTo("" + written);
    }
  }

  @Test
  void query_largePartition_usesTheIndexInBothDirections() throws Exception {
    try (Connection connection = SqliteFile.prepare(Path.of(place())).connect()) {
      for (String order : new String[] {"", "DESC"}) {
        String plan =
            column(
                connection,
                "EXPLAIN QUERY PLAN SELECT value FROM items WHERE partition_key = 'p' AND sort_key"
                    + " >= 'a' AND sort_key < 'b' ORDER BY sort_key "
                    + order
                    + " LIMIT 10",
                4);
        assertThat(plan).contains("USING INDEX").doesNotContain("TEMP B-TREE");
      }
    }
  }

  @Test
  void open_fileThatIsNoDatabase_failsWithInvalidAndLeavesItAlone() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "not a database ".repeat(1000));

    assertThatThrownBy(() -> await(SqliteRecordStore.open(vertx, text)))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.INVALID))
        .hasMessageContaining(text.toString());
    assertThat(Files.readString(text)).startsWith("not a database");
  }

  @Test
  void open_databaseOfSomeoneElse_failsWithInvalidAndLeavesItAlone() throws Exception {
    Path other = folder.resolve("other.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + other);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE songs (title TEXT)");
    }

    assertThatThrownBy(() -> await(SqliteRecordStore.open(vertx, other)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no record store of Sightline");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + other)) {
      assertThat(one(connection, "SELECT group_concat(name) FROM sqlite_schema"))
          .isEqualTo("songs");
    }
  }

  @Test
  void open_layoutOfANewerVersion_failsWithInvalid() throws Exception {
    await(store.close());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + place());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }

    assertThatThrownBy(() -> await(SqliteRecordStore.open(vertx, Path.of(place()))))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("layout 99");
  }

  @Test
  void open_folderThatCannotBe_failsWithUnavailable() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> await(SqliteRecordStore.open(vertx, file.resolve("records.db"))))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.UNAVAILABLE));
  }

  private static String one(Connection connection, String query) throws SQLException {
    return column(connection, query, 1);
  }

  private static String column(Connection connection, String query, int column)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(column);
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
