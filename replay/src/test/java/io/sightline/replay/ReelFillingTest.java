package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.ReelDecisions;
import io.sightline.records.ReelFill;
import io.sightline.records.ReelFill.Ties;
import io.sightline.records.ReelFill.Weight;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.SegmentCondition;
import io.sightline.records.SegmentMatch;
import io.sightline.records.Vote;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How a reel of a given length is filled; each expectation is worked out by hand beside it. */
class ReelFillingTest {

  private static final List<Weight> WEIGHTS =
      List.of(
          new Weight(SegmentMatch.label("goal"), 100, null),
          new Weight(SegmentMatch.feature("crowd"), 50, null),
          new Weight(SegmentMatch.label("save"), 40, null),
          new Weight(SegmentMatch.feature("slow"), 20, null));

  private final Scene scene = new Scene();

  @Test
  void fill_moreThanFits_takesTheHighestScoresThatFit() {
    Segment goal = scene.add(0, 20, "goal", Map.of("crowd", true));
    Segment save = scene.add(30, 45, "save");
    scene.add(60, 72, "goal");
    Segment slow = scene.add(80, 86, "pass", Map.of("slow", true));
    Segment pass = scene.add(90, 95, "pass");

    ReplaySelection selection = scene.choose(fill(40, 0));

    // Scores: goal+crowd 100+50=150 (20 s), goal 100 (12 s), save 40 (15 s), slow 20 (6 s), pass 0.
    // All together last 53 s > 40 s, so by score: 20 s, then 20+12=32 s; the save would make
    // 32+15=47 s > 40 s and is skipped; the slow one makes 32+6=38 s. In order of time: 0, 60, 80.
    assertThat(Scene.seconds(selection)).containsExactly(0L, 60L, 80L);
    assertThat(selection.durationMicros()).isEqualTo(38_000_000);
    assertThat(Scene.reason(selection, goal))
        .isEqualTo("score 150: label is goal (100), 'crowd' (50)");
    assertThat(Scene.reason(selection, save))
        .contains("score 40", "15.0 s do not fit", "2.0 s of 40.0 s are left");
    assertThat(Scene.reason(selection, slow)).startsWith("score 20: 'slow' (20)");
    // It meets nothing that has a weight, so it is out although 2 s... its 5 s would not fit
    // either.
    assertThat(Scene.reason(selection, pass)).contains("meets no condition that has a weight");
  }

  @Test
  void fill_withTolerance_itIsPartOfTheLimit() {
    scene.add(0, 20, "goal", Map.of("crowd", true));
    scene.add(30, 45, "save");
    scene.add(60, 72, "goal");
    scene.add(80, 86, "pass", Map.of("slow", true));

    // The limit is 40+7=47 s: 20+12+15=47 s fits exactly, the slow one's 6 s no more.
    assertThat(Scene.seconds(scene.choose(fill(40, 7)))).containsExactly(0L, 30L, 60L);
  }

  @Test
  void fill_allFits_takesAllThatCount() {
    scene.add(0, 5, "goal");
    scene.add(10, 15, "pass");
    Segment save = scene.add(20, 25, "save");

    ReplaySelection selection = scene.choose(fill(10, 0));

    // The pass has no score and is never in; the two others last 10 s, which is the limit.
    assertThat(Scene.seconds(selection)).containsExactly(0L, 20L);
    assertThat(Scene.reason(selection, save)).contains("all that are left fit");
  }

  @Test
  void score_aConditionMetOften_countsOnceUnlessItIsMultiplied() {
    Segment once = scene.add(0, 9, "goal", Map.of("people", 3, "words", List.of("goal", "goal")));
    ReplayRules counted =
        rules(
            new ReelFill(
                60_000_000,
                0L,
                List.of(
                    new Weight(SegmentMatch.label("goal"), 10, "people"),
                    new Weight(
                        new SegmentMatch(
                            SegmentMatch.What.FEATURE,
                            "words",
                            null,
                            List.of("goal"),
                            null,
                            null,
                            null,
                            null),
                        7,
                        null)),
                false,
                false,
                false,
                null));

    // 10 for each of 3 people, and 7 once for a word that is there twice: 37.
    assertThat(Scene.reason(scene.choose(counted), once))
        .startsWith("score 37: label is goal (30), 'words' contains goal (7)");
  }

