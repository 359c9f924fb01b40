package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How a replay chooses among the segments of its selection, and in which order they play. The same
 * rules over the same segments always give the same reel.
 *
 * @param mode what decides
 * @param where what a segment must be like; needed with {@code features}, possible with {@code
 *     duration}, null with the others
 * @param fill how much is shown and what comes first; with {@code duration}, else null
 * @param stretches what is shown, in this order; with {@code timestamps}, else empty
 * @param ignoreDisliked whether segments with more dislikes than likes are left out
 * @param forceLiked whether segments with more likes than dislikes are in whatever the conditions
 *     say, before all others; never beyond the length that {@code fill} allows
 * @param decisions what a person decided of single segments; it holds when all else is chosen anew
 */
public record ReplayRules(
    Mode mode,
    SegmentCondition where,
    ReelFill fill,
    List<Stretch> stretches,
    boolean ignoreDisliked,
    boolean forceLiked,
    ReelDecisions decisions) {

  /** What is asked for when nothing is said. */
  public static final ReplayRules ALL =
      new ReplayRules(Mode.ALL, null, null, null, false, false, null);

  private static final int MAX_STRETCHES = 500;
  private static final long MAX_STRETCH_MICROS = 24 * 3_600_000_000L;

  /** What decides which segments are shown. */
  public enum Mode {
    /** All of the selection. */
    @JsonProperty("all")
    ALL,
    /** Those that meet the conditions. */
    @JsonProperty("features")
    FEATURES,
    /** The best that fit a length. */
    @JsonProperty("duration")
    DURATION,
    /** Stretches that are named by their ends; no segments. */
    @JsonProperty("timestamps")
    TIMESTAMPS,
    /** Those that a person chose, in their order. */
    @JsonProperty("manual")
    MANUAL
  }

  /**
   * What lies between two positions of a stream.
   *
   * @param endMicros after its last picture; at most 24 hours after its start
   */
  public record Stretch(String stream, long startMicros, long endMicros) {
    public Stretch {
      Ids.requireName("stream", stream);
      if (startMicros < 0 || endMicros > Ids.MAX_POSITION_MICROS) {
        throw new IllegalArgumentException("A stretch lies between the years 1970 and 2286");
      }
      requireOrder("A stretch", startMicros, endMicros);
    }
  }

  public ReplayRules {
    mode = mode == null ? Mode.ALL : mode;
    stretches = stretches == null ? List.of() : List.copyOf(stretches);
    decisions = decisions == null ? ReelDecisions.NONE : decisions;
    if (mode == Mode.FEATURES && where == null) {
      throw new IllegalArgumentException(
          "The mode 'features' needs conditions in 'where'; without any, ask for the mode 'all'");
    }
    if (where != null && mode != Mode.FEATURES && mode != Mode.DURATION) {
      throw wrongMode("where", mode, "'features' and 'duration'");
    }
    if (mode == Mode.DURATION && fill == null) {
      throw new IllegalArgumentException(
          "The mode 'duration' needs 'fill': its length and its weights");
    }
    if (fill != null && mode != Mode.DURATION) {
      throw wrongMode("fill", mode, "'duration'");
    }
    checkStretches(mode, stretches);
    if ((mode == Mode.TIMESTAMPS || mode == Mode.MANUAL) && (ignoreDisliked || forceLiked)) {
      throw new IllegalArgumentException(
          "In the mode '"
              + id(mode)
              + "' exactly what is named is shown; leave 'ignoreDisliked' and 'forceLiked' out, or"
              + " ask for another mode");
    }
    decisions.requireFor(mode);
  }

  /** The same with other decisions. */
  public ReplayRules with(ReelDecisions others) {
    return new ReplayRules(mode, where, fill, stretches, ignoreDisliked, forceLiked, others);
  }

  static void requireOrder(String what, long startMicros, long endMicros) {
    if (endMicros <= startMicros) {
      throw new IllegalArgumentException(
          what + " must end after it starts: " + startMicros + ", " + endMicros);
    }
    if (endMicros - startMicros > MAX_STRETCH_MICROS) {
      throw new IllegalArgumentException(what + " lasts 24 hours at most; take several");
    }
  }

  private static void checkStretches(Mode mode, List<Stretch> stretches) {
    if (mode != Mode.TIMESTAMPS) {
      if (!stretches.isEmpty()) {
        throw wrongMode("stretches", mode, "'timestamps'");
      }
      return;
    }
    if (stretches.isEmpty() || stretches.size() > MAX_STRETCHES) {
      throw new IllegalArgumentException(
          "The mode 'timestamps' takes 1 to "
              + MAX_STRETCHES
              + " stretches, not "
              + stretches.size());
    }
    Set<Stretch> different = new HashSet<>();
    for (Stretch stretch : stretches) {
      if (!different.add(stretch)) {
        throw new IllegalArgumentException(
            "The stretch of '"
                + stretch.stream()
                + "' from "
                + stretch.startMicros()
                + " is given twice; each may be shown once");
      }
    }
  }

  private static IllegalArgumentException wrongMode(String field, Mode mode, String right) {
    return new IllegalArgumentException(
        "'" + field + "' goes with the mode " + right + ", not with '" + id(mode) + "'");
  }

  private static String id(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
