package io.sightline.analyzer.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Fits a picture into a model's input: scaled without distortion into the top left corner, the rest
 * grey, as blue, green and red planes of 0 to 255. Bilinear with pixel centres aligned, which is
 * what the models were trained with. Keeps its tables while pictures have one size. One thread at a
 * time.
 *
 * <p>The picture is scaled to fit a box; the input is what of the box the picture needs, rounded up
 * to whole steps.
 */
final class Letterbox {

  private static final float GREY = 114;
  private static final int CHANNELS = 3;

  private final InputBox box;
  private final FloatBuffer pixels;
  private final float[] upper;
  private final float[] lower;
  private final float[] line;

  // Tables of the picture size at hand.
  private int width;
  private int height;
  private int inputWidth;
  private int inputHeight;
  private int scaledWidth;
  private int scaledHeight;
  private double scale;
  private int[] leftOffsets;
  private int[] rightOffsets;
  private float[] rightWeights;

  Letterbox(InputBox box) {
    this.box = box;
    this.pixels =
        ByteBuffer.allocateDirect(CHANNELS * box.width() * box.height() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    this.upper = new float[box.width() * CHANNELS];
    this.lower = new float[box.width() * CHANNELS];
    this.line = new float[box.width()];
  }

  /**
   * @param bgr {@code 3 * width * height} bytes
   * @return {@code 3 * inputHeight() * inputWidth()} numbers in native memory, good until the next
   *     call
   */
  FloatBuffer fit(byte[] bgr, int width, int height) {
    prepare(width, height);
    int rowInUpper = -1;
    int rowInLower = -1;
    float[] above = upper;
    float[] below = lower;
    for (int y = 0; y < scaledHeight; y++) {
      double at = centre(y, height / (double) scaledHeight, height);
      int row = (int) at;
      int next = Math.min(height - 1, row + 1);
      // Rows come downwards: what was the lower row is often the upper one now.
      if (row != rowInUpper) {
        if (row == rowInLower) {
          float[] swap = above;
          above = below;
          below = swap;
          rowInLower = rowInUpper;
        } else {
          stretch(bgr, row, above);
        }
        rowInUpper = row;
      }
      if (next != rowInLower) {
        stretch(bgr, next, below);
        rowInLower = next;
      }
      write(y, above, below, (float) (at - row));
    }
    Arrays.fill(line, GREY);
    for (int channel = 0; channel < CHANNELS; channel++) {
      for (int y = scaledHeight; y < inputHeight; y++) {
        pixels.put((channel * inputHeight + y) * inputWidth, line, 0, inputWidth);
      }
    }
    return pixels.slice(0, CHANNELS * inputHeight * inputWidth);
  }

  /** Of the last input. */
  int inputWidth() {
    return inputWidth;
  }

  /** Of the last input. */
  int inputHeight() {
    return inputHeight;
  }

  /** Input pixels per picture pixel of the last picture. */
  double scale() {
    return scale;
  }

  private void prepare(int pictureWidth, int pictureHeight) {
    if (pictureWidth == width && pictureHeight == height) {
      return;
    }
    width = pictureWidth;
    height = pictureHeight;
    scale = Math.min(box.width() / (double) width, box.height() / (double) height);
    scaledWidth = Math.max(1, Math.min(box.width(), (int) (width * scale)));
    scaledHeight = Math.max(1, Math.min(box.height(), (int) (height * scale)));
    inputWidth = box.widthFor(scaledWidth);
    inputHeight = box.heightFor(scaledHeight);
    leftOffsets = new int[scaledWidth];
    rightOffsets = new int[scaledWidth];
    rightWeights = new float[scaledWidth];
    for (int x = 0; x < scaledWidth; x++) {
      double at = centre(x, width / (double) scaledWidth, width);
      int left = (int) at;
      leftOffsets[x] = left * CHANNELS;
      rightOffsets[x] = Math.min(width - 1, left + 1) * CHANNELS;
      rightWeights[x] = (float) (at - left);
    }
  }

  private static double centre(int index, double step, int size) {
    return Math.max(0, Math.min(size - 1, (index + 0.5) * step - 0.5));
  }

  /** All three channels in one pass: where a pixel lies is looked up once. */
  private void stretch(byte[] bgr, int row, float[] planes) {
    int start = row * width * CHANNELS;
    int green = box.width();
    int red = 2 * green;
    for (int x = 0; x < scaledWidth; x++) {
      int left = start + leftOffsets[x];
      int right = start + rightOffsets[x];
      float weight = rightWeights[x];
      planes[x] = between(bgr[left], bgr[right], weight);
      planes[green + x] = between(bgr[left + 1], bgr[right + 1], weight);
      planes[red + x] = between(bgr[left + 2], bgr[right + 2], weight);
    }
  }

  private static float between(byte left, byte right, float weight) {
    int from = left & 0xff;
    return from + ((right & 0xff) - from) * weight;
  }

  private void write(int y, float[] above, float[] below, float weight) {
    for (int channel = 0; channel < CHANNELS; channel++) {
      int plane = channel * box.width();
      for (int x = 0; x < scaledWidth; x++) {
        line[x] = above[plane + x] + (below[plane + x] - above[plane + x]) * weight;
      }
      Arrays.fill(line, scaledWidth, inputWidth, GREY);
      pixels.put((channel * inputHeight + y) * inputWidth, line, 0, inputWidth);
    }
  }
}
