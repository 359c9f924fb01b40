package io.sightline.launcher.cut;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CutBarTest {

  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

  @Test
  void steps_areShownOneAfterAnother() {
    try (CutBar bar = bar(Duration.ZERO)) {
      bar.at("Reading", 0.4);
      bar.at("Encoding", 0.75);
    }

    assertThat(shown()).containsSubsequence("Reading", "100%", "Encoding", "75%");
  }

  @Test
  void whatTakesAMomentOnly_isNotShown() {
    try (CutBar bar = bar(Duration.ofHours(1))) {
      bar.at("Reading", 0.4);
    }

    assertThat(terminal.size()).isZero();
  }

  @Test
  void withoutATerminal_nothingIsShown() {
    try (CutBar bar = new CutBar(Optional.empty(), Duration.ZERO)) {
      bar.at("Reading", 0.4);
    }

    assertThat(terminal.size()).isZero();
  }

  private CutBar bar(Duration moment) {
    return new CutBar(Optional.of(new PrintStream(terminal, true, StandardCharsets.UTF_8)), moment);
  }

  private String shown() {
    return terminal.toString(StandardCharsets.UTF_8);
  }
}
