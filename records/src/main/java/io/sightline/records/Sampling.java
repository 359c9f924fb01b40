package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a frame is taken of a stream; written as {@code keyframes}, {@code 5/s} (decimals
 * allowed) or {@code every 10 frames}.
 *
 * @param perSecond frames a second with {@code RATE}, else null
 * @param every one frame in so many with {@code EVERY}, else 0
 */
public record Sampling(Kind kind, Rational perSecond, int every) {

  /** By what frames are chosen. */
  public enum Kind {
    KEYFRAMES,
    RATE,
    EVERY
  }

  public static final Sampling ALL_KEYFRAMES = new Sampling(Kind.KEYFRAMES, null, 0);

  private static final int MAX_RATE = 240;
  private static final int MAX_EVERY = 999_999;
  private static final Pattern RATE = Pattern.compile("(\\d{1,3})(?:\\.(\\d{1,3}))?\\s*/\\s*s");
  private static final Pattern EVERY = Pattern.compile("every (\\d{1,6}) frames?");

  public Sampling {
    boolean complete =
        switch (kind) {
          case KEYFRAMES -> perSecond == null && every == 0;
          case EVERY -> perSecond == null && every >= 1 && every <= MAX_EVERY;
          case RATE -> every == 0 && perSecond != null && isRate(perSecond);
        };
    if (!complete) {
      throw new IllegalArgumentException(
          "Frames are taken at up to 240/s in steps of 0.001/s, or one in 1 to "
              + MAX_EVERY
              + ", not "
              + kind
              + " "
              + perSecond
              + " "
              + every);
    }
  }

  public static Sampling perSecond(long rate) {
    return new Sampling(Kind.RATE, new Rational(rate, 1), 0);
  }

  @JsonCreator
  public static Sampling parse(String text) {
    String trimmed = text == null ? "" : text.strip();
    if (trimmed.equals("keyframes")) {
      return ALL_KEYFRAMES;
    }
    Matcher rate = RATE.matcher(trimmed);
    if (rate.matches()) {
      String decimals = rate.group(2) == null ? "" : rate.group(2);
      Rational perSecond =
          new Rational(
              Long.parseLong(rate.group(1) + decimals), (long) Math.pow(10, decimals.length()));
      if (isRate(perSecond)) {
        return new Sampling(Kind.RATE, perSecond, 0);
      }
    }
    Matcher every = EVERY.matcher(trimmed);
    if (every.matches() && Integer.parseInt(every.group(1)) > 0) {
      return new Sampling(Kind.EVERY, null, Integer.parseInt(every.group(1)));
    }
    throw new IllegalArgumentException(
        "expected 'keyframes', a rate such as '5/s' (up to 240/s) or 'every 10 frames', found '"
            + text
            + "'");
  }

  /** Whether it is a rate that can be written with three decimals. */
  private static boolean isRate(Rational perSecond) {
    return perSecond.numerator() > 0
        && perSecond.toDouble() <= MAX_RATE
        && 1_000 % perSecond.denominator() == 0;
  }

  @JsonValue
  @Override
  public String toString() {
    return switch (kind) {
      case KEYFRAMES -> "keyframes";
      case EVERY -> "every " + every + " frames";
      case RATE ->
          (perSecond.denominator() == 1
                  ? Long.toString(perSecond.numerator())
                  : Double.toString(perSecond.toDouble()))
              + "/s";
    };
  }
}
