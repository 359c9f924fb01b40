package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a frame is taken of a stream; written as {@code keyframes}, {@code 5/s} (decimals
 * allowed), {@code every 10 frames}, {@code scene} or {@code scene 0.3}.
 *
 * @param perSecond frames a second with {@code RATE}; with {@code SCENE} the most there may be;
 *     else null
 * @param every one frame in so many with {@code EVERY}, else 0
 * @param change with {@code SCENE} how much of the picture must look other than in the frame
 *     before, 0.01 to 1; else 0
 */
public record Sampling(Kind kind, Rational perSecond, int every, double change) {

  /** By what frames are chosen. */
  public enum Kind {
    KEYFRAMES,
    RATE,
    EVERY,
    SCENE
  }

  public static final Sampling ALL_KEYFRAMES = new Sampling(Kind.KEYFRAMES, null, 0, 0);

  /** A fifth of the picture: a cut, a light switched on, a lorry; not somebody in the distance. */
  public static final double DEFAULT_CHANGE = 0.2;

  private static final Rational MOST_SCENES = new Rational(5, 1);
  private static final double MIN_CHANGE = 0.01;

  private static final int MAX_RATE = 240;
  private static final int MAX_EVERY = 999_999;
  private static final Pattern RATE = Pattern.compile("(\\d{1,3})(?:\\.(\\d{1,3}))?\\s*/\\s*s");
  private static final Pattern EVERY = Pattern.compile("every (\\d{1,6}) frames?");
  private static final Pattern SCENE = Pattern.compile("scene(?: ([01](?:\\.\\d{1,3})?))?");

  public Sampling {
    boolean complete =
        switch (kind) {
          case KEYFRAMES -> perSecond == null && every == 0 && change == 0;
          case EVERY -> perSecond == null && every >= 1 && every <= MAX_EVERY && change == 0;
          case RATE -> every == 0 && perSecond != null && isRate(perSecond) && change == 0;
          case SCENE -> every == 0 && MOST_SCENES.equals(perSecond) && isChange(change);
        };
    if (!complete) {
      throw new IllegalArgumentException(
          "Frames are taken at up to 240/s in steps of 0.001/s, one in 1 to "
              + MAX_EVERY
              + ", or when 0.01 to 1 of the picture has changed, not "
              + kind
              + " "
              + perSecond
              + " "
              + every
              + " "
              + change);
    }
  }

  public static Sampling perSecond(long rate) {
    return new Sampling(Kind.RATE, new Rational(rate, 1), 0, 0);
  }

  /** Whenever so much of the picture has changed. */
  public static Sampling scene(double change) {
    return new Sampling(Kind.SCENE, MOST_SCENES, 0, change);
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
        return new Sampling(Kind.RATE, perSecond, 0, 0);
      }
    }
    Matcher every = EVERY.matcher(trimmed);
    if (every.matches() && Integer.parseInt(every.group(1)) > 0) {
      return new Sampling(Kind.EVERY, null, Integer.parseInt(every.group(1)), 0);
    }
    Matcher scene = SCENE.matcher(trimmed);
    if (scene.matches()) {
      double change = scene.group(1) == null ? DEFAULT_CHANGE : Double.parseDouble(scene.group(1));
      if (isChange(change)) {
        return scene(change);
      }
    }
    throw new IllegalArgumentException(
        "expected 'keyframes', a rate such as '5/s' (up to 240/s), 'every 10 frames', or 'scene'"
            + " ('scene 0.3' when 0.3 of the picture must change, 0.01 to 1), found '"
            + text
            + "'");
  }

  /** Whether it is a rate that can be written with three decimals. */
  private static boolean isRate(Rational perSecond) {
    return perSecond.numerator() > 0
        && perSecond.toDouble() <= MAX_RATE
        && 1_000 % perSecond.denominator() == 0;
  }

  private static boolean isChange(double share) {
    return share >= MIN_CHANGE && share <= 1;
  }

  @JsonValue
  @Override
  public String toString() {
    return switch (kind) {
      case KEYFRAMES -> "keyframes";
      case EVERY -> "every " + every + " frames";
      case SCENE -> change == DEFAULT_CHANGE ? "scene" : "scene " + change;
      case RATE ->
          (perSecond.denominator() == 1
                  ? Long.toString(perSecond.numerator())
                  : Double.toString(perSecond.toDouble()))
              + "/s";
    };
  }
}
