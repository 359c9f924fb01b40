package io.sightline.analyzer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class YoloxDecoderTest {

  /** 64 x 32 pixels: 8 x 4 cells of stride 8, 4 x 2 of 16, 2 x 1 of 32. */
  private static final int BOXES = 32 + 8 + 2;

  private static final int WIDE = 5 + 3;

  private final YoloxDecoder decoder = YoloxDecoder.of(64, 32, new long[] {1, BOXES, WIDE});

  @Test
  void decode_boxesOnEachGrid_areInInputPixels() {
    FloatBuffer output = FloatBuffer.allocate(BOXES * WIDE);
    put(output, 8 + 3, 0.5f, 0.25f, 0, 0.81f, 1);
    put(output, 32 + 5, 0.5f, 0.5f, (float) Math.log(2), 0.64f, 2);
    put(output, 40 + 1, 0, 0, 0, 0.49f, 0);

    List<Candidate> found = decoder.decode(output, 0.5f);

    assertThat(found).hasSize(3);
    assertBox(found.get(0), 1, 0.9f, 28, 10, 8);
    assertBox(found.get(1), 2, 0.8f, 24, 24, 32);
    assertBox(found.get(2), 0, 0.7f, 32, 0, 32);
  }

  @Test
  void decode_lowScoresAndNonsense_areLeftOut() {
    FloatBuffer output = FloatBuffer.allocate(BOXES * WIDE);
    put(output, 0, 0, 0, 0, 0.24f, 1);
    put(output, 1, Float.NaN, 0, 0, 0.9f, 1);
    put(output, 2, 0, 0, Float.NaN, 0.9f, 1);
    put(output, 3, 0, 0, 0, Float.NaN, 1);
    put(output, 4, 0, 0, 1e30f, 0.9f, 1);

    List<Candidate> found = decoder.decode(output, 0.5f);

    assertThat(found).hasSize(1);
    assertThat(found.get(0).right()).isFinite();
  }

  @Test
  void of_otherShape_saysWhatIsExpected() {
    assertThatThrownBy(() -> YoloxDecoder.of(64, 32, new long[] {1, 84, 8400}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 84, 8400]")
        .hasMessageContaining("[1, 42, 5 + classes]");
  }

  private static void put(
      FloatBuffer output, int box, float x, float y, float logSize, float objectness, int label) {
    int at = box * WIDE;
    output.put(at, x).put(at + 1, y).put(at + 2, logSize).put(at + 3, logSize);
    output.put(at + 4, objectness).put(at + 5 + label, 1);
  }

  private static void assertBox(
      Candidate box, int label, float score, float x, float y, float size) {
    assertThat(box.label()).isEqualTo(label);
    assertThat(box.score()).isEqualTo(score, within(0.001f));
    assertThat((box.left() + box.right()) / 2).isEqualTo(x, within(0.01f));
    assertThat((box.top() + box.bottom()) / 2).isEqualTo(y, within(0.01f));
    assertThat(box.right() - box.left()).isEqualTo(size, within(0.01f));
  }
}
