package io.sightline.records;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations and sizes as people write them: {@code 500ms}, {@code 10s}, {@code 7d}, {@code 64MB}.
 */
public final class Units {

  private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([a-zA-Z]+)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Map<String, Long> BYTES =
      Map.of(
          "b", 1L, "kb", 1_000L, "mb", 1_000_000L, "gb", 1_000_000_000L, "tb", 1_000_000_000_000L);

  private Units() {}

  /**
   * @throws IllegalArgumentException naming the text and what is wanted
   */
  public static Duration duration(String text) {
    return Duration.ofMillis(quantity(text, MILLIS, "a duration such as 500ms, 10s, 5m, 2h or 7d"));
  }

  /**
   * @return bytes
   * @throws IllegalArgumentException naming the text and what is wanted
   */
  public static long sizeBytes(String text) {
    return quantity(text, BYTES, "a size such as 500kB, 64MB or 2GB");
  }

  private static long quantity(String text, Map<String, Long> units, String wanted) {
    Matcher matcher = QUANTITY.matcher(text == null ? "" : text.strip());
    Long unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("expected " + wanted + ", found '" + text + "'");
    }
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too large for " + wanted, e);
    }
  }
}
