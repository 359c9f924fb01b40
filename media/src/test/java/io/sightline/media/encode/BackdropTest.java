package io.sightline.media.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackdropTest {

  private static final int UNKNOWN = 2;
  private static final int BT470BG = 5;

  /** As ITU-R BT.601 and BT.709 say; what is not said is 709 from 720 lines on. */
  @ParameterizedTest
  @CsvSource({
    "000000, 720, 1, false, 16, 128, 128",
    "ffffff, 720, 1, false, 235, 128, 128",
    "ffffff, 720, 1, true, 255, 128, 128",
    "ff0000, 180, 1, false, 63, 102, 240",
    "ff0000, 180, 5, false, 81, 90, 240",
    "ff0000, 180, 2, false, 81, 90, 240",
    "ff0000, 720, 2, false, 63, 102, 240",
    "0000ff, 180, 2, false, 41, 240, 110"
  })
  void planes_ofAColour_areItsValues(
      String rgb, int height, int matrix, boolean full, int luma, int blue, int red) {
    byte[][] planes = Backdrop.of(Integer.parseInt(rgb, 16)).planes(64, height, 1, matrix, full);

    assertThat(planes[0]).hasSize(64 * height).containsOnly((byte) luma);
    assertThat(planes[1]).hasSize(16 * height).containsOnly((byte) blue);
    assertThat(planes[2]).hasSize(16 * height).containsOnly((byte) red);
  }

  /** Twice as wide as the pictures: a quarter is cut off on each side. */
  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void planes_ofAPicture_coverAllInItsShape(String format) throws Exception {
    BufferedImage wide = new BufferedImage(400, 100, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = wide.createGraphics();
    pen.setColor(Color.RED);
    pen.fillRect(0, 0, 80, 100);
    pen.setColor(Color.WHITE);
    pen.fillRect(80, 0, 240, 100);
    pen.setColor(Color.BLUE);
    pen.fillRect(320, 0, 80, 100);
    pen.dispose();

    byte[][] planes = Backdrop.of(file(wide, format)).planes(100, 50, 1, BT470BG, false);

    byte[] middle = Arrays.copyOfRange(planes[0], 25 * 100, 26 * 100);
    for (int x = 5; x < 95; x++) {
      assertThat(middle[x] & 0xff).as("at %d", x).isBetween(232, 236);
    }
  }

  @Test
  void planes_ofAPictureOnWidePixels_areNarrower() throws Exception {
    BufferedImage square = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = square.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, 100, 200);
    pen.dispose();

    // 100 pixels that are twice as wide as high are a picture of two to one.
    byte[][] planes = Backdrop.of(file(square, "png")).planes(100, 100, 2, UNKNOWN, false);

    byte[] middle = Arrays.copyOfRange(planes[0], 50 * 100, 51 * 100);
    assertThat(middle[45] & 0xff).isGreaterThan(230);
    assertThat(middle[55] & 0xff).isLessThan(20);
  }

  @Test
  void of_whatIsNoPicture_says() throws Exception {
    byte[] broken = file(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png");
    for (byte[] wrong : new byte[][] {{}, {1, 2, 3}, Arrays.copyOf(broken, 40)}) {
      assertThatThrownBy(() -> Backdrop.of(wrong)).isInstanceOf(MediaException.class);
    }
    byte[] gif = file(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "gif");
    assertThatThrownBy(() -> Backdrop.of(gif)).hasMessageContaining("neither a PNG nor a JPEG");
    byte[] wide = file(new BufferedImage(9_000, 2, BufferedImage.TYPE_INT_RGB), "png");
    assertThatThrownBy(() -> Backdrop.of(wide)).hasMessageContaining("up to 8192 pixels");
  }

  private static byte[] file(BufferedImage picture, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, format, out);
    return out.toByteArray();
  }
}
