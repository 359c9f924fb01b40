package io.sightline.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.bus.BusException;
import io.sightline.bus.Checkpoints;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredCheckpointsTest {

  private static final String GROUP = "segmenter";
  private static final int LARGE = 300_000;

  @TempDir Path folder;

  private Vertx vertx;
  private ObjectStore objects;
  private RecordStore records;
  private StoredCheckpoints checkpoints;

  @BeforeEach
  void open() throws TimeoutException {
    vertx = Vertx.vertx();
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    checkpoints = new StoredCheckpoints(records, objects);
  }

  @AfterEach
  void close() throws TimeoutException {
    await(records.close());
    await(objects.close());
    await(vertx.close());
  }

  @Test
  void load_ofNone_isEmpty() {
    assertThat(checkpoints.load(GROUP, 0)).isEmpty();
  }

  @Test
  void load_afterSave_givesContentAndVersion() {
    long first = checkpoints.save(GROUP, 3, small("one"), Checkpoints.ABSENT);
    long second = checkpoints.save(GROUP, 3, small("two"), first);

    Checkpoints.Stored stored = checkpoints.load(GROUP, 3).orElseThrow();
    assertThat(stored.content()).isEqualTo(small("two"));
    assertThat(stored.version()).isEqualTo(second).isNotEqualTo(first);
    assertThat(checkpoints.load(GROUP, 4)).isEmpty();
    assertThat(checkpoints.load("clipper", 3)).isEmpty();
  }

  @Test
  void load_afterReopening_givesWhatWasSaved() throws TimeoutException {
    checkpoints.save(GROUP, 0, large('a'), Checkpoints.ABSENT);
    close();
    open();

    assertThat(checkpoints.load(GROUP, 0).orElseThrow().content()).isEqualTo(large('a'));
  }

  @Test
  void save_byOwnerThatLagsBehind_isFenced() {
    long mine = checkpoints.save(GROUP, 0, small("mine"), Checkpoints.ABSENT);
    checkpoints.save(GROUP, 0, small("theirs"), mine);

    fenced(() -> checkpoints.save(GROUP, 0, small("mine again"), mine));
    fenced(() -> checkpoints.save(GROUP, 0, small("as if new"), Checkpoints.ABSENT));
    assertThat(checkpoints.load(GROUP, 0).orElseThrow().content()).isEqualTo(small("theirs"));
  }

  @Test
  void save_ofLargeContentByOwnerThatLagsBehind_leavesTheOthersContent() {
    long mine = checkpoints.save(GROUP, 0, large('a'), Checkpoints.ABSENT);
    checkpoints.save(GROUP, 0, large('b'), mine);

    fenced(() -> checkpoints.save(GROUP, 0, large('c'), mine));
    fenced(() -> checkpoints.save(GROUP, 0, large('b'), mine));
    assertThat(checkpoints.load(GROUP, 0).orElseThrow().content()).isEqualTo(large('b'));
  }

  @Test
  void save_ofLargeContent_keepsOneObject() throws IOException {
    long version = Checkpoints.ABSENT;
    for (char letter = 'a'; letter <= 'e'; letter++) {
      version = checkpoints.save(GROUP, 0, large(letter), version);
    }

    assertThat(objectFiles()).hasSize(1);
    assertThat(checkpoints.load(GROUP, 0).orElseThrow().content()).isEqualTo(large('e'));
  }

  @Test
  void save_ofSameLargeContentAgain_keepsIt() throws IOException {
    long version = checkpoints.save(GROUP, 0, large('a'), Checkpoints.ABSENT);
    checkpoints.save(GROUP, 0, large('a'), version);

    assertThat(checkpoints.load(GROUP, 0).orElseThrow().content()).isEqualTo(large('a'));
    assertThat(objectFiles()).hasSize(1);
  }

  @Test
  void save_ofSmallContentAfterLarge_removesTheObject() throws IOException {
    long version = checkpoints.save(GROUP, 0, large('a'), Checkpoints.ABSENT);
    checkpoints.save(GROUP, 0, small("b"), version);

    assertThat(objectFiles()).isEmpty();
    assertThat(checkpoints.load(GROUP, 0).orElseThrow().content()).isEqualTo(small("b"));
  }

  @Test
  void save_ofNothing_isStored() {
    checkpoints.save(GROUP, 0, new byte[0], Checkpoints.ABSENT);

    assertThat(checkpoints.load(GROUP, 0).orElseThrow().content()).isEmpty();
  }

  private List<Path> objectFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("objects"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().contains("checkpoints"))
          .toList();
    }
  }

  private static void fenced(Runnable save) {
    assertThatThrownBy(save::run)
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.reason()).isEqualTo(BusException.Reason.FENCED));
  }

  private static byte[] small(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] large(char letter) {
    byte[] content = new byte[LARGE];
    Arrays.fill(content, (byte) letter);
    return content;
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(30, TimeUnit.SECONDS);
  }
}
