package io.sightline.storage.testing;

import static io.sightline.storage.testing.Waiting.await;
import static io.sightline.storage.testing.Waiting.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectPage;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.ObjectStream;
import io.sightline.storage.StorageException.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ObjectStore} keeps to. */
public abstract class ObjectStoreContract {

  static final String TYPE = "application/octet-stream";

  protected Vertx vertx;
  protected ObjectStore store;

  /** How a store is opened. */
  protected abstract StoreOpener<ObjectStore> opener();

  /** Where, for this test alone: the same at each call within one test. */
  protected abstract String place();

  @BeforeEach
  void openStore() {
    vertx = Vertx.vertx();
    store = await(opener().open(vertx, place()).map(open -> (ObjectStore) open));
  }

  @AfterEach
  void closeStore() {
    await(store.close());
    await(vertx.close());
  }

  @Test
  void get_storedObject_givesItsBytes() {
    byte[] content = Content.of(1, 100_000);

    await(store.put("streams/lobby/0000000001.mp4", Buffer.buffer(content), TYPE));

    assertThat(await(store.get("streams/lobby/0000000001.mp4")).getBytes()).isEqualTo(content);
  }

  @Test
  void put_emptyObject_isThere() {
    await(store.put("empty", Buffer.buffer(), TYPE));

    assertThat(await(store.get("empty")).length()).isZero();
    assertThat(await(store.head("empty")).sizeBytes()).isZero();
  }

  @Test
  void put_keyAgain_replacesTheObjectAsAWhole() {
    await(store.put("a/b", Buffer.buffer("something long"), TYPE));
    await(store.put("a/b", Buffer.buffer("short"), TYPE));

    assertThat(await(store.get("a/b")).toString()).isEqualTo("short");
    assertThat(keys("")).containsExactly("a/b");
  }

  @Test
  void put_longestKey_isTaken() {
    String key = ("x".repeat(250) + "/").repeat(3) + "y".repeat(147);
    assertThat(key).hasSize(900);

    await(store.put(key, Buffer.buffer("far down"), TYPE));

    assertThat(await(store.get(key)).toString()).isEqualTo("far down");
    assertThat(keys("x")).containsExactly(key);
  }

