package io.sightline.segmenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.FrameDetections;
import io.sightline.records.Json;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Settings;
import io.sightline.records.StreamItem;
import io.sightline.records.plugin.Classifier;
import io.sightline.records.plugin.ClassifierPlugin;
import io.sightline.records.plugin.Observation;
import io.sightline.records.plugin.SegmentOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamRunTest {

  private static final String LOOKS =
      "....xxxxxx..x.........xxxxxxxxxxxxxx!!xx.........xxx......................xx";
  private static final String SOUNDS = "..ss.s..";

  private final SegmenterPlugins plugins = SegmenterPlugins.installed();
  private final SegmenterConfig config = SegmenterConfig.defaults();

  @Test
  void offer_anyArrivalOfLanes_findsTheSame() {
    Scene scene =
        new Scene("lobby", "file")
            .epoch(0, Scene.BOTH, LOOKS, SOUNDS)
            .epoch(20, Scene.LOOKING, LOOKS, SOUNDS)
            .epoch(40, Scene.BOTH, LOOKS, SOUNDS);
    List<String> expected = told(scene.arriving(new Random(0)), false);

    assertThat(expected).hasSizeGreaterThan(20);
    for (int seed = 1; seed < 300; seed++) {
      assertThat(told(scene.arriving(new Random(seed)), false))
          .as("seed %s", seed)
          .isEqualTo(expected);
    }
  }

  @Test
  void offer_withKillsAnywhere_findsTheSame() {
    Scene scene =
        new Scene("lobby", "file")
            .epoch(0, Scene.BOTH, LOOKS, SOUNDS)
            .epoch(20, Scene.BOTH, LOOKS, SOUNDS);
    List<String> expected = told(scene.arriving(new Random(0)), false);

    assertThat(told(scene.arriving(new Random(5)), true)).isEqualTo(expected);
  }

  @Test
  void offer_repeatedItems_findsTheSame() {
    Scene scene = new Scene("lobby", "file").epoch(0, Scene.BOTH, LOOKS, SOUNDS);
    List<StreamItem> doubled = new ArrayList<>();
    List<StreamItem> arriving = scene.arriving(new Random(3));
    for (int i = 0; i < arriving.size() - 1; i++) {
      doubled.addAll(arriving.subList(Math.max(0, i - 4), i + 1));
    }
    doubled.add(arriving.get(arriving.size() - 1));

    assertThat(told(doubled, false)).isEqualTo(told(arriving, false));
  }

  @Test
  void offer_profileThatOnlyLooks_doesNotWaitForChunks() {
    Scene scene = new Scene("lobby", "file").epoch(0, Scene.LOOKING, "xxx......", "..");

    assertThat(told(scene.frames(), false)).hasSize(2);
  }

  @Test
  void offer_profileThatListens_waitsForChunks() {
    Scene scene = new Scene("lobby", "file").epoch(0, Scene.BOTH, "xxx......", "..");

    assertThat(told(scene.frames(), false)).isEmpty();
  }

  @Test
  void offer_liveWithoutChunks_goesOnAfterTheWait() {
    SegmenterConfig impatient =
        new SegmenterConfig(
            SegmenterConfig.BUILT_IN_LANES, Duration.ofSeconds(5), 100, Duration.ZERO);
    Scene scene =
        new Scene("lobby", "live").epoch(0, Scene.BOTH, "xxx" + ".".repeat(60) + "xxxx", "");
    StreamRun run = new StreamRun("lobby", "live", plugins, impatient);
    List<FoundChange> found = new ArrayList<>();
    run.offer(scene.chunks().get(0));
    scene.frames().forEach(item -> found.addAll(changes(run.offer(item))));

    assertThat(found).extracting(FoundChange::startMicros).startsWith(Scene.START, Scene.START);
  }

  @Test
  void offer_moreWaitingThanAllowed_goesOn() {
    SegmenterConfig small =
        new SegmenterConfig(SegmenterConfig.BUILT_IN_LANES, Duration.ofHours(1), 10, Duration.ZERO);
    Scene scene = new Scene("lobby", "file").epoch(0, Scene.BOTH, "xxx" + ".".repeat(60), "");
    StreamRun run = new StreamRun("lobby", "file", plugins, small);
    List<FoundChange> found = new ArrayList<>();
    scene.frames().forEach(item -> found.addAll(changes(run.offer(item))));

    assertThat(found).hasSize(2);
  }

  @Test
  void offer_endOfBothLanes_canBeForgotten() {
    Scene scene = new Scene("lobby", "file").epoch(0, Scene.BOTH, LOOKS, SOUNDS);
    StreamRun run = new StreamRun("lobby", "file", plugins, config);
    List<StreamItem> all = scene.arriving(new Random(1));
    all.subList(0, all.size() - 1).forEach(run::offer);
    assertThat(run.forgettable()).isFalse();
    run.offer(all.get(all.size() - 1));

    assertThat(run.over()).isTrue();
    assertThat(run.forgettable()).isTrue();
  }

  @Test
  void offer_itemsOfALaneNobodyListensTo_leaveNothingToRemember() {
    Scene scene = new Scene("lobby", "file").epoch(0, Scene.LOOKING, LOOKS, SOUNDS);
    StreamRun run = new StreamRun("lobby", "file", plugins, config);

    for (StreamItem item : scene.chunks()) {
      run.offer(item);
      assertThat(run.forgettable()).isTrue();
    }
  }

  @Test
  void offer_lateDetections_changeNothing() {
    Scene scene = new Scene("lobby", "file").epoch(0, Scene.LOOKING, "....xx......", "");
    List<StreamItem> items = new ArrayList<>(scene.frames());
    FrameDetections seen = (FrameDetections) items.get(5);
    items.add(
        8,
        new FrameDetections(
            seen.stream(),
            seen.epoch(),
            seen.run(),
            900,
            seen.positionMicros(),
            0,
            640,
            360,
            seen.detections(),
            null,
            null,
            true));

    assertThat(told(items, false)).isEqualTo(told(scene.frames(), false));
  }

  @Test
  void offer_laterEpochWithoutEndOfFormer_closesAtItsLastPosition() {
    Scene first = new Scene("lobby", "live").epoch(0, Scene.LOOKING, "..xxxx", "");
    Scene second = new Scene("lobby", "live").epoch(3600, Scene.LOOKING, "..", "");
    List<StreamItem> items = new ArrayList<>(first.frames().subList(0, first.frames().size() - 1));
    items.addAll(second.frames());

    List<FoundChange> found = found(items);
    assertThat(found.get(1).endMicros()).isEqualTo(Scene.START + 5 * Scene.STEP);
  }

  @Test
  void offer_anotherProfile_closesAndGoesOnWithIt() {
    Scene scene = new Scene("lobby", "live").epoch(0, Scene.LOOKING, "xxxxxxxxxxxx", "");
    List<StreamItem> items = new ArrayList<>(scene.frames());
    FrameDetections at = (FrameDetections) items.get(6);
    Profile other =
        new Profile(
            "other",
            null,
            null,
            List.of(new PluginSpec("motion")),
            List.of(new PluginSpec("presence", Map.of("name", "strict", "openAfter", "1s"))));
    items.set(
        6,
        new Marker(
            Marker.Kind.PROFILE,
            "lobby",
            at.epoch(),
            "live",
            at.sequence(),
            at.positionMicros(),
            Lane.FRAMES,
            other,
            null,
            0));

    List<FoundChange> found = found(items);
    assertThat(found)
        .extracting(FoundChange::classifier)
        .containsExactly("presence", "presence", "strict", "strict");
    assertThat(found.get(1).endMicros()).isEqualTo(at.positionMicros());
    assertThat(found.get(2).startMicros()).isEqualTo(at.positionMicros() + Scene.STEP);
  }

  @Test
  void offer_stepsBackInALane_neverRunBackwards() {
    List<Long> observed = new ArrayList<>();
    SegmenterPlugins watching =
        with(
            List.of(
                plugin(
                    "presence", (observation, out) -> observed.add(observation.positionMicros()))));
    StreamRun run = new StreamRun("lobby", "file", watching, config);
    Scene scene = new Scene("lobby", "file").epoch(0, Scene.LOOKING, "xxxx", "");
    List<StreamItem> items = new ArrayList<>(scene.frames());
    FrameDetections wrong = (FrameDetections) items.get(3);
    items.set(
        3,
        new FrameDetections(
            "lobby",
            wrong.epoch(),
            "file",
            wrong.sequence(),
            5,
            0,
            640,
            360,
            wrong.detections(),
            null,
            null,
            false));
    items.forEach(run::offer);

    assertThat(observed).hasSize(4).isSorted();
  }

  @Test
  void offer_classifierThatThrows_doesNotDisturbTheOthers() {
    SegmenterPlugins mixed =
        with(
            List.of(
                plugin(
                    "broken",
                    (observation, out) -> {
                      throw new IllegalStateException("broken on purpose");
                    }),
                new io.sightline.segmenter.presence.PresencePlugin()));
    Profile profile =
        new Profile(
            "mixed",
            null,
            null,
            List.of(new PluginSpec("motion")),
            List.of(new PluginSpec("broken"), new PluginSpec("presence")));
    Scene scene = new Scene("lobby", "file").epoch(0, profile, "xxx......", "");
    StreamRun run = new StreamRun("lobby", "file", mixed, config);
    List<FoundChange> found = new ArrayList<>();
    scene.frames().forEach(item -> found.addAll(changes(run.offer(item))));

    assertThat(found).hasSize(2);
  }

  @Test
  void offer_classifierThatIsUnknown_isLeftOut() {
    Profile profile =
        new Profile(
            "odd",
            null,
            null,
            List.of(new PluginSpec("motion")),
            List.of(new PluginSpec("nobody-has-this"), new PluginSpec("presence")));
    Scene scene = new Scene("lobby", "file").epoch(0, profile, "xxx......", "");

    assertThat(told(scene.frames(), false)).hasSize(2);
  }

  @Test
  void offer_classifierThatLeavesOpen_isClosedAtTheEnd() {
    SegmenterPlugins forgetful =
        with(
            List.of(
                plugin(
                    "presence",
                    (observation, out) -> {
                      if (observation.positionMicros() == Scene.START + Scene.STEP) {
                        out.open(observation.positionMicros(), "thing", Map.of(), null);
                      }
                    })));
    Scene scene = new Scene("lobby", "file").epoch(0, Scene.LOOKING, ".....", "");
    StreamRun run = new StreamRun("lobby", "file", forgetful, config);
    List<FoundChange> found = new ArrayList<>();
    scene.frames().forEach(item -> found.addAll(changes(run.offer(item))));

    assertThat(found).hasSize(2);
    assertThat(found.get(1).endMicros()).isEqualTo(Scene.START + 5 * Scene.STEP);
    assertThat(found.get(1).why().closedBy()).contains("left it open");
  }

  private List<FoundChange> found(List<StreamItem> items) {
    StreamRun run = new StreamRun("lobby", items.get(0).run(), plugins, config);
    List<FoundChange> found = new ArrayList<>();
    items.forEach(item -> found.addAll(changes(run.offer(item))));
    return found;
  }

  /** What is found, as text; with kills, the run is restored from its state after each item. */
  private List<String> told(List<StreamItem> items, boolean kills) {
    StreamRun run = new StreamRun("lobby", items.get(0).run(), plugins, config);
    List<String> told = new ArrayList<>();
    for (StreamItem item : items) {
      changes(run.offer(item))
          .forEach(change -> told.add(change.id() + new String(Json.encode(change))));
      if (kills) {
        byte[] state = Packed.pack(run.state());
        run = new StreamRun(Packed.unpack(state, StreamRun.State.class), plugins, config);
      }
    }
    return told;
  }

  private static SegmenterPlugins with(List<ClassifierPlugin> classifiers) {
    return new SegmenterPlugins(new Classifiers(classifiers), Optimizers.installed());
  }

  private static List<FoundChange> changes(List<Finding> found) {
    return found.stream()
        .filter(FoundChange.class::isInstance)
        .map(FoundChange.class::cast)
        .toList();
  }

  private interface Looking {
    void observe(Observation observation, SegmentOutput output);
  }

  private static ClassifierPlugin plugin(String name, Looking looking) {
    return new ClassifierPlugin() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Classifier open(Settings settings) {
        return new Classifier() {
          @Override
          public void observe(Observation observation, SegmentOutput output) {
            looking.observe(observation, output);
          }

          @Override
          public byte[] state() {
            return new byte[0];
          }

          @Override
          public void restore(byte[] state) {}
        };
      }
    };
  }
}
