package io.sightline.media.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Point;
import java.awt.geom.Path2D;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compared with what the geometry of the JDK says, byte by byte. */
class PictureMaskTest {

  private static final byte UNTOUCHED = 77;
  private static final List<Point> SLANTED =
      List.of(new Point(0.13, 0.07), new Point(0.61, 0.33), new Point(0.29, 0.9));
  private static final List<Point> HOLLOW =
      List.of(
          new Point(0.5, 0.5),
          new Point(1, 0.5),
          new Point(1, 1),
          new Point(0.75, 0.7),
          new Point(0.5, 1));
  private static final List<Point> STAR =
      List.of(
          new Point(0.5, 0.02),
          new Point(0.8, 0.95),
          new Point(0.02, 0.37),
          new Point(0.98, 0.37),
          new Point(0.2, 0.95));
  private static final List<Point> THIN =
      List.of(new Point(0, 0.501), new Point(1, 0.502), new Point(1, 0.503));

  @ParameterizedTest
  @CsvSource({
    "64, 48, 1, 1",
    "64, 48, 1, 0",
    "64, 48, 0, 0",
    "63, 47, 1, 1",
    "63, 47, 1, 0",
    "1, 1, 1, 1"
  })
  void paint_ofAnyFormat_hidesEveryPixelThatIsTouchedAndNoOther(
      int width, int height, int shiftX, int shiftY) {
    for (List<List<Point>> polygons :
        List.of(List.of(SLANTED), List.of(HOLLOW), List.of(STAR), List.of(THIN, SLANTED))) {
      AVFrame frame = frame(width, height, shiftX, shiftY);

      new PictureMask(polygons).paint(frame, shiftX, shiftY);

      boolean[][] hidden = hidden(polygons, width, height);
      byte[][] luma = plane(frame, 0, width, height);
      byte[][] blue = plane(frame, 1, half(width, shiftX), half(height, shiftY));
      byte[][] red = plane(frame, 2, half(width, shiftX), half(height, shiftY));
      byte[][] colour = new byte[half(height, shiftY)][half(width, shiftX)];
      Arrays.stream(colour).forEach(row -> Arrays.fill(row, UNTOUCHED));
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          assertThat(luma[y][x])
              .as("%s at %d, %d", polygons, x, y)
              .isEqualTo(hidden[y][x] ? 0 : UNTOUCHED);
          if (hidden[y][x]) {
            colour[y >> shiftY][x >> shiftX] = (byte) 128;
          }
        }
      }
      assertThat(blue).isDeepEqualTo(colour);
      assertThat(red).isDeepEqualTo(colour);
      avutil.av_frame_free(frame);
    }
  }

  @Test
  void paint_ofPolygonOnTheEdgesOfPixels_hidesExactlyThose() {
    AVFrame frame = frame(100, 50, 1, 1);

    new PictureMask(
            List.of(
                List.of(
                    new Point(0.1, 0.2),
                    new Point(0.3, 0.2),
                    new Point(0.3, 0.6),
                    new Point(0.1, 0.6))))
        .paint(frame, 1, 1);

    byte[][] luma = plane(frame, 0, 100, 50);
    for (int y = 0; y < 50; y++) {
      for (int x = 0; x < 100; x++) {
        boolean inside = x >= 10 && x < 30 && y >= 10 && y < 30;
        assertThat(luma[y][x]).isEqualTo(inside ? 0 : UNTOUCHED);
      }
    }
    avutil.av_frame_free(frame);
  }

  @Test
  void paint_ofAnotherSize_isWorkedOutAnew() {
    PictureMask mask =
        new PictureMask(
            List.of(List.of(new Point(0, 0), new Point(1, 0), new Point(1, 1), new Point(0, 1))));
    for (int size : new int[] {16, 64, 32}) {
      AVFrame frame = frame(size, size, 1, 1);
      mask.paint(frame, 1, 1);
      assertThat(plane(frame, 0, size, size)).isDeepEqualTo(new byte[size][size]);
      avutil.av_frame_free(frame);
    }
  }

  private static boolean[][] hidden(List<List<Point>> polygons, int width, int height) {
    boolean[][] hidden = new boolean[height][width];
    for (List<Point> polygon : polygons) {
      Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
      path.moveTo(polygon.get(0).x() * width, polygon.get(0).y() * height);
      polygon.forEach(point -> path.lineTo(point.x() * width, point.y() * height));
      path.closePath();
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          hidden[y][x] |= path.intersects(x + 1e-6, y + 1e-6, 1 - 2e-6, 1 - 2e-6);
        }
      }
    }
    return hidden;
  }

  private static AVFrame frame(int width, int height, int shiftX, int shiftY) {
    int format =
        shiftX == 0
            ? avutil.AV_PIX_FMT_YUVJ444P
            : shiftY == 0 ? avutil.AV_PIX_FMT_YUVJ422P : avutil.AV_PIX_FMT_YUVJ420P;
    AVFrame frame = avutil.av_frame_alloc();
    frame.width(width).height(height).format(format);
    assertThat(avutil.av_frame_get_buffer(frame, 0)).isZero();
    for (int plane = 0; plane < 3; plane++) {
      int rows = plane == 0 ? height : half(height, shiftY);
      byte[] bytes = new byte[frame.linesize(plane) * rows];
      Arrays.fill(bytes, UNTOUCHED);
      frame.data(plane).put(bytes);
    }
    return frame;
  }

  private static byte[][] plane(AVFrame frame, int plane, int width, int height) {
    byte[][] rows = new byte[height][width];
    for (int y = 0; y < height; y++) {
      frame.data(plane).position((long) y * frame.linesize(plane)).get(rows[y]);
    }
    return rows;
  }

  private static int half(int length, int shift) {
    return (length + shift) >> shift;
  }
}
