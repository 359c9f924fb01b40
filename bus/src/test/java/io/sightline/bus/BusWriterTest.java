package io.sightline.bus;

import static io.sightline.bus.BusFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.bus.BusException.Reason;
import io.sightline.bus.testing.TestBroker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusWriterTest {

  private final BusFixture bus = new BusFixture();

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void write_beyondTwiceTheBound_isRefusedAsFull_andDrainedSaysWhenToGoOn() {
    BusConfig small = new BusConfig(bus.config.bootstrap(), bus.config.topicPrefix(), 2, 1_000_000);
    BusWriter writer = await(BusWriter.open(bus.vertx, small));
    assertThat(writer.full()).isFalse();
    assertThat(writer.drained().isComplete()).isTrue();
    List<Future<Void>> taken = new ArrayList<>();
    Future<Void> refused = null;
    Future<Void> drained = null;
    while (refused == null) {
      Future<Void> written =
          writer.write(new OutRecord(Topic.CLIPS, "cam", new byte[400_000], Map.of()));
      if (drained == null && writer.full()) {
        drained = writer.drained();
      }
      if (written.failed()) {
        refused = written;
      } else {
        taken.add(written);
      }
      assertThat(taken).as("A writer that never fills up").hasSizeLessThan(10_000);
    }
    assertThat(reason(refused)).isEqualTo(Reason.FULL);
    await(drained);
    await(writer.write(new OutRecord(Topic.CLIPS, "cam", new byte[10], Map.of())));
    await(Future.all(taken));
    await(writer.close());
  }

  @Test
  void aRecordLargerThanTheBound_getsThroughAlone() {
    BusConfig tiny = new BusConfig(bus.config.bootstrap(), bus.config.topicPrefix(), 2, 1_000);
    BusWriter writer = await(BusWriter.open(bus.vertx, tiny));
    await(writer.write(new OutRecord(Topic.CLIPS, "cam", new byte[100_000], Map.of())));
    await(writer.close());
  }

  @Test
  void anEightMegabytePicture_isWritten_andALargerOneRefused() {
    await(bus.writer.write(new OutRecord(Topic.FRAMES, "cam", new byte[8 << 20], Map.of())));
    Future<Void> refused =
        bus.writer.write(new OutRecord(Topic.FRAMES, "cam", new byte[9_000_000], Map.of()));
    assertThat(reason(refused)).isEqualTo(Reason.REFUSED);
    assertThat(refused.cause()).hasMessageContaining("9000").hasMessageContaining("at most");
  }

  @Test
  void write_afterTheClose_failsAsClosed() {
    BusWriter writer = await(BusWriter.open(bus.vertx, bus.config));
    Future<Void> last = writer.write(new OutRecord(Topic.CLIPS, "cam", new byte[10], Map.of()));
    await(writer.close());
    assertThat(last.succeeded()).isTrue();
    assertThat(reason(writer.write(new OutRecord(Topic.CLIPS, "cam", new byte[1], Map.of()))))
        .isEqualTo(Reason.CLOSED);
  }

  @Test
  void ensure_whenCountsDiffer_namesTopicsAndNumbers() throws Exception {
    BusConfig odd = TestBroker.shared().config(3);
    try (var admin =
        org.apache.kafka.clients.admin.Admin.create(
            KafkaSettings.admin(odd, java.time.Duration.ofSeconds(20)))) {
      admin
          .createTopics(
              List.of(
                  new org.apache.kafka.clients.admin.NewTopic(
                      Topics.name(odd, Topic.FRAMES), 5, (short) 1),
                  new org.apache.kafka.clients.admin.NewTopic(
                      Topics.name(odd, Topic.CLIPS), 3, (short) 1)))
          .all()
          .get(30, java.util.concurrent.TimeUnit.SECONDS);
    }
    assertThatThrownBy(() -> await(Topics.ensure(bus.vertx, odd)))
        .hasMessageContaining(Topics.name(odd, Topic.FRAMES) + "=5")
        .hasMessageContaining(Topics.name(odd, Topic.CLIPS) + "=3")
        .extracting(e -> ((BusException) e).reason())
        .isEqualTo(Reason.MISCONFIGURED);
  }

  @Test
  void ensure_whenTopicsAreThere_changesNothing_andKeepsTheirCount() {
    BusConfig other =
        new BusConfig(
            bus.config.bootstrap(), bus.config.topicPrefix(), 7, BusConfig.DEFAULT_MAX_WRITE_BYTES);
    await(Topics.ensure(bus.vertx, other));
    BusWriter writer = await(BusWriter.open(bus.vertx, other));
    await(writer.close());
  }

  @Test
  void noBroker_isUnreachable_namingTheAddress() {
    Vertx vertx = bus.vertx;
    BusConfig nowhere = BusConfig.of("127.0.0.1:1");
    assertThatThrownBy(() -> Topics.ensure(nowhere, java.time.Duration.ofSeconds(2)))
        .hasMessageContaining("127.0.0.1:1")
        .extracting(e -> ((BusException) e).reason())
        .isEqualTo(Reason.UNREACHABLE);
    assertThatThrownBy(() -> await(BusWriter.open(vertx, BusConfig.of("no.such.host.invalid:9"))))
        .extracting(e -> ((BusException) e).reason())
        .isEqualTo(Reason.UNREACHABLE);
  }

  private static Reason reason(Future<?> failed) {
    return ((BusException) failed.cause()).reason();
  }
}
