package io.sightline.records;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** Positions on a stream's time axis: microseconds since 1970-01-01 UTC. */
public final class Positions {

  public static final long MICROS_PER_SECOND = 1_000_000;

  private Positions() {}

  public static long of(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / 1_000);
  }

  public static Instant instant(long positionMicros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(positionMicros, MICROS_PER_SECOND),
        Math.floorMod(positionMicros, MICROS_PER_SECOND) * 1_000);
  }

  public static ZonedDateTime utc(long positionMicros) {
    return instant(positionMicros).atZone(ZoneOffset.UTC);
  }

  /** The UTC day of a position as in partition names: {@code 2026-11-20}. */
  public static String day(long positionMicros) {
    return utc(positionMicros).toLocalDate().toString();
  }

  public static long micros(Duration duration) {
    return Math.addExact(
        Math.multiplyExact(duration.getSeconds(), MICROS_PER_SECOND), duration.getNano() / 1_000);
  }

  public static double seconds(long micros) {
    return micros / (double) MICROS_PER_SECOND;
  }
}
