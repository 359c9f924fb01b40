package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneTest {

  /** A U that opens upwards. */
  private static final Zone HOLLOW =
      new Zone(
          "hollow",
          List.of(
              new Point(0.1, 0.1),
              new Point(0.3, 0.1),
              new Point(0.3, 0.7),
              new Point(0.7, 0.7),
              new Point(0.7, 0.1),
              new Point(0.9, 0.1),
              new Point(0.9, 0.9),
              new Point(0.1, 0.9)));

  @ParameterizedTest
  @CsvSource({
    "0.2, 0.5, true",
    "0.8, 0.2, true",
    "0.5, 0.8, true",
    "0.5, 0.5, false",
    "0.5, 0.1, false",
    "0.05, 0.5, false",
    "0.5, 0.95, false",
    "0.1, 0.1, true",
    "0.5, 0.7, true",
    "0.5, 0.9, true",
    "0.9, 0.5, true"
  })
  void contains_hollowShape_knowsInsideAndBorder(double x, double y, boolean inside) {
    assertThat(HOLLOW.contains(new Point(x, y))).isEqualTo(inside);
  }

  @Test
  void contains_wholePicture_includesThoseWhoStandOnItsEdges() {
    Zone all =
        new Zone(
            "all", List.of(new Point(0, 0), new Point(1, 0), new Point(1, 1), new Point(0, 1)));

    assertThat(all.contains(new Box(0.4, 0.3, 0.2, 0.7).foot())).isTrue();
    for (double x : new double[] {0, 0.5, 1}) {
      for (double y : new double[] {0, 0.5, 1}) {
        assertThat(all.contains(new Point(x, y))).isTrue();
      }
    }
  }

  @Test
  void contains_slantedEdge_includesPointsOnIt() {
    Zone triangle =
        new Zone("triangle", List.of(new Point(0, 0), new Point(0.9, 0.3), new Point(0, 0.9)));

    assertThat(triangle.contains(new Point(0.3, 0.1))).isTrue();
    assertThat(triangle.contains(new Point(0.3, 0.0999))).isFalse();
    assertThat(triangle.contains(new Point(0.3, 0.1001))).isTrue();
  }

  @Test
  void zone_fewerThanThreeCornersOrOutside_isRefused() {
    assertThatThrownBy(() -> new Zone("door", List.of(new Point(0, 0), new Point(1, 1))))
        .hasMessageContaining("door");
    assertThatThrownBy(() -> new Zone("door", null)).hasMessageContaining("door");
    assertThatThrownBy(() -> new Point(0, 1.01)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Point(Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
