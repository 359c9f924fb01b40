package io.sightline.media.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Draws and reads the pictures, and plays the sound, of a {@link TestVideo}. */
final class TestPicture {

  private static final int BITS = 16;
  private static final int STRIP_PART = 8;
  private static final byte DARK = 30;
  private static final byte LIGHT = (byte) 225;
  private static final byte NEUTRAL = (byte) 128;

  private TestPicture() {}

  /** All pictures as planar YUV 4:2:0, limited range, turned as the video's metadata demands. */
  static void writeAll(TestVideo video, OutputStream out) throws IOException {
    int width = video.width();
    int height = video.height();
    byte[] luma = new byte[width * height];
    byte[] blue = new byte[width * height / 4];
    byte[] red = new byte[width * height / 4];
    for (int number = 0; number < video.pictures(); number++) {
      draw(video, number, luma, blue, red);
      out.write(turned(luma, width, height, video.rotation()));
      out.write(turned(blue, width / 2, height / 2, video.rotation()));
      out.write(turned(red, width / 2, height / 2, video.rotation()));
    }
  }

  /** How bright a picture is somewhere, 0 to 255. */
  interface Brightness {
    int at(int x, int y);
  }

  static int readNumber(Brightness brightness, int width, int height) {
    int number = 0;
    int y = height / STRIP_PART / 2;
    for (int bit = 0; bit < BITS; bit++) {
      int x = (2 * bit + 1) * width / (2 * BITS);
      int sum = 0;
      for (int dy = -2; dy <= 2; dy++) {
        for (int dx = -2; dx <= 2; dx++) {
          sum += brightness.at(Math.min(width - 1, x + dx), Math.max(0, y + dy));
        }
      }
      number = number << 1 | (sum / 25 > 128 ? 1 : 0);
    }
    return number;
  }

  /** Two equal channels of 16-bit samples. */
  static byte[] sound(TestVideo video) {
    int samples = (int) Math.round(video.seconds() * TestVideo.SAMPLE_RATE);
    ByteBuffer bytes = ByteBuffer.allocate(samples * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < samples; i++) {
      double seconds = i / (double) TestVideo.SAMPLE_RATE;
      boolean sounding = video.beeps().stream().anyMatch(beep -> beep.holds(seconds));
      double value = sounding ? 0.5 * Math.sin(2 * Math.PI * TestVideo.BEEP_HERTZ * seconds) : 0;
      short sample = (short) Math.round(value * Short.MAX_VALUE);
      bytes.putShort(sample).putShort(sample);
    }
    return bytes.array();
  }

  private static void draw(TestVideo video, int number, byte[] luma, byte[] blue, byte[] red) {
    int width = video.width();
    int height = video.height();
    Arrays.fill(blue, NEUTRAL);
    Arrays.fill(red, NEUTRAL);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        // A still pattern, as walls and floors have.
        luma[y * width + x] = (byte) (80 + (x / 20 + y / 20) % 3 * 12);
      }
    }
    for (int y = 0; y < height / STRIP_PART; y++) {
      for (int x = 0; x < width; x++) {
        boolean light = (number >> (BITS - 1 - x * BITS / width) & 1) == 1;
        luma[y * width + x] = light ? LIGHT : DARK;
      }
    }
    double seconds = number / video.rate().toDouble();
    for (TestVideo.Interval box : video.boxes()) {
      if (box.holds(seconds)) {
        double way = (seconds - box.start()) / (box.end() - box.start());
        drawBox(width, height, way, luma, red);
      }
    }
  }

  private static void drawBox(int width, int height, double way, byte[] luma, byte[] red) {
    int boxWidth = width / 6;
    int boxHeight = height / 3;
    int left = (int) (way * (width - boxWidth)) & ~1;
    int top = height / 2 & ~1;
    for (int y = top; y < top + boxHeight; y++) {
      Arrays.fill(luma, y * width + left, y * width + left + boxWidth, (byte) 200);
    }
    for (int y = top / 2; y < (top + boxHeight) / 2; y++) {
      Arrays.fill(red, y * width / 2 + left / 2, y * width / 2 + (left + boxWidth) / 2, (byte) 210);
    }
  }

  /** The plane as it is coded when a player turns it back by {@code rotation} clockwise. */
  private static byte[] turned(byte[] plane, int width, int height, int rotation) {
    if (rotation == 0) {
      return plane;
    }
    byte[] turned = new byte[plane.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int to =
            switch (rotation) {
              case 90 -> (width - 1 - x) * height + y;
              case 180 -> (height - 1 - y) * width + (width - 1 - x);
              case 270 -> x * height + (height - 1 - y);
              default -> throw new IllegalArgumentException("Rotation " + rotation);
            };
        turned[to] = plane[y * width + x];
      }
    }
    return turned;
  }
}
