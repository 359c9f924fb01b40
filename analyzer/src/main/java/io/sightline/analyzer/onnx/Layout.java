package io.sightline.analyzer.onnx;

import java.util.Arrays;

/** Layouts of model output that can be read. */
enum Layout {
  /** Raw grids of strides 8, 16 and 32; objectness and classes already through the sigmoid. */
  YOLOX("yolox", 32) {
    @Override
    OutputDecoder decoder(int inputWidth, int inputHeight, long[] outputShape) {
      return YoloxDecoder.of(inputWidth, inputHeight, outputShape);
    }
  };

  private final String id;
  private final int step;

  Layout(String id, int step) {
    this.id = id;
    this.step = step;
  }

  /** Both sides of an input are multiples of this: the largest stride. */
  int step() {
    return step;
  }

  /**
   * @param outputShape of the model's first output, -1 where it is open
   * @throws IllegalArgumentException when the output has another shape, in words
   */
  abstract OutputDecoder decoder(int inputWidth, int inputHeight, long[] outputShape);

  /**
   * @throws IllegalArgumentException naming those there are
   */
  static Layout named(String id) {
    return Arrays.stream(values())
        .filter(layout -> layout.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "is not '" + id + "' but one of " + Arrays.toString(ids())));
  }

  private static String[] ids() {
    return Arrays.stream(values()).map(layout -> layout.id).toArray(String[]::new);
  }
}
