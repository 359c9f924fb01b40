package io.sightline.analyzer.motion;

import io.sightline.records.Settings;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.AnalyzerPlugin;

/**
 * Sees what moves, or stands where nothing stood, against a learned background; label {@code
 * motion}, with a box and a score. Settings: {@code sensitivity} (0 to 100), {@code minArea}
 * (percent of the picture), {@code minConfidence}, {@code absorbAfter}, {@code maxBoxes}.
 */
public final class MotionPlugin implements AnalyzerPlugin {

  static final String NAME = "motion";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean needsPictures() {
    return true;
  }

  @Override
  public void check(Settings settings) {
    MotionSettings.read(settings);
  }

  @Override
  public Analyzer open(Settings settings) {
    return new MotionAnalyzer(MotionSettings.read(settings));
  }
}