  @Test
  void fill_withOthers_theyTakeWhatIsLeft() {
    scene.add(0, 6, "goal");
    scene.add(10, 13, "pass");
    scene.add(20, 25, "pass");

    ReelFill fill = new ReelFill(10_000_000, 0L, WEIGHTS, false, false, true, null);

    // 6 s of the goal; of the others, alike with 0, the earlier one's 3 s make 9 s; 5 s more do not
    // fit.
    assertThat(Scene.seconds(scene.choose(rules(fill)))).containsExactly(0L, 10L);
  }

  @Test
  void ties_byEachRule_anotherOneComesFirst() {
    scene.add(0, 6, "goal");
    scene.add(10, 18, "goal");
    scene.add(20, 25, "goal");

    // One of the three fits into 8 s; after it 2 s, 0 s or 3 s are left, too few for another.
    assertThat(tie(Ties.EARLIER)).containsExactly(0L);
    assertThat(tie(Ties.LATER)).containsExactly(20L);
    assertThat(tie(Ties.LONGER)).containsExactly(10L);
    assertThat(tie(Ties.SHORTER)).containsExactly(20L);
  }

  @Test
  void equalDistribution_upToAnHour_alternatesBetweenTwoHalves() {
    scene.add(0, 10, "goal", Map.of("crowd", true));
    scene.add(100, 110, "goal", Map.of("slow", true));
    scene.add(200, 210, "goal");
    scene.add(900, 910, "save");
    scene.add(990, 1000, "pass", Map.of("slow", true));

    // Scores 150, 120, 100 in the first half, 40 and 20 in the second; 1,000 s are two parts of
    // 500 s. By score alone 30 s would be the three of the first half. Round one: 150 and 40 (20
    // s);
    // round two: 120 (30 s), then the 20 does not fit.
    assertThat(Scene.seconds(scene.choose(fill(30, 0)))).containsExactly(0L, 100L, 200L);
    assertThat(Scene.seconds(scene.choose(distributed(30)))).containsExactly(0L, 100L, 900L);
  }

  @Test
  void equalDistribution_overAnHour_makesTwoPartsForEachHourAndTwoMore() {
    // 4,500 s are begun two hours: 2*2+2 = 6 parts of 750 s each.
    scene.add(0, 10, "goal", Map.of("crowd", true)); // part 0, 150
    scene.add(700, 710, "goal"); // part 0, 100
    scene.add(800, 810, "save"); // part 1, 40
    scene.add(1_490, 1_510, "goal", Map.of("slow", true)); // part 1, by its start; 120, 20 s
    scene.add(2_300, 2_310, "pass", Map.of("slow", true)); // part 3, 20
    scene.add(4_490, 4_500, "pass", Map.of("crowd", true)); // part 5, 50

    // Round one, the best of each part by score: 150 (10 s), 120 (30 s), 50 (40 s), 20 (50 s).
    // Round two: the goal with 100 (60 s); the save with 40 no longer fits into 60 s.
    assertThat(Scene.seconds(scene.choose(distributed(60))))
        .containsExactly(0L, 700L, 1_490L, 2_300L, 4_490L);
  }

  @Test
  void equalDistribution_bestsThatDoNotFit_doNotEndIt() {
    scene.add(0, 40, "goal");
    scene.add(50, 55, "save");
    scene.add(600, 650, "goal");
    scene.add(700, 706, "save");

    // Neither goal fits into 12 s. The second round's saves do: 5 s and 6 s.
    assertThat(Scene.seconds(scene.choose(distributed(12)))).containsExactly(50L, 700L);
  }

  @Test
  void exactFill_greedyLeavesAHole_fillsIt() {
    scene.add(0, 7, "goal", Map.of("crowd", true));
    scene.add(10, 16, "goal");
    scene.add(20, 24, "save");

    // Greedy: 7 s (150), the 6 s do not fit into 10 s, nor do 4 s: 7 s. 6+4 s fill 10 s exactly.
    assertThat(Scene.seconds(scene.choose(fill(10, 0)))).containsExactly(0L);
    assertThat(Scene.seconds(scene.choose(exact(10, 0)))).containsExactly(10L, 20L);
  }

  @Test
  void exactFill_severalAsNear_takesTheHigherScore() {
    scene.add(0, 6, "save");
    scene.add(10, 14, "pass", Map.of("slow", true));
    scene.add(20, 26, "goal");

    // 6+4 s twice: with the goal 100+20, with the save 40+20.
    assertThat(Scene.seconds(scene.choose(exact(10, 0)))).containsExactly(10L, 20L);
  }

