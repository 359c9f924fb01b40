package io.sightline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  @Test
  void of_rounds_alternate() throws Exception {
    List<String> order = new ArrayList<>();

    Comparison.of(
        2,
        sentence -> order.add("told"),
        () -> done(order, "ours"),
        () -> done(order, "yardstick"));

    assertThat(order).containsExactly("ours", "yardstick", "told", "ours", "yardstick", "told");
  }

  @Test
  void ratio_isTheMedianOfTheRoundsOwnRatios() throws Exception {
    // The machine was busy in the second round, for both; and in the third, for ours.
    Iterator<Double> ours = List.of(1.0, 10.0, 8.0).iterator();
    Iterator<Double> yardstick = List.of(2.0, 20.0, 2.0).iterator();

    Comparison comparison = Comparison.of(3, sentence -> {}, ours::next, yardstick::next);

    assertThat(comparison.ratio()).isEqualTo(0.5);
    assertThat(comparison.ours()).isEqualTo(8);
    assertThat(comparison.yardstick()).isEqualTo(2);
  }

  @Test
  void median_ofAnEvenNumber_liesBetweenTheMiddleOnes() {
    assertThat(Comparison.median(List.of(4.0, 1.0, 3.0, 100.0))).isEqualTo(3.5);
    assertThatThrownBy(() -> Comparison.median(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void of_workThatCostNothing_isNoFigure() {
    assertThatThrownBy(() -> Comparison.of(1, sentence -> {}, () -> 0, () -> 1))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("too little");
  }

  private static double done(List<String> order, String what) {
    order.add(what);
    return 1;
  }
}
