package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeepTest {

  @Test
  void keep_ageAndSpace_areMicrosecondsAndBytes() {
    Keep keep = new Keep("2h", "2GB");

    assertThat(keep.ageMicros()).isEqualTo(7_200_000_000L);
    assertThat(keep.spaceBytes()).isEqualTo(2_000_000_000L);
  }

  @Test
  void keep_clips_areAnAgeOfTheirOwn() {
    assertThat(new Keep("2h", null, "90d").clipsMicros()).isEqualTo(90L * 86_400_000_000L);
    assertThat(Keep.DEFAULT.clipsMicros()).isEqualTo(Long.MAX_VALUE);
    assertThat(new Keep("2h", null, "90d").over(Keep.DEFAULT))
        .isEqualTo(new Keep("2h", Keep.UNLIMITED, "90d"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Keep(null, null, "5m"))
        .withMessageStartingWith("'clips' must be a duration from 10m to 36500d");
  }

  @Test
  void keep_foreverAndUnlimited_areNoBounds() {
    Keep keep = new Keep(Keep.FOREVER, Keep.UNLIMITED);

    assertThat(keep.ageMicros()).isEqualTo(Long.MAX_VALUE);
    assertThat(keep.spaceBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void over_whatIsLeftOpen_comesFromTheOther() {
    assertThat(new Keep(null, "1GB").over(Keep.DEFAULT))
        .isEqualTo(new Keep("7d", "1GB", Keep.FOREVER));
    assertThat(new Keep("1d", null).over(new Keep("7d", "2GB"))).isEqualTo(new Keep("1d", "2GB"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "7 weeks", "9m", "-7d", "36501d", "999999999999999d", "never"})
  void keep_ageThatCannotBe_isRefusedByName(String age) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Keep(age, null))
        .withMessage(
            "'age' must be a duration from 10m to 36500d such as 7d, or 'forever', not '"
                + age
                + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "499MB", "-1GB", "10GiB", "999999999999999TB", "none"})
  void keep_spaceThatCannotBe_isRefusedByName(String space) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Keep(null, space))
        .withMessageStartingWith("'space' must be a size of at least 500MB such as 200GB, or")
        .withMessageEndingWith("not '" + space + "'");
  }
}
