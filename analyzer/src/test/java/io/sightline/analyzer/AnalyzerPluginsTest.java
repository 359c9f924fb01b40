package io.sightline.analyzer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.analyzer.models.ModelFolder;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnalyzerPluginsTest {

  private final AnalyzerPlugins plugins = AnalyzerPlugins.load(new ModelFolder(Path.of("models")));

  @AfterEach
  void close() {
    plugins.close();
  }

  @Test
  void load_classPath_findsOursAndOthers() {
    assertThat(plugins.names())
        .containsExactly("audio-level", "brightness", "health", "motion", "onnx");
  }

  @Test
  void check_knownPlugins_passes() {
    assertThatCode(
            () ->
                plugins.check(
                    profile(
                        new PluginSpec("motion", Map.of("sensitivity", 70)),
                        new PluginSpec("audioLevel"),
                        new PluginSpec("health", Map.of("frozenFor", "20s")))))
        .doesNotThrowAnyException();
  }

  @Test
  void check_misspeltPlugin_namesTheNearest() {
    assertThatThrownBy(() -> plugins.check(profile(new PluginSpec("moton"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Profile 'visits': there is no analyzer 'moton', did you mean 'motion'? (there are"
                + " [audio-level, brightness, health, motion, onnx])");
  }

  @Test
  void check_strangePlugin_namesThoseThereAre() {
    assertThatThrownBy(() -> plugins.check(profile(new PluginSpec("telepathy"))))
        .hasMessageContaining("'telepathy' (there are [")
        .hasMessageNotContaining("did you mean");
  }

  @Test
  void check_wrongSetting_namesProfilePluginAndKey() {
    assertThatThrownBy(
            () -> plugins.check(profile(new PluginSpec("motion", Map.of("minArea", "large")))))
        .hasMessageContainingAll("'visits'", "'motion'", "'minArea'", "large");
  }

  @Test
  void needsPictures_soundAlone_doesNot() {
    assertThat(plugins.needsPictures(profile(new PluginSpec("audio-level")))).isFalse();
    assertThat(
            plugins.needsPictures(profile(new PluginSpec("audio-level"), new PluginSpec("motion"))))
        .isTrue();
  }

  @Test
  void of_twoOfOneName_isRefused() {
    assertThatThrownBy(
            () -> new AnalyzerPlugins(List.of(new BrightnessPlugin(), new BrightnessPlugin())))
        .hasMessageContaining("'brightness'");
  }

  @Test
  void readme_shortestAnalyzer_isTheOneCompiledHere() throws Exception {
    String source =
        Files.readString(Path.of("src/test/java/io/sightline/analyzer/BrightnessPlugin.java"));

    assertThat(Files.readString(Path.of("README.md")))
        .contains(source.substring(source.indexOf("public final class")));
  }

  private static Profile profile(PluginSpec... analyzers) {
    return new Profile("visits", null, null, List.of(analyzers), List.of());
  }
}
