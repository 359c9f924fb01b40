package io.sightline.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortestClassifierTest {

  @Test
  void shortestClassifier_makesSegments() {
    Profile profile =
        new Profile(
            "short",
            null,
            null,
            List.of(new PluginSpec("motion")),
            List.of(new PluginSpec("shortest")));
    Scene scene = new Scene("lobby", "file").epoch(0, profile, "..xxx..x...", "");
    StreamRun run =
        new StreamRun(
            "lobby",
            "file",
            new Classifiers(List.of(new ShortestClassifier())),
            SegmenterConfig.defaults());
    List<FoundChange> found = new ArrayList<>();
    scene.frames().forEach(item -> found.addAll(run.offer(item)));

    assertThat(found)
        .extracting(FoundChange::endMicros)
        .filteredOn(end -> end != null)
        .containsExactly(Scene.START + 5 * Scene.STEP, Scene.START + 8 * Scene.STEP);
  }

  @Test
  void readme_quotesTheShortestClassifier() throws IOException {
    String code =
        Files.readString(Path.of("src/test/java/io/sightline/segmenter/ShortestClassifier.java"));

    assertThat(Files.readString(Path.of("README.md")))
        .contains(code.substring(code.indexOf("public final class")).strip());
  }
}
