package io.sightline.storage.testing;

import static io.sightline.storage.testing.Waiting.await;
import static io.sightline.storage.testing.Waiting.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.storage.Query;
import io.sightline.storage.RecordPage;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StorageException.Reason;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link RecordStore} keeps to. */
public abstract class RecordStoreContract {

  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  protected Vertx vertx;
  protected RecordStore store;
  protected final MovableClock clock = new MovableClock(START);

  /** Opens a store that expires items by this clock. */
  protected abstract Future<? extends RecordStore> open(Vertx openedBy, String place, Clock expiry);

  /** How another process opens one, by the system's clock. */
  protected abstract StoreOpener<RecordStore> opener();

  /** Where, for this test alone: the same at each call within one test. */
  protected abstract String place();

  @BeforeEach
  void openStore() {
    vertx = Vertx.vertx();
    openAgain();
  }

  @AfterEach
  void closeStore() {
    await(store.close());
    await(vertx.close());
  }

  @Test
  void get_storedItem_givesAllOfIt() {
    Instant expires = START.plus(Duration.ofDays(1));

    assertThat(await(store.put("chunks/lobby", "0001", bytes("{}"), expires))).isEqualTo(1);

    StoredRecord held = await(store.get("chunks/lobby", "0001"));
    assertThat(held.partition()).isEqualTo("chunks/lobby");
    assertThat(held.sort()).isEqualTo("0001");
    assertThat(text(held)).isEqualTo("{}");
    assertThat(held.version()).isEqualTo(1);
    assertThat(held.expires()).isEqualTo(expires);
  }

  @Test
  void put_again_replacesAndCountsVersions() {
    await(store.put("p", "s", bytes("one"), START.plusSeconds(10)));

    assertThat(await(store.put("p", "s", bytes("two"), null))).isEqualTo(2);

    StoredRecord held = await(store.get("p", "s"));
    assertThat(text(held)).isEqualTo("two");
    assertThat(held.version()).isEqualTo(2);
    assertThat(held.expires()).isNull();
  }

  @Test
  void put_emptyValue_isKept() {
    await(store.put("p", "s", new byte[0], null));

    assertThat(await(store.get("p", "s")).value()).isEmpty();
  }

  @Test
  void put_arrayChangedAfterwards_keepsWhatWasGiven() {
    byte[] value = bytes("given");

    Future<Long> put = store.put("p", "s", value, null);
    value[0] = 'x';
    await(put);

    assertThat(text(await(store.get("p", "s")))).isEqualTo("given");
  }

  @Test
  void get_missingItem_failsWithNotFound() {
    await(store.put("p", "s", bytes("x"), null));

    awaitFailure(Reason.NOT_FOUND, store.get("p", "other"));
    awaitFailure(Reason.NOT_FOUND, store.get("other", "s"));
  }

  @Test
  void delete_item_isGoneAndItsVersionsBeginAgain() {
    await(store.put("p", "s", bytes("x"), null));
    await(store.put("p", "s", bytes("x"), null));

    await(store.delete("p", "s"));
    await(store.delete("p", "s"));

    awaitFailure(Reason.NOT_FOUND, store.get("p", "s"));
    assertThat(await(store.put("p", "s", bytes("y"), null))).isEqualTo(1);
  }

