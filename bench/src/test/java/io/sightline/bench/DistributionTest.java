package io.sightline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistributionTest {

  @Test
  void percentile_isAValueThatWasSeen_andTheShareDoesNotExceedIt() {
    Distribution seen = new Distribution();
    IntStream.rangeClosed(1, 40).forEach(value -> seen.add(41 - value));

    assertThat(seen.percentile(0.95)).isEqualTo(38);
    assertThat(seen.percentile(0.5)).isEqualTo(20);
    assertThat(seen.percentile(1)).isEqualTo(40);
    assertThat(seen.count()).isEqualTo(40);
  }

  @Test
  void percentile_ofOneValue_isThatValue() {
    Distribution seen = new Distribution();
    seen.add(7);

    assertThat(seen.percentile(0.95)).isEqualTo(7);
  }

  @Test
  void percentile_ofNoValues_isRefused() {
    assertThatThrownBy(() -> new Distribution().percentile(0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no values");
  }
}
