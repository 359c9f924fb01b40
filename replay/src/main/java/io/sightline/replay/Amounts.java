package io.sightline.replay;

import java.util.Locale;

/** Numbers as people read them in reasons. */
final class Amounts {

  private Amounts() {}

  /** Without digits that say nothing: {@code 80}, {@code 2.5}. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  static String seconds(long micros) {
    return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
  }
}
