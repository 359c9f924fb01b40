package io.sightline.analyzer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LetterboxTest {

  @Test
  void fit_widePicture_fillsTheTopAndPadsTheRest() {
    byte[] bgr = new byte[3 * 8 * 4];
    for (int i = 0; i < bgr.length; i += 3) {
      bgr[i] = 10;
      bgr[i + 1] = (byte) 200;
      bgr[i + 2] = 30;
    }
    FloatBuffer target = FloatBuffer.allocate(3 * 4 * 4);
    Letterbox letterbox = new Letterbox(4, 4);

    letterbox.fit(bgr, 8, 4, target);

    assertThat(letterbox.scale()).isEqualTo(0.5);
    for (int channel = 0; channel < 3; channel++) {
      float inside = new float[] {10, 200, 30}[channel];
      for (int i = 0; i < 16; i++) {
        assertThat(target.get(channel * 16 + i)).isEqualTo(i < 8 ? inside : 114);
      }
    }
  }

  @Test
  void fit_anySize_isBilinearWithCentresAligned() {
    Random random = new Random(3);
    int[][] sizes = {{13, 7}, {7, 13}, {40, 31}, {5, 5}, {1, 1}, {100, 3}};
    Letterbox letterbox = new Letterbox(16, 12);
    for (int[] size : sizes) {
      int width = size[0];
      int height = size[1];
      byte[] bgr = new byte[3 * width * height];
      random.nextBytes(bgr);
      FloatBuffer target = FloatBuffer.allocate(3 * 16 * 12);

      letterbox.fit(bgr, width, height, target);

      double scale = Math.min(16.0 / width, 12.0 / height);
      int across = Math.max(1, (int) (width * scale));
      int down = Math.max(1, (int) (height * scale));
      for (int channel = 0; channel < 3; channel++) {
        for (int y = 0; y < 12; y++) {
          for (int x = 0; x < 16; x++) {
            double expected =
                x < across && y < down
                    ? sample(
                        bgr,
                        width,
                        height,
                        channel,
                        (x + 0.5) * width / across - 0.5,
                        (y + 0.5) * height / down - 0.5)
                    : 114;
            assertThat((double) target.get((channel * 12 + y) * 16 + x))
                .as("%dx%d at %d,%d of channel %d", width, height, x, y, channel)
                .isEqualTo(expected, within(0.01));
          }
        }
      }
    }
  }

  private static double sample(
      byte[] bgr, int width, int height, int channel, double atX, double atY) {
    double x = Math.max(0, Math.min(width - 1, atX));
    double y = Math.max(0, Math.min(height - 1, atY));
    int left = (int) x;
    int top = (int) y;
    int right = Math.min(width - 1, left + 1);
    int bottom = Math.min(height - 1, top + 1);
    double upper =
        at(bgr, width, left, top, channel) * (1 - x + left)
            + at(bgr, width, right, top, channel) * (x - left);
    double lower =
        at(bgr, width, left, bottom, channel) * (1 - x + left)
            + at(bgr, width, right, bottom, channel) * (x - left);
    return upper * (1 - y + top) + lower * (y - top);
  }

  private static int at(byte[] bgr, int width, int x, int y, int channel) {
    return bgr[(y * width + x) * 3 + channel] & 0xff;
  }
}
