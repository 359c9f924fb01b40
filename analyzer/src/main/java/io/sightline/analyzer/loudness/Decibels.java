package io.sightline.analyzer.loudness;

/** Levels as logarithms, to two decimals. */
public final class Decibels {

  /** Stands for nothing at all, which JSON has no number for. */
  public static final double FLOOR = -120;

  private static final double LOUDNESS_OFFSET = -0.691;

  private Decibels() {}

  static double ofPeak(double amplitude) {
    return bounded(20 * StrictMath.log10(amplitude));
  }

  static double ofPower(double weightedMeanSquare) {
    return bounded(LOUDNESS_OFFSET + 10 * StrictMath.log10(weightedMeanSquare));
  }

  private static double bounded(double level) {
    return level > FLOOR ? Math.round(level * 100) / 100.0 : FLOOR;
  }
}
