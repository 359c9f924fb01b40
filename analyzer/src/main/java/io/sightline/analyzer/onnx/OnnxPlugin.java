package io.sightline.analyzer.onnx;

import io.sightline.analyzer.models.ModelFolder;
import io.sightline.analyzer.models.UsesModels;
import io.sightline.records.Settings;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.AnalyzerPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Object detection with an ONNX model; labels are the model's. Settings: {@code model} (a file, or
 * the name of a pulled model), {@code minConfidence}, {@code nms}, {@code labels} (a file), {@code
 * only} (labels to report), {@code threads}, {@code layout}, {@code inputSize}, {@code
 * maxDetections}. A model file is loaded once for all streams that use it, until the plugin is
 * closed.
 */
public final class OnnxPlugin implements AnalyzerPlugin, UsesModels {

  static final String NAME = "onnx";

  private final Map<Key, OnnxModel> loaded = new HashMap<>();
  private ModelFolder folder = new ModelFolder(Path.of("models"));

  /** A file that changes is another model. */
  private record Key(
      Path file, long size, FileTime modified, Layout layout, int threads, int inputSize) {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public synchronized void models(ModelFolder models) {
    folder = models;
  }

  @Override
  public boolean needsPictures() {
    return true;
  }

  /** Loads the model, so that what is wrong with it is told before anything starts. */
  @Override
  public void check(Settings settings) {
    open(settings);
  }

  @Override
  public synchronized Analyzer open(Settings settings) {
    OnnxSettings read = OnnxSettings.read(settings, folder);
    OnnxModel model;
    List<String> labels;
    try {
      model = model(read);
    } catch (IllegalArgumentException e) {
      throw settings.wrong("model", e.getMessage());
    }
    try {
      labels = labels(read, model.classes());
    } catch (IllegalArgumentException e) {
      throw settings.wrong("labels", e.getMessage());
    }
    for (String label : read.only()) {
      if (!labels.contains(label)) {
        throw settings.wrong(
            "only", "the model " + read.model() + " has no label '" + label + "' among " + labels);
      }
    }
    return new OnnxAnalyzer(model, labels, read);
  }

  @Override
  public synchronized void close() {
    loaded.values().forEach(OnnxModel::close);
    loaded.clear();
  }

  private OnnxModel model(OnnxSettings read) {
    Key key;
    try {
      Path file = read.model().toRealPath();
      key =
          new Key(
              file,
              Files.size(file),
              Files.getLastModifiedTime(file),
              read.layout(),
              read.threads(),
              read.inputSize());
    } catch (IOException e) {
      throw new IllegalArgumentException("The model " + read.model() + " cannot be read: " + e, e);
    }
    OnnxModel known = loaded.get(key);
    if (known != null) {
      return known;
    }
    OnnxModel model = OnnxModel.load(key.file(), read.layout(), read.threads(), read.inputSize());
    loaded.put(key, model);
    return model;
  }

  private static List<String> labels(OnnxSettings read, int classes) {
    if (read.labels() == null) {
      if (classes == Labels.COCO.size()) {
        return Labels.COCO;
      }
      throw new IllegalArgumentException(
          "The model "
              + read.model()
              + " tells "
              + classes
              + " classes apart, for which no names are built in: give a file with one a line");
    }
    List<String> labels = Labels.read(read.labels());
    if (labels.size() != classes) {
      throw new IllegalArgumentException(
          "The model "
              + read.model()
              + " tells "
              + classes
              + " classes apart, but "
              + read.labels()
              + " names "
              + labels.size());
    }
    return labels;
  }
}
