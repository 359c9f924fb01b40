package io.sightline.media.timeline;

import io.sightline.records.Rational;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** Timelines for tests, of which it is known what must be in them. */
final class Timelines {

  static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  static final Rational R23_976 = new Rational(24_000, 1001);
  static final Rational R25 = new Rational(25, 1);
  static final Rational R29_97 = new Rational(30_000, 1001);
  static final Rational R59_94 = new Rational(60_000, 1001);

  private Timelines() {}

  static long micros(String instant) {
    Instant at = Instant.parse(instant);
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
  }

  /** Where a picture lies, rounded to a microsecond as positions are. */
  static long picture(long start, long number, Rational rate) {
    BigInteger halves =
        BigInteger.valueOf(number)
            .multiply(BigInteger.valueOf(rate.denominator() * 2_000_000))
            .add(BigInteger.valueOf(rate.numerator()));
    return start + halves.divide(BigInteger.valueOf(rate.numerator() * 2)).longValueExact();
  }

  static SourceForm form(Rational rate, Integer... audioChannels) {
    return new SourceForm(
        rate, 1920, 1080, List.of(audioChannels), audioChannels.length == 0 ? 0 : 48_000);
  }

  static TimelineOptions options(String... namesAndValues) {
    Map<String, String> asked = new java.util.HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      asked.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return TimelineOptions.parse(asked::get, ZURICH);
  }

  static TimelineShot marks(String stream, String label, String why, long in, long out) {
    return new TimelineShot(
        stream, stream + ".live.presence." + in, label, why, in, out, List.of(), null);
  }

  /** A clip that begins and ends at its marks. */
  static TimelineShot clip(
      String stream, String label, String name, long in, long out, SourceForm form) {
    return new TimelineShot(
        stream,
        stream + ".live.presence." + in,
        label,
        "it lies in the window",
        in,
        out,
        List.of(),
        new TimelineShot.Media(name, "clips/" + name, in, out, out - in, form));
  }

  static TimelineRecording recording(String stream, long start, long end, SourceForm form) {
    return new TimelineRecording(
        stream, List.of(new TimelineRecording.Stretch(start, end)), null, form);
  }
}
