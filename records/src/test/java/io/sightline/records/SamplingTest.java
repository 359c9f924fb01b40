package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {

  @ParameterizedTest
  @CsvSource({
    "keyframes, keyframes",
    "5/s, 5/s",
    " 5 / s , 5/s",
    "0.5/s, 0.5/s",
    "0.001/s, 0.001/s",
    "29.97/s, 29.97/s",
    "2.50/s, 2.5/s",
    "240/s, 240/s",
    "every 10 frames, every 10 frames",
    "every 1 frame, every 1 frames",
    "scene, scene",
    "scene 0.2, scene",
    "scene 0.30, scene 0.3",
    "scene 0.015, scene 0.015",
    "scene 1, scene 1.0"
  })
  void parse_policy_isWrittenSoThatItReadsBack(String text, String written) {
    Sampling sampling = Sampling.parse(text);

    assertThat(sampling).hasToString(written);
    assertThat(Sampling.parse(written)).isEqualTo(sampling);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "5",
        "0/s",
        "0.000/s",
        "241/s",
        "240.001/s",
        "-1/s",
        "1.0001/s",
        "5/m",
        "every 0 frames",
        "every 1000000 frames",
        "every frame",
        "KEYFRAMES",
        "1e3/s",
        "scene 0",
        "scene 0.009",
        "scene 1.001",
        "scene 2",
        "scene 20%",
        "scenes"
      })
  void parse_whatIsNoPolicy_isRefusedWithExamples(String text) {
    assertThatThrownBy(() -> Sampling.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5/s")
        .hasMessageContaining("keyframes");
  }

  @Test
  void sampling_partsThatDoNotFit_areRefused() {
    assertThatThrownBy(() -> new Sampling(Sampling.Kind.RATE, null, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sampling(Sampling.Kind.RATE, new Rational(24_000, 1_001), 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sampling(Sampling.Kind.EVERY, null, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sampling(Sampling.Kind.EVERY, null, 1, 0.5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sampling(Sampling.Kind.SCENE, null, 0, 0.5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Sampling.scene(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Sampling.perSecond(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
