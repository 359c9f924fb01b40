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
    record(0, 10, 0);

    assertThat(arrivals.late(STARTED, STARTED + 22_000)).isZero();
    assertThat(arrivals.lost()).isZero();
    assertThat(arrivals.worstMillis()).isEqualTo(100);
    assertThat(arrivals.chunks()).isEqualTo(10);
  }

  @Test
  void chunkThatComesASecondAndMoreAfterItsEnd_isLate() {
    record(0, 5, 0);
    add(chunk(5), 12_000 + Arrivals.LATE_MILLIS + 1);

    assertThat(arrivals.late(STARTED, STARTED + 13_000)).isEqualTo(1);
  }

  @Test
  void whileTheSourceIsOpened_nothingIsLate() {
    add(chunk(0), 5_000);
    add(chunk(1), 5_000);

    assertThat(arrivals.late(STARTED, STARTED + 5_000)).isZero();
  }

  @Test
  void chunkThatIsNotThereYet_isLate() {
    record(0, 5, 0);

    assertThat(arrivals.late(STARTED, STARTED + 12_900)).isZero();
    assertThat(arrivals.late(STARTED, STARTED + 13_100)).isEqualTo(1);
  }

  @Test
  void gapInTheRecording_isLost() {
    record(0, 5, 0);
    record(6, 8, 0);

    assertThat(arrivals.lost()).isEqualTo(1);
  }

  @Test
  void keyframeWithoutPicture_isLost() {
    add(frame(0), 100);
    add(chunk(0), 2_100);
    add(chunk(1), 4_100);

    assertThat(arrivals.lost()).isEqualTo(1);
  }

  private void record(int from, int to, long behindMillis) {
    for (int i = from; i < to; i++) {
      add(frame(i), i * 2_000L + 100 + behindMillis);
      add(chunk(i), (i + 1) * 2_000L + 100 + behindMillis);
    }
  }

  private void add(StreamItem item, long millis) {
    arrivals.add(item, STARTED, STARTED + millis);
  }

  private static FrameInfo frame(int number) {
    long position = FIRST + number * 2_000_000L;
    return new FrameInfo("a", "e", "live", number, position, position, 16, 16, 9, true);
  }

  private static ChunkInfo chunk(int number) {
    long position = FIRST + number * 2_000_000L;
    return new ChunkInfo(
        "a",
        "e",
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
