package io.sightline.media.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodeTimesTest {

  @Test
  void next_withoutReordering_isThePresentationTime() {
    assertThat(times(0, 0, 40, 80, 120)).containsExactly(0L, 40L, 80L, 120L);
  }

  @Test
  void next_withReordering_risesAndNeverPassesThePresentationTime() {
    // I P B B P B B, shown 0 3 1 2 6 4 5.
    assertThat(times(1, 0, 120, 40, 80, 240, 160, 200))
        .containsExactly(-40L, 0L, 40L, 80L, 120L, 160L, 200L);
  }

  @Test
  void next_atEqualTimes_stillRises() {
    assertThat(times(0, 10, 10, 10)).containsExactly(10L, 11L, 12L);
  }

  private static List<Long> times(int depth, long... presented) {
    DecodeTimes times = new DecodeTimes(depth, 40);
    List<Long> all = new ArrayList<>();
    for (long pts : presented) {
      all.add(times.next(pts));
    }
    return all;
  }
}
