package io.sightline.analyzer.audiolevel;

import io.sightline.analyzer.loudness.PauseRule;
import io.sightline.records.Positions;
import io.sightline.records.Settings;
import java.time.Duration;

/**
 * @param silenceLufs below which sound counts as silence
 * @param silentMicros how long it must last to be reported
 * @param pauses which pauses are reported, too; null for none
 */
record AudioLevelSettings(double silenceLufs, long silentMicros, PauseRule pauses) {

  static final double DEFAULT_SILENCE_BELOW = -60;
  static final Duration DEFAULT_SILENT_FOR = Duration.ofSeconds(10);

  /** Under speech in a room there is a noise floor. */
  static final double DEFAULT_PAUSE_BELOW = -45;

  /** Who waits for pauses waits so long for each. */
  private static final Duration LONGEST_PAUSE_FOR = Duration.ofSeconds(1);

  static AudioLevelSettings read(Settings settings) {
    double below = settings.number("silenceBelow", DEFAULT_SILENCE_BELOW, -110, 0);
    Duration silentFor = settings.duration("silentFor", DEFAULT_SILENT_FOR);
    if (silentFor.toMillis() < 500 || silentFor.compareTo(Duration.ofHours(1)) > 0) {
      throw settings.wrong("silentFor", "must lie between 500ms and 1h");
    }
    PauseRule pauses = pauses(settings);
    settings.complete();
    return new AudioLevelSettings(below, Positions.micros(silentFor), pauses);
  }

  private static PauseRule pauses(Settings settings) {
    Duration pauseFor = settings.duration("pauseFor", null);
    double below = settings.number("pauseBelow", DEFAULT_PAUSE_BELOW, -110, 0);
    if (pauseFor == null) {
      if (settings.text("pauseBelow", null) != null) {
        throw settings.wrong("pauseBelow", "says nothing without 'pauseFor'; set that, too");
      }
      return null;
    }
    if (pauseFor.toMillis() < 50 || pauseFor.compareTo(LONGEST_PAUSE_FOR) > 0) {
      throw settings.wrong("pauseFor", "must lie between 50ms and 1s");
    }
    return new PauseRule(below, Positions.micros(pauseFor));
  }
}
