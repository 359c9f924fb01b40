package io.sightline.launcher.config;

import io.sightline.edgecapture.SpoolSettings;
import io.sightline.records.Units;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What waits on disk while the sink is slow or away, in the folder 'spool' of the data folder.
 *
 * @param size of one stream, such as {@code 2GB}
 * @param age how long it may wait
 */
public record SpoolSection(String size, Duration age) {

  public SpoolSection {
    size = size == null ? "2GB" : size;
    age = age == null ? SpoolSettings.DEFAULT_AGE : age;
    in(Path.of("."), size, age);
  }

  public SpoolSettings in(Path data) {
    return in(data, size, age);
  }

  private static SpoolSettings in(Path data, String size, Duration age) {
    return new SpoolSettings(data.resolve("spool"), Units.sizeBytes(size), age);
  }
}
