package io.sightline.replay;

/** Numbers as people read them in reasons. */
final class Amounts {

  private Amounts() {}

  /** Without digits that say nothing: {@code 80}, {@code 2.5}. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /**
   * @param micros not negative
   */
  static String seconds(long micros) {
    // Ten thousand reasons are written for one replay: formatting by a pattern would take longer
    // than choosing.
    long tenths = Math.round(micros / 1e5);
    return tenths / 10 + "." + tenths % 10 + " s";
  }
}
