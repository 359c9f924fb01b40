package io.sightline.analyzer.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuppressionTest {

  private static final Candidate BEST = new Candidate(0, 0.9f, 0, 0, 10, 10);
  private static final Candidate SAME_THING = new Candidate(0, 0.8f, 1, 0, 11, 10);
  private static final Candidate OTHER_LABEL = new Candidate(1, 0.7f, 1, 0, 11, 10);
  private static final Candidate ELSEWHERE = new Candidate(0, 0.6f, 20, 0, 30, 10);

  @Test
  void keepBest_overlappingOfOneLabel_keepsTheBestOfEach() {
    assertThat(Suppression.keepBest(List.of(ELSEWHERE, SAME_THING, OTHER_LABEL, BEST), 0.45, 100))
        .containsExactly(BEST, OTHER_LABEL, ELSEWHERE);
  }

  @Test
  void keepBest_moreThanAsked_keepsTheBest() {
    assertThat(Suppression.keepBest(List.of(ELSEWHERE, OTHER_LABEL, BEST), 0.45, 2))
        .containsExactly(BEST, OTHER_LABEL);
  }
}
