package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Marker;
import io.sightline.records.StreamItem;
import io.sightline.records.TrackInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private static final long NO_LIMIT = Long.MAX_VALUE / 2;

  private final StreamMeter meter = new StreamMeter("lobby", new TestClock());
  private final Outbox outbox = new Outbox(Outbox.Policy.DROP, 20_000, meter, () -> {});

  @Test
  void full_live_dropsOldestFramesFirstThenOldestChunks() throws Exception {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 4; n++) {
      epoch.put(Fixtures.frame(epoch.start(), n, 1_000));
      epoch.put(chunk(epoch.start(), n, 1_000));
    }
    // A chunk of this size takes the room of all frames, and of two chunks.
    epoch.put(chunk(epoch.start(), 9, 14_000));

    List<StreamItem> items = drain(epoch);
    assertThat(items).filteredOn(FrameInfo.class::isInstance).isEmpty();
    assertThat(items)
        .filteredOn(ChunkInfo.class::isInstance)
        .extracting(StreamItem::positionMicros)
        .containsExactly(
            epoch.start().startMicros() + 6_000_000, epoch.start().startMicros() + 18_000_000);
    assertThat(meter.snapshot().droppedFrames()).isEqualTo(4);
    assertThat(meter.snapshot().droppedChunks()).isEqualTo(3);
    assertThat(items).extracting(StreamItem::sequence).containsExactly(0L, 1L, 2L);
  }

  @Test
  void full_ofChunks_frameIsDroppedRatherThanAChunk() throws Exception {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    epoch.put(chunk(epoch.start(), 0, 17_000));

    assertThat(epoch.put(Fixtures.frame(epoch.start(), 1, 2_000))).isTrue();

    assertThat(drain(epoch)).filteredOn(ChunkInfo.class::isInstance).hasSize(1);
    assertThat(meter.snapshot().droppedFrames()).isEqualTo(1);
  }

  @Test
  void full_itemsOnTheWireAndMarkers_areNeverDropped() throws Exception {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    epoch.put(Fixtures.frame(epoch.start(), 0, 10_000));
    epoch.take();
    epoch.resume(-1);
    List<StreamItem> sent = drain(epoch);
    for (int n = 1; n < 20; n++) {
      epoch.put(Fixtures.frame(epoch.start(), n, 2_000));
    }
    epoch.end(epoch.start().startMicros(), "done", 0);

    epoch.resume(-1);

    List<StreamItem> again = drain(epoch);
    assertThat(again.subList(0, 2)).isEqualTo(sent);
    assertThat(again.get(again.size() - 1))
        .isInstanceOfSatisfying(
            Marker.class, marker -> assertThat(marker.kind()).isEqualTo(Marker.Kind.EPOCH_END));
    assertThat(again)
        .extracting(StreamItem::sequence)
        .isEqualTo(java.util.stream.LongStream.range(0, again.size()).boxed().toList());
  }

  @Test
  void manyEpochsUnsent_withoutAPictureLeft_areGivenUp() {
    List<EpochQueue> epochs = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      EpochQueue epoch = outbox.begin(start(n), Fixtures.profile());
      epoch.end(epoch.start().startMicros(), "the source broke off", 0);
      epochs.add(epoch);
    }

    assertThat(epochs)
        .filteredOn(epoch -> !epoch.outcome().isDone())
        .hasSizeLessThan(10)
        .contains(epochs.get(0), epochs.get(99));
  }

  @Test
  void acknowledge_whatWasNotSent_isNotBelieved() throws Exception {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    epoch.put(Fixtures.frame(epoch.start(), 0, 1_000));
    epoch.take();
    epoch.resume(-1);
    drain(epoch);

    assertThat(epoch.acknowledge(7)).isFalse();
    assertThat(epoch.acknowledge(1)).isTrue();
  }

  @Test
  void resume_theGatewayKnowsMoreThanALiveEpochHasSent_isFenced() {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    epoch.take();

    epoch.resume(17);

    assertThat(epoch.outcome().join().kind()).isEqualTo(EpochOutcome.Kind.FENCED);
    assertThat(outbox.head()).isNull();
  }

  @Test
  void next_windowFull_waitsForAcknowledgement() throws Exception {
    EpochQueue epoch = outbox.begin(start(0), Fixtures.profile());
    for (int n = 0; n < 5; n++) {
      epoch.put(Fixtures.frame(epoch.start(), n, 1_000));
    }
    epoch.take();
    epoch.resume(-1);

    assertThat(epoch.next(4_000, NO_LIMIT).sequence()).isZero();
    assertThat(epoch.next(4_000, NO_LIMIT).sequence()).isEqualTo(1);
    assertThat(epoch.next(4_000, NO_LIMIT)).isNull();
    epoch.acknowledge(0);
    assertThat(epoch.next(4_000, NO_LIMIT)).isNull();
    epoch.acknowledge(1);
    assertThat(epoch.next(4_000, NO_LIMIT).sequence()).isEqualTo(2);
  }

  private static EpochStart start(int number) {
    long micros = TestClock.START + number * 100_000_000L;
    return new EpochStart("lobby", Ids.epoch(micros, "local"), "live", "local", micros);
  }

  private static List<StreamItem> drain(EpochQueue epoch) {
    List<StreamItem> items = new ArrayList<>();
    for (EpochQueue.Outgoing out = epoch.next(NO_LIMIT, NO_LIMIT);
        out != null;
        out = epoch.next(NO_LIMIT, NO_LIMIT)) {
      items.add(Json.decode(out.header(), StreamItem.class));
    }
    return items;
  }

  static Draft chunk(EpochStart start, int number, int size) {
    long position = start.startMicros() + number * 2_000_000L;
    return new Draft(
        Draft.Kind.CHUNK,
        position + 2_000_000,
        new byte[size],
        new ChunkInfo(
            start.stream(),
            start.epoch(),
            start.run(),
            0,
            position,
            2_000_000,
            position,
            Ids.chunkKey(start.stream(), start.epoch(), 0),
            size,
            List.of(
                new TrackInfo(
                    1,
                    TrackInfo.Kind.VIDEO,
                    "avc1.64001f",
                    "streams/lobby/init.mp4",
                    90_000,
                    0,
                    320,
                    180,
                    null,
                    0,
                    0,
                    null)),
            List.of(new Fragment(1, position, 0, 180_000, 0, size, true))));
  }
}
