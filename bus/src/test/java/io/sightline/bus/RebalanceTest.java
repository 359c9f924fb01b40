package io.sightline.bus;

import static io.sightline.bus.BusFixture.await;
import static io.sightline.bus.BusFixture.quick;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.testing.TestBroker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RebalanceTest {

  private static final int PARTITIONS = 6;
  private static final int STREAMS = 8;

  private final BusFixture bus = new BusFixture(TestBroker.shared(), PARTITIONS);

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void readersThatJoinAndLeave_whileRecordsFlow_loseAndRepeatNothing() {
    Set<String> outputs = ConcurrentHashMap.newKeySet();
    CountingStage stage = new CountingStage(record -> publish(outputs, record));
    StageReaderConfig config = quick("moving").withInFlight(8, 1_000_000);
    StageReader first = bus.read(config, stage);
    writeAll(0, 150);
    stage.awaitUntil(() -> outputs.size() > 100);
    StageReader second = bus.read(config, stage);
    writeAll(150, 250);
    stage.awaitUntil(() -> second.stats().partitions() > 0);
    writeAll(250, 300);
    stage.awaitUntil(() -> second.stats().delivered() > 50);
    StageReader third = bus.read(config, stage);
    writeAll(300, 400);
    stage.awaitUntil(() -> third.stats().partitions() > 0);
    writeAll(400, 450);
    stage.awaitUntil(() -> third.stats().delivered() > 20);
    await(first.stop());
    writeAll(450, 600);
    Map<String, Long> expected = new TreeMap<>();
    for (int i = 0; i < STREAMS; i++) {
      expected.put("cam-" + i, 600L);
    }
    stage.awaitUntil(() -> stage.counts.equals(expected));
    await(Future.all(second.stop(), third.stop()));

    assertThat(stage.wrong).isEmpty();
    assertThat(stage.open()).isZero();
    assertThat(outputs).hasSize(600 * STREAMS);
    assertThat(CountingStage.stored(bus.checkpoints, "moving", PARTITIONS)).isEqualTo(expected);
    assertThat(first.stats().setAside() + second.stats().setAside() + third.stats().setAside())
        .isZero();
  }

  @Test
  void anOwnerThatLagged_isFenced_andItsStateIsNeverStored() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicBoolean blocked = new AtomicBoolean();
    CountingStage stage = new CountingStage();
    CountingStage lagging =
        new CountingStage(
            record -> {
              if (record.item().sequence() == 5 && blocked.compareAndSet(false, true)) {
                awaitLatch(go);
              }
              return Future.succeededFuture();
            });
    StageReaderConfig config =
        quick("lagging")
            .withInFlight(1, 1_000_000)
            .withCheckpoints(Duration.ofHours(1), 6)
            .withMembership(
                Duration.ofMillis(1_500),
                Duration.ofMillis(300),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2));
    StageReader old = bus.read(config, lagging);
    await(bus.writeItems("cam", 0, 20));
    lagging.awaitUntil(blocked::get);
    StageReader current = bus.read(config, stage);
    stage.awaitCount("cam", 20);
    // The old owner ends its call at last, and wants to store what it holds.
    go.countDown();
    lagging.awaitUntil(() -> old.stats().fenced() == 1);
    await(bus.writeItems("cam", 20, 40));
    stage.awaitUntil(
        () ->
            Math.max(stage.counts.getOrDefault("cam", 0L), lagging.counts.getOrDefault("cam", 0L))
                == 40);
    await(Future.all(old.stop(), current.stop()));
    assertThat(stage.wrong).isEmpty();
    assertThat(lagging.wrong).isEmpty();
    assertThat(CountingStage.stored(bus.checkpoints, "lagging", PARTITIONS))
        .isEqualTo(Map.of("cam", 40L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "save"})
  void anOwnerThatPausedInItsClaim_claimsTooLate_andDisturbsNobody(String where) {
    CountDownLatch go = new CountDownLatch(1);
    AtomicBoolean paused = new AtomicBoolean();
    CountingStage stage = new CountingStage();
    CountingStage late = new CountingStage();
    Checkpoints pausing =
        new Checkpoints() {
          @Override
          public Optional<Stored> load(String group, int partition) {
            pause("load");
            return bus.checkpoints.load(group, partition);
          }

          @Override
          public long save(String group, int partition, byte[] content, long version) {
            pause("save");
            return bus.checkpoints.save(group, partition, content, version);
          }

          private void pause(String here) {
            if (here.equals(where) && paused.compareAndSet(false, true)) {
              awaitLatch(go);
            }
          }
        };
    StageReaderConfig config =
        quick("late")
            .withMembership(
                Duration.ofMillis(1_500),
                Duration.ofMillis(300),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2));
    StageReader old = bus.read(config, late, pausing);
    late.awaitUntil(paused::get);
    StageReader current = bus.read(config, stage);
    writeAll(0, 20);
    for (int i = 0; i < STREAMS; i++) {
      stage.awaitCount("cam-" + i, 20);
    }
    go.countDown();
    // It comes back as a member like any other, and gets its share.
    late.awaitUntil(() -> late.open() > 0);
    writeAll(20, 40);
    Map<String, Long> expected = new TreeMap<>();
    for (int i = 0; i < STREAMS; i++) {
      expected.put("cam-" + i, 40L);
    }
    late.awaitUntil(
        () -> {
          Map<String, Long> all = new TreeMap<>(stage.counts);
          late.counts.forEach((stream, count) -> all.merge(stream, count, Math::max));
          return all.equals(expected);
        });
    await(Future.all(old.stop(), current.stop()));
    assertThat(current.stats().fenced()).isZero();
    assertThat(stage.wrong).isEmpty();
    assertThat(late.wrong).isEmpty();
    assertThat(CountingStage.stored(bus.checkpoints, "late", PARTITIONS)).isEqualTo(expected);
  }

  @Test
  void aGroupThatBeginsAnew_locksNobodyOut() throws Exception {
    CountingStage stage = new CountingStage();
    StageReader reader = bus.read(quick("anew"), stage);
    await(bus.writeItems("cam", 0, 10));
    stage.awaitCount("cam", 10);
    await(reader.stop());
    try (var admin =
        org.apache.kafka.clients.admin.Admin.create(
            KafkaSettings.admin(bus.config, Duration.ofSeconds(20)))) {
      admin
          .deleteConsumerGroups(Set.of(bus.config.topicPrefix() + "anew"))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    StageReader again = bus.read(quick("anew"), stage);
    await(bus.writeItems("cam", 10, 20));
    stage.awaitCount("cam", 20);
    await(again.stop());
    assertThat(stage.wrong).isEmpty();
    assertThat(stage.delivered).hasSize(20);
  }

  private Future<Void> publish(Set<String> outputs, InRecord record) {
    Promise<Void> promise = Promise.promise();
    ForkJoinPool.commonPool()
        .execute(
            () -> {
              outputs.add(record.key() + "/" + record.item().sequence());
              promise.complete();
            });
    return promise.future();
  }

  private void writeAll(long from, long to) {
    for (int i = 0; i < STREAMS; i++) {
      bus.writeItems("cam-" + i, from, to);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("Never let go");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
