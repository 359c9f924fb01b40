package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RationalTest {

  private static final Rational SECONDS = new Rational(1, 1);

  @ParameterizedTest
  @CsvSource({"60000/2002, 30000/1001", "25, 25/1", " 50 / 2 , 25/1", "0/7, 0/1"})
  void parse_fraction_isInLowestTerms(String text, String written) {
    assertThat(Rational.parse(text)).hasToString(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1/0", "-1/2", "1/-2", "1/2/3", "1.5", "99999999999999999999"})
  void parse_whatIsNoRate_isRefused(String text) {
    assertThatThrownBy(() -> Rational.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0", "1, 1", "2, 1", "3, 2", "4, 2", "5, 3", "-1, 0", "-2, -1", "-3, -1", "-4, -2", "-5, -2"
  })
  void rescale_halves_roundUpOnBothSidesOfZero(long halves, long expected) {
    assertThat(Rational.rescale(halves, new Rational(1, 2), SECONDS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"-7, -2", "-6, -2", "-5, -2", "-4, -1", "-3, -1", "-2, -1", "-1, 0", "1, 0", "2, 1"})
  void rescale_thirds_roundToTheNearest(long thirds, long expected) {
    assertThat(Rational.rescale(thirds, new Rational(1, 3), SECONDS)).isEqualTo(expected);
  }

  @Test
  void rescale_anyValue_isTheNearestToTheExactOne() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      long value = random.nextLong() >> (16 + random.nextInt(40));
      Rational from = new Rational(1 + random.nextInt(2_000), 1 + random.nextInt(200_000));
      Rational to = new Rational(1 + random.nextInt(2_000), 1 + random.nextInt(200_000));

      BigDecimal exact =
          BigDecimal.valueOf(value)
              .multiply(BigDecimal.valueOf(from.numerator()))
              .multiply(BigDecimal.valueOf(to.denominator()));
      BigDecimal unit =
          BigDecimal.valueOf(from.denominator()).multiply(BigDecimal.valueOf(to.numerator()));
      BigDecimal expected =
          exact.add(unit.divide(BigDecimal.valueOf(2))).divide(unit, 0, RoundingMode.FLOOR);

      assertThat(Rational.rescale(value, from, to)).isEqualTo(expected.longValueExact());
    }
  }

  @Test
  void rescale_largestTimes_areExactWhereDoublesAreNot() {
    Rational ninetyKilohertz = new Rational(1, 90_000);
    Rational micros = new Rational(1, 1_000_000);
    long ticks = 9_000_000_000_000_009L; // more than three thousand years

    assertThat(Rational.rescale(ticks, ninetyKilohertz, micros))
        .isEqualTo(100_000_000_000_000_100L);
    assertThat(Rational.rescale(-ticks, ninetyKilohertz, micros))
        .isEqualTo(-100_000_000_000_000_100L);
  }

  @Test
  void rescale_resultThatDoesNotFit_isRefused() {
    assertThatThrownBy(() -> Rational.rescale(Long.MAX_VALUE, SECONDS, new Rational(1, 2)))
        .isInstanceOf(ArithmeticException.class);
    assertThat(Rational.rescale(Long.MIN_VALUE, SECONDS, SECONDS)).isEqualTo(Long.MIN_VALUE);
    assertThatThrownBy(() -> Rational.rescale(1, SECONDS, new Rational(0, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
