package io.sightline.bench;

import java.util.ArrayList;
import java.util.List;

/** How often what was seen. Not thread-safe. */
public final class Distribution {

  private final List<Double> values = new ArrayList<>();

  public void add(double value) {
    values.add(value);
  }

  public int count() {
    return values.size();
  }

  /**
   * The smallest value that so many of all do not exceed.
   *
   * @param share more than 0, up to 1
   */
  public double percentile(double share) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Of no values there is no percentile");
    }
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }
}