  @Test
  void put_fullSize_isTakenAndOneByteMoreIsNot() {
    byte[] largest = new byte[RecordStore.MAX_VALUE_BYTES];
    largest[largest.length - 1] = 7;
    byte[] larger = new byte[RecordStore.MAX_VALUE_BYTES + 1];

    await(store.put("p", "largest", largest, null));

    assertThat(await(store.get("p", "largest")).value()).isEqualTo(largest);
    awaitFailure(Reason.INVALID, store.put("p", "larger", larger, null));
    awaitFailure(Reason.INVALID, store.putIf("p", "larger", larger, null, RecordStore.ABSENT));
    awaitFailure(Reason.INVALID, store.put("p", "larger", null, null));
    awaitFailure(Reason.NOT_FOUND, store.get("p", "larger"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a\nb",
        "a\u0000",
        "\u007f",
        "ä",
        "a\ud83d\ude00",
        "'; DROP TABLE x"
      })
  void anything_hostileKey_failsWithInvalid(String key) {
    assertInvalid(key, "s");
    assertInvalid("p", key);
  }

  @Test
  void anything_keyOf501Characters_failsWithInvalidAnd500AreTaken() {
    String longest = "~".repeat(500);
    assertInvalid(longest + "x", "s");
    assertInvalid("p", longest + "x");

    await(store.put(longest, longest, bytes("x"), null));

    assertThat(await(store.query(Query.all(longest))).records()).hasSize(1);
  }

  @Test
  void put_keysThatLookLikeSql_areJustKeys() {
    List<String> keys = List.of("'", "\"", "%", "_", "';--", "a%b", "\\", "*");
    keys.forEach(key -> await(store.put(key, key, bytes(key), null)));

    for (String key : keys) {
      List<StoredRecord> found = await(store.query(Query.all(key))).records();
      assertThat(found).extracting(StoredRecord::sort).containsExactly(key);
    }
  }

  @Test
  void putIf_versionsAsRead_writesAndOthersConflict() {
    assertThat(await(store.putIf("p", "s", bytes("1"), null, RecordStore.ABSENT))).isEqualTo(1);
    awaitFailure(Reason.CONFLICT, store.putIf("p", "s", bytes("x"), null, RecordStore.ABSENT));
    awaitFailure(Reason.CONFLICT, store.putIf("p", "s", bytes("x"), null, 2));
    assertThat(await(store.putIf("p", "s", bytes("2"), null, 1))).isEqualTo(2);
    awaitFailure(Reason.CONFLICT, store.putIf("p", "s", bytes("x"), null, 1));
    awaitFailure(Reason.CONFLICT, store.putIf("p", "missing", bytes("x"), null, 1));

    assertThat(text(await(store.get("p", "s")))).isEqualTo("2");
    awaitFailure(Reason.NOT_FOUND, store.get("p", "missing"));
  }

  @Test
  void deleteIf_versionAsRead_deletesAndOthersConflict() {
    await(store.put("p", "s", bytes("1"), null));
    await(store.put("p", "s", bytes("2"), null));

    awaitFailure(Reason.CONFLICT, store.deleteIf("p", "s", 1));
    awaitFailure(Reason.CONFLICT, store.deleteIf("p", "s", RecordStore.ABSENT));
    assertThat(text(await(store.get("p", "s")))).isEqualTo("2");
    await(store.deleteIf("p", "s", 2));

    awaitFailure(Reason.NOT_FOUND, store.get("p", "s"));
    awaitFailure(Reason.CONFLICT, store.deleteIf("p", "s", 2));
  }

  @Test
  void putIfAbsent_manyAtOnce_exactlyOneWins() {
    List<Future<Long>> tries =
        IntStream.range(0, 50)
            .mapToObj(i -> store.putIf("p", "s", bytes("" + i), null, RecordStore.ABSENT))
            .toList();
    await(Future.join(tries).otherwiseEmpty());

    List<Integer> winners =
        IntStream.range(0, 50).filter(i -> tries.get(i).succeeded()).boxed().toList();
    assertThat(winners).hasSize(1);
    assertThat(text(await(store.get("p", "s")))).isEqualTo("" + winners.get(0));
  }

  @Test
  void putIf_manyCounters_addUp() {
    startCounter();

    await(
        Future.all(
            IntStream.range(0, 8).mapToObj(i -> StoreChild.count(store, "shared", 25)).toList()));

    assertThat(counted()).isEqualTo(200);
  }

  @Test
  void putIf_twoProcesses_addUp() throws Exception {
    startCounter();
    try (StoreChild child = StoreChild.start(StoreChild.Task.COUNT, opener(), place(), 150)) {
      child.awaitBeginning();
      await(StoreChild.count(store, "shared", 150));
      assertThat(child.exitCode()).isZero();
    }

    assertThat(counted()).isEqualTo(300);
  }

  @Test
  void puts_withoutWaiting_takeEffectInOrderOfTheCalls() {
    List<Future<Long>> puts =
        IntStream.range(0, 2_000)
            .mapToObj(i -> store.put("p", "s" + i % 3, bytes("" + i), null))
            .toList();
    await(Future.all(puts));

    for (int i = 0; i < 2_000; i++) {
      assertThat(puts.get(i).result()).isEqualTo(i / 3 + 1);
    }
    assertThat(text(await(store.get("p", "s0")))).isEqualTo("1998");
  }

  @Test
  void query_partition_givesItsItemsInByteOrderAndNoOthers() {
    List<String> sorts =
        List.of("!", "-", ".", "0", "00", "1", "10", "2", "A", "Z", "a", "aa", "~");
    List<String> shuffled = new ArrayList<>(sorts);
    Collections.shuffle(shuffled, new java.util.Random(1));
    shuffled.forEach(sort -> await(store.put("p", sort, bytes(sort), null)));
    await(store.put("p2", "in-another", bytes("x"), null));
    await(store.put("P", "in-another", bytes("x"), null));

    RecordPage ascending = await(store.query(Query.all("p")));
    assertThat(ascending.records()).extracting(StoredRecord::sort).containsExactlyElementsOf(sorts);
    assertThat(ascending.nextSort()).isNull();

    List<String> reversed = new ArrayList<>(sorts);
    Collections.reverse(reversed);
    assertThat(await(store.query(new Query("p", null, null, 1000, true))).records())
        .extracting(StoredRecord::sort)
        .containsExactlyElementsOf(reversed);
  }

  @ParameterizedTest
  @CsvSource({
    "c, f, false, cde",
    "c, f, true, edc",
    "c, , false, cdefghij",
    ", c, false, ab",
    ", c, true, ba",
    "bb, d0, false, cd",
    "f, f, false, ''",
    "f, c, false, ''",
    "z, , false, ''"
  })
  void query_range_includesItsStartAndExcludesItsEnd(
      String from, String to, boolean newestFirst, String expected) {
    for (char sort = 'a'; sort <= 'j'; sort++) {
      await(store.put("p", "" + sort, bytes("x"), null));
    }

    assertThat(sorts(new Query("p", from, to, 1000, newestFirst))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, false", "3, false", "10, false", "1, true", "3, true", "9, true", "11, true"})
  void query_pages_giveEachItemOnceInBothDirections(int limit, boolean newestFirst) {
    for (char sort = 'a'; sort <= 'l'; sort++) {
      await(store.put("p", "" + sort, bytes("x"), null));
    }

    StringBuilder seen = new StringBuilder();
    Query query = new Query("p", "b", "l", limit, newestFirst);
    RecordPage page = await(store.query(query));
    page.records().forEach(item -> seen.append(item.sort()));
    while (page.nextSort() != null) {
      assertThat(page.records()).isNotEmpty().hasSizeLessThanOrEqualTo(limit);
      query = query.after(page);
      page = await(store.query(query));
      page.records().forEach(item -> seen.append(item.sort()));
    }

    assertThat(seen).hasToString(newestFirst ? "kjihgfedcb" : "bcdefghijk");
  }

  @Test
  void query_largeItems_comeInPagesThatAddUp() {
    int count = 150;
    byte[] large = new byte[RecordStore.MAX_VALUE_BYTES];
    List<Future<Long>> puts =
        IntStream.range(0, count)
            .mapToObj(i -> store.put("p", String.format("%04d", i), large, null))
            .toList();
    await(Future.all(puts));

    for (boolean newestFirst : List.of(false, true)) {
      List<String> seen = new ArrayList<>();
      Query query = new Query("p", null, null, 1000, newestFirst);
      RecordPage page = await(store.query(query));
      page.records().forEach(item -> seen.add(item.sort()));
      while (page.nextSort() != null) {
        query = query.after(page);
        page = await(store.query(query));
        page.records().forEach(item -> seen.add(item.sort()));
      }
      assertThat(seen).hasSize(count).doesNotHaveDuplicates();
    }
  }

  @Test
  void query_limitOutOfRange_isRefused() {
    assertThatThrownBy(() -> new Query("p", null, null, 0, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Query("p", null, null, Query.MAX_LIMIT + 1, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void expiry_reached_itemIsNoneForEveryCall() {
    await(store.put("p", "brief", bytes("x"), START.plusSeconds(10)));
    await(store.put("p", "brief", bytes("x"), START.plusSeconds(10)));
    await(store.put("p", "lasting", bytes("x"), null));

    clock.advance(Duration.ofSeconds(9));
    assertThat(sorts(Query.all("p"))).isEqualTo("brieflasting");

    clock.advance(Duration.ofSeconds(1));
    awaitFailure(Reason.NOT_FOUND, store.get("p", "brief"));
    assertThat(sorts(Query.all("p"))).isEqualTo("lasting");
    assertThat(sorts(new Query("p", null, null, 1, false))).isEqualTo("lasting");
    awaitFailure(Reason.CONFLICT, store.putIf("p", "brief", bytes("x"), null, 2));
    awaitFailure(Reason.CONFLICT, store.deleteIf("p", "brief", 2));
    assertThat(await(store.putIf("p", "brief", bytes("again"), null, RecordStore.ABSENT)))
        .isEqualTo(1);
    assertThat(text(await(store.get("p", "brief")))).isEqualTo("again");
  }

  @Test
  void put_overAnExpiredItem_beginsItsVersionsAgain() {
    await(store.put("p", "s", bytes("x"), START.plusSeconds(1)));
    await(store.put("p", "s", bytes("x"), START.plusSeconds(1)));
    clock.advance(Duration.ofSeconds(2));

    assertThat(await(store.put("p", "s", bytes("y"), START.plusSeconds(60)))).isEqualTo(1);
  }

  @Test
  void put_expiryThatCannotBeHeld_failsWithInvalid() {
    awaitFailure(Reason.INVALID, store.put("p", "s", bytes("x"), Instant.MAX));
  }

  @Test
  void futures_callerOnAContext_completeThere() {
    Context context = vertx.getOrCreateContext();
    List<Context> contexts = new ArrayList<>();
    Promise<List<Context>> seen = Promise.promise();

    context.runOnContext(
        none ->
            store
                .put("p", "s", bytes("x"), null)
                .onComplete(put -> contexts.add(Vertx.currentContext()))
                .compose(put -> store.get("p", "s"))
                .onComplete(get -> contexts.add(Vertx.currentContext()))
                .compose(get -> store.putIf("p", "s", bytes("y"), null, 99))
                .onComplete(conflict -> contexts.add(Vertx.currentContext()))
                .otherwiseEmpty()
                .map(contexts)
                .onComplete(seen));

    assertThat(await(seen.future())).hasSize(3).containsOnly(context);
  }

  @Test
  void close_whileWritesWait_writesThemAllAndThenRefuses() {
    List<Future<Long>> puts =
        IntStream.range(0, 1_000).mapToObj(i -> store.put("p", "s" + i, bytes("x"), null)).toList();

    await(store.close());
    await(store.close());

    assertThat(puts).allMatch(Future::succeeded);
    awaitFailure(Reason.UNAVAILABLE, store.put("p", "late", bytes("x"), null));
    awaitFailure(Reason.UNAVAILABLE, store.get("p", "s1"));
    openAgain();
    assertThat(await(store.query(Query.all("p"))).records()).hasSize(1_000);
  }

  @Test
  void kill_whileWriting_losesNothingAcknowledgedAndLeavesNothingPartial() throws Exception {
    List<Long> acknowledged;
    try (StoreChild child = StoreChild.start(StoreChild.Task.RECORDS, opener(), place(), 0)) {
      acknowledged = child.killAfter(500);
    }
    Map<String, Long> newest = new HashMap<>();
    acknowledged.forEach(number -> newest.merge(StoreChild.key(number), number, Math::max));

    await(store.close());
    openAgain();

    List<StoredRecord> records = await(store.query(Query.all(StoreChild.PARTITION))).records();
    assertThat(records).extracting(StoredRecord::sort).containsAll(newest.keySet());
    for (StoredRecord record : records) {
      long number = Content.numberOf(record.value(), StoreChild.RECORD_SIZES);
      assertThat(StoreChild.key(number)).isEqualTo(record.sort());
      assertThat(number).isGreaterThanOrEqualTo(newest.getOrDefault(record.sort(), 0L));
    }
  }

  private void openAgain() {
    store = await(open(vertx, place(), clock).map(open -> (RecordStore) open));
  }

  private void assertInvalid(String partition, String sort) {
    awaitFailure(Reason.INVALID, store.put(partition, sort, bytes("x"), null));
    awaitFailure(Reason.INVALID, store.putIf(partition, sort, bytes("x"), null, 1));
    awaitFailure(Reason.INVALID, store.get(partition, sort));
    awaitFailure(Reason.INVALID, store.delete(partition, sort));
    awaitFailure(Reason.INVALID, store.deleteIf(partition, sort, 1));
    awaitFailure(Reason.INVALID, store.query(new Query(partition, sort, null, 10, false)));
    awaitFailure(Reason.INVALID, store.query(new Query(partition, null, sort, 10, false)));
  }

  private void startCounter() {
    byte[] zero = Buffer.buffer().appendLong(0).getBytes();
    await(store.put(StoreChild.COUNTERS, "shared", zero, null));
  }

  private long counted() {
    return Buffer.buffer(await(store.get(StoreChild.COUNTERS, "shared")).value()).getLong(0);
  }

  private String sorts(Query query) {
    StringBuilder sorts = new StringBuilder();
    await(store.query(query)).records().forEach(item -> sorts.append(item.sort()));
    return sorts.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(StoredRecord held) {
    return new String(held.value(), StandardCharsets.UTF_8);
  }
}
