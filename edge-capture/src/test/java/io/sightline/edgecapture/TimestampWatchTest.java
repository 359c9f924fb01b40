package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.edgecapture.TimestampWatch.Verdict;
import org.junit.jupiter.api.Test;

class TimestampWatchTest {

  private static final long SECOND = 1_000_000;
  private static final long PICTURE = 40_000;

  private final TimestampWatch watch = new TimestampWatch(true, 0);

  @Test
  void steadySource_overAnHour_isSteady() {
    for (long at = 0; at < 3_600 * SECOND; at += PICTURE) {
      assertThat(watch.check(at, at)).isEqualTo(Verdict.STEADY);
    }
  }

  @Test
  void bursts_ofSixSeconds_areNoDrift() {
    for (long segment = 0; segment < 100; segment++) {
      for (long at = 0; at < 6 * SECOND; at += PICTURE) {
        assertThat(watch.check(segment * 6 * SECOND + at, (segment + 1) * 6 * SECOND))
            .isEqualTo(Verdict.STEADY);
      }
    }
  }

  @Test
  void hiccup_ofThreeSecondsThatIsCaughtUp_isNoDrift() {
    for (long at = 0; at < 60 * SECOND; at += PICTURE) {
      boolean held = at > 30 * SECOND && at < 33 * SECOND;
      assertThat(watch.check(at, held ? 33 * SECOND : at)).isEqualTo(Verdict.STEADY);
    }
  }

  @Test
  void slowClockOfTheSource_isDriftAfterHalfASecond() {
    long drifted = 0;
    for (long at = 0; drifted == 0; at += PICTURE) {
      if (watch.check(at, at + at / 1_000) == Verdict.DRIFTED) {
        drifted = at;
      }
    }
    assertThat(drifted / 1_000).isBetween(500 * 1_000L, 560 * 1_000L);
  }

  @Test
  void fastClockOfTheSource_isDriftAtOnce() {
    long drifted = 0;
    for (long at = 0; drifted == 0; at += PICTURE) {
      if (watch.check(at, at - at / 1_000) == Verdict.DRIFTED) {
        drifted = at;
      }
    }
    assertThat(drifted / 1_000).isBetween(500 * 1_000L, 520 * 1_000L);
  }

  @Test
  void backwards_andMoreThanTenSecondsForwards_areJumps() {
    watch.check(100 * SECOND, 0);
    assertThat(watch.check(110 * SECOND, 0)).isEqualTo(Verdict.STEADY);
    assertThat(watch.check(120 * SECOND + 1, 0)).isEqualTo(Verdict.JUMPED);
    assertThat(watch.check(110 * SECOND - 1, 0)).isEqualTo(Verdict.JUMPED);
    assertThat(watch.check(110 * SECOND, 0)).isEqualTo(Verdict.STEADY);
  }

  @Test
  void presentationTimesAlone_mayGoBackByTheReorderingOfPictures() {
    TimestampWatch tolerant = new TimestampWatch(false, SECOND);
    tolerant.check(5 * SECOND, 0);
    assertThat(tolerant.check(5 * SECOND - 3 * PICTURE, 0)).isEqualTo(Verdict.STEADY);
    assertThat(tolerant.check(3 * SECOND, 0)).isEqualTo(Verdict.JUMPED);
  }
}
