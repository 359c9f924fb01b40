package io.sightline.analyzer.audiolevel;

import io.sightline.records.Positions;
import io.sightline.records.Settings;
import java.time.Duration;

/**
 * @param silenceLufs below which sound counts as silence
 * @param silentMicros how long it must last to be reported
 */
record AudioLevelSettings(double silenceLufs, long silentMicros) {

  static final double DEFAULT_SILENCE_BELOW = -60;
  static final Duration DEFAULT_SILENT_FOR = Duration.ofSeconds(10);

  static AudioLevelSettings read(Settings settings) {
    double below = settings.number("silenceBelow", DEFAULT_SILENCE_BELOW, -110, 0);
    Duration silentFor = settings.duration("silentFor", DEFAULT_SILENT_FOR);
    if (silentFor.toMillis() < 500 || silentFor.compareTo(Duration.ofHours(1)) > 0) {
      throw settings.wrong("silentFor", "must lie between 500ms and 1h");
    }
    settings.complete();
    return new AudioLevelSettings(below, Positions.micros(silentFor));
  }
}
