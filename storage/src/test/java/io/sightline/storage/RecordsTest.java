package io.sightline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.records.MalformedRecordException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsTest {

  record Door(String name, int revision) {}

  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @TempDir Path folder;

  private Vertx vertx;
  private RecordStore store;
  private Records<Door> doors;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    store = await(SqliteRecordStore.open(vertx, folder.resolve("records.db"), clock));
    doors = Records.of(store, Door.class);
  }

  @AfterEach
  void close() {
    await(store.close());
    await(vertx.close());
  }

  @Test
  void find_storedRecord_givesItAndElseNothing() {
    await(doors.put("doors", "front", new Door("front", 1), null));

    assertThat(await(doors.find("doors", "front"))).contains(new Door("front", 1));
    assertThat(await(doors.find("doors", "back"))).isEmpty();
    await(doors.delete("doors", "front"));
    assertThat(await(doors.find("doors", "front"))).isEmpty();
  }

  @Test
  void find_expiredRecord_givesNothing() {
    await(doors.put("doors", "front", new Door("front", 1), NOW));

    assertThat(await(doors.find("doors", "front"))).isEmpty();
  }

  @Test
  void remembering_givesWhatIsStored_andDecodesOnlyWhatIsNew() {
    Records<Door> remembered = Records.remembering(store, Door.class, 10_000);
    await(doors.put("doors", "back", new Door("back", 1), null));
    await(doors.put("doors", "front", new Door("front", 1), null));
    List<Door> first = await(remembered.all("doors", null, null));
    // By somebody else, and one made anew under its old version.
    await(doors.delete("doors", "front"));
    await(doors.put("doors", "front", new Door("front", 2), null));

    List<Door> second = await(remembered.all("doors", null, null));

    assertThat(second).containsExactly(new Door("back", 1), new Door("front", 2));
    assertThat(second.get(0)).isSameAs(first.get(0));
  }

  @Test
  void putNewer_revisionNotAboveTheHeldOne_changesNothing() {
    assertThat(putNewer(new Door("first", 2))).isTrue();
    assertThat(putNewer(new Door("same", 2))).isFalse();
    assertThat(putNewer(new Door("older", 1))).isFalse();
    assertThat(await(doors.find("doors", "front"))).contains(new Door("first", 2));

    assertThat(putNewer(new Door("newer", 3))).isTrue();
    assertThat(await(doors.find("doors", "front"))).contains(new Door("newer", 3));
  }

  @Test
  void putNewer_manyAtOnce_highestRevisionStays() {
    List<Integer> revisions = new ArrayList<>(IntStream.rangeClosed(1, 60).boxed().toList());
    Collections.shuffle(revisions, new Random(3));

    await(
        Future.all(
            revisions.stream()
                .map(
                    i ->
                        doors.putNewer(
                            "doors", "front", new Door("front", i), Door::revision, null))
                .toList()));

    assertThat(await(doors.find("doors", "front"))).contains(new Door("front", 60));
  }

  @Test
  void query_pages_giveRecordsNewestFirst() {
    for (int i = 0; i < 5; i++) {
      await(doors.put("doors", "" + i, new Door("door", i), null));
    }

    Query query = new Query("doors", null, null, 3, true);
    Page<Door> first = await(doors.query(query));
    Page<Door> second = await(doors.query(query.after(first.raw())));

    assertThat(first.items()).extracting(Door::revision).containsExactly(4, 3, 2);
    assertThat(second.items()).extracting(Door::revision).containsExactly(1, 0);
    assertThat(second.raw().nextSort()).isNull();
  }

  @Test
  void all_moreThanAPage_givesAllOfTheRangeInOrder() {
    await(
        Future.all(
            IntStream.range(0, 2_500)
                .mapToObj(i -> doors.put("doors", "%05d".formatted(i), new Door("door", i), null))
                .toList()));

    List<Door> found = await(doors.all("doors", "00100", "02400"));

    assertThat(found)
        .extracting(Door::revision)
        .containsExactlyElementsOf(IntStream.range(100, 2_400).boxed().toList());
  }

  @Test
  void anyReading_storedValueThatIsNoSuchRecord_failsNamingTheItem() {
    await(store.put("doors", "front", "[1]".getBytes(StandardCharsets.UTF_8), null));

    for (Future<?> reading :
        List.of(
            doors.find("doors", "front"),
            doors.query(Query.all("doors")),
            doors.all("doors", null, null),
            doors.putNewer("doors", "front", new Door("front", 1), Door::revision, null))) {
      assertThatThrownBy(() -> await(reading))
          .isInstanceOf(MalformedRecordException.class)
          .hasMessageContaining("'front' of 'doors'");
    }
  }

  private boolean putNewer(Door door) {
    return await(doors.putNewer("doors", "front", door, Door::revision, null));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
