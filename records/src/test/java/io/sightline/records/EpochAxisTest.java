package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class EpochAxisTest {

  private static final long ANCHOR = 1_795_176_000_000_000L;

  @Test
  void positionMicros_aDayOf2997_neverDriftsFromTheExactTime() {
    Rational perFrame = new Rational(1_001, 30_000);
    EpochAxis axis = new EpochAxis(ANCHOR, 12, perFrame);
    long frames = 24L * 60 * 60 * 30_000 / 1_001;

    long before = ANCHOR - 1;
    for (long frame = 0; frame <= frames; frame++) {
      long position = axis.positionMicros(12 + frame);
      // Exact: frame * 1001 * 1e6 / 30000, here compared without division.
      long doubled = Math.abs((position - ANCHOR) * 30 - frame * 1_001_000) * 2;
      assertThat(doubled).isLessThanOrEqualTo(30);
      assertThat(position).isGreaterThan(before);
      before = position;
    }
    assertThat(before - ANCHOR).isBetween(86_399_966_000L, 86_400_000_000L);
  }

  @Test
  void positionMicros_beforeTheFirstTime_liesBeforeTheAnchor() {
    EpochAxis axis = new EpochAxis(ANCHOR, 900_000, new Rational(1, 90_000));

    assertThat(axis.positionMicros(900_000)).isEqualTo(ANCHOR);
    assertThat(axis.positionMicros(900_000 - 3_003)).isEqualTo(ANCHOR - 33_367);
    assertThat(axis.positionMicros(900_000 + 3_003)).isEqualTo(ANCHOR + 33_367);
  }

  @Test
  void in_anotherTimeBase_putsTheSameTimeAtTheSamePosition() {
    EpochAxis video = new EpochAxis(ANCHOR, 900_000, new Rational(1, 90_000));

    EpochAxis audio = video.in(new Rational(1, 48_000));

    for (long second = 0; second < 100_000; second += 977) {
      long position = ANCHOR + second * 1_000_000;
      assertThat(video.positionMicros(900_000 + second * 90_000)).isEqualTo(position);
      assertThat(audio.positionMicros(480_000 + second * 48_000)).isEqualTo(position);
    }
  }

  @Test
  void positionMicros_fiftyYearsInNanoseconds_isExact() {
    EpochAxis axis = new EpochAxis(0, 0, new Rational(1, 1_000_000_000));
    long nanos = 50L * 365 * 24 * 3_600 * 1_000_000_000L + 499;

    assertThat(BigInteger.valueOf(axis.positionMicros(nanos)))
        .isEqualTo(BigInteger.valueOf(nanos).divide(BigInteger.valueOf(1_000)));
  }
}
