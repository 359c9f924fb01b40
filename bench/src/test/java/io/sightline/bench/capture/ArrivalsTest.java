package io.sightline.bench.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.FrameInfo;
import io.sightline.records.StreamItem;
import io.sightline.records.TrackInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

  private static final long STARTED = 500_000;
  private static final long FIRST = 1_790_000_000_000_000L;

  private static final TrackInfo TRACK =
      new TrackInfo(
          1, TrackInfo.Kind.VIDEO, "avc1.64001f", "i", 90_000, 0, 16, 16, null, 0, 0, null);
  private static final Fragment FRAGMENT = new Fragment(1, FIRST, 0, 180_000, 0, 9, true);

  private final Arrivals arrivals = new Arrivals();

  @Test
  void allInTime_holds() {
    arrivals.countFrom(STARTED, 1);
    record(0, 10);

    assertThat(arrivals.late(STARTED, STARTED + 22_000)).isZero();
    assertThat(arrivals.lost(1)).isZero();
    assertThat(arrivals.worstMillis()).isEqualTo(100);
  }

  @Test
  void chunkThatComesASecondAndMoreAfterItsEnd_isLate() {
    arrivals.countFrom(STARTED, 1);
    record(0, 5);
    add(chunk("e", 5), 12_000 + Arrivals.LATE_MILLIS + 1);

    assertThat(arrivals.late(STARTED, STARTED + 13_000)).isEqualTo(1);
  }

  @Test
  void beforeTheCount_nothingIsLateOrLost() {
    add(chunk("d", 0), 9_000);
    add(chunk("e", 1), 9_000);
    add(chunk("e", 3), 9_000);
    arrivals.countFrom(STARTED + 9_000, 2);

    assertThat(arrivals.late(STARTED, STARTED + 9_000)).isZero();
    assertThat(arrivals.lost(2)).isZero();
  }

  @Test
  void chunkThatIsNotThereYet_isLate() {
    arrivals.countFrom(STARTED, 1);
    record(0, 5);

    assertThat(arrivals.late(STARTED, STARTED + 12_900)).isZero();
    assertThat(arrivals.late(STARTED, STARTED + 13_100)).isEqualTo(1);
  }

  @Test
  void gapInTheRecording_isLost() {
    arrivals.countFrom(STARTED, 1);
    record(0, 5);
    record(6, 8);

    assertThat(arrivals.lost(1)).isEqualTo(1);
  }

  @Test
  void newEpochAndNewConnection_areLost() {
    arrivals.countFrom(STARTED, 1);
    record(0, 5);
    add(frame("f", 5), 10_100);
    add(chunk("f", 5), 12_100);

    assertThat(arrivals.lost(2)).isEqualTo(2);
  }

  @Test
  void keyframesWithoutPicture_areLost() {
    arrivals.countFrom(STARTED, 1);
    add(frame("e", 0), 100);
    for (int i = 0; i < 4; i++) {
      add(chunk("e", i), (i + 1) * 2_000L + 100);
    }

    // One of the four may have had its picture before the count.
    assertThat(arrivals.lost(1)).isEqualTo(2);
  }

  private void record(int from, int to) {
    for (int i = from; i < to; i++) {
      add(frame("e", i), i * 2_000L + 100);
      add(chunk("e", i), (i + 1) * 2_000L + 100);
    }
  }

  private void add(StreamItem item, long millis) {
    arrivals.add(item, STARTED, STARTED + millis);
  }

  private static FrameInfo frame(String epoch, int number) {
    long position = FIRST + number * 2_000_000L;
    return new FrameInfo("a", epoch, "live", number, position, position, 16, 16, 9, true);
  }

  private static ChunkInfo chunk(String epoch, int number) {
    long position = FIRST + number * 2_000_000L;
    return new ChunkInfo(
        "a",
        epoch,
        "live",
        number,
        position,
        2_000_000,
        position,
        "k",
        9,
        List.of(TRACK),
        List.of(FRAGMENT));
  }
}
