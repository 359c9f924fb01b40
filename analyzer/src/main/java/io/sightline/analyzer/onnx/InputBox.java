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

  /**
   * How a picture lies in the input: as large as the box allows, in no more input than it needs.
   */
  Fit fit(int width, int height) {
    double scale = Math.min(this.width / (double) width, this.height / (double) height);
    int scaledWidth = Math.max(1, Math.min(this.width, (int) (width * scale)));
    int scaledHeight = Math.max(1, Math.min(this.height, (int) (height * scale)));
    return new Fit(
        scaledWidth,
        scaledHeight,
        steps(scaledWidth, widthStep),
        steps(scaledHeight, heightStep),
        scale);
  }

  private static int steps(int side, int step) {
    return (side + step - 1) / step * step;
  }
}
