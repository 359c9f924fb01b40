package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.edgecapture.spool.Spool;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Marker;
import io.sightline.records.StreamItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new outbox on the same folder is what a process finds that was started after a kill. */
class OutboxOnDiskTest {

  private static final long NO_LIMIT = Long.MAX_VALUE / 2;
  private static final int FRAME = 10_000;

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private StreamMeter meter = new StreamMeter("lobby", clock);

  /** Memory for three frames, so that most are read from disk again. */
  private Outbox outbox;

  @BeforeEach
  void open() {
    outbox = outbox(1_000_000_000);
  }

  @Test
  void put_moreThanMemoryHolds_comesBackFromDiskInOrder() throws Exception {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 50; n++) {
      assertThat(epoch.put(Fixtures.frame(epoch.start(), n, FRAME))).isTrue();
    }
    epoch.take();
    epoch.resume(-1);

    List<EpochQueue.Outgoing> sent = drain(epoch);

    assertThat(sent).hasSize(51);
    assertThat(items(sent))
        .extracting(StreamItem::sequence)
        .isEqualTo(LongStream.range(0, 51).boxed().toList());
    for (int n = 0; n < 50; n++) {
      assertThat(sent.get(n + 1).payload())
          .isEqualTo(Fixtures.frame(epoch.start(), n, FRAME).payload());
    }
    assertThat(meter.snapshot().droppedFrames()).isZero();
  }

  @Test
  void restart_nothingAcknowledged_everythingIsSentAndTheEpochIsEnded() throws Exception {
    EpochQueue before = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 20; n++) {
      before.put(Fixtures.frame(before.start(), n, FRAME));
    }

    long end = restart();

    EpochQueue epoch = outbox.head();
    assertThat(epoch.start()).isEqualTo(before.start());
    assertThat(end).isEqualTo(before.start().startMicros() + 19 * 200_000);
    epoch.take();
    epoch.resume(-1);
    List<StreamItem> items = items(drain(epoch));
    assertThat(items).hasSize(22);
    assertThat(items)
        .extracting(StreamItem::sequence)
        .isEqualTo(LongStream.range(0, 22).boxed().toList());
    assertThat(items.get(21))
        .isInstanceOfSatisfying(
            Marker.class,
            marker -> {
              assertThat(marker.kind()).isEqualTo(Marker.Kind.EPOCH_END);
              assertThat(marker.reason()).contains("capture was ended");
            });
    epoch.acknowledge(21);
    assertThat(outbox.head()).isNull();
    assertThat(files()).isEmpty();
  }

  @Test
  void restart_someSentSomeAcknowledged_goesOnAfterWhatTheGatewayHas() throws Exception {
    EpochQueue before = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 20; n++) {
      before.put(Fixtures.frame(before.start(), n, FRAME));
    }
    before.take();
    before.resume(-1);
    for (int n = 0; n < 15; n++) {
      before.next(NO_LIMIT, NO_LIMIT);
    }
    before.acknowledge(4);

    restart();
    EpochQueue epoch = outbox.head();
    epoch.take();
    // It had more than it could say.
    epoch.resume(11);

    List<StreamItem> items = items(drain(epoch));
    assertThat(items)
        .extracting(StreamItem::sequence)
        .isEqualTo(LongStream.range(12, 22).boxed().toList());
    assertThat(items.get(0).positionMicros())
        .isEqualTo(before.start().startMicros() + 11 * 200_000);
  }

  @Test
  void restart_afterDrops_numbersAreThoseThatWereSent() throws Exception {
    outbox = outbox(40_000 + 30 * 1_024);
    EpochQueue before = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 12; n++) {
      before.put(Fixtures.frame(before.start(), n, FRAME));
    }
    long dropped = meter.snapshot().droppedFrames();
    assertThat(dropped).isPositive();
    before.take();
    before.resume(-1);
    List<StreamItem> sent = items(drain(before));

    outbox = outbox(1_000_000_000);
    outbox.recover();
    EpochQueue epoch = outbox.head();
    epoch.take();
    epoch.resume(-1);

    List<StreamItem> again = items(drain(epoch));
    assertThat(again.subList(0, sent.size())).isEqualTo(sent);
    assertThat(again).hasSize(sent.size() + 1);
  }

  @Test
  void restart_filesOfFramesHaveGone_numbersAreThoseThatWereSent() throws Exception {
    EpochQueue before = outbox.begin(start(0), Fixtures.profile());
    before.take();
    before.resume(-1);
    // The marker's file stays for as long as the epoch; those of frames go.
    for (int n = 0; n < 1_000; n++) {
      before.put(Fixtures.frame(before.start(), n, FRAME));
      before.next(NO_LIMIT, NO_LIMIT);
      before.acknowledge(n);
    }
    for (int n = 1_000; n < 1_010; n++) {
      before.put(Fixtures.frame(before.start(), n, FRAME));
    }

    restart();
    EpochQueue epoch = outbox.head();
    epoch.take();
    assertThat(epoch.acknowledged()).isBetween(500L, 999L);
    epoch.resume(999);

    List<StreamItem> items = items(drain(epoch));
    assertThat(items)
        .extracting(StreamItem::sequence)
        .isEqualTo(LongStream.range(1_000, 1_012).boxed().toList());
    for (int n = 0; n < 11; n++) {
      assertThat(items.get(n).positionMicros())
          .isEqualTo(before.start().startMicros() + (999 + n) * 200_000L);
    }
  }

  @Test
  void restart_toASinkOfFramesAlone_recordingsAreGivenUp() throws Exception {
    EpochQueue before = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 3; n++) {
      before.put(OutboxTest.chunk(before.start(), n, FRAME));
      before.put(Fixtures.frame(before.start(), n, n == 1 ? 2 * FRAME : FRAME));
    }

    outbox = outbox(1_000_000_000, new SinkLimits("the place", false, FRAME));
    outbox.recover();
    EpochQueue epoch = outbox.head();
    epoch.take();

    List<StreamItem> items = items(drain(epoch));
    assertThat(items).extracting(StreamItem::sequence).containsExactly(0L, 1L, 2L, 3L);
    assertThat(items.subList(1, 3)).allMatch(FrameInfo.class::isInstance);
    assertThat(meter.snapshot().droppedChunks()).isEqualTo(3);
    assertThat(meter.snapshot().droppedFrames()).isEqualTo(1);
    epoch.acknowledge(3);
    assertThat(files()).isEmpty();
  }

  @Test
  void full_dropsOldestFramesBeforeChunks_alsoOnDisk() throws Exception {
    outbox = outbox(100_000);
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 6; n++) {
      epoch.put(OutboxTest.chunk(epoch.start(), n, FRAME));
    }
    for (int n = 0; n < 30; n++) {
      epoch.put(Fixtures.frame(epoch.start(), n, FRAME));
    }
    epoch.take();
    epoch.resume(-1);

    List<StreamItem> items = items(drain(epoch));
    assertThat(items).filteredOn(ChunkInfo.class::isInstance).hasSize(6);
    assertThat(items)
        .filteredOn(FrameInfo.class::isInstance)
        .isNotEmpty()
        .last()
        .extracting(StreamItem::positionMicros)
        .isEqualTo(epoch.start().startMicros() + 29 * 200_000);
    assertThat(meter.snapshot().droppedChunks()).isZero();
    assertThat(meter.snapshot().droppedFrames()).isGreaterThan(20);
  }

  @Test
  void waitedTooLong_isGivenUp() throws Exception {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 5; n++) {
      epoch.put(Fixtures.frame(epoch.start(), n, FRAME));
    }
    clock.advance(Duration.ofHours(25).toNanos() / 1_000);

    epoch.put(Fixtures.frame(epoch.start(), 6, FRAME));

    epoch.take();
    epoch.resume(-1);
    assertThat(items(drain(epoch))).filteredOn(FrameInfo.class::isInstance).hasSize(1);
    assertThat(meter.snapshot().droppedFrames()).isEqualTo(5);
  }

  @Test
  void severalEpochs_areSentInTheirOrderAfterARestart() throws Exception {
    for (int n = 0; n < 3; n++) {
      EpochQueue epoch = outbox.begin(start(n), Fixtures.profile());
      epoch.put(Fixtures.frame(epoch.start(), 0, FRAME));
      epoch.end(epoch.start().startMicros() + 1, "the source broke off", 0);
    }

    restart();

    for (int n = 0; n < 3; n++) {
      EpochQueue epoch = outbox.head();
      assertThat(epoch.start()).isEqualTo(start(n));
      epoch.take();
      epoch.resume(-1);
      List<StreamItem> items = items(drain(epoch));
      assertThat(items).hasSize(3);
      assertThat(((Marker) items.get(2)).reason()).isEqualTo("the source broke off");
      epoch.acknowledge(2);
    }
    assertThat(outbox.head()).isNull();
  }

  @Test
  void close_keepsOnDiskWhatIsUnsent() throws Exception {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    epoch.put(Fixtures.frame(epoch.start(), 0, FRAME));
    outbox.close();
    assertThat(epoch.outcome().join().kind()).isEqualTo(EpochOutcome.Kind.KEPT);

    restart();

    assertThat(outbox.head().start()).isEqualTo(start(0));
  }

  @Test
  void diskThatCannotBeWritten_leavesMemory() throws Exception {
    Files.writeString(folder.resolve("lobby"), "a file in the place of the folder");

    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 10; n++) {
      assertThat(epoch.put(Fixtures.frame(epoch.start(), n, FRAME))).isTrue();
    }

    epoch.take();
    epoch.resume(-1);
    assertThat(epoch.onDisk()).isFalse();
    // Memory has room for three.
    assertThat(items(drain(epoch))).filteredOn(FrameInfo.class::isInstance).hasSizeBetween(2, 3);
  }

  @Test
  void damagedOnDisk_frameIsLeftOut() throws Exception {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 20; n++) {
      epoch.put(Fixtures.frame(epoch.start(), n, FRAME));
    }
    Path log =
        files().stream().filter(file -> file.toString().contains("frames-")).findFirst().get();
    byte[] bytes = Files.readAllBytes(log);
    bytes[bytes.length - 5]++;
    Files.write(log, bytes);
    epoch.take();
    epoch.resume(-1);

    List<StreamItem> items = items(drain(epoch));

    assertThat(items).hasSize(20);
    assertThat(items)
        .extracting(StreamItem::sequence)
        .isEqualTo(LongStream.range(0, 20).boxed().toList());
    assertThat(meter.snapshot().droppedFrames()).isEqualTo(1);
  }

  private long restart() {
    outbox = outbox(1_000_000_000);
    return outbox.recover();
  }

  private Outbox outbox(long capacityBytes) {
    return outbox(capacityBytes, SinkLimits.GATEWAY);
  }

  private Outbox outbox(long capacityBytes, SinkLimits limits) {
    meter = new StreamMeter("lobby", clock);
    return new Outbox(
        Outbox.Policy.DROP,
        3 * FRAME + 2_000,
        new DiskBuffer(
            "lobby",
            new Spool(folder.resolve("lobby")),
            capacityBytes,
            Duration.ofHours(24),
            clock,
            Runnable::run),
        meter,
        limits,
        () -> {});
  }

  private static EpochStart start(int number) {
    long micros = TestClock.START + number * 100_000_000L;
    return new EpochStart("lobby", Ids.epoch(micros, "local"), "live", "local", micros);
  }

  /** What goes onto the wire; what is read from disk comes at the second asking. */
  private static List<EpochQueue.Outgoing> drain(EpochQueue epoch) {
    List<EpochQueue.Outgoing> items = new ArrayList<>();
    for (int nothing = 0; nothing < 3; ) {
      EpochQueue.Outgoing out = epoch.next(NO_LIMIT, NO_LIMIT);
      nothing = out == null ? nothing + 1 : 0;
      if (out != null) {
        items.add(out);
      }
    }
    return items;
  }

  private static List<StreamItem> items(List<EpochQueue.Outgoing> sent) {
    return sent.stream().map(out -> Json.decode(out.header(), StreamItem.class)).toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
