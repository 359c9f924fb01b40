package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "10s, PT10S",
    "5m, PT5M",
    "2h, PT2H",
    "7d, PT168H",
    "0s, PT0S",
    " 10 S , PT10S"
  })
  void duration_asPeopleWriteIt_isUnderstood(String text, Duration expected) {
    assertThat(Units.duration(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1b, 1", "500kB, 500000", "64MB, 64000000", "2GB, 2000000000", "1TB, 1000000000000"})
  void sizeBytes_asPeopleWriteIt_isUnderstood(String text, long expected) {
    assertThat(Units.sizeBytes(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "10",
        "s",
        "-1s",
        "1.5h",
        "10 seconds",
        "1w",
        "64MB",
        "٣s",
        "999999999999999d"
      })
  void duration_whatIsNone_isRefusedWithExamples(String text) {
    assertThatThrownBy(() -> Units.duration(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("500ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"64", "64M", "64MiB", "10s", "999999999999999TB"})
  void sizeBytes_whatIsNone_isRefusedWithExamples(String text) {
    assertThatThrownBy(() -> Units.sizeBytes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64MB");
  }
}
