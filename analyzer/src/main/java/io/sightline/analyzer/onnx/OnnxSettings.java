package io.sightline.analyzer.onnx;

import io.sightline.analyzer.models.ModelFolder;
import io.sightline.records.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * @param minScore 0 to 1
 * @param maxOverlap intersection over union above which two boxes of a class are one thing
 * @param labels file of class names; null for the built-in ones
 * @param only labels that are reported; empty for all
 * @param threads inside one inference
 * @param inputSize side of the input where the model leaves it open, in pixels
 */
record OnnxSettings(
    Path model,
    Layout layout,
    float minScore,
    double maxOverlap,
    int maxDetections,
    Path labels,
    List<String> only,
    int threads,
    int inputSize) {

  static final int DEFAULT_MIN_CONFIDENCE = 30;
  static final double DEFAULT_NMS = 0.45;
  static final int DEFAULT_MAX_DETECTIONS = 100;
  static final int DEFAULT_INPUT_SIZE = 640;

  static OnnxSettings read(Settings settings, ModelFolder folder) {
    String model = settings.text("model", null);
    String layout = settings.text("layout", "yolox");
    double confidence = settings.number("minConfidence", DEFAULT_MIN_CONFIDENCE, 1, 100);
    double nms = settings.number("nms", DEFAULT_NMS, 0.05, 1);
    int most = settings.integer("maxDetections", DEFAULT_MAX_DETECTIONS, 1, 300);
    String labels = settings.text("labels", null);
    List<String> only = settings.words("only", List.of());
    int threads = settings.integer("threads", 1, 1, 64);
    int inputSize = settings.integer("inputSize", DEFAULT_INPUT_SIZE, 32, 4096);
    settings.complete();
    if (model == null || model.isBlank()) {
      throw settings.wrong("model", "is missing: the path of an ONNX file, or a name to pull");
    }
    if (inputSize % 32 != 0) {
      throw settings.wrong("inputSize", "must be a multiple of 32, not " + inputSize);
    }
    return new OnnxSettings(
        file(settings, model, folder),
        layout(settings, layout),
        (float) (confidence / 100),
        nms,
        most,
        labels == null ? null : path(settings, "labels", labels),
        only,
        threads,
        inputSize);
  }

  private static Path file(Settings settings, String model, ModelFolder folder) {
    try {
      return folder.find(model);
    } catch (IllegalArgumentException e) {
      throw settings.wrong("model", e.getMessage());
    }
  }

  private static Layout layout(Settings settings, String layout) {
    try {
      return Layout.named(layout);
    } catch (IllegalArgumentException e) {
      throw settings.wrong("layout", e.getMessage());
    }
  }

  private static Path path(Settings settings, String key, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw settings.wrong(key, "'" + text + "' is no path");
    }
  }
}
