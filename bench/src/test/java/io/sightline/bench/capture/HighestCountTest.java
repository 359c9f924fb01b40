package io.sightline.bench.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HighestCountTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 20, 49, 50, 51, 75, 80, 200, 399, 400})
  void find_comesNearFromBelow(int capacity) throws Exception {
    List<Integer> tried = new ArrayList<>();

    int found =
        HighestCount.find(
            50,
            400,
            count -> {
              tried.add(count);
              return count <= capacity;
            });

    assertThat(found).isLessThanOrEqualTo(capacity).isGreaterThanOrEqualTo(capacity * 85 / 100);
    assertThat(tried).hasSizeLessThan(24).allMatch(count -> count >= 1 && count <= 400);
  }

  @Test
  void find_nothingHolds_isZero() throws Exception {
    assertThat(HighestCount.find(50, 400, count -> false)).isZero();
  }

  @Test
  void find_allHolds_isTheLimit() throws Exception {
    assertThat(HighestCount.find(50, 400, count -> true)).isEqualTo(400);
  }

  @Test
  void find_disturbedOnce_triesAgain() throws Exception {
    List<Integer> tried = new ArrayList<>();

    int found =
        HighestCount.find(
            50,
            50,
            count -> {
              tried.add(count);
              return tried.size() > 1;
            });

    assertThat(found).isEqualTo(50);
  }
}
