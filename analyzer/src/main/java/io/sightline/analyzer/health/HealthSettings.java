package io.sightline.analyzer.health;

import io.sightline.records.Positions;
import io.sightline.records.Settings;
import java.time.Duration;

/**
 * @param blackLuma brightness below which a pixel is dark, 0 to 255
 * @param blackShare how much of the picture must be dark, 0 to 1
 * @param frozenDifference mean change of the picture below which it stands still, in luma steps
 * @param silenceLufs below which sound is silence
 * @param always whether the raw values are reported with every frame
 */
record HealthSettings(
    double blackLuma,
    double blackShare,
    long blackMicros,
    double frozenDifference,
    long frozenMicros,
    double silenceLufs,
    long silentMicros,
    long noSignalMicros,
    boolean always) {

  static final Duration DEFAULT_AFTER = Duration.ofSeconds(10);
  static final Duration DEFAULT_FROZEN_FOR = Duration.ofSeconds(30);
  static final double DEFAULT_BLACK_BELOW = 26;
  static final double DEFAULT_BLACK_SHARE_PERCENT = 98;
  static final double DEFAULT_FROZEN_BELOW = 0.1;
  static final double DEFAULT_SILENCE_BELOW = -60;

  static HealthSettings read(Settings settings) {
    HealthSettings read =
        new HealthSettings(
            settings.number("blackBelow", DEFAULT_BLACK_BELOW, 0, 255),
            settings.number("blackShare", DEFAULT_BLACK_SHARE_PERCENT, 1, 100) / 100,
            duration(settings, "blackFor", DEFAULT_AFTER),
            settings.number("frozenBelow", DEFAULT_FROZEN_BELOW, 0, 255),
            duration(settings, "frozenFor", DEFAULT_FROZEN_FOR),
            settings.number("silenceBelow", DEFAULT_SILENCE_BELOW, -110, 0),
            duration(settings, "silentFor", DEFAULT_AFTER),
            duration(settings, "noSignalFor", DEFAULT_AFTER),
            settings.flag("always", false));
    settings.complete();
    return read;
  }

  private static long duration(Settings settings, String key, Duration otherwise) {
    Duration duration = settings.duration(key, otherwise);
    if (duration.compareTo(Duration.ofHours(1)) > 0) {
      throw settings.wrong(key, "must not be longer than 1h");
    }
    return Positions.micros(duration);
  }
}
