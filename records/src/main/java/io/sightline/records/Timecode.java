package io.sightline.records;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of a frame, told as hours, minutes, seconds and frames (SMPTE ST 12-1). Written {@code
 * 10:59:59:24}; with {@code ;} before the frames where numbers are dropped.
 *
 * <p>Frames are counted by a whole number a second, also where 29.97 pass: such a count falls
 * behind the clock by 3.6 s an hour. Drop-frame makes up for it by leaving out numbers, never
 * frames: the first two of each minute (four at 59.94) but every tenth.
 *
 * <p>The count begins again after 24 hours; {@link #frame()} does not.
 *
 * @param frame the frame, counted from that of 00:00:00:00; zero or more
 * @param rate frames a second, at most 100
 * @param dropFrame whether numbers are left out; only at 29.97 and 59.94
 */
public record Timecode(long frame, Rational rate, boolean dropFrame) {

  private static final Rational MICROSECOND = new Rational(1, 1_000_000);
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,2}):(\\d{1,2}):(\\d{1,2})([:;])(\\d{1,2})");

  /** Two digits hold no more. */
  private static final int MAX_RATE = 100;

  private static final int HOURS_A_DAY = 24;
  private static final int MINUTES_AN_HOUR = 60;
  private static final int SECONDS_A_MINUTE = 60;
  private static final int MINUTES_A_CYCLE = 10;

  public Timecode {
    if (frame < 0) {
      throw new IllegalArgumentException("A frame's number is zero or more, not " + frame);
    }
    if (rate.numerator() == 0 || rate.toDouble() > MAX_RATE) {
      throw new IllegalArgumentException(
          "Timecode counts up to " + MAX_RATE + " frames a second, not " + rate);
    }
    if (dropFrame && !drops(rate)) {
      throw new IllegalArgumentException(
          "Drop-frame is for 30000/1001 and 60000/1001 frames a second, not " + rate);
    }
  }

  /** With dropped numbers where the rate is one that drops them. */
  public static Timecode of(long frame, Rational rate) {
    return new Timecode(frame, rate, drops(rate));
  }

  /**
   * Of the frame that is nearest to a time.
   *
   * @param micros from 00:00:00:00 on, in microseconds; zero or more
   */
  public static Timecode at(long micros, Rational rate) {
    if (rate.numerator() == 0) {
      throw new IllegalArgumentException("No frames a second have no timecode");
    }
    return of(
        Rational.rescale(micros, MICROSECOND, new Rational(rate.denominator(), rate.numerator())),
        rate);
  }

  /** Whether drop-frame is what this rate is counted by when nothing else is said. */
  public static boolean drops(Rational rate) {
    return rate.denominator() == 1001 && (rate.numerator() == 30_000 || rate.numerator() == 60_000);
  }

  /**
   * Reads one as people type it: {@code 1:02:03:04}, with {@code ;} for drop-frame.
   *
   * @throws IllegalArgumentException when it is none, with a sentence that says what is wrong
   */
  public static Timecode parse(String text, Rational rate) {
    Matcher parts = TEXT.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "Expected a timecode such as 10:59:59:24, not '" + text + "'");
    }
    boolean dropFrame = parts.group(4).equals(";");
    Timecode zero = new Timecode(0, rate, dropFrame);
    long hours = part(text, "hours", parts.group(1), HOURS_A_DAY);
    long minutes = part(text, "minutes", parts.group(2), MINUTES_AN_HOUR);
    long seconds = part(text, "seconds", parts.group(3), SECONDS_A_MINUTE);
    long frames = part(text, "frames", parts.group(5), zero.countedRate());
    long minute = hours * MINUTES_AN_HOUR + minutes;
    if (minutes % MINUTES_A_CYCLE != 0 && seconds == 0 && frames < zero.droppedNumbers()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Drop-frame has no %s: the first number of that minute is %02d:%02d:00;%02d",
              text.strip(),
              hours,
              minutes,
              zero.droppedNumbers()));
    }
    long number = (minute * SECONDS_A_MINUTE + seconds) * zero.countedRate() + frames;
    long leftOut = zero.droppedNumbers() * (minute - minute / MINUTES_A_CYCLE);
    return new Timecode(number - leftOut, rate, dropFrame);
  }

  /** When the frame begins, in microseconds after 00:00:00:00, rounded to the nearest. */
  public long micros() {
    return Rational.rescale(frame, new Rational(rate.denominator(), rate.numerator()), MICROSECOND);
  }

  /** That of a later frame, or with a negative number an earlier one. */
  public Timecode plus(long frames) {
    return new Timecode(Math.addExact(frame, frames), rate, dropFrame);
  }

  @Override
  public String toString() {
    long number = number();
    long seconds = number / countedRate();
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d%c%02d",
        seconds / (MINUTES_AN_HOUR * SECONDS_A_MINUTE) % HOURS_A_DAY,
        seconds / SECONDS_A_MINUTE % MINUTES_AN_HOUR,
        seconds % SECONDS_A_MINUTE,
        dropFrame ? ';' : ':',
        number % countedRate());
  }

  /** The number that the frame has, with those left out before it. */
  private long number() {
    int dropped = droppedNumbers();
    if (dropped == 0) {
      return frame;
    }
    long minute = (long) SECONDS_A_MINUTE * countedRate() - dropped;
    long cycle = MINUTES_A_CYCLE * minute + dropped;
    long rest = frame % cycle;
    // The first minute of a cycle is whole; each of the other nine begins with its numbers left
    // out.
    long begun = rest < minute + dropped ? 0 : (rest - dropped) / minute;
    return frame + dropped * (frame / cycle * (MINUTES_A_CYCLE - 1) + begun);
  }

  /** A whole number: 30 for 29.97. */
  private int countedRate() {
    return (int) ((rate.numerator() + rate.denominator() - 1) / rate.denominator());
  }

  /** Two for each 30 of the count. */
  private int droppedNumbers() {
    return dropFrame ? countedRate() / 15 : 0;
  }

  private static long part(String text, String name, String digits, int limit) {
    long value = Long.parseLong(digits);
    if (value >= limit) {
      throw new IllegalArgumentException(
          "The "
              + name
              + " of a timecode are 0 to "
              + (limit - 1)
              + " here, not "
              + value
              + " as in "
              + text.strip());
    }
    return value;
  }
}
