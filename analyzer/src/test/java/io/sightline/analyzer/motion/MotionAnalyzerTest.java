package io.sightline.analyzer.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.analyzer.PictureOf;
import io.sightline.records.Detection;
import io.sightline.records.PluginSpec;
import io.sightline.records.plugin.Analyzer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class MotionAnalyzerTest {

  private final Scene scene = new Scene();
  private final Analyzer analyzer = new MotionPlugin().open(new PluginSpec("motion").settings());

  @Test
  void look_emptyNoisyRoom_findsNothing() throws Exception {
    scene.noise = 9;

    assertThat(framesWithMotion(40, second -> {})).isEmpty();
  }

  @Test
  void look_personStandingStillForFortySeconds_isSeenThroughout() throws Exception {
    List<Integer> seen =
        framesWithMotion(
            70,
            frame -> {
              double second = frame / 5.0;
              scene.personX =
                  second < 10 || second > 58
                      ? -1
                      : second < 14
                          ? (int) ((second - 10) * 60)
                          : second < 54 ? 240 : walkOn(second);
            });

    assertThat(seen).contains(60, 100, 150, 200, 250, 269);
    assertThat(missing(seen, 52, 285)).as("frames without him").isEmpty();
    assertThat(seen).allMatch(frame -> frame >= 50 && frame < 300);
  }

  @Test
  void look_personThereAtTheStart_leavesNoGhost() throws Exception {
    List<Integer> seen =
        framesWithMotion(
            30,
            frame -> {
              double second = frame / 5.0;
              scene.personX = second < 6 ? 240 : second < 10 ? (int) (240 + (second - 6) * 90) : -1;
            });

    assertThat(seen).as("while walking away").contains(33, 38, 43, 48);
    assertThat(seen).as("long gone").allMatch(frame -> frame >= 29 && frame < 65);
  }

  @Test
  void look_lightSwitchedOnAndOff_learnsAnewAndSeesWhoComesThen() throws Exception {
    List<Integer> seen =
        framesWithMotion(
            60,
            frame -> {
              double second = frame / 5.0;
              boolean on = second > 10 && second < 40;
              scene.gain = on ? 1 : 0.06;
              scene.offset = on ? 20 : 8;
              scene.personX = second > 20 && second < 30 ? (int) ((second - 20) * 55) : -1;
            });

    assertThat(missing(seen, 102, 149)).isEmpty();
    assertThat(seen).allMatch(frame -> frame >= 100 && frame <= 156);
  }

  @Test
  void look_exposureDrifting_findsOnlyWhoStandsThere() throws Exception {
    List<Integer> seen =
        framesWithMotion(
            90,
            frame -> {
              double second = frame / 5.0;
              scene.gain = 1 + 0.35 * Math.sin(second / 9);
              scene.personX =
                  second < 20 || second > 62 ? -1 : (int) Math.min(240, (second - 20) * 80);
            });

    assertThat(missing(seen, 103, 309)).isEmpty();
    assertThat(seen).allMatch(frame -> frame >= 100 && frame < 325);
  }

  @Test
  void look_exposureJumpingWithPersonPresent_staysWithThePerson() throws Exception {
    List<Integer> seen =
        framesWithMotion(
            40,
            frame -> {
              double second = frame / 5.0;
              scene.gain = second > 20 ? 1.3 : 1;
              scene.offset = second > 20 ? 12 : 0;
              scene.personX = second < 10 ? -1 : (int) Math.min(240, (second - 10) * 80);
            });

    assertThat(missing(seen, 53, 199)).isEmpty();
    assertThat(analyzer.look(Scene.picture(scene.luma(200), 200))).hasSize(1);
  }

  @Test
  void look_swayingLeaves_areLearnedWithinAMinute() throws Exception {
    scene.leaves = true;

    List<Integer> seen =
        framesWithMotion(
            120,
            frame -> {
              double second = frame / 5.0;
              scene.personX = second > 90 && second < 100 ? (int) ((second - 90) * 55) : -1;
            });

    assertThat(missing(seen, 452, 499)).isEmpty();
    assertThat(seen).allMatch(frame -> frame < 300 || frame >= 450 && frame <= 506);
  }

  @Test
  void look_shadowPassingOverTexturedFloor_isNoThing() throws Exception {
    List<Integer> seen =
        framesWithMotion(
            40, frame -> scene.shadowX = frame > 50 && frame < 150 ? (frame - 50) * 5 : -1);

    assertThat(seen.size()).as("frames out of a hundred with a shadow").isLessThan(5);
  }

  @Test
  void look_thing_getsItsBoxAndScore() throws Exception {
    framesWithMotion(10, frame -> {});
    scene.personX = 300;
    analyzer.look(Scene.picture(scene.luma(50), 50));

    List<Detection> detections = analyzer.look(Scene.picture(scene.luma(51), 51));

    assertThat(detections).hasSize(1);
    Detection motion = detections.get(0);
    assertThat(motion.label()).isEqualTo("motion");
    assertThat(motion.confidence()).isBetween(70.0, 100.0);
    assertThat(motion.box().left()).isBetween(0.44, 0.475);
    assertThat(motion.box().top()).isBetween(0.47, 0.505);
    assertThat(motion.box().width()).isBetween(0.055, 0.09);
    assertThat(motion.box().height()).isBetween(0.34, 0.40);
  }

  @Test
  void restore_inMidStream_goesOnAsIfNothingHappened() throws Exception {
    Analyzer other = new MotionPlugin().open(new PluginSpec("motion").settings());
    int largest = 0;
    int found = 0;
    for (int frame = 0; frame < 120; frame++) {
      scene.personX = frame < 30 ? 200 : frame < 80 ? frame * 5 : -1;
      scene.gain = frame > 90 ? 1.2 : 1;
      byte[] luma = scene.luma(frame);
      if (frame % 7 == 3) {
        other = new MotionPlugin().open(new PluginSpec("motion").settings());
        other.restore(analyzer.state());
      }
      List<Detection> expected = analyzer.look(Scene.picture(luma, frame));
      if (frame >= 3) {
        assertThat(other.look(Scene.picture(luma, frame))).isEqualTo(expected);
        assertThat(other.state()).isEqualTo(analyzer.state());
      }
      largest = Math.max(largest, analyzer.state().length);
      found += expected.size();
    }
    assertThat(found).isPositive();
    assertThat(largest).isLessThan(60_000);
  }

  @Test
  void restore_damagedState_isRefused() {
    assertThatThrownBy(() -> analyzer.restore(new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("motion");
  }

  @Test
  void look_pictureOfAnotherSize_startsAnew() throws Exception {
    framesWithMotion(5, frame -> {});

    byte[] small = new byte[64 * 48];
    assertThat(analyzer.look(PictureOf.luma(small, 64, 48, 100, 5))).isEmpty();
    assertThat(analyzer.look(PictureOf.luma(new byte[1], 1, 1, 101, 5))).isEmpty();
  }

  @Test
  void check_unknownOrWrongSetting_saysSo() {
    MotionPlugin plugin = new MotionPlugin();

    assertThatThrownBy(
            () -> plugin.check(new PluginSpec("motion", Map.of("sensitivty", 3)).settings()))
        .hasMessageContaining("sensitivty")
        .hasMessageContaining("sensitivity");
    assertThatThrownBy(
            () -> plugin.check(new PluginSpec("motion", Map.of("absorbAfter", "1s")).settings()))
        .hasMessageContaining("absorbAfter");
  }

  /** Runs so many seconds at five frames a second; {@code before} sets the scene of each frame. */
  private List<Integer> framesWithMotion(int seconds, IntConsumer before) throws Exception {
    List<Integer> found = new ArrayList<>();
    for (int frame = 0; frame < seconds * Scene.PER_SECOND; frame++) {
      before.accept(frame);
      if (!analyzer.look(Scene.picture(scene.luma(frame), frame)).isEmpty()) {
        found.add(frame);
      }
    }
    return found;
  }

  private static int walkOn(double second) {
    return (int) (240 + (second - 54) * 95);
  }

  private static List<Integer> missing(List<Integer> seen, int from, int to) {
    List<Integer> missing = new ArrayList<>();
    for (int frame = from; frame <= to; frame++) {
      if (!seen.contains(frame)) {
        missing.add(frame);
      }
    }
    return missing;
  }
}
