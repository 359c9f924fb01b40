package io.sightline.bus;

import static io.sightline.bus.BusFixture.EPOCH;
import static io.sightline.bus.BusFixture.LATER_EPOCH;
import static io.sightline.bus.BusFixture.await;
import static io.sightline.bus.BusFixture.item;
import static io.sightline.bus.BusFixture.quick;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StageReaderTest {

  private final BusFixture bus = new BusFixture();

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void items_ofManyStreams_comeInOrderAndOnce() {
    CountingStage stage = new CountingStage();
    StageReader reader = bus.read(quick("order"), stage);
    Map<String, Long> expected = new TreeMap<>();
    for (int i = 0; i < 6; i++) {
      bus.writeItems("cam-" + i, 0, 200);
      expected.put("cam-" + i, 200L);
    }
    expected.keySet().forEach(stream -> stage.awaitCount(stream, 200));
    await(reader.stop());
    assertThat(stage.wrong).isEmpty();
    assertThat(stage.open()).isZero();
    assertThat(CountingStage.stored(bus.checkpoints, "order", 2)).isEqualTo(expected);
  }

  @Test
  void stop_withWorkInFlight_waitsForItAndStoresIt() {
    ConcurrentLinkedQueue<Promise<Void>> pending = new ConcurrentLinkedQueue<>();
    CountingStage stage =
        new CountingStage(
            record -> {
              Promise<Void> promise = Promise.promise();
              pending.add(promise);
              return promise.future();
            });
    StageReader reader = bus.read(quick("drain").withInFlight(4, 1_000_000), stage);
    await(bus.writeItems("cam", 0, 20));
    stage.awaitUntil(() -> pending.size() == 4);
    Future<Void> stopped = reader.stop();
    stage.awaitUntil(() -> !pending.isEmpty());
    assertThat(stopped.isComplete()).isFalse();
    new Thread(() -> pending.forEach(Promise::complete)).start();
    await(stopped);
    await(reader.failure());
    assertThat(pending).hasSize(4);
    assertThat(CountingStage.stored(bus.checkpoints, "drain", 2)).isEqualTo(Map.of("cam", 4L));
  }

  @Test
  void repeatsAndOlderEpochs_areDropped_alsoAfterARestart() {
    CountingStage stage = new CountingStage();
    StageReader reader = bus.read(quick("repeats"), stage);
    await(bus.writeItems("cam", 0, 10));
    await(bus.writeItems("cam", 3, 12));
    stage.awaitCount("cam", 12);
    await(reader.stop());

    CountingStage second = new CountingStage();
    StageReader again = bus.read(quick("repeats"), second);
    await(bus.writeItems("cam", 0, 15));
    second.awaitCount("cam", 15);
    await(again.stop());
    assertThat(stage.wrong).isEmpty();
    assertThat(second.wrong).isEmpty();
    assertThat(second.delivered).hasSize(3);
    assertThat(again.stats().repeats()).isEqualTo(12);
  }

  @Test
  void anItemOfAnOlderEpoch_afterANewerBegan_isDropped() {
    ConcurrentLinkedQueue<String> epochs = new ConcurrentLinkedQueue<>();
    CountingStage stage =
        new CountingStage(
            record -> {
              epochs.add(record.item().epoch() + "/" + record.item().sequence());
              return Future.succeededFuture();
            });
    bus.read(quick("epochs"), stage);
    await(bus.writer.write(OutRecord.of(Topic.DETECTIONS, item("cam", EPOCH, 0))));
    await(bus.writer.write(OutRecord.of(Topic.DETECTIONS, item("cam", LATER_EPOCH, 0))));
    await(bus.writer.write(OutRecord.of(Topic.DETECTIONS, item("cam", EPOCH, 1))));
    await(bus.writer.write(OutRecord.of(Topic.DETECTIONS, item("cam", LATER_EPOCH, 1))));
    stage.awaitUntil(() -> epochs.size() == 3);
    assertThat(epochs).containsExactly(EPOCH + "/0", LATER_EPOCH + "/0", LATER_EPOCH + "/1");
  }

  @Test
  void aFailureThatPasses_goesBackToTheCheckpoint_andLosesAndRepeatsNothing() {
    AtomicInteger failures = new AtomicInteger();
    CountingStage stage =
        new CountingStage(
            record ->
                record.item().sequence() % 40 == 37 && failures.getAndIncrement() % 3 != 2
                    ? Future.failedFuture(new TransientException("throttled", null))
                    : Future.succeededFuture());
    StageReader reader = bus.read(quick("transient").withInFlight(8, 1_000_000), stage);
    await(bus.writeItems("cam", 0, 200));
    stage.awaitCount("cam", 200);
    await(reader.stop());
    assertThat(stage.wrong).isEmpty();
    assertThat(reader.stats().rewinds()).isGreaterThanOrEqualTo(10);
    assertThat(reader.stats().setAside()).isZero();
    assertThat(CountingStage.stored(bus.checkpoints, "transient", 2))
        .isEqualTo(Map.of("cam", 200L));
  }

  @Test
  void onePartitionThatWaits_doesNotHoldUpTheOthers() {
    Promise<Void> never = Promise.promise();
    CountingStage stage =
        new CountingStage(
            record -> record.partition() == 0 ? never.future() : Future.succeededFuture());
    bus.read(quick("apart").withInFlight(2, 1_000_000), stage);
    for (int i = 0; i < 8; i++) {
      bus.writeItems("cam-" + i, 0, 100);
    }
    stage.awaitUntil(
        () ->
            stage.counts.values().stream().filter(count -> count == 100).count() >= 2
                && stage.delivered.stream().filter(r -> r.partition() == 0).count() == 2);
    never.complete();
  }
}
