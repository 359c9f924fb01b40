package io.sightline.analyzer.motion;

import io.sightline.records.Box;
import io.sightline.records.Detection;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.Picture;
import java.util.ArrayList;
import java.util.List;

/** Reports what differs from the learned background of one stream. */
final class MotionAnalyzer implements Analyzer {

  private final MotionSettings settings;
  private Background background;

  MotionAnalyzer(MotionSettings settings) {
    this.settings = settings;
  }

  @Override
  public boolean inOrder() {
    return true;
  }

  @Override
  public List<Detection> look(Picture picture) throws AnalysisException {
    LumaGrid grid = LumaGrid.of(picture.luma(), picture.width(), picture.height());
    if (background == null
        || background.width != grid.width()
        || background.height != grid.height()) {
      background =
          new Background(settings, grid.width(), grid.height(), grid.columns(), grid.rows());
    }
    List<Detection> detections = new ArrayList<>();
    for (Sighting sighting : background.observe(grid, picture.info().positionMicros())) {
      if (sighting.score() >= settings.minConfidence() && detections.size() < settings.maxBoxes()) {
        Box box = box(sighting.blob(), grid);
        detections.add(Detection.of(MotionPlugin.NAME, "motion", sighting.score(), box));
      }
    }
    return detections;
  }

  @Override
  public byte[] state() {
    return background == null ? new byte[0] : ModelState.write(background);
  }

  @Override
  public void restore(byte[] state) {
    background = state.length == 0 ? null : ModelState.read(state, settings);
  }

  private static Box box(Blob blob, LumaGrid grid) {
    double across = grid.pixels() / (double) grid.width();
    double down = grid.pixels() / (double) grid.height();
    return new Box(
        blob.left() * across,
        blob.top() * down,
        (blob.right() - blob.left()) * across,
        (blob.bottom() - blob.top()) * down);
  }
}
