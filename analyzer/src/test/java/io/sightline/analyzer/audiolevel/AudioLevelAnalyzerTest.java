package io.sightline.analyzer.audiolevel;

import static io.sightline.analyzer.SoundOf.sine;
import static io.sightline.analyzer.SoundOf.wave;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.analyzer.SoundOf;
import io.sightline.records.Detection;
import io.sightline.records.PluginSpec;
import io.sightline.records.plugin.Analyzer;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
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

  @Test
  void listen_pausesAskedFor_areReportedToTheHundredth_alsoAcrossChunksAndKills() throws Exception {
    // A tone, quiet from 1.3 to 1.6 s, from 1.9 to 2.15 s, and for a moment at 3 s.
    DoubleUnaryOperator speech =
        t ->
            t >= 1.3 && t < 1.6 || t >= 1.9 && t < 2.15 || t >= 3 && t < 3.1
                ? 0.0002 * Math.sin(2 * Math.PI * 997 * t)
                : 0.1 * Math.sin(2 * Math.PI * 997 * t);
    Analyzer analyzer = pausing("200ms");

    List<Detection> first = analyzer.listen(wave(0, 2, speech));
    Analyzer other = pausing("200ms");
    other.restore(analyzer.state());
    List<Detection> second = other.listen(wave(2, 2, speech));

    assertThat(pauses(first)).hasSize(1);
    assertPause(pauses(first).get(0), 1.3, 1.6);
    assertThat(pauses(second)).as("known once it has lasted").hasSize(1);
    assertPause(pauses(second).get(0), 1.9, 2.15);
  }

  @Test
  void restore_stateOfBeforePausesWereAskedFor_andAfter_goesOn() throws Exception {
    Analyzer plain = plugin.open(new PluginSpec("audio-level").settings());
    plain.listen(wave(0, 2, t -> 0));
    Analyzer pausing = pausing("200ms");
    pausing.restore(plain.state());
    List<Detection> heard = pausing.listen(wave(2, 2, t -> 0));
    Analyzer plainAgain = plugin.open(new PluginSpec("audio-level").settings());
    plainAgain.restore(pausing.state());

    assertThat(heard).extracting("label").containsExactly("audio-level", "pause");
    assertPause(pauses(heard).get(0), 2, 4);
    assertThat(plainAgain.listen(wave(4, 8, t -> 0)))
        .as("silence goes on from 0 s")
        .extracting("label")
        .containsExactly("audio-level", "silence");
  }

  @Test
  void check_wrongPauses_areRefusedByName() {
    for (String wrong : List.of("10ms", "2s", "soon")) {
      assertThatThrownBy(() -> pausing(wrong)).hasMessageContaining("setting 'pauseFor'");
    }
    assertThatThrownBy(
            () -> plugin.check(new PluginSpec("audio-level", Map.of("pauseBelow", -50)).settings()))
        .hasMessageContaining("says nothing without 'pauseFor'");
  }

  private Analyzer pausing(String pauseFor) {
    return plugin.open(new PluginSpec("audio-level", Map.of("pauseFor", pauseFor)).settings());
  }

  private static List<Detection> pauses(List<Detection> detections) {
    return detections.stream().filter(one -> one.label().equals("pause")).toList();
  }

  private static void assertPause(Detection pause, double fromSeconds, double toSeconds) {
    long from = ((Number) pause.attributes().get("fromMicros")).longValue();
    assertThat((from - SoundOf.START) / 1e6).isEqualTo(fromSeconds, within(0.02));
    assertThat((pause.endMicros() - SoundOf.START) / 1e6).isEqualTo(toSeconds, within(0.02));
  }
}
