package io.sightline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FigureTest {

  @Test
  void line_ratio_isOneLineOfJsonInTheAgreedOrder() throws Exception {
    Comparison comparison = Comparison.of(1, sentence -> {}, () -> 0.35, () -> 5);

    Figure figure = Figure.ratio("cut.cpu", Target.atMost(0.1), comparison, "CPU s");

    assertThat(figure.line())
        .isEqualTo(
            "{\"name\":\"cut.cpu\",\"value\":0.07,\"op\":\"<=\",\"target\":0.1,\"ok\":true,"
                + "\"ours\":0.35,\"yardstick\":5.0,\"unit\":\"CPU s\"}");
  }

  @Test
  void line_withoutYardstick_leavesItOut() {
    Figure figure = Figure.plain("capture-fleet", Target.atLeast(25), 24.96, "streams per core");

    assertThat(figure.line())
        .isEqualTo(
            "{\"name\":\"capture-fleet\",\"value\":25.0,\"op\":\">=\",\"target\":25.0,"
                + "\"ok\":false,\"unit\":\"streams per core\"}");
  }

  @Test
  void target_atItsLimit_isMet() {
    assertThat(Target.atMost(1.25).isMetBy(1.25)).isTrue();
    assertThat(Target.atMost(1.25).isMetBy(1.2501)).isFalse();
    assertThat(Target.atLeast(25).isMetBy(25)).isTrue();
    assertThat(Target.atLeast(25).isMetBy(24.99)).isFalse();
    assertThat(Target.atLeast(25)).hasToString(">= 25");
    assertThatThrownBy(() -> new Target("<", 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
