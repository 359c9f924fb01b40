package io.sightline.edgecapture.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {

  @Test
  void compare_numbersInNames_areComparedAsNumbers() {
    List<String> sorted =
        List.of(
            "1.ts",
            "02.ts",
            "2.ts",
            "10.ts",
            "cam1-9.ts",
            "cam1-10.ts",
            "cam2-1.ts",
            "Clip2.mp4",
            "clip10.mp4",
            "clip99999999999999999999998.mp4",
            "clip99999999999999999999999.mp4",
            "clipb.mp4");
    List<String> shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(3));

    shuffled.sort(NaturalOrder.BY_NAME);

    assertThat(shuffled).containsExactlyElementsOf(sorted);
  }

  @Test
  void compare_namesThatDifferInCaseOrZerosAlone_areStillToldApart() {
    assertThat(NaturalOrder.BY_NAME.compare("a1", "A1")).isNotZero();
    assertThat(NaturalOrder.BY_NAME.compare("a01", "a1")).isNotZero();
    assertThat(NaturalOrder.BY_NAME.compare("a1", "a1")).isZero();
    assertThat(NaturalOrder.BY_NAME.compare("a", "a1")).isNegative();
  }
}