  @Test
  void exactFill_nearerAbove_usesTheToleranceOnlyThen() {
    scene.add(0, 8, "goal");
    scene.add(10, 13, "save");

    // Target 10 s: 8 s miss it by 2 s, 11 s by 1 s. With 1 s of tolerance both are in.
    assertThat(Scene.seconds(scene.choose(exact(10, 1)))).containsExactly(0L, 10L);
    assertThat(Scene.seconds(scene.choose(exact(10, 0)))).containsExactly(0L);
    // Target 9 s, 2 s of tolerance: all fit, but 8 s are nearer than 11 s.
    assertThat(Scene.seconds(scene.choose(exact(9, 2)))).containsExactly(0L);
  }

  @Test
  void exactFill_ofTenThousandSegments_meetsTheTargetWithBoundedWork() {
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      double start = i * 20 + random.nextInt(1_000) / 1e3;
      scene.add(start, start + 1 + random.nextDouble() * 15, i % 3 == 0 ? "goal" : "save");
    }

    long begun = System.nanoTime();
    long length = scene.choose(exact(3_600, 30)).durationMicros();

    // Among so many some set always comes within a tenth of a second of the hour.
    assertThat(length).isBetween(3_599_900_000L, 3_600_100_000L);
    assertThat(System.nanoTime() - begun).isLessThan(10_000_000_000L);
  }

  @Test
  void locked_evenWithoutScore_comesFirst() {
    Segment pass = scene.add(0, 8, "pass");
    Segment goal = scene.add(10, 16, "goal");
    ReelFill fill = new ReelFill(10_000_000, 0L, WEIGHTS, false, false, false, null);

    ReplaySelection selection = scene.choose(rules(fill).with(ReelDecisions.NONE.lock(pass.id())));

    assertThat(Scene.seconds(selection)).containsExactly(0L);
    assertThat(Scene.reason(selection, pass)).isEqualTo("a person locked it");
    assertThat(Scene.reason(selection, goal)).contains("2.0 s of 10.0 s are left");
  }

  @Test
  void liked_whenForced_comesBeforeHigherScoresButNeverOverTheLimit() {
    Segment pass = scene.add(0, 8, "pass");
    scene.add(10, 16, "goal");
    Segment tooLong = scene.add(30, 50, "goal");
    scene.say(pass, "ana", Vote.LIKE);
    scene.say(tooLong, "ana", Vote.LIKE);
    ReelFill fill = new ReelFill(15_000_000, 0L, WEIGHTS, false, false, false, null);

    ReplaySelection selection =
        scene.choose(
            new ReplayRules(ReplayRules.Mode.DURATION, null, fill, null, false, true, null));

    // The liked goal of 20 s never fits 15 s; the liked pass takes 8 s, the other goal 6 s: 14 s.
    assertThat(Scene.seconds(selection)).containsExactly(0L, 10L);
    assertThat(Scene.reason(selection, pass)).startsWith("its reviewers like it");
  }

  @Test
  void where_withAFill_saysWhatMayBeInAtAll() {
    scene.add(0, 3, "goal", Map.of("crowd", true));
    scene.add(10, 16, "goal");
    SegmentCondition where =
        SegmentMatch.between(SegmentMatch.What.DURATION_SECONDS, null, 5.0, null);
    ReelFill fill = new ReelFill(60_000_000, 0L, WEIGHTS, false, false, false, null);

    ReplaySelection selection =
        scene.choose(
            new ReplayRules(ReplayRules.Mode.DURATION, where, fill, null, false, false, null));

    assertThat(Scene.seconds(selection)).containsExactly(10L);
    assertThat(selection.excluded().get(0).reason())
        .isEqualTo("it does not meet: durationSeconds at least 5");
  }

  private List<Long> tie(Ties ties) {
    return Scene.seconds(
        scene.choose(rules(new ReelFill(8_000_000, 0L, WEIGHTS, false, false, false, ties))));
  }

  private static ReplayRules fill(long targetSeconds, long toleranceSeconds) {
    return rules(of(targetSeconds, toleranceSeconds, false, false));
  }

  private static ReplayRules exact(long targetSeconds, long toleranceSeconds) {
    return rules(of(targetSeconds, toleranceSeconds, true, false));
  }

  private static ReplayRules distributed(long targetSeconds) {
    return rules(of(targetSeconds, 0, false, true));
  }

  private static ReelFill of(
      long targetSeconds, long toleranceSeconds, boolean exact, boolean distributed) {
    return new ReelFill(
        targetSeconds * 1_000_000,
        toleranceSeconds * 1_000_000,
        WEIGHTS,
        exact,
        distributed,
        false,
        null);
  }

  private static ReplayRules rules(ReelFill fill) {
    return new ReplayRules(ReplayRules.Mode.DURATION, null, fill, null, false, false, null);
  }
}
