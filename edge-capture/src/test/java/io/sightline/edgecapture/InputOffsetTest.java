package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.source.Packet;
import io.sightline.records.InputInUse.OffsetFrom;
import org.junit.jupiter.api.Test;

/** The recorded input arrives 300 ms after it was seen, the analyzed one 100 ms after. */
class InputOffsetTest {

  private static final long SECOND = 1_000_000;
  private static final long START = 1_790_000_000_000_000L;
  private static final long MAIN_LATENCY = 300_000;
  private static final long SUB_LATENCY = 100_000;

  /** The camera's clock is a day behind; that it is one clock is what counts. */
  private static final long CLOCK = -86_400 * SECOND;

  private final InputOffset offset = new InputOffset();

  @Test
  void declared_countsAlone() {
    recorded("e", START, 100);

    InputOffset.Laid laid = offset.lay("e", START, START + CLOCK, -120_000L);

    assertThat(laid.positionMicros()).isEqualTo(START - 120_000);
    assertThat(laid.from()).isEqualTo(OffsetFrom.CONFIGURED);
  }

  @Test
  void clockOfTheSender_putsTheSameInstantInTheSamePlace() {
    recorded("e", START, 100);
    long seen = START + 7 * SECOND;

    InputOffset.Laid laid = offset.lay("e", seen + SUB_LATENCY, seen + CLOCK, null);

    assertThat(laid.positionMicros()).isEqualTo(seen + MAIN_LATENCY);
    assertThat(laid.from()).isEqualTo(OffsetFrom.SENDER_CLOCK);
  }

  @Test
  void oneClockMissing_orOfAnotherEpoch_arrivalCounts() {
    assertThat(offset.lay("e", START, START + CLOCK, null).from()).isEqualTo(OffsetFrom.ARRIVAL);
    recorded("e", START, 100);
    assertThat(offset.lay("e", START, Packet.ABSENT, null).from()).isEqualTo(OffsetFrom.ARRIVAL);
    InputOffset.Laid later = offset.lay("f", START, START + CLOCK, null);

    assertThat(later.from()).isEqualTo(OffsetFrom.ARRIVAL);
    assertThat(later.positionMicros()).isEqualTo(START);
  }

  @Test
  void laidByArrival_isNoticedAfterASecond_andWhatWasMeasuredHoldsUntilTheClockIsTold() {
    recorded("e", START, 100);

    assertThat(misplacedAfter("e", START, START + SUB_LATENCY)).isEqualTo(25);
    assertThat(offset.measuredMicros()).isEqualTo(MAIN_LATENCY - SUB_LATENCY);
    InputOffset.Laid next = offset.lay("f", START + 10 * SECOND, Packet.ABSENT, null);

    assertThat(next.positionMicros()).isEqualTo(START + 10 * SECOND + MAIN_LATENCY - SUB_LATENCY);
    assertThat(next.from()).isEqualTo(OffsetFrom.SENDER_CLOCK);
  }

  @Test
  void laidRight_orNearly_isLeftAsItIs() {
    recorded("e", START, 100);

    assertThat(misplacedAfter("e", START, START + MAIN_LATENCY)).isEqualTo(-1);
    assertThat(misplacedAfter("e", START, START + MAIN_LATENCY + 45_000)).isEqualTo(-1);
  }

  @Test
  void misplacedAgainAndAgain_isSaidTwiceAMinuteAtMost() {
    recorded("e", START, 100);
    int said = 0;
    for (int n = 0; n < 60 * 25; n++) {
      long seen = START + n * 40_000L;
      boolean misplaced = offset.misplaced("e", seen, seen + SUB_LATENCY, seen + CLOCK);
      said += misplaced ? 1 : 0;
    }

    assertThat(said).isEqualTo(2);
  }

  @Test
  void clocksMoreThanFiveSecondsApart_areNotOne() {
    recorded("e", START, 100);
    long seen = START + SECOND;

    assertThat(offset.lay("e", seen, seen + CLOCK + 6 * SECOND, null).from())
        .isEqualTo(OffsetFrom.ARRIVAL);
    for (int n = 0; n < 100; n++) {
      assertThat(offset.misplaced("e", seen, seen, seen + CLOCK + 6 * SECOND)).isFalse();
    }
    assertThat(offset.lay("e", seen, Packet.ABSENT, null).from()).isEqualTo(OffsetFrom.ARRIVAL);
  }

  @Test
  void otherSource_isMeasuredAnew() {
    recorded("e", START, 100);
    misplacedAfter("e", START, START + SUB_LATENCY);

    offset.changed();

    assertThat(offset.lay("f", START, Packet.ABSENT, null).from()).isEqualTo(OffsetFrom.ARRIVAL);
  }

  @Test
  void senderReportsThatJitter_areEvenedOut() {
    for (int n = 0; n < 200; n++) {
      long seen = START + n * 40_000L;
      offset.recorded("e", seen + MAIN_LATENCY, seen + CLOCK + (n % 2 == 0 ? 4_000 : -4_000));
    }

    long position = offset.lay("e", START + 300_000, START + CLOCK, null).positionMicros();

    assertThat(position).isBetween(START + MAIN_LATENCY - 500, START + MAIN_LATENCY + 500);
  }

  private void recorded(String epoch, long from, int pictures) {
    for (int n = 0; n < pictures; n++) {
      long seen = from + n * 40_000L;
      offset.recorded(epoch, seen + MAIN_LATENCY, seen + CLOCK);
    }
  }

  /** After how many pictures it is said; -1 when it is not. */
  private int misplacedAfter(String epoch, long seenFirst, long laidFirst) {
    for (int n = 1; n <= 500; n++) {
      long passed = (n - 1) * 40_000L;
      long seen = seenFirst + passed;
      if (offset.misplaced(epoch, laidFirst + passed, seen + SUB_LATENCY, seen + CLOCK)) {
        return n;
      }
    }
    return -1;
  }
}