  @Test
  void head_storedObject_givesSizeAndTime() {
    Instant before = Instant.now().minus(Duration.ofMinutes(1));

    await(store.put("a", Buffer.buffer("12345"), TYPE));

    ObjectInfo info = await(store.head("a"));
    assertThat(info.key()).isEqualTo("a");
    assertThat(info.sizeBytes()).isEqualTo(5);
    assertThat(info.modified()).isBetween(before, Instant.now().plus(Duration.ofMinutes(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "a", "a/b/c/d", "a/bb"})
  void anyReading_missingObject_failsWithNotFound(String key) {
    await(store.put("a/b/c", Buffer.buffer("below a and a/b"), TYPE));

    awaitFailure(Reason.NOT_FOUND, store.get(key));
    awaitFailure(Reason.NOT_FOUND, store.read(key, 0, -1));
    awaitFailure(Reason.NOT_FOUND, store.head(key));
  }

  @Test
  void delete_object_isGoneAndOthersStay() {
    await(store.put("a/b", Buffer.buffer("1"), TYPE));
    await(store.put("a/c", Buffer.buffer("2"), TYPE));

    await(store.delete("a/b"));

    awaitFailure(Reason.NOT_FOUND, store.get("a/b"));
    assertThat(keys("")).containsExactly("a/c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "a", "a/b", "a/b/c/d", "x/y/z"})
  void delete_missingObject_succeedsAndTouchesNothing(String key) {
    await(store.put("a/b/c", Buffer.buffer("below"), TYPE));

    await(store.delete(key));

    assertThat(keys("")).containsExactly("a/b/c");
  }

  @ParameterizedTest
  @CsvSource({
    "0, -1, 0123456789",
    "3, -1, 3456789",
    "3, 4, 3456",
    "0, 10, 0123456789",
    "8, 100, 89",
    "0, 9223372036854775807, 0123456789",
    "9, 1, 9",
    "4, 0, ''",
    "10, -1, ''",
    "10, 5, ''",
    "10, 0, ''"
  })
  void getAndRead_range_giveWhatLiesInIt(long offset, long length, String expected) {
    await(store.put("digits", Buffer.buffer("0123456789"), TYPE));

    assertThat(await(store.get("digits", offset, length)).toString()).isEqualTo(expected);
    ObjectStream stream = await(store.read("digits", offset, length));
    assertThat(stream.length()).isEqualTo(expected.length());
    assertThat(await(collect(stream)).toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"11, -1", "11, 0", "9223372036854775807, 1", "-1, 5", "0, -2"})
  void getAndRead_rangeThatCannotBe_failWithInvalid(long offset, long length) {
    await(store.put("digits", Buffer.buffer("0123456789"), TYPE));

    awaitFailure(Reason.INVALID, store.get("digits", offset, length));
    awaitFailure(Reason.INVALID, store.read("digits", offset, length));
  }

  @Test
  void read_largeObject_streamsAllOfItInOrder() {
    byte[] content = Content.of(7, 3_000_000);
    await(store.put("large", Buffer.buffer(content), TYPE));

    ObjectStream stream = await(store.read("large", 1, -1));

    assertThat(stream.length()).isEqualTo(content.length - 1);
    assertThat(await(collect(stream)))
        .isEqualTo(Buffer.buffer(content).getBuffer(1, content.length));
  }

  @Test
  void read_oneBlockAskedFor_givesNoMore() {
    await(store.put("large", Buffer.buffer(Content.of(7, 3_000_000)), TYPE));
    ObjectStream stream = await(store.read("large", 0, -1));
    List<Buffer> blocks = Collections.synchronizedList(new ArrayList<>());
    Promise<Void> first = Promise.promise();
    Promise<Void> second = Promise.promise();

    stream.handler(
        block -> {
          blocks.add(block);
          if (blocks.size() == 1) {
            first.complete();
          } else {
            second.tryComplete();
          }
        });
    stream.fetch(1);
    await(first.future());
    await(store.head("large")); // The store had time for other work meanwhile.
    assertThat(blocks).hasSize(1);

    stream.fetch(1);
    await(second.future());
    await(stream.close());
    assertThat(blocks).hasSize(2);
  }

  @Test
  void read_closedEarly_endsWithoutFurtherCalls() {
    await(store.put("large", Buffer.buffer(Content.of(7, 3_000_000)), TYPE));
    ObjectStream stream = await(store.read("large", 0, -1));
    Promise<String> called = Promise.promise();
    stream.handler(block -> called.tryComplete("a block"));
    stream.endHandler(none -> called.tryComplete("the end"));

    await(stream.close());
    stream.resume();
    await(stream.close());

    await(store.head("large"));
    assertThat(called.future().isComplete()).isFalse();
  }

  @Test
  void put_stream_storesAllOfIt() {
    List<Buffer> blocks =
        IntStream.range(0, 100).mapToObj(i -> Buffer.buffer(Content.of(i, 30_000))).toList();
    Buffer all = Buffer.buffer();
    blocks.forEach(all::appendBuffer);

    long size =
        await(store.put("up/stream", new BlockStream(context(), blocks, null), "video/mp4"));

    assertThat(size).isEqualTo(all.length());
    assertThat(await(store.get("up/stream"))).isEqualTo(all);
  }

  @Test
  void put_emptyStream_storesAnEmptyObject() {
    assertThat(await(store.put("a", new BlockStream(context(), List.of(), null), TYPE))).isZero();
    assertThat(await(store.head("a")).sizeBytes()).isZero();
  }

  @Test
  void put_streamOfAnotherObject_copiesIt() {
    byte[] content = Content.of(5, 2_500_000);
    await(store.put("from", Buffer.buffer(content), TYPE));

    await(store.read("from", 0, -1).compose(stream -> store.put("to", stream, TYPE)));

    assertThat(await(store.get("to")).getBytes()).isEqualTo(content);
  }

  @Test
  void put_streamThatFails_storesNothingAndKeepsWhatWasThere() {
    await(store.put("kept", Buffer.buffer("before"), TYPE));
    List<Buffer> blocks = List.of(Buffer.buffer(Content.of(1, 200_000)));

    for (String key : List.of("kept", "new")) {
      BlockStream broken =
          new BlockStream(context(), blocks, new IllegalStateException("unplugged"));
      assertThatThrownBy(() -> await(store.put(key, broken, TYPE)))
          .hasStackTraceContaining("unplugged");
    }

    assertThat(await(store.get("kept")).toString()).isEqualTo("before");
    assertThat(keys("")).containsExactly("kept");
  }

  @Test
  void list_keysWithAllCharacters_comeInOrderOfKey() {
    List<String> expected =
        List.of("A", "_", "a", "a-b", "a.b/x", "b-1/x", "b/1", "b/1-2", "b/1.jpg", "b0", "z");
    List<String> shuffled = new ArrayList<>(expected);
    Collections.shuffle(shuffled, new Random(1));
    shuffled.forEach(key -> await(store.put(key, Buffer.buffer(key), TYPE)));

    assertThat(keys("")).containsExactlyElementsOf(new TreeSet<>(expected));
    assertThat(keys("b")).containsExactly("b-1/x", "b/1", "b/1-2", "b/1.jpg", "b0");
    assertThat(keys("b/")).containsExactly("b/1", "b/1-2", "b/1.jpg");
    assertThat(keys("b/1.")).containsExactly("b/1.jpg");
    assertThat(keys("b/1.jpg")).containsExactly("b/1.jpg");
    assertThat(keys("a/")).isEmpty();
    assertThat(keys("nothing/here")).isEmpty();
    assertThat(keys("z/below-an-object")).isEmpty();
  }

  @Test
  void list_pages_giveEachKeyOnceWhateverTheirSize() {
    Random random = new Random(4);
    TreeSet<String> expected = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      String key = "p/" + random.nextInt(4) + "-.".charAt(random.nextInt(2)) + random.nextInt(9);
      expected.add(random.nextBoolean() ? key + "/" + random.nextInt(5) : key + "-f");
    }
    expected.forEach(key -> await(store.put(key, Buffer.buffer(key), TYPE)));

    for (int limit : List.of(1, 7, expected.size() - 1, expected.size(), 1000)) {
      List<String> listed = new ArrayList<>();
      String after = null;
      do {
        ObjectPage page = await(store.list("p/", after, limit));
        assertThat(page.objects()).hasSizeLessThanOrEqualTo(limit);
        page.objects().forEach(object -> listed.add(object.key()));
        page.objects()
            .forEach(object -> assertThat(object.sizeBytes()).isEqualTo(object.key().length()));
        after = page.next();
      } while (after != null);
      assertThat(listed).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void list_afterAKeyThatIsGone_goesOnBehindIt() {
    for (String key : List.of("a/1", "a/2", "a/3")) {
      await(store.put(key, Buffer.buffer("x"), TYPE));
    }
    await(store.delete("a/2"));

    List<ObjectInfo> objects = await(store.list("a/", "a/2", 10)).objects();
    assertThat(objects).extracting(ObjectInfo::key).containsExactly("a/3");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1001})
  void list_limitOutOfRange_failsWithInvalid(int limit) {
    awaitFailure(Reason.INVALID, store.list("", null, limit));
  }

  static Stream<String> hostileKeys() {
    return Stream.of(
        "",
        "/",
        "/etc/passwd",
        "..",
        ".",
        "../x",
        "a/../../x",
        "a/./b",
        "a//b",
        "a/",
        "a b",
        "a\\..\\b",
        "C:\\x",
        "a\u0000b",
        "a\nb",
        "~staging/x",
        "ä",
        "a/\u2024\u2024/b",
        "a%2f..",
        "x".repeat(256),
        "x/".repeat(450) + "x");
  }

  @ParameterizedTest
  @MethodSource("hostileKeys")
  void anything_hostileKey_failsWithInvalid(String key) {
    awaitFailure(Reason.INVALID, store.put(key, Buffer.buffer("x"), TYPE));
    awaitFailure(Reason.INVALID, store.put(key, new BlockStream(context(), List.of(), null), TYPE));
    awaitFailure(Reason.INVALID, store.get(key));
    awaitFailure(Reason.INVALID, store.read(key, 0, -1));
    awaitFailure(Reason.INVALID, store.head(key));
    awaitFailure(Reason.INVALID, store.delete(key));
    assertThat(store.file(key)).isEmpty();
    assertThat(keys("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "../", "a/../", "a//", "a b", "~"})
  void list_hostilePrefix_failsWithInvalid(String prefix) {
    awaitFailure(Reason.INVALID, store.list(prefix, null, 10));
  }

  @Test
  void futures_callerOnAContext_completeThere() {
    Context context = context();
    Promise<List<Context>> seen = Promise.promise();
    List<Context> contexts = new ArrayList<>();

    context.runOnContext(
        none ->
            store
                .put("a", Buffer.buffer("x"), TYPE)
                .onComplete(put -> contexts.add(Vertx.currentContext()))
                .compose(put -> store.get("a"))
                .onComplete(get -> contexts.add(Vertx.currentContext()))
                .compose(get -> store.read("a", 0, -1))
                .compose(
                    stream -> {
                      stream.handler(block -> contexts.add(Vertx.currentContext()));
                      return collectEnd(stream);
                    })
                .map(contexts)
                .onComplete(seen));

    assertThat(await(seen.future())).hasSize(3).containsOnly(context);
  }

  @Test
  void close_twice_succeedsAndLaterCallsFail() {
    await(store.close());
    await(store.close());

    awaitFailure(Reason.UNAVAILABLE, store.get("a"));
    awaitFailure(Reason.UNAVAILABLE, store.put("a", Buffer.buffer("x"), TYPE));
  }

  @Test
  void open_again_findsWhatWasStored() {
    await(store.put("a", Buffer.buffer("x"), TYPE));
    await(store.close());

    openAgain();

    assertThat(await(store.get("a")).toString()).isEqualTo("x");
  }

  @Test
  void kill_whileWriting_losesNothingAcknowledgedAndLeavesNothingPartial() throws Exception {
    List<Long> acknowledged;
    try (StoreChild child = StoreChild.start(StoreChild.Task.OBJECTS, opener(), place(), 0)) {
      acknowledged = child.killAfter(300);
    }
    Map<String, Long> newest = new HashMap<>();
    acknowledged.forEach(number -> newest.merge(StoreChild.key(number), number, Math::max));

    await(store.close());
    openAgain();

    List<String> keys = keys("");
    assertThat(keys).containsAll(newest.keySet());
    for (String key : keys) {
      long number = Content.numberOf(await(store.get(key)).getBytes(), StoreChild.OBJECT_SIZES);
      assertThat(StoreChild.key(number)).isEqualTo(key);
      assertThat(number).isGreaterThanOrEqualTo(newest.getOrDefault(key, 0L));
    }
  }

  /** All keys, by the store's own listing. */
  protected List<String> keys(String prefix) {
    return await(store.list(prefix, null, 1000)).objects().stream().map(ObjectInfo::key).toList();
  }

  private void openAgain() {
    store = await(opener().open(vertx, place()).map(open -> (ObjectStore) open));
  }

  private Context context() {
    return vertx.getOrCreateContext();
  }

  static Future<Buffer> collect(ObjectStream stream) {
    Buffer all = Buffer.buffer();
    stream.handler(all::appendBuffer);
    return collectEnd(stream).map(all);
  }

  private static Future<Void> collectEnd(ObjectStream stream) {
    Promise<Void> end = Promise.promise();
    stream.exceptionHandler(end::tryFail);
    stream.endHandler(none -> end.tryComplete());
    stream.resume();
    return end.future();
  }
}
