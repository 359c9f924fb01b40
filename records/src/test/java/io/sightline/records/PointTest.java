package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointTest {

  @ParameterizedTest
  @CsvSource({"0, 0.25, 0.125", "90, 0.875, 0.25", "180, 0.75, 0.875", "270, 0.125, 0.75"})
  void turned_clockwise_isWhereItLiesThen(int degrees, double x, double y) {
    assertThat(new Point(0.25, 0.125).turned(degrees)).isEqualTo(new Point(x, y));
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 180, 270})
  void inRecording_ofAPointOfATurnedFrame_isWhereItWasBefore(int degrees) {
    Point point = new Point(0.25, 0.125);
    FrameDetections frame =
        new FrameDetections(
            "lobby",
            Ids.epoch(1, "local"),
            "live",
            1,
            1,
            0,
            36,
            64,
            List.of(),
            null,
            null,
            false,
            degrees);

    assertThat(frame.inRecording(point.turned(degrees))).isEqualTo(point);
  }

  @ParameterizedTest
  @ValueSource(ints = {-90, 45, 360})
  void turned_byNoQuarter_isRefused(int degrees) {
    assertThatThrownBy(() -> new Point(0, 0).turned(degrees))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not " + degrees);
  }

  @Test
  void frame_turnedByNoQuarter_isRefused() {
    assertThatThrownBy(
            () ->
                new FrameInfo(
                    "lobby", Ids.epoch(1, "local"), "live", 1, 1, 0, 64, 36, 10, false, 45))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("90, 180 or 270 degrees, not 45");
  }
}
