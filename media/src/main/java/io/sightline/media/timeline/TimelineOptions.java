package io.sightline.media.timeline;

import io.sightline.records.Rational;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * How a timeline is to be made.
 *
 * @param media what its sources are
 * @param sourceTime what their timecode counts from
 * @param zone of the time of day
 * @param rate frames a second; null for those of the first source
 * @param dropFrame whether timecode leaves out numbers; null for whether its rate is one that does
 * @param begin timecode of the timeline's first frame, as people type it
 * @param handles frames to add on each side of a cut, where its source has them
 */
public record TimelineOptions(
    Media media,
    SourceTime sourceTime,
    ZoneId zone,
    Rational rate,
    Boolean dropFrame,
    String begin,
    int handles) {

  /** The most frames that a handle may have: a minute at 50 frames a second. */
  public static final int MAX_HANDLES = 3_000;

  private static final String DEFAULT_BEGIN = "00:00:00:00";

  /** What the sources of a timeline are. */
  public enum Media {
    /** The clips, each a source of its own, as they play. */
    CLIPS("clips"),
    /** The recording, one source for each stream, from mark to mark. */
    RECORDING("recording");

    private final String id;

    Media(String id) {
      this.id = id;
    }
  }

  /** What the timecode of a source counts from. */
  public enum SourceTime {
    /** Its first frame is 00:00:00:00. */
    START("start"),
    /** Midnight in the time zone of the installation. */
    TIME_OF_DAY("time-of-day");

    private final String id;

    SourceTime(String id) {
      this.id = id;
    }
  }

  public TimelineOptions {
    if (handles < 0 || handles > MAX_HANDLES) {
      throw new IllegalArgumentException(
          "'handles' is a number of frames from 0 to " + MAX_HANDLES + ", not " + handles);
    }
  }

  /** As they are when nothing is asked. */
  public static TimelineOptions defaults(ZoneId zone) {
    return parse(name -> null, zone);
  }

  /**
   * Reads what was asked for by name: {@code media}, {@code timecode}, {@code rate}, {@code
   * dropFrame}, {@code begin}, {@code handles}.
   *
   * @param asked gives the value for a name; null when nothing was asked
   * @throws IllegalArgumentException when a value is wrong, with a sentence that says what is right
   */
  public static TimelineOptions parse(UnaryOperator<String> asked, ZoneId zone) {
    String media = asked.apply("media");
    Media sources = media == null ? Media.CLIPS : media(media);
    String timecode = asked.apply("timecode");
    String rate = asked.apply("rate");
    String dropFrame = asked.apply("dropFrame");
    String begin = asked.apply("begin");
    String handles = asked.apply("handles");
    return new TimelineOptions(
        sources,
        // A file's own timecode is what an editor finds in it; a recording is found by its clock.
        timecode != null
            ? sourceTime(timecode)
            : sources == Media.CLIPS ? SourceTime.START : SourceTime.TIME_OF_DAY,
        zone,
        rate == null ? null : rate(rate),
        dropFrame == null ? null : Boolean.valueOf(truth(dropFrame)),
        begin == null ? DEFAULT_BEGIN : begin,
        handles == null ? 0 : frames(handles));
  }

  private static Media media(String text) {
    return Arrays.stream(Media.values())
        .filter(media -> media.id.equals(text))
        .findFirst()
        .orElseThrow(() -> wrong("media", "'clips' or 'recording'", text));
  }

  private static SourceTime sourceTime(String text) {
    return Arrays.stream(SourceTime.values())
        .filter(time -> time.id.equals(text))
        .findFirst()
        .orElseThrow(() -> wrong("timecode", "'start' or 'time-of-day'", text));
  }

  private static Rational rate(String text) {
    IllegalArgumentException wrong = wrong("rate", "frames a second, as 25 or 30000/1001", text);
    try {
      Rational rate = Rational.parse(text);
      if (rate.numerator() == 0) {
        throw wrong;
      }
      return rate;
    } catch (IllegalArgumentException e) {
      throw wrong;
    }
  }

  private static boolean truth(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw wrong("dropFrame", "'true' or 'false'", text);
  }

  private static int frames(String text) {
    if (!text.matches("\\d{1,9}")) {
      throw wrong("handles", "a number of frames from 0 to " + MAX_HANDLES, text);
    }
    return Integer.parseInt(text);
  }

  private static IllegalArgumentException wrong(String name, String wanted, String found) {
    return new IllegalArgumentException(
        "'" + name + "' is " + wanted + ", not '" + PlainText.line(found, 60) + "'");
  }
}
