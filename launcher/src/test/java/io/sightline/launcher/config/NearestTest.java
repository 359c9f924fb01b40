package io.sightline.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {

  private static final List<String> KNOWN = List.of("process", "up", "models", "export");

  @Test
  void to_wordWithLettersSwapped_findsIt() {
    assertThat(Nearest.to("porcess", KNOWN)).contains("process");
  }

  @Test
  void to_wordInCapitals_findsIt() {
    assertThat(Nearest.to("MODELS", KNOWN)).contains("models");
  }

  @Test
  void to_wordUnlikeAny_findsNone() {
    assertThat(Nearest.to("terraform", KNOWN)).isEmpty();
    assertThat(Nearest.to("xyz", KNOWN)).isEmpty();
  }

  @Test
  void to_wordBetweenTwo_choosesTheFirstByName() {
    assertThat(Nearest.to("bat", List.of("cat", "bad"))).contains("bad");
  }

  @Test
  void to_nothing_findsNone() {
    assertThat(Nearest.to("", KNOWN)).isEmpty();
    assertThat(Nearest.to("process", List.of())).isEqualTo(Optional.empty());
  }
}
