package io.sightline.bench;

import io.sightline.records.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;

/**
 * One measured figure, as it is printed. Values are rounded to three digits, so that nobody takes
 * noise for a difference.
 *
 * @param value the median of the rounds; a ratio where there is a yardstick
 * @param ok whether it keeps to its target
 * @param ours median of our rounds; null where the value is no ratio
 * @param yardstick median of its rounds; null where there is none
 * @param unit of these two, or of the value where there is no yardstick
 */
public record Figure(
    String name,
    double value,
    String op,
    double target,
    boolean ok,
    Double ours,
    Double yardstick,
    String unit) {

  private static final MathContext DIGITS = new MathContext(3);

  /** Of two costs that were measured side by side. */
  public static Figure ratio(String name, Target target, Comparison comparison, String unit) {
    return of(name, target, comparison.ratio(), comparison.ours(), comparison.yardstick(), unit);
  }

  /** Of something that has no yardstick. */
  public static Figure plain(String name, Target target, double value, String unit) {
    return of(name, target, value, null, null, unit);
  }

  private static Figure of(
      String name, Target target, double value, Double ours, Double yardstick, String unit) {
    return new Figure(
        name,
        rounded(value),
        target.op(),
        target.limit(),
        target.isMetBy(value),
        ours == null ? null : rounded(ours),
        yardstick == null ? null : rounded(yardstick),
        unit);
  }

  /** One line of JSON. */
  public String line() {
    return new String(Json.encode(this), StandardCharsets.UTF_8);
  }

  private static double rounded(double value) {
    return BigDecimal.valueOf(value).round(DIGITS).doubleValue();
  }
}
