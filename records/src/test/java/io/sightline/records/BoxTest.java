package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BoxTest {

  @Test
  void box_reachingBeyondThePicture_isCutOff() {
    assertThat(new Box(-0.1, 0.5, 0.3, 0.9)).isEqualTo(new Box(0, 0.5, 0.2, 0.5));
    assertThat(new Box(-0.2, -0.2, 2, 2)).isEqualTo(new Box(0, 0, 1, 1));
    assertThat(new Box(1.5, 0.2, 0.3, 0.1).area()).isZero();
    assertThat(new Box(-0.5, 0.2, 0.3, 0.1).area()).isZero();
    assertThat(new Box(0.5, 0.5, -1, -1).area()).isZero();
  }

  @Test
  void box_withWhatIsNoNumber_isRefused() {
    assertThatThrownBy(() -> new Box(Double.NaN, 0, 1, 1)).hasMessageContaining("left");
    assertThatThrownBy(() -> new Box(0, 0, Double.POSITIVE_INFINITY, 1))
        .hasMessageContaining("width");
  }

  @Test
  void box_anyNumbers_staysInThePictureAndIsItselfAgain() {
    Random random = new Random(2);
    for (int i = 0; i < 100_000; i++) {
      Box box =
          new Box(
              random.nextDouble() * 1.4 - 0.2,
              random.nextDouble() * 1.4 - 0.2,
              random.nextDouble(),
              random.nextDouble());

      assertThat(box.left() + box.width()).isLessThanOrEqualTo(1);
      assertThat(box.top() + box.height()).isLessThanOrEqualTo(1);
      assertThat(new Box(box.left(), box.top(), box.width(), box.height())).isEqualTo(box);
      assertThat(box.foot().y()).isEqualTo(box.top() + box.height());
    }
  }

  @Test
  void overlap_ofTwoBoxes_isSharedAreaOverJoinedArea() {
    Box left = new Box(0, 0, 0.4, 0.5);
    Box right = new Box(0.2, 0, 0.4, 0.5);

    assertThat(left.overlap(right)).isEqualTo(right.overlap(left)).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(left.overlap(left)).isCloseTo(1, within(1e-9));
    assertThat(left.overlap(new Box(0.4, 0, 0.4, 0.5))).isZero();
    assertThat(left.overlap(new Box(0.6, 0.6, 0.1, 0.1))).isZero();
    assertThat(new Box(0.5, 0.5, 0, 0).overlap(new Box(0.5, 0.5, 0, 0))).isZero();
  }

  @Test
  void foot_ofABox_isTheMiddleOfItsLowerEdge() {
    assertThat(new Box(0.2, 0.1, 0.4, 0.5).foot()).isEqualTo(new Point(0.4, 0.6));
  }
}
