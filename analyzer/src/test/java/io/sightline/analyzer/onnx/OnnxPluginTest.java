package io.sightline.analyzer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.analyzer.TestFiles;
import io.sightline.analyzer.models.ModelFolder;
import io.sightline.records.PluginSpec;
import io.sightline.records.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxPluginTest {

  @TempDir Path folder;
  private final OnnxPlugin plugin = new OnnxPlugin();

  @BeforeEach
  void useFolder() {
    plugin.models(new ModelFolder(folder));
  }

  @AfterEach
  void closePlugin() {
    plugin.close();
  }

  @Test
  void check_noModelSetting_saysSo() {
    assertThatThrownBy(() -> plugin.check(new PluginSpec("onnx").settings()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'model'");
  }

  @Test
  void check_knownButNotPulledModel_saysHowToPullIt() {
    refused(Map.of("model", "yolox-nano"), "sightline models pull yolox-nano");
  }

  @Test
  void check_missingFile_namesIt() {
    refused(Map.of("model", "nowhere/model.onnx"), "nowhere/model.onnx");
  }

  @Test
  void check_fileThatIsNoOnnx_isOneSentence() throws Exception {
    Path text = Files.writeString(folder.resolve("text.onnx"), "not a model at all");
    Path empty = Files.createFile(folder.resolve("empty.onnx"));

    refused(Map.of("model", text.toString()), "is no ONNX model");
    refused(Map.of("model", "text"), "is no ONNX model");
    refused(Map.of("model", empty.toString()), "is no ONNX model");
  }

  @Test
  void check_labelsOfAnotherCount_saysBothCounts() throws Exception {
    String model = TestFiles.model("yolox-nano.onnx").toString();
    Path labels = Files.write(folder.resolve("labels.txt"), List.of("one", "two"));

    refused(
        Map.of("model", model, "labels", labels.toString()),
        "tells 80 classes apart",
        "labels.txt names 2");
    refused(Map.of("model", model, "labels", "no-such-file"), "no-such-file");
  }

  @Test
  void check_onlyWithUnknownLabel_namesIt() {
    String model = TestFiles.model("yolox-nano.onnx").toString();

    refused(Map.of("model", model, "only", List.of("person", "dragon")), "'dragon'");
    assertThatCode(() -> plugin.check(settings(Map.of("model", model, "only", "person"))))
        .doesNotThrowAnyException();
  }

  @Test
  void check_modelInFolder_isFoundByName() throws Exception {
    Files.copy(TestFiles.model("yolox-nano.onnx"), folder.resolve("mine.onnx"));

    plugin.check(settings(Map.of("model", "mine")));
  }

  @Test
  void coco_builtIn_hasEightyNames() {
    assertThat(Labels.COCO)
        .hasSize(80)
        .startsWith("person", "bicycle", "car")
        .endsWith("toothbrush");
    assertThat(Labels.COCO).doesNotHaveDuplicates().noneMatch(String::isBlank);
  }

  private void refused(Map<String, Object> settings, String... parts) {
    assertThatThrownBy(() -> plugin.check(settings(settings)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  private static Settings settings(Map<String, Object> values) {
    return new PluginSpec("onnx", new HashMap<>(values)).settings();
  }
}
