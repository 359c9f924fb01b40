package io.sightline.records;

import java.time.Duration;

/**
 * How long what was recorded of a stream is kept, counted from its arrival: as long as its age and
 * the space it takes both allow; and how long its clips are. Written as people write it.
 *
 * @param age such as {@code 7d}, or {@code forever}; null where another rule decides
 * @param space of the stream's recordings, such as {@code 200GB}, or {@code unlimited}; null where
 *     another rule decides
 * @param clips age of a clip since it was made, such as {@code 90d}, or {@code forever}; null where
 *     another rule decides
 */
public record Keep(String age, String space, String clips) {

  public static final String FOREVER = "forever";
  public static final String UNLIMITED = "unlimited";

  private static final Duration MIN_AGE = Duration.ofMinutes(10);
  private static final Duration MAX_AGE = Duration.ofDays(36_500);
  private static final long MIN_SPACE_BYTES = 500_000_000;

  /**
   * What holds where nothing is said. No bound by space: what fits one disk does not fit another,
   * and one that nobody asked for would delete sooner than the age promises.
   */
  public static final Keep DEFAULT = new Keep("7d", UNLIMITED, FOREVER);

  public Keep {
    requireAge("age", age);
    requireAge("clips", clips);
    if (space != null && !space.equals(UNLIMITED)) {
      requireSpace(space);
    }
  }

  /** A rule of recordings alone. */
  public Keep(String age, String space) {
    this(age, space, null);
  }

  /** This rule, and what it leaves open from another. */
  public Keep over(Keep other) {
    return new Keep(
        age == null ? other.age : age,
        space == null ? other.space : space,
        clips == null ? other.clips : clips);
  }

  /** Microseconds from arrival; {@link Long#MAX_VALUE} for ever. */
  public long ageMicros() {
    return micros(age);
  }

  /** Microseconds from when a clip was made; {@link Long#MAX_VALUE} for ever. */
  public long clipsMicros() {
    return micros(clips);
  }

  /** {@link Long#MAX_VALUE} without a bound. */
  public long spaceBytes() {
    return space == null || space.equals(UNLIMITED) ? Long.MAX_VALUE : Units.sizeBytes(space);
  }

  private static long micros(String age) {
    return age == null || age.equals(FOREVER)
        ? Long.MAX_VALUE
        : Positions.micros(Units.duration(age));
  }

  // What the parsers say is less than what these sentences say, so they are not their causes.
  private static void requireAge(String key, String age) {
    if (age == null || age.equals(FOREVER)) {
      return;
    }
    boolean right;
    try {
      Duration duration = Units.duration(age);
      right = duration.compareTo(MIN_AGE) >= 0 && duration.compareTo(MAX_AGE) <= 0;
    } catch (IllegalArgumentException e) {
      right = false;
    }
    if (!right) {
      throw new IllegalArgumentException(
          "'"
              + key
              + "' must be a duration from 10m to 36500d such as 7d, or 'forever', not '"
              + age
              + "'");
    }
  }

  private static void requireSpace(String space) {
    boolean right;
    try {
      right = Units.sizeBytes(space) >= MIN_SPACE_BYTES;
    } catch (IllegalArgumentException e) {
      right = false;
    }
    if (!right) {
      throw new IllegalArgumentException(
          "'space' must be a size of at least 500MB such as 200GB, or 'unlimited', not '"
              + space
              + "'");
    }
  }
}
