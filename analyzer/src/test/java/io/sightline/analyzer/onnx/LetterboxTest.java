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
    Letterbox letterbox = new Letterbox(InputBox.whole(4, 4));

    FloatBuffer target = letterbox.fit(bgr, 8, 4);

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
    Letterbox letterbox = new Letterbox(InputBox.whole(16, 12));
    for (int[] size : sizes) {
      int width = size[0];
      int height = size[1];
      byte[] bgr = new byte[3 * width * height];
      random.nextBytes(bgr);

      FloatBuffer target = letterbox.fit(bgr, width, height);

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

  @Test
  void fit_inputInSteps_isNoLargerThanThePictureNeeds() {
    Random random = new Random(4);
    byte[] wide = new byte[3 * 64 * 36];
    byte[] high = new byte[3 * 20 * 60];
    random.nextBytes(wide);
    random.nextBytes(high);
    Letterbox steps = new Letterbox(new InputBox(32, 32, 8, 8));
    Letterbox whole = new Letterbox(InputBox.whole(32, 32));

    for (byte[] picture : new byte[][] {wide, high, wide}) {
      int width = picture == wide ? 64 : 20;
      int height = picture == wide ? 36 : 60;
      FloatBuffer fitted = steps.fit(picture, width, height);
      FloatBuffer square = whole.fit(picture, width, height);

      assertThat(steps.inputWidth()).isEqualTo(picture == wide ? 32 : 16);
      assertThat(steps.inputHeight()).isEqualTo(picture == wide ? 24 : 32);
      assertThat(steps.scale()).isEqualTo(whole.scale());
      assertThat(fitted.remaining()).isEqualTo(3 * steps.inputWidth() * steps.inputHeight());
      for (int channel = 0; channel < 3; channel++) {
        for (int y = 0; y < steps.inputHeight(); y++) {
          for (int x = 0; x < steps.inputWidth(); x++) {
            assertThat(fitted.get((channel * steps.inputHeight() + y) * steps.inputWidth() + x))
                .isEqualTo(square.get((channel * 32 + y) * 32 + x));
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
