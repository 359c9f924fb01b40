package io.sightline.media.timeline;

import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.math.BigInteger;

/**
 * Which frame a time is, where frame 0 begins at 0 and frames follow one another at a constant
 * rate. The one place that turns microseconds into frame numbers; exact but for the one rounding
 * that each method names.
 *
 * @param rate frames a second; more than zero
 */
record FrameGrid(Rational rate) {

  private static final Rational MICROSECOND = new Rational(1, Positions.MICROS_PER_SECOND);

  /** Two roundings to a millisecond, and the shortest frame that timecode counts has ten. */
  private static final long SLACK_MICROS = 2_000;

  FrameGrid {
    if (rate.numerator() == 0) {
      throw new IllegalArgumentException("No frames a second make no frames");
    }
  }

  /**
   * Of a picture: the frame that begins nearest. Right also where a container's clock is coarse
   * (milliseconds in FLV), as long as that is less than half a frame.
   */
  long nearest(long micros) {
    return Rational.rescale(micros, MICROSECOND, frame());
  }

  /**
   * Of a mark, which may lie between two pictures: the first frame that does not begin before it.
   * So the frames from {@code firstFrom(markIn)} up to {@code firstFrom(markOut)}, without that
   * one, are those with {@code markIn <= position < markOut}. A mark that lies less than {@value
   * #SLACK_MICROS} microseconds behind a frame is on it: most marks are pictures' positions, and
   * those are as exact as the clock of the container that they came in.
   */
  long firstFrom(long micros) {
    BigInteger dividend =
        BigInteger.valueOf(micros - SLACK_MICROS).multiply(BigInteger.valueOf(rate.numerator()));
    BigInteger divisor =
        BigInteger.valueOf(rate.denominator())
            .multiply(BigInteger.valueOf(Positions.MICROS_PER_SECOND));
    BigInteger[] parts = dividend.divideAndRemainder(divisor);
    // Division is towards zero, which below zero is already up.
    BigInteger ceiling = parts[1].signum() > 0 ? parts[0].add(BigInteger.ONE) : parts[0];
    return ceiling.longValueExact();
  }

  /** Whole seconds that have gone by when a frame begins. */
  long seconds(long frame) {
    return Math.floorDiv(Math.multiplyExact(frame, rate.denominator()), rate.numerator());
  }

  /** The frame of another grid that begins nearest to a frame of this one. */
  long in(FrameGrid other, long frame) {
    return rate.equals(other.rate) ? frame : Rational.rescale(frame, frame(), other.frame());
  }

  /** Seconds a frame lasts. */
  Rational frame() {
    return new Rational(rate.denominator(), rate.numerator());
  }
}
