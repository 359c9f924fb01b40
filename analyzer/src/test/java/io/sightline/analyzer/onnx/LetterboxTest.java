package io.sightline.analyzer.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LetterboxTest {

  @Test
  void lay_picture_fillsTheTopLeftAndPadsTheRest() {
    InputBox box = InputBox.whole(16, 12);
    Letterbox letterbox = new Letterbox(box);
    Random random = new Random(3);
    // What an earlier, larger picture left must not be seen.
    for (int[] size : new int[][] {{32, 24}, {13, 7}, {7, 13}, {1, 1}, {100, 3}}) {
      Fit fit = box.fit(size[0], size[1]);
      byte[] bgr = new byte[3 * fit.scaledWidth() * fit.scaledHeight()];
      random.nextBytes(bgr);

      FloatBuffer laid = letterbox.lay(bgr, fit);

      assertThat(laid.remaining()).isEqualTo(3 * 16 * 12);
      for (int channel = 0; channel < 3; channel++) {
        for (int y = 0; y < 12; y++) {
          for (int x = 0; x < 16; x++) {
            boolean inside = x < fit.scaledWidth() && y < fit.scaledHeight();
            float expected = inside ? bgr[(y * fit.scaledWidth() + x) * 3 + channel] & 0xff : 114;
            assertThat(laid.get((channel * 12 + y) * 16 + x)).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void fit_widePicture_isScaledWithoutDistortion() {
    assertThat(InputBox.whole(416, 416).fit(1280, 720))
        .isEqualTo(new Fit(416, 234, 416, 416, 0.325));
    assertThat(InputBox.whole(4, 4).fit(2, 1)).isEqualTo(new Fit(4, 2, 4, 4, 2));
    assertThat(InputBox.whole(16, 12).fit(1000, 1)).isEqualTo(new Fit(16, 1, 16, 12, 0.016));
  }

  @Test
  void fit_inputInSteps_isNoLargerThanThePictureNeeds() {
    InputBox steps = new InputBox(32, 32, 8, 8);

    assertThat(steps.fit(64, 36)).isEqualTo(new Fit(32, 18, 32, 24, 0.5));
    assertThat(steps.fit(20, 60).inputWidth()).isEqualTo(16);
    assertThat(steps.fit(20, 60).inputHeight()).isEqualTo(32);
  }
}
