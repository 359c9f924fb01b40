package io.sightline.analyzer.audiolevel;

import io.sightline.records.Settings;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.AnalyzerPlugin;

/**
 * Measures loudness (K-weighted, ITU-R BS.1770-4) and peaks of each chunk's audio tracks; label
 * {@code audio-level}, whose confidence rises from 0 at -70 LUFS to 100 at 0 LUFS, and label {@code
 * silence} while a silence lasts too long. With {@code pauseFor} it also reports label {@code
 * pause}: every stretch below {@code pauseBelow} (LUFS) that lasts so long, to a hundredth of a
 * second, as soon as it has. Settings: {@code silenceBelow} (LUFS), {@code silentFor}, {@code
 * pauseFor}, {@code pauseBelow}.
 */
public final class AudioLevelPlugin implements AnalyzerPlugin {

  static final String NAME = "audio-level";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean needsPictures() {
    return false;
  }

  @Override
  public void check(Settings settings) {
    AudioLevelSettings.read(settings);
  }

  @Override
  public Analyzer open(Settings settings) {
    return new AudioLevelAnalyzer(AudioLevelSettings.read(settings));
  }
}
