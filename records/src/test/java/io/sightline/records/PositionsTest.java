package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "2026-11-20T12:00:00.000001Z",
        "2286-11-20T17:46:39.999999Z"
      })
  void instant_ofAPosition_isTheOneItCameFrom(String text) {
    Instant instant = Instant.parse(text);

    assertThat(Positions.instant(Positions.of(instant))).isEqualTo(instant);
  }

  @Test
  void of_instantBetweenMicros_isTheOneBefore() {
    assertThat(Positions.of(Instant.ofEpochSecond(1, 1_999))).isEqualTo(1_000_001);
    assertThat(Positions.of(Instant.ofEpochSecond(-1, 999_999_999))).isEqualTo(-1);
  }

  @Test
  void of_instantTooFarAway_isRefused() {
    assertThatThrownBy(() -> Positions.of(Instant.MAX)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void day_aroundMidnightUtc_changesThere() {
    long midnight = Positions.of(Instant.parse("2026-11-20T00:00:00Z"));

    assertThat(Positions.day(midnight - 1)).isEqualTo("2026-11-19");
    assertThat(Positions.day(midnight)).isEqualTo("2026-11-20");
  }

  @Test
  void durations_toMicrosAndSeconds_keepTheirSize() {
    assertThat(Positions.micros(Duration.ofMillis(-1))).isEqualTo(-1_000);
    assertThat(Positions.micros(Duration.ofDays(1))).isEqualTo(86_400_000_000L);
    assertThat(Positions.seconds(6_020_000)).isEqualTo(6.02);
  }
}
