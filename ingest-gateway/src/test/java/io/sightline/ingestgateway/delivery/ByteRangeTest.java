package io.sightline.ingestgateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-, 0, 1000",
    "bytes=990-, 990, 10",
    "bytes=990-5000, 990, 10",
    "bytes=-10, 990, 10",
    "bytes=-5000, 0, 1000",
    "bytes=10-19, 10, 10"
  })
  void oneRange_isWhatTheStandardSays(String header, long offset, long length) {
    assertThat(ByteRange.of(header, 1000).range()).contains(new ByteRange(offset, length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=5-2", "bytes=-", "bytes=0-1,3-4", "items=0-5", "bytes=x-y", "bytes=1"})
  void anythingElse_isTheWholeFile(String header) {
    ByteRange.Asked asked = ByteRange.of(header, 1000);
    assertThat(asked.range()).isEmpty();
    assertThat(asked.satisfiable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1000-", "bytes=5000-6000", "bytes=-0"})
  void beyondTheEnd_cannotBeSatisfied(String header) {
    assertThat(ByteRange.of(header, 1000).satisfiable()).isFalse();
  }

  @Test
  void emptyFile_hasNoRange() {
    assertThat(ByteRange.of("bytes=0-", 0).satisfiable()).isFalse();
    assertThat(ByteRange.of(null, 0).satisfiable()).isTrue();
  }
}
