package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PtsUnwrapperTest {

  private static final long WRAP = 1L << 33;

  private final PtsUnwrapper unwrapper = new PtsUnwrapper();

  @Test
  void unwrap_timesBelowTheWrap_stayAsTheyAre() {
    assertThat(unwrapper.unwrap(0)).isZero();
    assertThat(unwrapper.unwrap(3_003)).isEqualTo(3_003);
    assertThat(unwrapper.unwrap(WRAP / 2)).isEqualTo(WRAP / 2);
    assertThat(unwrapper.unwrap(WRAP - 1)).isEqualTo(WRAP - 1);
  }

  @Test
  void unwrap_severalWraps_goOnEvenly() {
    long expected = WRAP - 10 * 3_003;
    for (int frame = 0; frame < 9_000_000; frame += 1_000) {
      assertThat(unwrapper.unwrap(expected % WRAP)).isEqualTo(expected);
      expected += 1_000 * 3_003;
    }
    assertThat(expected).isGreaterThan(3 * WRAP);
  }

  @Test
  void unwrap_reorderedPicturesAroundTheWrap_stayInPlace() {
    assertThat(unwrapper.unwrap(WRAP - 3_003)).isEqualTo(WRAP - 3_003);
    assertThat(unwrapper.unwrap(6_006)).isEqualTo(WRAP + 6_006);
    assertThat(unwrapper.unwrap(0)).isEqualTo(WRAP);
    assertThat(unwrapper.unwrap(3_003)).isEqualTo(WRAP + 3_003);
    assertThat(unwrapper.unwrap(WRAP - 1)).isEqualTo(WRAP - 1);
  }

  @Test
  void unwrap_smallJumpBackwards_goesBack() {
    assertThat(unwrapper.unwrap(1_000_000)).isEqualTo(1_000_000);
    assertThat(unwrapper.unwrap(900_000)).isEqualTo(900_000);
  }

  @Test
  void unwrap_backwardsBelowZero_isNegative() {
    assertThat(unwrapper.unwrap(1_000)).isEqualTo(1_000);
    assertThat(unwrapper.unwrap(WRAP - 1_000)).isEqualTo(-1_000);
    assertThat(unwrapper.unwrap(5)).isEqualTo(5);
  }
}
