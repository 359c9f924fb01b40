package io.sightline.clipper.mediaconvert;

import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.Timecode;

/**
 * One file that a job reads, and what of it.
 *
 * @param name of the object in the clip's folder
 * @param rate pictures a second
 * @param firstPicture number of the first one that is in; the file's first is 0
 * @param lastPicture number of the last one that is in
 * @param startMicros position of the first one that is in
 */
record JobInput(String name, Rational rate, long firstPicture, long lastPicture, long startMicros) {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /** The picture of that timecode is in. */
  String startTimecode() {
    return Timecode.of(firstPicture, rate).toString();
  }

  /** The picture of that timecode is in, too. */
  String endTimecode() {
    return Timecode.of(lastPicture, rate).toString();
  }

  long pictures() {
    return lastPicture - firstPicture + 1;
  }

  long durationMicros() {
    return Rational.rescale(pictures(), new Rational(rate.denominator(), rate.numerator()), MICROS);
  }

  long endMicros() {
    return startMicros + durationMicros();
  }
}
