package io.sightline.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Ours and the yardstick, in turn, so that what else the machine does meets both. The ratio is
 * taken in each round, between neighbours.
 */
public final class Comparison {

  /** One side's work. */
  public interface Work {

    /** Does it once, and tells what it cost. */
    double cost() throws Exception;
  }

  private final List<Double> ours = new ArrayList<>();
  private final List<Double> yardstick = new ArrayList<>();

  private Comparison() {}

  /**
   * @param rounds an odd number, so that there is a middle one
   */
  public static Comparison of(int rounds, Progress progress, Work ours, Work yardstick)
      throws Exception {
    Comparison comparison = new Comparison();
    for (int round = 1; round <= rounds; round++) {
      double own = ours.cost();
      double other = yardstick.cost();
      comparison.add(own, other);
      progress.say(
          String.format(
              Locale.ROOT,
              "round %d of %d: ours %.3f, yardstick %.3f, ratio %.3f",
              round,
              rounds,
              own,
              other,
              own / other));
    }
    return comparison;
  }

  double ours() {
    return median(ours);
  }

  double yardstick() {
    return median(yardstick);
  }

  double ratio() {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i) / yardstick.get(i));
    }
    return median(ratios);
  }

  static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Of no values there is no median");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private void add(double own, double other) throws BenchException {
    if (!(own > 0 && other > 0)) {
      throw new BenchException("The work was too little to be measured: " + own + ", " + other);
    }
    ours.add(own);
    yardstick.add(other);
  }
}
