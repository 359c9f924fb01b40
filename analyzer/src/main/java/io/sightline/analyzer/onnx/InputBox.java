package io.sightline.analyzer.onnx;

/**
 * What inputs a model takes: the box that a picture is scaled to fit, and the steps in which the
 * input may be smaller than that.
 *
 * @param widthStep {@code width} itself when the input is always so wide
 * @param heightStep {@code height} itself when the input is always so high
 */
record InputBox(int width, int height, int widthStep, int heightStep) {

  InputBox {
    if (width < 1 || height < 1 || width % widthStep != 0 || height % heightStep != 0) {
      throw new IllegalArgumentException("The sides of an input are multiples of their steps");
    }
  }

  /** Inputs of this size alone. */
  static InputBox whole(int width, int height) {
    return new InputBox(width, height, width, height);
  }

  /** How wide the input of a scaled picture is. */
  int widthFor(int scaledWidth) {
    return (scaledWidth + widthStep - 1) / widthStep * widthStep;
  }

  /** How high the input of a scaled picture is. */
  int heightFor(int scaledHeight) {
    return (scaledHeight + heightStep - 1) / heightStep * heightStep;
  }
}
