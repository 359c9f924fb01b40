package io.sightline.analyzer.onnx;

/**
 * How a picture lies in a model's input: scaled without distortion into the top left corner.
 *
 * @param scaledWidth of the picture in the input
 * @param scaledHeight of the picture in the input
 * @param inputWidth at least {@code scaledWidth}
 * @param inputHeight at least {@code scaledHeight}
 * @param scale input pixels per picture pixel
 */
record Fit(int scaledWidth, int scaledHeight, int inputWidth, int inputHeight, double scale) {}
