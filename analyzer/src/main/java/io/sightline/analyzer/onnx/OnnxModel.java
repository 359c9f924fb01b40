package io.sightline.analyzer.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A loaded model, shared by all streams that use it. Inference runs on any number of threads at a
 * time; each takes an input buffer from a pool, so there are never more than threads.
 */
final class OnnxModel implements AutoCloseable {

  private static final int MAX_INPUT_SIDE = 4096;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final int inputWidth;
  private final int inputHeight;
  private final OutputDecoder decoder;
  private final Queue<Workspace> free = new ConcurrentLinkedQueue<>();

  private OnnxModel(
      OrtEnvironment environment, OrtSession session, String input, int[] size, OutputDecoder out) {
    this.environment = environment;
    this.session = session;
    this.input = input;
    this.inputWidth = size[0];
    this.inputHeight = size[1];
    this.decoder = out;
  }

  /**
   * @param inputSize side of the input where the model leaves it open
   * @throws IllegalArgumentException in one sentence when it is no model that we can use
   */
  static OnnxModel load(Path file, Layout layout, int threads, int inputSize) {
    OrtSession session = null;
    try {
      OrtEnvironment environment = OnnxEnvironment.get();
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        session = environment.createSession(file.toString(), options);
      }
      Map<String, NodeInfo> inputs = session.getInputInfo();
      long[] shape = tensor(inputs.values().iterator().next(), "input").getShape();
      int[] size = inputSize(shape, inputs.size(), inputSize);
      NodeInfo output = session.getOutputInfo().values().iterator().next();
      OutputDecoder decoder = layout.decoder(size[0], size[1], tensor(output, "output").getShape());
      return new OnnxModel(environment, session, inputs.keySet().iterator().next(), size, decoder);
    } catch (OrtException e) {
      closeQuietly(session);
      throw new IllegalArgumentException("The file " + file + " is no ONNX model", e);
    } catch (IllegalArgumentException e) {
      closeQuietly(session);
      throw new IllegalArgumentException(
          "The model " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  int classes() {
    return decoder.classes();
  }

  /**
   * What the model proposes in a picture, in pixels of the picture. Blocking; on any thread.
   *
   * @param bgr {@code 3 * width * height} bytes
   */
  List<Candidate> run(byte[] bgr, int width, int height, float minScore) throws OrtException {
    Workspace pooled = free.poll();
    Workspace workspace = pooled != null ? pooled : new Workspace(inputWidth, inputHeight);
    try {
      workspace.letterbox.fit(bgr, width, height, workspace.pixels);
      long[] shape = {1, 3, inputHeight, inputWidth};
      List<Candidate> candidates;
      try (OnnxTensor tensor = OnnxTensor.createTensor(environment, workspace.pixels, shape);
          OrtSession.Result result = session.run(Map.of(input, tensor))) {
        OnnxValue output = result.get(0);
        candidates = decoder.decode(((OnnxTensor) output).getFloatBuffer(), minScore);
      }
      float scale = (float) workspace.letterbox.scale();
      return candidates.stream().map(candidate -> unscaled(candidate, scale)).toList();
    } finally {
      free.add(workspace);
    }
  }

  @Override
  public void close() {
    closeQuietly(session);
    free.clear();
  }

  private static Candidate unscaled(Candidate c, float scale) {
    return new Candidate(
        c.label(),
        c.score(),
        c.left() / scale,
        c.top() / scale,
        c.right() / scale,
        c.bottom() / scale);
  }

  private static TensorInfo tensor(NodeInfo node, String what) {
    if (node.getInfo() instanceof TensorInfo tensor && tensor.type == OnnxJavaType.FLOAT) {
      return tensor;
    }
    throw new IllegalArgumentException("its " + what + " is not a tensor of floats");
  }

  private static int[] inputSize(long[] shape, int inputs, int otherwise) {
    boolean picture =
        inputs == 1
            && shape.length == 4
            && (shape[0] == 1 || shape[0] == -1)
            && shape[1] == 3
            && shape[2] <= MAX_INPUT_SIDE
            && shape[3] <= MAX_INPUT_SIDE;
    if (!picture) {
      throw new IllegalArgumentException("it does not take one picture of [1, 3, height, width]");
    }
    return new int[] {
      shape[3] > 0 ? (int) shape[3] : otherwise, shape[2] > 0 ? (int) shape[2] : otherwise
    };
  }

  private static void closeQuietly(OrtSession session) {
    try {
      if (session != null) {
        session.close();
      }
    } catch (OrtException e) {
      // It is given up either way.
    }
  }

  /** What one inference at a time needs. */
  private static final class Workspace {

    final FloatBuffer pixels;
    final Letterbox letterbox;

    Workspace(int width, int height) {
      pixels =
          ByteBuffer.allocateDirect(3 * width * height * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      letterbox = new Letterbox(width, height);
    }
  }
}
