package io.sightline.analyzer.onnx;

import ai.onnxruntime.OrtException;
import io.sightline.records.Box;
import io.sightline.records.Detection;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.Picture;
import java.util.List;
import java.util.Set;

/** Runs a shared model on single pictures. */
final class OnnxAnalyzer implements Analyzer {

  private final OnnxModel model;
  private final List<String> labels;
  private final Set<String> only;
  private final OnnxSettings settings;

  OnnxAnalyzer(OnnxModel model, List<String> labels, OnnxSettings settings) {
    this.model = model;
    this.labels = labels;
    this.only = Set.copyOf(settings.only());
    this.settings = settings;
  }

  @Override
  public boolean inOrder() {
    return false;
  }

  @Override
  public List<Detection> look(Picture picture) throws AnalysisException {
    int width = picture.width();
    int height = picture.height();
    List<Candidate> candidates;
    try {
      Fit fit = model.fit(width, height);
      byte[] bgr = picture.bgr(fit.scaledWidth(), fit.scaledHeight());
      candidates = model.run(bgr, fit, settings.minScore());
    } catch (OrtException e) {
      throw new AnalysisException("The model failed: " + e.getMessage(), e);
    }
    List<Candidate> wanted =
        candidates.stream()
            .filter(c -> only.isEmpty() || only.contains(labels.get(c.label())))
            .toList();
    return Suppression.keepBest(wanted, settings.maxOverlap(), settings.maxDetections()).stream()
        .map(candidate -> detection(candidate, width, height))
        .toList();
  }

  private Detection detection(Candidate candidate, int width, int height) {
    double left = Math.max(0, candidate.left() / width);
    double top = Math.max(0, candidate.top() / height);
    double right = Math.min(1, candidate.right() / width);
    double bottom = Math.min(1, candidate.bottom() / height);
    return Detection.of(
        OnnxPlugin.NAME,
        labels.get(candidate.label()),
        candidate.score() * 100,
        new Box(left, top, Math.max(0, right - left), Math.max(0, bottom - top)));
  }
}
