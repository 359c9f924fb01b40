package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfileTest {

  private static final String VISITS =
      """
      {"name":"visits","sample":"5/s",\
      "keepFrames":"detections",\
      "analyzers":[{"use":"onnx","minConfidence":50,"model":"yolox-nano"}],\
      "classifiers":[{"use":"presence","labels":["person"],"openAfter":"200ms"}]}""";

  @Test
  void json_profile_isReadAndWrittenTheSame() {
    Profile profile = Json.decode(bytes(VISITS), Profile.class);

    assertThat(profile.sample()).isEqualTo(Sampling.perSecond(5));
    assertThat(profile.analyzers().get(0).use()).isEqualTo("onnx");
    assertThat(profile.analyzers().get(0).settings().number("minConfidence", 1, 0, 100))
        .isEqualTo(50);
    assertThat(Json.encode(profile)).asString(StandardCharsets.UTF_8).isEqualTo(VISITS);
  }

  @Test
  void json_partsLeftOut_haveDefaults() {
    Profile profile =
        Json.decode(bytes("{\"name\":\"x\",\"analyzers\":[{\"use\":\"motion\"}]}"), Profile.class);

    assertThat(profile.sample()).isEqualTo(Sampling.perSecond(5));
    assertThat(profile.keepFrames()).isEqualTo(KeepFrames.DETECTIONS);
    assertThat(profile.classifiers()).isEmpty();
  }

  @Test
  void json_brokenProfile_isRefusedWithASentence() {
    Map<String, String> wrongs =
        Map.of(
            "{\"name\":\"x\"}", "has no analyzers",
            "{\"name\":\"No Name\",\"analyzers\":[{\"use\":\"a\"}]}", "The profile 'No Name'",
            "{\"name\":\"x\",\"analyzers\":[{\"model\":\"a\"}]}", "The plugin 'null'",
            "{\"name\":\"x\",\"analyzers\":[null]}", "a value that must be there is null",
            "{\"name\":\"x\",\"sample\":\"often\",\"analyzers\":[{\"use\":\"a\"}]}", "'often'");

    wrongs.forEach(
        (json, message) ->
            assertThatThrownBy(() -> Json.decode(bytes(json), Profile.class))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining(message));
  }

  @Test
  void digest_sameSettingsInAnyOrder_isTheSame() {
    Map<String, Object> settings = new HashMap<>(Map.of("a", 1, "b", List.of("x"), "c", 0.5));
    Profile first = withAnalyzer(new PluginSpec("motion", settings));
    settings.put("d", null);
    Profile emptySetting = withAnalyzer(new PluginSpec("motion", settings));
    settings.put("d", 1);
    Profile other = withAnalyzer(new PluginSpec("motion", settings));

    assertThat(first.digest()).hasSize(12).isEqualTo(emptySetting.digest());
    assertThat(first).isEqualTo(emptySetting);
    assertThat(other.digest()).isNotEqualTo(first.digest());
    assertThat(Json.decode(Json.encode(first), Profile.class).digest()).isEqualTo(first.digest());
  }

  @Test
  void use_inCamelCase_namesTheSamePluginInEveryLanguage() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr")); // where "I" has another small letter
    try {
      assertThat(new PluginSpec("audioLevel").use()).isEqualTo("audio-level");
      assertThat(new PluginSpec("signalInput").use()).isEqualTo("signal-input");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void settings_namedUse_areRefused() {
    assertThatThrownBy(() -> new PluginSpec("motion", Map.of("use", "onnx")))
        .hasMessageContaining("it is no setting");
  }

  private static Profile withAnalyzer(PluginSpec analyzer) {
    return new Profile("x", null, null, List.of(analyzer), List.of());
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
