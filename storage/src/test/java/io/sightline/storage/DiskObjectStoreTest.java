package io.sightline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.storage.testing.ObjectRacesContract;
import io.sightline.storage.testing.StoreOpener;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskObjectStoreTest extends ObjectRacesContract {

  /** Opens stores in a folder. */
  public static final class Opener implements StoreOpener<ObjectStore> {
    @Override
    public Future<? extends ObjectStore> open(Vertx vertx, String place) {
      return DiskObjectStore.open(vertx, Path.of(place));
    }
  }

  @TempDir Path folder;

  @Override
  protected StoreOpener<ObjectStore> opener() {
    return new Opener();
  }

  @Override
  protected String place() {
    return folder.resolve("objects").toString();
  }

  @Test
  void file_storedObject_holdsItsBytes() throws Exception {
    await(store.put("a/b", Buffer.buffer("content"), "text/plain"));

    Path file = store.file("a/b").orElseThrow();

    assertThat(Files.readString(file)).isEqualTo("content");
  }

  @Test
  void linkToAFolderOutside_isNeverFollowed() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createSymbolicLink(Path.of(place()).resolve("link"), outside);

    assertNotFound("link/secret");
    assertThatThrownBy(() -> await(store.put("link/new", Buffer.buffer("x"), "text/plain")))
        .isInstanceOf(StorageException.class);
    await(store.delete("link/secret"));
    assertThat(keys("")).isEmpty();
    assertThat(keys("link/")).isEmpty();
    try (Stream<Path> left = Files.list(outside)) {
      assertThat(left).containsExactly(outside.resolve("secret"));
    }
  }

  @Test
  void linkToAFileOutside_isNoObjectAndIsReplacedByOne() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(Path.of(place()).resolve("link"), secret);

    assertNotFound("link");
    await(store.delete("link"));
    await(store.put("link", Buffer.buffer("mine"), "text/plain"));

    assertThat(await(store.get("link")).toString()).isEqualTo("mine");
    assertThat(Files.readString(secret)).isEqualTo("secret");
  }

  @Test
  void put_keyBelowAnObjectOrAboveOne_failsWithInvalid() {
    await(store.put("a/b", Buffer.buffer("x"), "text/plain"));

    for (String key : List.of("a", "a/b/c", "a/b/c/d")) {
      assertThatThrownBy(() -> await(store.put(key, Buffer.buffer("y"), "text/plain")))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.INVALID));
    }
    assertThat(await(store.get("a/b")).toString()).isEqualTo("x");
  }

  @Test
  void open_besideALivingStore_leavesItsUnfinishedFilesAlone() throws Exception {
    Path unfinished = staged().get(0).resolve("17");
    Files.writeString(unfinished, "half");

    ObjectStore second = await(DiskObjectStore.open(vertx, Path.of(place())));

    assertThat(unfinished).exists();
    assertThat(staged()).hasSize(2);
    await(second.close());
    assertThat(staged()).hasSize(1);
  }

  @Test
  void open_afterAKill_removesWhatWasUnfinished() throws Exception {
    Path left = Files.createDirectory(Path.of(place(), "~staging", "123"));
    Files.writeString(left.resolve("lock"), "");
    Files.writeString(left.resolve("0"), "half an object");

    ObjectStore second = await(DiskObjectStore.open(vertx, Path.of(place())));

    assertThat(left).doesNotExist();
    await(second.close());
  }

  @Test
  void openAndClose_byManyAtOnce_neverGetInEachOthersWay() throws Exception {
    List<Future<Void>> stores = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String key = "many/" + i;
      stores.add(
          DiskObjectStore.open(vertx, Path.of(place()))
              .compose(
                  opened ->
                      opened.put(key, Buffer.buffer(key), "text/plain").eventually(opened::close)));
    }

    await(Future.all(stores));

    assertThat(keys("many/")).hasSize(30);
    assertThat(staged()).hasSize(1);
  }

  @Test
  void delete_lastObjectOfAFolder_leavesNoEmptyFolders() throws Exception {
    await(store.put("a/b/c", Buffer.buffer("x"), "text/plain"));

    await(store.delete("a/b/c"));

    assertThat(Path.of(place(), "a")).doesNotExist();
    assertThat(Path.of(place())).exists();
  }

  @Test
  void put_failed_leavesNoFileBehind() throws Exception {
    await(store.put("a/b", Buffer.buffer("x"), "text/plain"));
    assertThatThrownBy(() -> await(store.put("a", Buffer.buffer("x"), "text/plain")))
        .isInstanceOf(StorageException.class);

    try (Stream<Path> files = Files.list(staged().get(0))) {
      assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly("lock");
    }
  }

  @Test
  void open_whereAFileLies_failsWithUnavailable() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> await(DiskObjectStore.open(vertx, file)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file.toString());
  }

  private List<Path> staged() throws IOException {
    try (Stream<Path> stores = Files.list(Path.of(place(), "~staging"))) {
      return stores.filter(Files::isDirectory).toList();
    }
  }

  private void assertNotFound(String key) {
    assertThatThrownBy(() -> await(store.get(key)))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(StorageException.Reason.NOT_FOUND));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
