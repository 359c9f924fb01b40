package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.Marker;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayConnectionTest {

  private static final long START = TestClock.START;

  private final TestClock clock = new TestClock();
  private final StreamMeter meter = new StreamMeter("lobby", clock);
  private Vertx vertx;
  private TestGateway gateway;
  private Outbox outbox;
  private GatewayConnection connection;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    gateway = new TestGateway();
  }

  @AfterEach
  void close() throws Exception {
    if (connection != null) {
      connection.close(Duration.ZERO).await(30, TimeUnit.SECONDS);
    }
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
    assertThat(gateway.breaches()).isEmpty();
  }

  @Test
  void items_ofAnEpoch_arriveInOrderAndComplete() throws Exception {
    connect(Outbox.Policy.WAIT, 1_000_000);

    EpochQueue epoch = sendFrames(start(0), 50);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    TestGateway.Epoch received = only();
    assertThat(received.items).hasSize(52);
    assertThat(received.of(Marker.class))
        .extracting(Marker::kind)
        .containsExactly(Marker.Kind.EPOCH_BEGIN, Marker.Kind.EPOCH_END);
    assertThat(received.of(Marker.class).get(0).profile()).isEqualTo(Fixtures.profile());
    assertThat(meter.snapshot().gatewayReached()).isTrue();
  }

  @Test
  void resume_connectionsLostAtRandom_nothingIsMissingAndNothingTwice() throws Exception {
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      gateway.dropBefore(item -> random.nextInt(12) == 0);
      gateway.dropAfter(item -> random.nextInt(12) == 0);
      connect(Outbox.Policy.WAIT, 40_000);

      EpochQueue epoch = sendFrames(start(seed), 60);

      assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
      TestGateway.Epoch received = gateway.epochs("lobby").get(seed);
      assertThat(received.openings).isGreaterThan(1);
      assertThat(received.of(FrameInfo.class))
          .extracting(FrameInfo::positionMicros)
          .containsExactlyElementsOf(
              LongStream.range(0, 60)
                  .map(n -> received.startMicros + n * 200_000)
                  .boxed()
                  .toList());
    }
  }

  @Test
  void killedAndRunAgain_theGatewayHasAPart_onlyTheRestIsSent() throws Exception {
    connect(Outbox.Policy.WAIT, 10_000_000);
    EpochQueue first = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 30; n++) {
      first.put(Fixtures.frame(first.start(), n, 1_000));
    }
    Eventually.until("30 frames there", () -> arrived() == 31);
    connection.close(Duration.ZERO).await(30, TimeUnit.SECONDS);

    connect(Outbox.Policy.WAIT, 5_000);
    EpochQueue again = sendFrames(start(0), 50);

    assertThat(outcome(again).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertThat(only().items).hasSize(52);
    assertThat(only().repeats).isZero();
  }

  @Test
  void runAgain_theGatewayHasAll_nothingIsSent() throws Exception {
    connect(Outbox.Policy.WAIT, 5_000);
    outcome(sendFrames(start(0), 20));

    EpochQueue again = sendFrames(start(0), 20);

    assertThat(outcome(again).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertThat(only().items).hasSize(22);
    assertThat(only().repeats).isZero();
  }

  @Test
  void gatewayAway_comesBack_everythingArrives() throws Exception {
    gateway.goAway();
    connect(Outbox.Policy.WAIT, 1_000_000);
    EpochQueue epoch = sendFrames(start(0), 10);
    Eventually.until("noticed", () -> meter.snapshot().gatewayReason() != null);
    assertThat(meter.snapshot().gatewayReason()).contains("does not answer");

    gateway.comeBack();

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertThat(only().items).hasSize(12);
  }

  @Test
  void gatewayGoesAway_inMidEpoch_theRestFollows() throws Exception {
    gateway.holdAcknowledgements(true);
    connect(Outbox.Policy.WAIT, 1_000_000);
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 8; n++) {
      epoch.put(Fixtures.frame(epoch.start(), n, 1_000));
    }
    Eventually.until("8 frames there", () -> arrived() == 9);
    gateway.goAway();
    gateway.holdAcknowledgements(false);
    gateway.comeBack();
    epoch.end(epoch.start().startMicros(), "done", 0);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertThat(only().items).hasSize(10);
    assertThat(only().repeats).isZero();
  }

  @Test
  void put_fileAndSlowGateway_waitsInsteadOfDropping() throws Exception {
    gateway.holdAcknowledgements(true);
    connect(Outbox.Policy.WAIT, 20_000);
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int n = 0; n < 100; n++) {
                  epoch.put(Fixtures.frame(epoch.start(), n, 2_000));
                }
                epoch.end(epoch.start().startMicros(), "done", 0);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    writer.start();
    Eventually.until("it waits", () -> writer.getState() == Thread.State.WAITING);

    gateway.holdAcknowledgements(false);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertThat(only().items).hasSize(102);
    assertThat(meter.snapshot().droppedFrames()).isZero();
  }

  @Test
  void fenced_live_endsTheEpochAndTheNextOneGoesOn() throws Exception {
    connect(Outbox.Policy.DROP, 1_000_000);
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    Eventually.until("begun", () -> arrived() == 1);

    gateway.fence(only());

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.FENCED);
    assertThat(epoch.put(Fixtures.frame(epoch.start(), 1, 100))).isFalse();
    EpochQueue next = sendFrames(start(1), 5);
    assertThat(outcome(next).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
  }

  @Test
  void fenced_fileOnce_isOpenedAgain_twice_givesWay() throws Exception {
    connect(Outbox.Policy.WAIT, 1_000_000);
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    Eventually.until("begun", () -> arrived() == 1);
    gateway.fence(only());
    Eventually.until(
        "opened again", () -> gateway.read(() -> only().openings == 2 && only().socket != null));
    assertThat(epoch.outcome()).isNotDone();

    gateway.fence(only());

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.FENCED);
    assertThat(outcome(epoch).reason()).contains("Another capture");
  }

  @Test
  void refusedItem_theEpochIsEndedWithWhatTheGatewayHas() throws Exception {
    gateway.refuse(item -> item.item() instanceof FrameInfo && item.item().sequence() == 5, 4400);
    connect(Outbox.Policy.WAIT, 1_000_000);

    EpochQueue epoch = sendFrames(start(0), 10);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.REFUSED);
    assertThat(only().items).extracting(item -> item.item().sequence()).endsWith(4L, 5L);
    assertThat(only().end().reason()).contains("4400", "not this one");
  }

  @Test
  void tooLargeItem_ofAFile_endsTheEpochBeforeItIsSent() throws Exception {
    gateway.maxItemBytes(100_000);
    connect(Outbox.Policy.WAIT, 1_000_000);
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    epoch.put(Fixtures.frame(epoch.start(), 1, 1_000));
    epoch.put(Fixtures.frame(epoch.start(), 2, 100_000));

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.REFUSED);
    assertThat(only().end().reason()).contains("more than the 100000");
    assertThat(epoch.put(Fixtures.frame(epoch.start(), 3, 1_000))).isFalse();
  }

  @Test
  void tooLargeItem_live_isDroppedAndCounted() throws Exception {
    gateway.maxItemBytes(100_000);
    connect(Outbox.Policy.DROP, 1_000_000);
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    epoch.put(Fixtures.frame(epoch.start(), 1, 1_000));
    epoch.put(Fixtures.frame(epoch.start(), 2, 100_000));
    epoch.put(Fixtures.frame(epoch.start(), 3, 1_000));
    epoch.end(epoch.start().startMicros(), "done", 0);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertThat(only().items).hasSize(4);
    assertThat(meter.snapshot().droppedFrames()).isEqualTo(1);
  }

  @Test
  void tokenRefused_saysSoAndGoesOnWhenItIsAccepted() throws Exception {
    gateway.answerAll(401);
    connect(Outbox.Policy.WAIT, 1_000_000);
    EpochQueue epoch = sendFrames(start(0), 5);
    Eventually.until("refused", () -> meter.snapshot().gatewayReason() != null);
    assertThat(meter.snapshot().gatewayReason()).contains("token", "401", "not like this");

    gateway.answerAll(0);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
  }

  @Test
  void forgottenByTheGateway_saysSo() throws Exception {
    connect(Outbox.Policy.WAIT, 1_000_000);
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 10; n++) {
      epoch.put(Fixtures.frame(epoch.start(), n, 1_000));
    }
    Eventually.until("all acknowledged", () -> meter.acknowledgedMicros() >= START + 1_800_000);
    gateway.goAway();
    gateway.forget(only(), 4);
    gateway.comeBack();

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.FORGOTTEN);
  }

  @Test
  void severalEpochs_whileTheGatewayIsAway_arriveOneAfterAnother() throws Exception {
    gateway.goAway();
    connect(Outbox.Policy.DROP, 1_000_000);
    List<EpochQueue> sent = List.of(sendFrames(start(0), 3), sendFrames(start(1), 3));

    gateway.comeBack();

    for (EpochQueue epoch : sent) {
      assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    }
    assertThat(gateway.epochs("lobby"))
        .extracting(epoch -> epoch.startMicros)
        .containsExactly(START, START + 100_000_000);
  }

  private void connect(Outbox.Policy policy, long capacity) {
    CaptureConfig config = gateway.config().withBuffer(capacity, Math.min(capacity, 20_000));
    Context context = vertx.getOrCreateContext();
    outbox = new Outbox(policy, capacity, meter, () -> connection.wake());
    connection =
        new GatewayConnection(
            vertx,
            context,
            new GatewayApi(vertx, config, Fixtures.QUICK),
            outbox,
            meter,
            "lobby",
            config,
            Fixtures.QUICK);
  }

  private static EpochStart start(int number) {
    long micros = START + number * 100_000_000L;
    return new EpochStart(
        "lobby", Ids.epoch(micros, TestGateway.AGENT), "live", TestGateway.AGENT, micros);
  }

  private EpochQueue sendFrames(EpochStart start, int count) throws InterruptedException {
    EpochQueue epoch = outbox.begin(start, Fixtures.profile());
    for (int n = 0; n < count; n++) {
      epoch.put(Fixtures.frame(start, n, 1_000 + n));
    }
    epoch.end(start.startMicros() + count * 200_000L, "done", 0);
    return epoch;
  }

  private int arrived() {
    return gateway.read(() -> gateway.epochs("lobby").isEmpty() ? 0 : only().items.size());
  }

  private TestGateway.Epoch only() {
    return gateway.epochs("lobby").get(0);
  }

  private static EpochOutcome outcome(EpochQueue epoch) throws Exception {
    return epoch.outcome().get(60, TimeUnit.SECONDS);
  }
}
