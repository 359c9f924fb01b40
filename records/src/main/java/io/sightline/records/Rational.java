package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;

/**
 * A fraction, for frame rates and time bases that decimals cannot hold (30000/1001). In lowest
 * terms; written as {@code "30000/1001"}.
 */
public record Rational(long numerator, long denominator) {

  public Rational {
    if (denominator <= 0 || numerator < 0) {
      throw new IllegalArgumentException(
          "A rate is zero or positive over positive, not " + numerator + "/" + denominator);
    }
    long divisor = gcd(numerator, denominator);
    numerator /= divisor;
    denominator /= divisor;
  }

  @JsonCreator
  public static Rational parse(String text) {
    int slash = text.indexOf('/');
    try {
      return slash < 0
          ? new Rational(Long.parseLong(text.strip()), 1)
          : new Rational(
              Long.parseLong(text.substring(0, slash).strip()),
              Long.parseLong(text.substring(slash + 1).strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Expected a fraction such as 30000/1001, not '" + text + "'", e);
    }
  }

  /**
   * {@code value * from / to}, exact but for one rounding to nearest (halves up, towards positive
   * infinity, so that a difference rounds the same wherever it lies).
   *
   * @param from seconds per unit of {@code value}
   * @param to seconds per unit of the result; more than zero
   * @throws ArithmeticException when the result does not fit
   */
  public static long rescale(long value, Rational from, Rational to) {
    if (to.numerator == 0) {
      throw new IllegalArgumentException("Nothing can be measured in units of no length");
    }
    BigInteger numerator =
        BigInteger.valueOf(value)
            .multiply(BigInteger.valueOf(from.numerator))
            .multiply(BigInteger.valueOf(to.denominator));
    BigInteger denominator =
        BigInteger.valueOf(from.denominator).multiply(BigInteger.valueOf(to.numerator));
    // floor((2n + d) / 2d); BigInteger divides towards zero.
    BigInteger[] parts =
        numerator.shiftLeft(1).add(denominator).divideAndRemainder(denominator.shiftLeft(1));
    BigInteger floor = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    return floor.longValueExact();
  }

  public double toDouble() {
    return numerator / (double) denominator;
  }

  @JsonValue
  @Override
  public String toString() {
    return numerator + "/" + denominator;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? Math.max(a, 1) : gcd(b, a % b);
  }
}
