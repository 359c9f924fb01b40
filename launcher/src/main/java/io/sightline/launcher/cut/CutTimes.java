package io.sightline.launcher.cut;

import io.sightline.launcher.RequestException;
import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Rational;
import io.sightline.records.Timecode;
import java.math.BigDecimal;
import java.nio.file.Path;

/**
 * The marks of a cut, from the film's first picture on.
 *
 * @param fromMicros zero or more
 * @param toMicros after it
 */
record CutTimes(long fromMicros, long toMicros) {

  /** A day and more is no film. */
  private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(1_000_000);

  /**
   * @throws RequestException with what is wrong, and what would be right
   * @throws MediaException when the film cannot be opened
   */
  static CutTimes read(Path film, String from, String to) throws RequestException, MediaException {
    boolean timecode = from.contains(":") || to.contains(":");
    Rational rate = timecode ? rateOf(film) : null;
    long begin = micros("--from", from, rate);
    long end = micros("--to", to, rate);
    if (begin == end) {
      throw new RequestException(
          "--from and --to are the same time, " + from + ": nothing is between");
    }
    if (begin > end) {
      throw new RequestException("--to must lie after --from, but " + to + " lies before " + from);
    }
    return new CutTimes(begin, end);
  }

  private static long micros(String option, String text, Rational rate) throws RequestException {
    if (text.contains(":")) {
      try {
        return Timecode.parse(text, rate).micros();
      } catch (IllegalArgumentException e) {
        throw new RequestException(option + ": " + e.getMessage(), e);
      }
    }
    try {
      BigDecimal seconds = new BigDecimal(text.strip());
      if (seconds.signum() >= 0 && seconds.compareTo(MOST_SECONDS) < 0) {
        return Math.round(seconds.movePointRight(6).doubleValue());
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new RequestException(
        option
            + " takes seconds such as 12.345 or timecode such as 00:00:12:08, not '"
            + text
            + "'");
  }

  private static Rational rateOf(Path film) throws RequestException, MediaException {
    try (MediaSource source =
        MediaSource.open(film.toAbsolutePath().toString(), SourceOptions.DEFAULTS)) {
      Rational rate =
          source.tracks().stream()
              .filter(SourceTrack::isVideo)
              .findFirst()
              .map(SourceTrack::frameRate)
              .orElse(null);
      if (rate == null || rate.numerator() == 0) {
        throw new RequestException(
            film + " does not say how many pictures it shows a second; give seconds instead");
      }
      return rate;
    }
  }
}
