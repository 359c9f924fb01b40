package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchRuleTest {

  private static final Box BOX = new Box(0.1, 0.1, 0.2, 0.2);

  @Test
  void matches_labelConfidenceAndZone_mustAllFit() {
    WatchRule rule =
        new WatchRule("door", Set.of("Person"), 50, null, Set.of("door"), 10_000, List.of());
    Detection person = Detection.of("onnx", "PERSON", 50, BOX).withZones(List.of("door", "hall"));

    assertThat(rule.matches(person)).isTrue();
    assertThat(rule.matches(Detection.of("onnx", "person", 90, BOX))).isFalse();
    assertThat(rule.matches(Detection.of("onnx", "dog", 90, BOX).withZones(List.of("door"))))
        .isFalse();
    assertThat(rule.matches(Detection.of("onnx", "person", 49.99, BOX).withZones(List.of("door"))))
        .isFalse();
  }

  @Test
  void wants_streamsGiven_onlyThose() {
    assertThat(rule(null).wants("lobby")).isTrue();
    assertThat(rule(Set.of("lobby")).wants("lobby")).isTrue();
    assertThat(rule(Set.of("lobby")).wants("yard")).isFalse();
  }

  @Test
  void rule_withoutLabelsOrOutOfRange_isRefused() {
    assertThatThrownBy(() -> new WatchRule("door", Set.of(), 50, null, null, 0, null))
        .hasMessageContaining("door");
    assertThatThrownBy(() -> new WatchRule("door", Set.of("a"), 101, null, null, 0, null))
        .hasMessageContaining("minConfidence");
    assertThatThrownBy(() -> new WatchRule("door", Set.of("a"), Double.NaN, null, null, 0, null))
        .hasMessageContaining("minConfidence");
    assertThatThrownBy(() -> new WatchRule("door", Set.of("a"), 50, null, null, -1, null))
        .hasMessageContaining("cooldown");
  }

  private static WatchRule rule(Set<String> streams) {
    return new WatchRule("door", Set.of("person"), 50, streams, null, 0, null);
  }
}
