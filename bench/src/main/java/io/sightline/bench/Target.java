package io.sightline.bench;

import java.math.BigDecimal;

/**
 * What a figure has to keep to.
 *
 * @param op {@code <=} or {@code >=}
 */
public record Target(String op, double limit) {

  public Target {
    if (!op.equals("<=") && !op.equals(">=")) {
      throw new IllegalArgumentException("A target is '<=' or '>=' some value, not '" + op + "'");
    }
  }

  public static Target atMost(double limit) {
    return new Target("<=", limit);
  }

  public static Target atLeast(double limit) {
    return new Target(">=", limit);
  }

  boolean isMetBy(double value) {
    return op.equals("<=") ? value <= limit : value >= limit;
  }

  @Override
  public String toString() {
    return op + " " + BigDecimal.valueOf(limit).stripTrailingZeros().toPlainString();
  }
}
