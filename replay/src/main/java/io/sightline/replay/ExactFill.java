package io.sightline.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Chooses segments that together take as near to a target as they can, to a tenth of a second; of
 * all choices that come equally near, the one with the highest score. Never more than the limit.
 *
 * <p>Of {@value #FEW} segments or fewer all choices are looked at, so the result is the best there
 * is. Of more, {@value #POOL} around the place where the ranking reaches the target enter a table,
 * one after another; those ranked before are in. A cell of the table stands for a stretch of
 * lengths and holds the best score with which segments reach one of them, with their true length:
 * nothing is rounded, but of choices that differ by less than a cell one is forgotten. With n
 * segments the result misses the best by n cells at most. So cells are so short that this is a
 * quarter of what is told apart, where {@value #STEPS} steps of work allow it: otherwise it is n *
 * n / {@value #STEPS} of the limit, 0.1 s of an hour with 33. With more that bound says little, but
 * there are so many choices then that one comes near. What the ranking alone gives is compared at
 * the end: the result is never worse than that.
 */
final class ExactFill {

  /** A million choices, which takes a few milliseconds. */
  private static final int FEW = 20;

  private static final int POOL = 400;
  private static final int STEPS = 40_000_000;
  private static final long NEAR_MICROS = 100_000;
  private static final long FINER = 4;
  private static final double UNREACHED = -1;

  private final List<Scored> pool;
  private final long targetMicros;
  private final long limitMicros;

  private ExactFill(List<Scored> pool, long targetMicros, long limitMicros) {
    this.pool = pool;
    this.targetMicros = targetMicros;
    this.limitMicros = limitMicros;
  }

  /**
   * @param ranked the best first
   * @param targetMicros may be negative, when other segments passed it already
   * @param limitMicros never exceeded
   */
  static List<Scored> choose(List<Scored> ranked, long targetMicros, long limitMicros) {
    List<Scored> fitting = ranked.stream().filter(one -> one.takesMicros() <= limitMicros).toList();
    if (fitting.size() <= FEW) {
      return new ExactFill(fitting, targetMicros, limitMicros).ofAllChoices();
    }
    int reached = 0;
    long sum = 0;
    while (reached < fitting.size()
        && sum + fitting.get(reached).takesMicros() <= Math.min(targetMicros, limitMicros)) {
      sum += fitting.get(reached++).takesMicros();
    }
    int from = Math.max(0, reached - POOL / 2);
    int to = Math.min(fitting.size(), from + POOL);
    List<Scored> exact = new ArrayList<>(fitting.subList(0, from));
    long before = takes(exact);
    exact.addAll(
        new ExactFill(fitting.subList(from, to), targetMicros - before, limitMicros - before)
            .ofTable());
    List<Scored> greedy = greedy(fitting, limitMicros);
    return new ExactFill(fitting, targetMicros, limitMicros)
            .isBetter(takes(greedy), score(greedy), takes(exact), score(exact))
        ? greedy
        : exact;
  }

  private List<Scored> ofAllChoices() {
    Best best = new Best();
    best.extend(0, 0, 0, 0);
    List<Scored> chosen = new ArrayList<>();
    for (int at = 0; at < pool.size(); at++) {
      if ((best.choice & 1 << at) != 0) {
        chosen.add(pool.get(at));
      }
    }
    return chosen;
  }

  /** The best of the choices seen so far, each a set of bits. */
  private final class Best {
    private int choice;
    private long takes;
    private double score;

    void extend(int from, int chosen, long takesMicros, double sum) {
      if (isBetter(takesMicros, sum, takes, score)) {
        choice = chosen;
        takes = takesMicros;
        score = sum;
      }
      for (int at = from; at < pool.size(); at++) {
        Scored one = pool.get(at);
        if (takesMicros + one.takesMicros() <= limitMicros) {
          extend(at + 1, chosen | 1 << at, takesMicros + one.takesMicros(), sum + one.score());
        }
      }
    }
  }

  private List<Scored> ofTable() {
    long bounded = (limitMicros * pool.size() + STEPS - 1) / STEPS;
    long cellMicros = Math.max(NEAR_MICROS / FINER / pool.size(), Math.max(1, bounded));
    int cells = (int) (limitMicros / cellMicros) + 1;
    double[] score = new double[cells];
    long[] takes = new long[cells];
    Arrays.fill(score, UNREACHED);
    score[0] = 0;
    List<BitSet> taken = new ArrayList<>();
    for (Scored one : pool) {
      BitSet took = new BitSet();
      taken.add(took);
      int whole = (int) (one.takesMicros() / cellMicros);
      long rest = one.takesMicros() % cellMicros;
      // From the end, so that none is taken twice.
      for (int former = cells - 1 - whole; former >= 0; former--) {
        long reached = takes[former] + one.takesMicros();
        if (score[former] != UNREACHED && reached <= limitMicros) {
          boolean over = takes[former] - former * cellMicros + rest >= cellMicros;
          int cell = former + whole + (over ? 1 : 0);
          double sum = score[former] + one.score();
          if (sum > score[cell] || (sum == score[cell] && reached > takes[cell])) {
            score[cell] = sum;
            takes[cell] = reached;
            took.set(cell);
          }
        }
      }
    }
    int best = 0;
    for (int cell = 1; cell < cells; cell++) {
      if (score[cell] != UNREACHED
          && isBetter(takes[cell], score[cell], takes[best], score[best])) {
        best = cell;
      }
    }
    return read(taken, cellMicros, takes[best]);
  }

  /** What the last to enter the cell of a length made it from, and so on to the first. */
  private List<Scored> read(List<BitSet> taken, long cellMicros, long takesMicros) {
    List<Scored> chosen = new ArrayList<>();
    long left = takesMicros;
    for (int i = pool.size() - 1; i >= 0; i--) {
      if (taken.get(i).get((int) (left / cellMicros))) {
        chosen.add(pool.get(i));
        left -= pool.get(i).takesMicros();
      }
    }
    return chosen;
  }

  private static List<Scored> greedy(List<Scored> ranked, long limitMicros) {
    List<Scored> chosen = new ArrayList<>();
    long sum = 0;
    for (Scored one : ranked) {
      if (sum + one.takesMicros() <= limitMicros) {
        sum += one.takesMicros();
        chosen.add(one);
      }
    }
    return chosen;
  }

  private boolean isBetter(long takes, double score, long thanTakes, double thanScore) {
    long nearer = distance(thanTakes) - distance(takes);
    return nearer > 0 || (nearer == 0 && score > thanScore);
  }

  private long distance(long takesMicros) {
    return Math.abs(takesMicros - targetMicros) / NEAR_MICROS;
  }

  private static long takes(List<Scored> all) {
    return all.stream().mapToLong(Scored::takesMicros).sum();
  }

  private static double score(List<Scored> all) {
    return all.stream().mapToDouble(Scored::score).sum();
  }
}
