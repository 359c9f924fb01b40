package io.sightline.bench.cut;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SourceTypeTest {

  @Test
  void numbers_ofAPictureAtMarkOut_isNotIn() {
    assertThat(type("mp4", "25", 0).numbers(40_000, 120_000)).containsExactly(1, 2);
    assertThat(type("mp4", "25", 0).numbers(40_001, 120_001)).containsExactly(2, 3);
  }

  @Test
  void numbers_whereAContainerCountsInMilliseconds_followIt() {
    // The first picture lies at 33.367 ms, for FLV at 33.
    assertThat(type("mp4", "30000/1001", 0).numbers(33_100, 60_000)).containsExactly(1);
    assertThat(type("flv", "30000/1001", 0).numbers(33_100, 60_000)).isEmpty();
  }

  @Test
  void numbers_whereThePictureBeforeIsMissing_keepTheirTimes() {
    List<Integer> numbers = type("mp4", "25", 7).numbers(0, 360_000);

    assertThat(numbers).containsExactly(1, 2, 3, 4, 5, 6, 8, 9);
  }

  @Test
  void all_differInName_andSayWhoMakesThem() {
    assertThat(SourceType.all()).extracting(SourceType::name).doesNotHaveDuplicates();
    assertThat(SourceType.all())
        .extracting(SourceType::encoder)
        .containsOnly("libopenh264", "libx264", "libx265", "libsvtav1");
  }

  private static SourceType type(String extension, String rate, int dropped) {
    return new SourceType("type", extension, rate, 1, dropped, "-c:v libopenh264");
  }
}
