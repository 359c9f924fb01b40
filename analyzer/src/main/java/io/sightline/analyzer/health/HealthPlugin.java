package io.sightline.analyzer.health;

import io.sightline.records.Settings;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.AnalyzerPlugin;

/**
 * Watches the source itself. Labels {@code black}, {@code frozen} and {@code silent} while it lasts
 * too long, {@code no-signal} with the first frame after nothing came; raw values are attributes.
 * With {@code always}, every frame has a {@code picture} with them. Settings: {@code blackBelow}
 * (luma, 0 to 255), {@code blackShare} (percent), {@code blackFor}, {@code frozenBelow} (luma
 * steps), {@code frozenFor}, {@code silenceBelow} (LUFS), {@code silentFor}, {@code noSignalFor},
 * {@code always}.
 */
public final class HealthPlugin implements AnalyzerPlugin {

  static final String NAME = "health";

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
    HealthSettings.read(settings);
  }

  @Override
  public Analyzer open(Settings settings) {
    return new HealthAnalyzer(HealthSettings.read(settings));
  }
}
