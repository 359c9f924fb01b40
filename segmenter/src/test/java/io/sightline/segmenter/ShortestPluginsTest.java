package io.sightline.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.OptimizedTrack;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Segment;
import io.sightline.records.plugin.Optimizer;
import io.sightline.records.plugin.Surroundings;
import io.sightline.records.plugin.Surroundings.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortestPluginsTest {

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
            new SegmenterPlugins(
                new Classifiers(List.of(new ShortestClassifier())), Optimizers.installed()),
            SegmenterConfig.defaults());
    List<FoundChange> found = new ArrayList<>();
    scene.frames().forEach(item -> run.offer(item).forEach(one -> found.add((FoundChange) one)));

    assertThat(found)
        .extracting(FoundChange::endMicros)
        .filteredOn(end -> end != null)
        .containsExactly(Scene.START + 5 * Scene.STEP, Scene.START + 8 * Scene.STEP);
  }

  @Test
  void shortestOptimizer_movesMarks_asFarAsTheyMay() {
    Optimizer optimizer =
        new Optimizers(List.of(new ShortestOptimizer())).open(new PluginSpec("breath"));
    Segment segment = segment();

    List<OptimizedTrack> free =
        optimizer.optimize(
            new Surroundings(segment, List.of(), new Room(0, Long.MAX_VALUE), Map.of()));
    List<OptimizedTrack> held =
        optimizer.optimize(
            new Surroundings(segment, List.of(), new Room(900_000, 2_000_000), Map.of()));

    assertThat(free).extracting(OptimizedTrack::startMicros).containsExactly(500_000L);
    assertThat(held).extracting(OptimizedTrack::startMicros).containsExactly(900_000L);
  }

  private static Segment segment() {
    return new Segment(
        "lobby.live.presence.0000000001000000",
        "lobby",
        "live",
        "presence",
        "e",
        1_000_000,
        2_000_000L,
        "talk",
        null,
        null,
        null,
        false,
        1,
        1);
  }

  @ParameterizedTest
  @ValueSource(classes = {ShortestClassifier.class, ShortestOptimizer.class})
  void readme_quotesTheShortest(Class<?> plugin) throws IOException {
    String code =
        Files.readString(Path.of("src/test/java/" + plugin.getName().replace('.', '/') + ".java"));

    assertThat(Files.readString(Path.of("README.md")))
        .contains(code.substring(code.indexOf("public final class")).strip());
  }
}
