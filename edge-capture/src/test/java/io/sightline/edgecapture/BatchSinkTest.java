package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.edgecapture.kinesis.KinesisServer;
import io.sightline.edgecapture.kinesis.KinesisServer.Fate;
import io.sightline.edgecapture.kinesis.KinesisServer.Stored;
import io.sightline.media.picture.SampledFrame;
import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.Marker;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Sampling;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From an outbox through the SDK's client to a strict server, and what a reader has of it. */
class BatchSinkTest {

  private static final int FRAME = 20_000;

  private final StreamMeter meter = new StreamMeter("lobby", new TestClock());
  private Vertx vertx;
  private KinesisServer server;
  private BatchSinks sinks;
  private Outbox outbox;
  private Sink sink;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    server = new KinesisServer();
    Context context = vertx.getOrCreateContext();
    sinks = new BatchSinks(vertx, context, server.service(), Fixtures.QUICK);
    outbox =
        new Outbox(
            Outbox.Policy.WAIT, 30_000_000, null, meter, sinks.limits("lobby"), () -> sink.wake());
    sink = sinks.open("lobby", outbox);
  }

  @AfterEach
  void close() throws Exception {
    sink.close(Duration.ZERO).await(30, TimeUnit.SECONDS);
    sinks.close().await(30, TimeUnit.SECONDS);
    vertx.close().await(30, TimeUnit.SECONDS);
    server.close();
    assertThat(server.breaches()).isEmpty();
  }

  @Test
  void items_ofAnEpoch_lieInOrderOnOneShard_inTheEnvelopeOfTheEpochConnection() throws Exception {
    EpochQueue epoch = sendFrames(start(0), 700);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    List<Stored> stored = server.stored("lobby");
    assertComplete(start(0), 700, stored);
    assertThat(stored.stream().map(Stored::shard).collect(Collectors.toSet())).hasSize(1);
    assertThat(stored.get(0).item())
        .isInstanceOfSatisfying(
            Marker.class, begin -> assertThat(begin.profile()).isEqualTo(Fixtures.profile()));
    // The rest gathers while the first is under way, up to a megabyte.
    assertThat(server.callSizes()).hasSizeLessThan(60);
    assertThat(meter.snapshot().gatewayReached()).isTrue();
  }

  @Test
  void smallItems_aCallHasAtMostFiveHundred() throws Exception {
    server.fates(call -> call == 0 ? Fate.THROTTLED : Fate.TAKEN);
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 1_200; n++) {
      epoch.put(Fixtures.frame(epoch.start(), n, 100));
    }
    epoch.end(epoch.start().startMicros(), "done", 0);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertComplete(start(0), 1_200, 100, server.stored("lobby"));
  }

  @Test
  void someRecordsFail_whatFollowsTheFirstIsSentAgain_andAReaderHasAllInOrder() throws Exception {
    server.fates(call -> call % 3 == 2 ? Fate.TAKEN : Fate.SOME_FAIL);

    EpochQueue epoch = sendFrames(start(0), 120);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertThat(server.stored("lobby").size()).isGreaterThan(122);
    assertComplete(start(0), 120, server.read("lobby"));
  }

  @Test
  void recordsTakenOutOfOrder_areSentAgain() throws Exception {
    server.fates(call -> call % 2 == 0 ? Fate.TAKEN : Fate.DISORDERED);

    EpochQueue epoch = sendFrames(start(0), 120);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertComplete(start(0), 120, server.read("lobby"));
  }

  @Test
  void anythingGoesWrongAtRandom_aReaderHasExactlyWhatWasSent() throws Exception {
    for (int seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      Fate[] fates = Fate.values();
      server.fates(
          call ->
              random.nextInt(3) == 0 ? Fate.TAKEN : fates[1 + random.nextInt(fates.length - 1)]);

      EpochQueue epoch = sendFrames(start(seed), 100);

      assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
      EpochStart start = start(seed);
      assertComplete(
          start,
          100,
          server.read("lobby").stream()
              .filter(one -> one.item().epoch().equals(start.epoch()))
              .toList());
    }
  }

  @Test
  void severalStreams_eachInOrder_onShardsByTheirNames() throws Exception {
    server.fates(call -> call % 4 == 1 ? Fate.SOME_FAIL : Fate.TAKEN);
    List<String> streams = IntStream.range(0, 8).mapToObj(n -> "camera-" + n).toList();
    Sink[] all = new Sink[streams.size()];
    for (int n = 0; n < all.length; n++) {
      int index = n;
      String stream = streams.get(n);
      Outbox own =
          new Outbox(
              Outbox.Policy.WAIT,
              5_000_000,
              null,
              new StreamMeter(stream, new TestClock()),
              sinks.limits(stream),
              () -> all[index].wake());
      all[n] = sinks.open(stream, own);
      EpochStart start = new EpochStart(stream, start(0).epoch(), "live", "local", TestClock.START);
      send(own, start, 40);
    }
    for (String stream : streams) {
      Eventually.until(stream, () -> server.read(stream).size() == 42);
    }
    for (Sink each : all) {
      each.close(Duration.ofSeconds(20)).await(30, TimeUnit.SECONDS);
    }

    Map<String, Set<String>> shards =
        streams.stream()
            .collect(
                Collectors.toMap(
                    stream -> stream,
                    stream ->
                        server.stored(stream).stream()
                            .map(Stored::shard)
                            .collect(Collectors.toSet())));
    assertThat(shards.values()).allMatch(one -> one.size() == 1);
    assertThat(shards.values().stream().flatMap(Set::stream).distinct().count()).isGreaterThan(1);
  }

  @Test
  void forbidden_saysSo_andGoesOnWhenItIsAllowed() throws Exception {
    server.fates(call -> call == 0 ? Fate.FORBIDDEN : Fate.TAKEN);

    EpochQueue epoch = sendFrames(start(0), 5);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertThat(meter.snapshot().gatewayReason())
        .contains("The Kinesis data stream 'frames' took nothing: ")
        .contains("AccessDeniedException");
  }

  @Test
  void serviceAway_itemsWaitAndAreSentWhenItIsBack() throws Exception {
    server.fates(call -> call < 6 ? Fate.RESET_BEFORE : Fate.TAKEN);

    EpochQueue epoch = sendFrames(start(0), 30);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertComplete(start(0), 30, server.read("lobby"));
    assertThat(meter.snapshot().droppedFrames()).isZero();
  }

  @Test
  void frame_largerThanARecord_isLeftOutCountedAndNamed() throws Exception {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    EpochWriter writer =
        new EpochWriter(epoch, Fixtures.profile(), -1, meter, new TestClock(), outbox.limits());
    int most = (1 << 20) - "lobby".length() - 1_024;
    writer.frame(frame(most), 0, TestClock.START, TestClock.START);
    writer.frame(frame(most + 1), 0, TestClock.START + 1, TestClock.START + 1);
    writer.frame(frame(100), 0, TestClock.START + 2, TestClock.START + 2);
    epoch.end(TestClock.START + 2, "done", 0);

    assertThat(outcome(epoch).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
    assertThat(server.read("lobby")).hasSize(4);
    assertThat(meter.snapshot().droppedFrames()).isEqualTo(1);
    assertThat(meter.snapshot().note())
        .contains("A frame was too large and left out")
        .contains(String.valueOf(most + 1))
        .contains("the Kinesis data stream 'frames' takes " + most);
  }

  @Test
  void marker_largerThanARecord_refusesTheEpochAndTheNextGoesOn() throws Exception {
    Profile endless =
        new Profile(
            "endless",
            Sampling.parse("5/s"),
            null,
            IntStream.range(0, 60_000).mapToObj(n -> new PluginSpec("analyzer-" + n)).toList(),
            List.of());
    EpochQueue refused = outbox.begin(start(0), endless);

    assertThat(outcome(refused).kind()).isEqualTo(EpochOutcome.Kind.REFUSED);
    assertThat(outcome(refused).reason()).contains("more than the Kinesis data stream 'frames'");
    assertThat(outcome(sendFrames(start(1), 3)).kind()).isEqualTo(EpochOutcome.Kind.COMPLETE);
  }

  @Test
  void close_sendsWhatIsLeft() throws Exception {
    server.fates(call -> call < 3 ? Fate.THROTTLED : Fate.TAKEN);
    sendFrames(start(0), 50);

    sink.close(Duration.ofSeconds(20)).await(30, TimeUnit.SECONDS);

    assertComplete(start(0), 50, server.read("lobby"));
  }

  private EpochQueue sendFrames(EpochStart start, int count) throws InterruptedException {
    return send(outbox, start, count);
  }

  private static EpochQueue send(Outbox outbox, EpochStart start, int count)
      throws InterruptedException {
    EpochQueue epoch = outbox.begin(start, Fixtures.profile());
    for (int n = 0; n < count; n++) {
      epoch.put(Fixtures.frame(start, n, FRAME));
    }
    epoch.end(start.startMicros() + count * 200_000L, "done", 0);
    return epoch;
  }

  private static void assertComplete(EpochStart start, int frames, List<Stored> read) {
    assertComplete(start, frames, FRAME, read);
  }

  private static void assertComplete(EpochStart start, int frames, int size, List<Stored> read) {
    assertThat(read)
        .extracting(one -> one.item().sequence())
        .isEqualTo(LongStream.range(0, frames + 2).boxed().toList());
    for (int n = 0; n < frames; n++) {
      Stored one = read.get(n + 1);
      Draft sent = Fixtures.frame(start, n, size);
      assertThat(one.partitionKey()).isEqualTo(start.stream());
      assertThat(one.payload()).isEqualTo(sent.payload());
      assertThat((FrameInfo) one.item()).isEqualTo(sent.numbered(n + 1));
    }
  }

  private static SampledFrame frame(int size) {
    return new SampledFrame(0, 16, 16, false, new byte[size]);
  }

  private static EpochOutcome outcome(EpochQueue epoch) throws Exception {
    return epoch.outcome().get(60, TimeUnit.SECONDS);
  }

  private static EpochStart start(int number) {
    long micros = TestClock.START + number * 100_000_000L;
    return new EpochStart("lobby", Ids.epoch(micros, "local"), "live", "local", micros);
  }
}
