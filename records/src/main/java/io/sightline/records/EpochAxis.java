package io.sightline.records;

/**
 * Where the packets of one epoch lie on the stream's time axis: {@code anchor + rescale(pts -
 * firstPts)}, in exact rational arithmetic, so that no error grows over a day.
 *
 * @param anchorMicros position of the epoch's first presentation time
 * @param firstPts that presentation time, in {@code timeBase} units
 * @param timeBase seconds per unit of a presentation time
 */
public record EpochAxis(long anchorMicros, long firstPts, Rational timeBase) {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  public long positionMicros(long pts) {
    return anchorMicros + Rational.rescale(pts - firstPts, timeBase, MICROS);
  }

  /** The same axis for another track of the epoch, whose times are in another base. */
  public EpochAxis in(Rational otherTimeBase) {
    return new EpochAxis(
        anchorMicros, Rational.rescale(firstPts, timeBase, otherTimeBase), otherTimeBase);
  }
}
