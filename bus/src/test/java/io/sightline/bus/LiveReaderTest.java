package io.sightline.bus;

import static io.sightline.bus.BusFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.testing.TestBroker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveReaderTest {

  private final BlockingQueue<Long> seen = new LinkedBlockingQueue<>();

  @Test
  void records_writtenFromNowOn_areSeenInOrder_alsoAfterABrokerRestart() throws Exception {
    try (TestBroker broker = TestBroker.open();
        BusFixture bus = new BusFixture(broker, 2)) {
      await(bus.writeItems("cam", 0, 5));
      LiveReader live =
          LiveReader.start(
              bus.vertx,
              bus.config,
              Set.of(Topic.DETECTIONS, Topic.ALERTS),
              record -> seen.add(record.item().sequence()));
      await(live.ready());
      await(bus.writeItems("cam", 5, 7));
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(5);
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(6);
      broker.kill();
      Future<Void> meanwhile = bus.writeItems("cam", 7, 9);
      broker.start();
      await(meanwhile);
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(7);
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(8);
      await(live.close());
      await(live.close());
      assertThat(live.dropped()).isZero();
    }
  }

  @Test
  void resting_recordsAreNotRead_andFollowingGoesOnFromThen() throws Exception {
    try (BusFixture bus = new BusFixture()) {
      LiveReader live =
          LiveReader.start(
              bus.vertx,
              bus.config,
              Set.of(Topic.DETECTIONS),
              record -> seen.add(record.item().sequence()));
      await(live.ready());
      for (int round = 0; round < 3; round++) {
        int first = round * 10;
        live.rest();
        await(bus.writeItems("cam", first, first + 5));
        await(live.follow());
        await(live.follow());
        await(bus.writeItems("cam", first + 5, first + 7));

        // What was written just before may still be on its way; nothing older is.
        Long next = seen.poll(60, TimeUnit.SECONDS);
        while (next != first + 5) {
          assertThat(next).isLessThan(first + 5);
          next = seen.poll(60, TimeUnit.SECONDS);
        }
        assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(first + 6);
      }
      await(live.close());
    }
  }

  @Test
  void aHandlerThatIsSlow_getsTheNewest_andTheRestIsCounted() throws Exception {
    Vertx slow = Vertx.vertx();
    try (BusFixture bus = new BusFixture()) {
      CountDownLatch go = new CountDownLatch(1);
      Promise<Void> begun = Promise.promise();
      LiveReader live =
          LiveReader.start(
              slow,
              bus.config,
              Set.of(Topic.CLIPS),
              record -> {
                if (begun.tryComplete()) {
                  awaitQuietly(go);
                }
                seen.add((long) record.value().length);
              });
      await(live.ready());
      int records = 3_000;
      bus.writer.write(new OutRecord(Topic.CLIPS, "cam", new byte[1], Map.of()));
      await(begun.future());
      for (int i = 2; i < records; i++) {
        bus.writer.write(new OutRecord(Topic.CLIPS, "cam", new byte[i], Map.of()));
      }
      await(bus.writer.write(new OutRecord(Topic.CLIPS, "cam", new byte[records], Map.of())));
      new CountingStage().awaitUntil(() -> live.dropped() > 0);
      go.countDown();
      long last = 0;
      while (last != records) {
        Long next = seen.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("after " + last).isNotNull().isGreaterThan(last);
        last = next;
      }
      await(live.close());
      await(slow.close());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
