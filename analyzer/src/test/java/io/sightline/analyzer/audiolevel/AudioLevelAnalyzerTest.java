package io.sightline.analyzer.audiolevel;

import static io.sightline.analyzer.SoundOf.sine;
import static io.sightline.analyzer.SoundOf.wave;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.records.Detection;
import io.sightline.records.PluginSpec;
import io.sightline.records.plugin.Analyzer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AudioLevelAnalyzerTest {

  private final AudioLevelPlugin plugin = new AudioLevelPlugin();

  @Test
  void listen_tone_givesItsLevel() throws Exception {
    Analyzer analyzer = plugin.open(new PluginSpec("audio-level").settings());

    List<Detection> detections = analyzer.listen(wave(0, 2, sine(997, 0.1), sine(997, 0.1)));

    assertThat(detections).hasSize(1);
    Detection level = detections.get(0);
    assertThat(level.label()).isEqualTo("audio-level");
    assertThat(level.audioTrack()).isEqualTo(1);
    assertThat((double) level.attributes().get("loudnessLufs")).isEqualTo(-20, within(0.05));
    assertThat(level.confidence()).isEqualTo(71.43, within(0.1));
  }

  @Test
  void listen_silenceLongEnough_isReportedOnceItLasts() throws Exception {
    Analyzer analyzer =
        plugin.open(new PluginSpec("audio-level", Map.of("silentFor", "5s")).settings());

    assertThat(analyzer.listen(wave(0, 2, t -> 0))).extracting("label").containsOnly("audio-level");
    byte[] state = analyzer.state();
    Analyzer other =
        plugin.open(new PluginSpec("audio-level", Map.of("silentFor", "5s")).settings());
    other.restore(state);
    other.listen(wave(2, 2, t -> 0));
    List<Detection> third = other.listen(wave(4, 2, t -> 0));

    assertThat(third).extracting("label").containsExactly("audio-level", "silence");
    assertThat(third.get(1).attributes()).containsEntry("seconds", 6.0);
  }

  @Test
  void check_wrongSettings_saysSo() {
    assertThatThrownBy(
            () -> plugin.check(new PluginSpec("audio-level", Map.of("silentFor", "0s")).settings()))
        .hasMessageContaining("silentFor");
  }
}
