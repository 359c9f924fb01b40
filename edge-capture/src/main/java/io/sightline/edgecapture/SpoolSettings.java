package io.sightline.edgecapture;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What waits on disk while the gateway is slow or away.
 *
 * @param folder of this agent; each stream has a folder in it
 * @param bytes how much of one stream may wait; then the oldest frames make room, and when there
 *     are none, the oldest chunks
 * @param age how long it may wait, counted from its arrival
 */
public record SpoolSettings(Path folder, long bytes, Duration age) {

  public static final long DEFAULT_BYTES = 2_000_000_000;
  public static final Duration DEFAULT_AGE = Duration.ofHours(24);

  public SpoolSettings {
    folder = folder.toAbsolutePath().normalize();
    if (bytes < 64_000_000) {
      throw new IllegalArgumentException(
          "A stream's spool holds at least 64 MB, not " + bytes + " bytes");
    }
    if (age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException("What is spooled waits for some time, not for " + age);
    }
  }
}
