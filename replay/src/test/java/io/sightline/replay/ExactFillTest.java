package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.ReelFill;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Choices beside what trying all of them gives, and of more than can be tried. */
class ExactFillTest {

  private static final long SECOND = 1_000_000;
  private static final long NEAR = 100_000;

  @Test
  void choose_ofFew_isTheBestOfAllChoices() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<Scored> ranked = ranked(random, random.nextInt(13), 1, 20);
      long target = 1 + random.nextInt(100) * SECOND;
      long limit = target + (random.nextBoolean() ? 0 : random.nextInt(10) * SECOND);

      List<Scored> chosen = ExactFill.choose(ranked, target, limit);

      assertThat(outcome(chosen, target))
          .as("seed " + seed)
          .isEqualTo(bestOfAll(ranked, target, limit));
      assertThat(takes(chosen)).isLessThanOrEqualTo(limit);
    }
  }

  /** As many as are all tried, and one more, for which the table stands. */
  @Test
  void choose_atTheBorderToTheTable_isTheBestOfAllChoicesToo() {
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      List<Scored> ranked = ranked(random, 20 + seed % 2, 30, 400);

      List<Scored> chosen = ExactFill.choose(ranked, 3_600 * SECOND, 3_600 * SECOND);

      assertThat(takes(chosen)).isLessThanOrEqualTo(3_600 * SECOND);
      assertThat(outcome(chosen, 3_600 * SECOND)[0])
          .as("seed " + seed)
          .isLessThanOrEqualTo(bestOfAll(ranked, 3_600 * SECOND, 3_600 * SECOND)[0] + seed % 2);
    }
  }

  @Test
  void choose_ofManyWithoutTolerance_meetsTheTargetToATenthOfASecond() {
    int[][] cases = {{60, 60}, {60, 600}, {600, 120}, {3_600, 600}, {3_600, 10_000}, {7_200, 600}};
    for (int[] one : cases) {
      for (int seed = 0; seed < 5; seed++) {
        List<Scored> ranked = ranked(new Random(seed), one[1], 5, 25);
        long target = one[0] * SECOND;

        long takes = takes(ExactFill.choose(ranked, target, target));

        assertThat(takes)
            .as(one[1] + " for " + one[0] + " s, seed " + seed)
            .isBetween(target - NEAR, target);
      }
    }
  }

  @Test
  void choose_inTheMillisecondsThatClipsHave_meetsTheTarget() {
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      List<Scored> ranked = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        ranked.add(scored(i, 40_000L * (50 + random.nextInt(400)), random.nextInt(5)));
      }
      rank(ranked);

      long takes = takes(ExactFill.choose(ranked, 1_800 * SECOND, 1_800 * SECOND));

      assertThat(takes).as("seed " + seed).isBetween(1_800 * SECOND - NEAR, 1_800 * SECOND);
    }
  }

  /** 7 s each: nothing comes nearer to 100 s than 14 of them. */
  @Test
  void choose_whenNoChoiceComesNear_takesTheBestOfThose() {
    List<Scored> ranked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ranked.add(scored(i, 7 * SECOND, i));
    }
    rank(ranked);

    List<Scored> chosen = ExactFill.choose(ranked, 100 * SECOND, 100 * SECOND);

    assertThat(chosen).hasSize(14);
    assertThat(chosen.stream().mapToDouble(Scored::score).sum()).isEqualTo(14 * 99 - 13 * 7);
    // 98 s miss 101 s by 3 s, 105 s by 4 s.
    assertThat(ExactFill.choose(ranked, 101 * SECOND, 120 * SECOND)).hasSize(14);
    assertThat(ExactFill.choose(ranked, 102 * SECOND, 120 * SECOND)).hasSize(15);
  }

  @Test
  void choose_segmentsThatNeverFit_takeNoPlaceInTheTable() {
    List<Scored> ranked = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      ranked.add(scored(i, 500 * SECOND + i, 1_000));
    }
    ranked.add(scored(5_000, 6 * SECOND, 1));
    ranked.add(scored(5_001, 4 * SECOND, 1));
    rank(ranked);

    assertThat(takes(ExactFill.choose(ranked, 10 * SECOND, 10 * SECOND))).isEqualTo(10 * SECOND);
  }

  @Test
  void choose_withoutRoom_takesNothing() {
    List<Scored> ranked = ranked(new Random(1), 30, 5, 25);

    assertThat(ExactFill.choose(ranked, -5, 0)).isEmpty();
    assertThat(ExactFill.choose(ranked, -5, -5)).isEmpty();
    assertThat(ExactFill.choose(List.of(), 10, 10)).isEmpty();
  }

  /** How many tenths of a second it misses the target by, and its score, the less the better. */
  private static double[] outcome(List<Scored> chosen, long target) {
    return new double[] {
      Math.abs(takes(chosen) - target) / NEAR, 0 - chosen.stream().mapToDouble(Scored::score).sum()
    };
  }

  private static double[] bestOfAll(List<Scored> ranked, long target, long limit) {
    double[] best = {target / NEAR, 0};
    for (int choice = 1; choice < 1 << ranked.size(); choice++) {
      long takes = 0;
      double score = 0;
      for (int at = 0; at < ranked.size(); at++) {
        if ((choice >> at & 1) == 1) {
          takes += ranked.get(at).takesMicros();
          score += ranked.get(at).score();
        }
      }
      double missed = Math.abs(takes - target) / NEAR;
      if (takes <= limit && (missed < best[0] || missed == best[0] && -score < best[1])) {
        best = new double[] {missed, 0 - score};
      }
    }
    return best;
  }

  private static List<Scored> ranked(Random random, int count, int fromSeconds, int toSeconds) {
    List<Scored> ranked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double seconds = fromSeconds + random.nextDouble() * (toSeconds - fromSeconds);
      ranked.add(scored(i, Math.round(seconds * SECOND), random.nextInt(100)));
    }
    rank(ranked);
    return ranked;
  }

  private static void rank(List<Scored> ranked) {
    Collections.sort(ranked, Scored.best(ReelFill.Ties.EARLIER));
  }

  private static Scored scored(int number, long takes, double score) {
    Candidate candidate =
        Candidate.of(
            Scene.segment(number * 1_000.0, number * 1_000.0 + 1, "goal", Map.of()),
            List.of(),
            List.of(),
            null,
            List.of(),
            null);
    return new Scored(candidate, score, true, "", takes);
  }

  private static long takes(List<Scored> chosen) {
    return chosen.stream().mapToLong(Scored::takesMicros).sum();
  }
}
