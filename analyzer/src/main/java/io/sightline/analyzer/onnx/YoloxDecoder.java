package io.sightline.analyzer.onnx;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * YOLOX as its authors export it: for each cell of three grids centre, size (logarithm), objectness
 * and one score a class. See Ge et al., "YOLOX: Exceeding YOLO Series in 2021", and {@code
 * demo_postprocess} of its code.
 *
 * <p>The score is the geometric mean of objectness and class, which stays on the scale of its
 * factors: the product 0.25 to 0.3, at which YOLOX's own programs cut off, is 0.5 to 0.55 here, so
 * that "more likely than not" means the same as with other analyzers.
 */
final class YoloxDecoder implements OutputDecoder {

  private static final int[] STRIDES = {8, 16, 32};

  /** Centre x and y, width, height, objectness. */
  private static final int BEFORE_CLASSES = 5;

  /** No box is larger than this many times its grid's stride: e to the tenth. */
  private static final float MAX_LOG_SIZE = 10;

  private final int inputWidth;
  private final int inputHeight;
  private final int classes;

  private YoloxDecoder(int inputWidth, int inputHeight, int classes) {
    this.inputWidth = inputWidth;
    this.inputHeight = inputHeight;
    this.classes = classes;
  }

  static YoloxDecoder of(int inputWidth, int inputHeight, long[] outputShape) {
    int boxes = boxes(inputWidth, inputHeight);
    boolean fits =
        outputShape.length == 3
            && (outputShape[0] == 1 || outputShape[0] == -1)
            && (outputShape[1] == boxes || outputShape[1] == -1)
            && outputShape[2] > BEFORE_CLASSES
            && outputShape[2] < 100_000;
    if (!fits) {
      throw new IllegalArgumentException(
          "its output "
              + Arrays.toString(outputShape)
              + " is not of the YOLOX layout, which is [1, "
              + boxes
              + ", 5 + classes] for its input of "
              + inputWidth
              + " x "
              + inputHeight);
    }
    return new YoloxDecoder(inputWidth, inputHeight, (int) outputShape[2] - BEFORE_CLASSES);
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public List<Candidate> decode(FloatBuffer output, float minScore) {
    int wide = BEFORE_CLASSES + classes;
    if (output.remaining() != boxes(inputWidth, inputHeight) * wide) {
      throw new IllegalArgumentException(
          "The model gave " + output.remaining() + " numbers, not what its shape promises");
    }
    List<Candidate> candidates = new ArrayList<>();
    int at = output.position();
    for (int stride : STRIDES) {
      for (int row = 0; row < inputHeight / stride; row++) {
        for (int column = 0; column < inputWidth / stride; column++, at += wide) {
          // A class scores at most 1, so little objectness settles it.
          if (output.get(at + 4) >= minScore * minScore) {
            add(candidates, output, at, column, row, stride, minScore);
          }
        }
      }
    }
    return candidates;
  }

  private void add(
      List<Candidate> candidates,
      FloatBuffer output,
      int at,
      int column,
      int row,
      int stride,
      float minScore) {
    int best = 0;
    for (int i = 1; i < classes; i++) {
      if (output.get(at + BEFORE_CLASSES + i) > output.get(at + BEFORE_CLASSES + best)) {
        best = i;
      }
    }
    float product = output.get(at + 4) * output.get(at + BEFORE_CLASSES + best);
    float score = (float) Math.min(1, Math.sqrt(product));
    float x = (output.get(at) + column) * stride;
    float y = (output.get(at + 1) + row) * stride;
    float width = size(output.get(at + 2), stride);
    float height = size(output.get(at + 3), stride);
    if (score >= minScore && Float.isFinite(x) && Float.isFinite(y) && width > 0 && height > 0) {
      candidates.add(
          new Candidate(best, score, x - width / 2, y - height / 2, x + width / 2, y + height / 2));
    }
  }

  private static float size(float logarithm, int stride) {
    return (float) Math.exp(Math.min(MAX_LOG_SIZE, logarithm)) * stride;
  }

  private static int boxes(int inputWidth, int inputHeight) {
    int boxes = 0;
    for (int stride : STRIDES) {
      boxes += (inputWidth / stride) * (inputHeight / stride);
    }
    return boxes;
  }
}
