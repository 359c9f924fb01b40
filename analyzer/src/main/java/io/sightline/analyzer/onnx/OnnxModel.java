package io.sightline.analyzer.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loaded model, shared by all streams that use it. Inference runs on any number of threads at a
 * time; each takes an input buffer from a pool, so there are never more than threads.
 *
 * <p>Where the model allows it, a picture gets an input of its own shape and not the model's square
 * ({@link OpenInput}): a wide picture costs 0.6 of it.
 */
final class OnnxModel implements AutoCloseable {

  private static final int MAX_INPUT_SIDE = 4096;

  /** Larger files are left as they are; changing one takes several times its size. */
  private static final long MAX_OPENED_BYTES = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(OnnxModel.class);

  private final ModelSession session;
  private final InputBox box;
  private final int classes;
  private final Queue<Letterbox> free = new ConcurrentLinkedQueue<>();

  private OnnxModel(ModelSession session, InputBox box, int classes) {
    this.session = session;
    this.box = box;
    this.classes = classes;
  }

  /**
   * @param inputSize side of the input where the model leaves it open
   * @throws IllegalArgumentException in one sentence when it is no model that we can use
   */
  static OnnxModel load(Path file, Layout layout, int threads, int inputSize) {
    try (ModelSession session = ModelSession.describe(file, layout)) {
      OrtSession described = session.described();
      Map<String, NodeInfo> inputs = described.getInputInfo();
      long[] shape = tensor(inputs.values().iterator().next(), "input").getShape();
      InputBox box = box(shape, inputs.size(), inputSize);
      NodeInfo output = described.getOutputInfo().values().iterator().next();
      long[] outputShape = tensor(output, "output").getShape();
      int classes = layout.decoder(box.width(), box.height(), outputShape).classes();
      Optional<OnnxModel> open = open(file, layout, threads, box, classes);
      return open.isPresent()
          ? open.get()
          : new OnnxModel(ModelSession.open(file, layout, threads), box, classes);
    } catch (OrtException e) {
      throw new IllegalArgumentException("The file " + file + " is no ONNX model", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The model " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** The model for inputs of any size in steps, when it proves to run at another than its own. */
  private static Optional<OnnxModel> open(
      Path file, Layout layout, int threads, InputBox box, int classes) {
    int step = layout.step();
    ModelSession session = null;
    try {
      if (box.width() % step != 0
          || box.height() % step != 0
          || Files.size(file) > MAX_OPENED_BYTES) {
        return Optional.empty();
      }
      Optional<byte[]> open = OpenInput.of(Files.readAllBytes(file));
      if (open.isEmpty()) {
        return Optional.empty();
      }
      session = ModelSession.open(open.get(), layout, threads);
      InputBox opened = new InputBox(box.width(), box.height(), step, step);
      OnnxModel model = new OnnxModel(session, opened, classes);
      Fit wide = opened.fit(2, 1);
      model.run(new byte[3 * wide.scaledWidth() * wide.scaledHeight()], wide, 1);
      return Optional.of(model);
    } catch (IOException | OrtException | IllegalArgumentException e) {
      LOG.info("The model {} runs at its own input size alone: {}", file, e.getMessage());
      if (session != null) {
        session.close();
      }
      return Optional.empty();
    }
  }

  int classes() {
    return classes;
  }

  /** The shape of the input that a picture gets. */
  InputBox box() {
    return box;
  }

  /** How a picture of this size is to be scaled for the model. */
  Fit fit(int width, int height) {
    return box.fit(width, height);
  }

  /**
   * What the model proposes in a picture, in pixels of the picture. Blocking; on any thread.
   *
   * @param bgr {@code 3 * scaledWidth * scaledHeight} bytes: the picture scaled as the fit says
   */
  List<Candidate> run(byte[] bgr, Fit fit, float minScore) throws OrtException {
    Letterbox pooled = free.poll();
    Letterbox letterbox = pooled != null ? pooled : new Letterbox(box);
    try {
      FloatBuffer pixels = letterbox.lay(bgr, fit);
      List<Candidate> candidates =
          session.infer(pixels, fit.inputWidth(), fit.inputHeight(), classes, minScore);
      float scale = (float) fit.scale();
      return candidates.stream().map(candidate -> unscaled(candidate, scale)).toList();
    } finally {
      free.add(letterbox);
    }
  }

  @Override
  public void close() {
    session.close();
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

  private static InputBox box(long[] shape, int inputs, int otherwise) {
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
    return InputBox.whole(
        shape[3] > 0 ? (int) shape[3] : otherwise, shape[2] > 0 ? (int) shape[2] : otherwise);
  }
}
