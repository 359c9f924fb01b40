package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private static Settings settings(Map<String, Object> values) {
    return new PluginSpec("motion", values).settings();
  }

  @Test
  void settings_notGiven_haveTheirDefaults() {
    Settings settings = settings(Map.of());

    assertThat(settings.text("model", "none")).isEqualTo("none");
    assertThat(settings.number("gain", 1.5, 0, 10)).isEqualTo(1.5);
    assertThat(settings.integer("count", 3, 0, 10)).isEqualTo(3);
    assertThat(settings.flag("fast", true)).isTrue();
    assertThat(settings.duration("after", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.words("labels", List.of("person"))).containsExactly("person");
    settings.complete();
  }

  @Test
  void settings_given_areRead() {
    Settings settings =
        settings(
            Map.of(
                "model", "yolox-nano",
                "gain", 2,
                "count", "7",
                "fast", false,
                "after", "200ms",
                "labels", List.of("person", "dog"),
                "label", "cat"));

    assertThat(settings.text("model", null)).isEqualTo("yolox-nano");
    assertThat(settings.number("gain", 1, 0, 10)).isEqualTo(2);
    assertThat(settings.integer("count", 1, 0, 10)).isEqualTo(7);
    assertThat(settings.flag("fast", true)).isFalse();
    assertThat(settings.duration("after", null)).isEqualTo(Duration.ofMillis(200));
    assertThat(settings.words("labels", null)).containsExactly("person", "dog");
    assertThat(settings.words("label", null)).containsExactly("cat");
    settings.complete();
  }

  @Test
  void settings_wrong_areRefusedNamingPluginAndKey() {
    Settings settings =
        settings(
            Map.of(
                "high", 11,
                "nan", "NaN",
                "word", "many",
                "half", 1.5,
                "flag", "yes",
                "after", "5",
                "labels", Arrays.asList("person", null)));

    List<Runnable> readings =
        List.of(
            () -> settings.number("high", 1, 0, 10),
            () -> settings.number("nan", 1, 0, 10),
            () -> settings.number("word", 1, 0, 10),
            () -> settings.integer("half", 1, 0, 10),
            () -> settings.flag("flag", true),
            () -> settings.duration("after", null),
            () -> settings.words("labels", null));
    for (Runnable reading : readings) {
      assertThatThrownBy(reading::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Plugin 'motion', setting '");
    }
  }

  @Test
  void complete_settingNobodyAskedFor_isRefusedNamingThoseThereAre() {
    Settings settings = settings(Map.of("sensitivty", 3));
    settings.number("sensitivity", 1, 0, 10);

    assertThatThrownBy(settings::complete)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'sensitivty'")
        .hasMessageContaining("[sensitivity]");
  }
}
