package io.sightline.analyzer.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Lays a scaled picture into a model's input: in the top left corner, the rest grey, as blue, green
 * and red planes of 0 to 255. One thread at a time.
 */
final class Letterbox {

  private static final float GREY = 114;
  private static final int CHANNELS = 3;

  private final FloatBuffer pixels;
  private final float[] line;

  Letterbox(InputBox box) {
    this.pixels =
        ByteBuffer.allocateDirect(CHANNELS * box.width() * box.height() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    this.line = new float[box.width()];
  }

  /**
   * @param bgr {@code 3 * scaledWidth * scaledHeight} bytes
   * @param fit of the same box
   * @return {@code 3 * inputHeight * inputWidth} numbers in native memory, good until the next call
   */
  FloatBuffer lay(byte[] bgr, Fit fit) {
    int width = fit.inputWidth();
    int height = fit.inputHeight();
    int rowBytes = CHANNELS * fit.scaledWidth();
    Arrays.fill(line, GREY);
    for (int channel = 0; channel < CHANNELS; channel++) {
      for (int y = fit.scaledHeight(); y < height; y++) {
        pixels.put((channel * height + y) * width, line, 0, width);
      }
    }
    for (int y = 0; y < fit.scaledHeight(); y++) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        int from = y * rowBytes + channel;
        for (int x = 0; x < fit.scaledWidth(); x++) {
          line[x] = bgr[from + CHANNELS * x] & 0xff;
        }
        pixels.put((channel * height + y) * width, line, 0, width);
      }
    }
    return pixels.slice(0, CHANNELS * height * width);
  }
}
