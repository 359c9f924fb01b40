package io.sightline.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Chooses segments whose length together comes as near to a target as it can, to a tenth of a
 * second; of all choices that come equally near, the one with the highest score.
 *
 * <p>A table holds, for each length, the best score with which segments reach it exactly; segments
 * enter it one after another. Lengths are counted in {@value #CELLS} steps of the limit, rounded
 * up, so the limit is never passed; {@value #POOL} segments around the place where the ranking
 * reaches the target enter it, those ranked before are in. So the work is bounded, at 40 million
 * steps, however many segments there are, and exact where up to 200 reach the target. What the
 * ranking alone gives is compared at the end: rounding can never make it worse than that.
 */
final class ExactFill {

  private static final int POOL = 400;
  private static final int CELLS = 100_000;
  private static final long NEAR_MICROS = 100_000;
  private static final double UNREACHED = -1;

  private ExactFill() {}

  /**
   * @param ranked the best first
   * @param targetMicros may be negative, when other segments passed it already
   * @param limitMicros never exceeded
   */
  static List<Scored> choose(List<Scored> ranked, long targetMicros, long limitMicros) {
    int reached = 0;
    long sum = 0;
    while (reached < ranked.size()
        && sum + ranked.get(reached).lengthMicros() <= Math.min(targetMicros, limitMicros)) {
      sum += ranked.get(reached++).lengthMicros();
    }
    int from = Math.max(0, reached - POOL / 2);
    int to = Math.min(ranked.size(), from + POOL);
    List<Scored> exact = new ArrayList<>(ranked.subList(0, from));
    long before = length(exact);
    exact.addAll(table(ranked.subList(from, to), targetMicros - before, limitMicros - before));
    List<Scored> greedy = greedy(ranked, limitMicros);
    return better(greedy, exact, targetMicros) ? greedy : exact;
  }

  private static List<Scored> table(List<Scored> pool, long targetMicros, long limitMicros) {
    long step = steps(limitMicros, CELLS);
    int cells = (int) (limitMicros / step);
    double[] score = new double[cells + 1];
    long[] length = new long[cells + 1];
    Arrays.fill(score, UNREACHED);
    score[0] = 0;
    List<BitSet> taken = new ArrayList<>();
    for (Scored one : pool) {
      BitSet took = new BitSet();
      taken.add(took);
      long steps = steps(one.lengthMicros(), step);
      for (int cell = cells; cell >= steps; cell--) {
        int former = (int) (cell - steps);
        if (score[former] != UNREACHED && score[former] + one.score() > score[cell]) {
          score[cell] = score[former] + one.score();
          length[cell] = length[former] + one.lengthMicros();
          took.set(cell);
        }
      }
    }
    return read(pool, taken, step, nearest(score, length, targetMicros));
  }

  private static int nearest(double[] score, long[] length, long targetMicros) {
    int best = 0;
    for (int cell = 1; cell < score.length; cell++) {
      if (score[cell] != UNREACHED) {
        long nearer = distance(length[best], targetMicros) - distance(length[cell], targetMicros);
        if (nearer > 0 || (nearer == 0 && score[cell] > score[best])) {
          best = cell;
        }
      }
    }
    return best;
  }

  private static List<Scored> read(List<Scored> pool, List<BitSet> taken, long step, int end) {
    List<Scored> chosen = new ArrayList<>();
    int cell = end;
    for (int i = pool.size() - 1; i >= 0; i--) {
      if (taken.get(i).get(cell)) {
        chosen.add(pool.get(i));
        cell -= (int) steps(pool.get(i).lengthMicros(), step);
      }
    }
    return chosen;
  }

  private static long steps(long micros, long step) {
    return Math.max(1, (micros + step - 1) / step);
  }

  private static List<Scored> greedy(List<Scored> ranked, long limitMicros) {
    List<Scored> chosen = new ArrayList<>();
    long sum = 0;
    for (Scored one : ranked) {
      if (sum + one.lengthMicros() <= limitMicros) {
        sum += one.lengthMicros();
        chosen.add(one);
      }
    }
    return chosen;
  }

  private static boolean better(List<Scored> one, List<Scored> other, long targetMicros) {
    long nearer = distance(length(other), targetMicros) - distance(length(one), targetMicros);
    return nearer > 0 || (nearer == 0 && score(one) > score(other));
  }

  private static long distance(long lengthMicros, long targetMicros) {
    return Math.abs(lengthMicros - targetMicros) / NEAR_MICROS;
  }

  private static long length(List<Scored> all) {
    return all.stream().mapToLong(Scored::lengthMicros).sum();
  }

  private static double score(List<Scored> all) {
    return all.stream().mapToDouble(Scored::score).sum();
  }
}
