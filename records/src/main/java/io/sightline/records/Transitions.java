package io.sightline.records;

import java.util.regex.Pattern;

/**
 * How the items of a replay follow one another, and what plays before the first and after the last.
 * All null: one item begins when the one before ends.
 *
 * @param fade how an item ends before another, and begins after another; the first one's beginning
 *     and the last one's end stay as they are
 * @param clip name of a configured clip that plays between items, after the one has faded out and
 *     before the other fades in
 * @param intro name of a configured clip that plays before the first item
 * @param outro name of a configured clip that plays after the last item
 */
public record Transitions(Fade fade, String clip, String intro, String outro) {

  /** Items follow one another without anything. */
  public static final Transitions NONE = new Transitions(null, null, null, null);

  /** The longest fade. */
  public static final int MAX_MILLIS = 5_000;

  /**
   * Pictures and sound go into a backdrop, and come out of it.
   *
   * @param outMillis how long an item fades out, 1 to {@link #MAX_MILLIS}; null when it does not
   * @param inMillis how long an item fades in, 1 to {@link #MAX_MILLIS}; null when it does not
   * @param color the backdrop as {@code #rrggbb}; null for black, or with a picture
   * @param picture name of a configured picture that is the backdrop; null for a colour
   */
  public record Fade(Integer outMillis, Integer inMillis, String color, String picture) {

    private static final Pattern COLOR = Pattern.compile("#[0-9a-fA-F]{6}");
    private static final int RED_TO_BLUE = 0xffffff;

    public Fade {
      if (outMillis == null && inMillis == null) {
        throw new IllegalArgumentException(
            "A fade says how long it takes: 'outMillis', 'inMillis' or both, each 1 to "
                + MAX_MILLIS);
      }
      requireLength("outMillis", outMillis);
      requireLength("inMillis", inMillis);
      if (color != null && picture != null) {
        throw new IllegalArgumentException(
            "Items fade into a 'color' or a 'picture', not into both; give one");
      }
      if (color != null && !COLOR.matcher(color).matches()) {
        throw new IllegalArgumentException(
            "A fade's 'color' is written like #000000 or #1a2b3c, not '" + color + "'");
      }
      if (picture != null) {
        Ids.requireName("picture", picture);
      }
    }

    /** The colour as 0xRRGGBB; black when there is none. */
    public int rgb() {
      return color == null ? 0 : Integer.parseInt(color.substring(1), 16) & RED_TO_BLUE;
    }

    private static void requireLength(String field, Integer millis) {
      if (millis != null && (millis < 1 || millis > MAX_MILLIS)) {
        throw new IllegalArgumentException(
            "A fade's '"
                + field
                + "' is 1 to "
                + MAX_MILLIS
                + " milliseconds, not "
                + millis
                + "; leave it out where nothing is to fade");
      }
    }
  }

  public Transitions {
    requireName("clip", clip);
    requireName("intro", intro);
    requireName("outro", outro);
  }

  /** Whether there is nothing of it. */
  public boolean none() {
    return equals(NONE);
  }

  private static void requireName(String what, String name) {
    if (name != null) {
      Ids.requireName(what, name);
    }
  }
}
