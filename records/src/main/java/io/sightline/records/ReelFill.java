package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a replay of a given length is filled: segments are scored by the conditions that they meet,
 * and taken from the highest score on, as long as they fit.
 *
 * @param targetMicros the length wanted, up to 24 hours
 * @param toleranceMicros how much longer it may become; null for 30 seconds
 * @param weights what counts, and how much
 * @param exactFill whether the reel comes as near to the target as segments allow; not with {@code
 *     equalDistribution}
 * @param equalDistribution whether all parts of the timeline are shown alike
 * @param fillWithOthers whether segments that meet no condition may fill what the others leave;
 *     else they are never shown
 * @param ties which of several with the same score comes first; null for the earlier one
 */
public record ReelFill(
    long targetMicros,
    Long toleranceMicros,
    List<Weight> weights,
    boolean exactFill,
    boolean equalDistribution,
    boolean fillWithOthers,
    Ties ties) {

  private static final long DEFAULT_TOLERANCE_MICROS = 30_000_000;
  private static final long MAX_MICROS = 24 * 3_600_000_000L;
  private static final int MAX_WEIGHTS = 50;

  /** Which of several segments with the same score comes first. */
  public enum Ties {
    @JsonProperty("earlier")
    EARLIER,
    @JsonProperty("later")
    LATER,
    /** Then the earlier one. */
    @JsonProperty("longer")
    LONGER,
    /** Then the earlier one. */
    @JsonProperty("shorter")
    SHORTER
  }

  /**
   * What a condition adds to a segment's score, once, however often it is met.
   *
   * @param weight 1 to 100
   * @param times name of a number among the segment's features, such as a count, by which the
   *     weight is multiplied, between 0 and 1,000; 1 where a segment has none. Null for once
   */
  public record Weight(SegmentCondition when, int weight, String times) {
    public Weight {
      if (when == null) {
        throw new IllegalArgumentException("A weight says with 'when' what it is for");
      }
      if (weight < 1 || weight > 100) {
        throw new IllegalArgumentException(
            "A weight lies between 1 and 100, not at "
                + weight
                + "; what must not count has no weight");
      }
      if (times != null && (times.isBlank() || times.length() > 200)) {
        throw new IllegalArgumentException("'times' names a feature in 1 to 200 characters");
      }
    }
  }

  public ReelFill {
    toleranceMicros = toleranceMicros == null ? DEFAULT_TOLERANCE_MICROS : toleranceMicros;
    weights = weights == null ? List.of() : List.copyOf(weights);
    ties = ties == null ? Ties.EARLIER : ties;
    if (targetMicros < 1 || targetMicros > MAX_MICROS) {
      throw new IllegalArgumentException(
          "A replay's 'targetMicros' lies between 1 and 24 hours, not at " + targetMicros);
    }
    if (toleranceMicros < 0 || toleranceMicros > MAX_MICROS) {
      throw new IllegalArgumentException(
          "A replay's 'toleranceMicros' lies between 0 and 24 hours, not at " + toleranceMicros);
    }
    if (weights.isEmpty() || weights.size() > MAX_WEIGHTS) {
      throw new IllegalArgumentException(
          "A replay of a given length takes 1 to "
              + MAX_WEIGHTS
              + " weights, not "
              + weights.size());
    }
    Set<SegmentCondition> conditions = new HashSet<>();
    for (Weight weight : weights) {
      if (!conditions.add(weight.when())) {
        throw new IllegalArgumentException(
            "Two weights have the same condition; give it one weight");
      }
    }
    if (exactFill && equalDistribution) {
      throw new IllegalArgumentException(
          "'exactFill' and 'equalDistribution' each decide what fills the reel; choose one");
    }
  }

  /** The length that is never exceeded. */
  public long limitMicros() {
    return targetMicros + toleranceMicros;
  }
}
