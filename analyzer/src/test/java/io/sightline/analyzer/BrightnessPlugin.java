package io.sightline.analyzer;

import io.sightline.records.Detection;
import io.sightline.records.Settings;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.AnalyzerPlugin;
import io.sightline.records.plugin.Picture;
import java.util.List;

/** The shortest possible analyzer, as the README shows it. */
public final class BrightnessPlugin implements AnalyzerPlugin {

  @Override
  public String name() {
    return "brightness";
  }

  @Override
  public boolean needsPictures() {
    return true;
  }

  @Override
  public void check(Settings settings) {
    open(settings);
  }

  @Override
  public Analyzer open(Settings settings) {
    double above = settings.number("above", 200, 0, 255);
    settings.complete();
    return new Analyzer() {
      @Override
      public boolean inOrder() {
        return false;
      }

      @Override
      public List<Detection> look(Picture picture) throws AnalysisException {
        long sum = 0;
        for (byte luma : picture.luma()) {
          sum += luma & 0xff;
        }
        double mean = sum / (double) picture.luma().length;
        return mean > above
            ? List.of(Detection.of("brightness", "bright", mean / 2.55, null))
            : List.of();
      }
    };
  }
}
