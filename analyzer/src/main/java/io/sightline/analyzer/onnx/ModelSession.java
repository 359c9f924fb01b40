package io.sightline.analyzer.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model in ONNX Runtime, ready to run. Safe for use by several threads; owns native memory until
 * it is closed.
 */
final class ModelSession implements AutoCloseable {

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Layout layout;

  private ModelSession(OrtEnvironment environment, OrtSession session, Layout layout) {
    this.environment = environment;
    this.session = session;
    this.layout = layout;
  }

  /** Of a file, with whatever other files it names beside it. */
  static ModelSession open(Path model, Layout layout, int threads) throws OrtException {
    OrtEnvironment environment = OnnxEnvironment.get();
    try (OrtSession.SessionOptions options = options(threads)) {
      return new ModelSession(
          environment, environment.createSession(model.toString(), options), layout);
    }
  }

  /** As {@link #open(Path, Layout, int)}, but only to be asked: quick to make, slow to run. */
  static ModelSession describe(Path model, Layout layout) throws OrtException {
    OrtEnvironment environment = OnnxEnvironment.get();
    try (OrtSession.SessionOptions options = options(1)) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      return new ModelSession(
          environment, environment.createSession(model.toString(), options), layout);
    }
  }

  static ModelSession open(byte[] model, Layout layout, int threads) throws OrtException {
    OrtEnvironment environment = OnnxEnvironment.get();
    try (OrtSession.SessionOptions options = options(threads)) {
      return new ModelSession(environment, environment.createSession(model, options), layout);
    }
  }

  private static OrtSession.SessionOptions options(int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    return options;
  }

  /** What the model says of itself. */
  OrtSession described() {
    return session;
  }

  /**
   * What the model proposes, in pixels of the input.
   *
   * @param pixels {@code [3, height, width]}, in native memory
   * @param classes that the model tells apart
   * @throws IllegalArgumentException when the output is not of the layout
   */
  List<Candidate> infer(FloatBuffer pixels, int width, int height, int classes, float minScore)
      throws OrtException {
    String input = session.getInputNames().iterator().next();
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, pixels, new long[] {1, 3, height, width});
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      OnnxTensor output = (OnnxTensor) result.get(0);
      OutputDecoder decoder = layout.decoder(width, height, output.getInfo().getShape());
      if (decoder.classes() != classes) {
        throw new IllegalArgumentException(
            "The model tells " + decoder.classes() + " classes apart, not " + classes);
      }
      return decoder.decode(output.getFloatBuffer(), minScore);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      // It is given up either way.
    }
  }
}
