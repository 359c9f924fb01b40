package io.sightline.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.testing.TestVideo;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JpegDecoderTest {

  private JpegDecoder decoder;

  @BeforeEach
  void open() throws Exception {
    decoder = new JpegDecoder();
  }

  @AfterEach
  void close() {
    decoder.close();
  }

  @Test
  void decode_givesFullRangeBrightnessAndColour() throws Exception {
    DecodedJpeg decoded = decoder.decode(jpeg(64, 48, new Color(255, 128, 0)));
    assertThat(decoded.width()).isEqualTo(64);
    assertThat(decoded.height()).isEqualTo(48);
    assertThat(decoded.luma()).hasSize(64 * 48);
    assertThat(decoded.bgr()).hasSize(3 * 64 * 48);
    int at = 20 * 64 + 30;
    assertThat(decoded.luma()[at] & 0xff).isBetween(148, 154);
    assertThat(decoded.bgr()[3 * at] & 0xff).isLessThan(6);
    assertThat(decoded.bgr()[3 * at + 1] & 0xff).isBetween(124, 132);
    assertThat(decoded.bgr()[3 * at + 2] & 0xff).isGreaterThan(250);
  }

  @Test
  void decode_ofBlackAndWhite_usesTheWholeRange() throws Exception {
    assertThat(decoder.decode(jpeg(16, 16, Color.BLACK)).luma()).containsOnly(0);
    assertThat(decoder.decode(jpeg(16, 16, Color.WHITE)).luma()).containsOnly(-1);
  }

  @Test
  void decode_oddSizesInTurn_areExact() throws Exception {
    for (int size : new int[] {1, 17, 33, 640, 15}) {
      DecodedJpeg decoded = decoder.decode(jpeg(size, size + 2, Color.GRAY));
      assertThat(decoded.luma()).hasSize(size * (size + 2));
      assertThat(decoded.bgr()).hasSize(3 * size * (size + 2));
    }
  }

  @Test
  void decodeLuma_leavesColourOut() throws Exception {
    DecodedJpeg decoded = decoder.decodeLuma(jpeg(32, 32, Color.RED));
    assertThat(decoded.bgr()).isNull();
    assertThat(decoded.luma()[0] & 0xff).isBetween(74, 78);
  }

  @Test
  void decode_greyJpeg_works() throws Exception {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_GRAY);
    assertThat(decoder.decode(encoded(image)).bgr()).containsOnly(0);
  }

  @Test
  void decode_ofSampledFrame_keepsItsNumber() throws Exception {
    byte[] jpeg = jpeg(320, 180, Color.BLACK);
    DecodedJpeg decoded = decoder.decode(jpeg);
    assertThat(TestVideo.readFrameNumber(decoded.luma(), 320, 180)).isZero();
  }

  @Test
  void decode_hugeClaim_isRefusedBeforeAnythingIsAllocated() throws Exception {
    byte[] jpeg = jpeg(16, 16, Color.RED);
    setSize(jpeg, 65_500, 65_500);
    assertFails(jpeg, Reason.UNSUPPORTED, "65500x65500");
  }

  @Test
  void decode_noJpeg_saysSo() {
    assertFails(new byte[0], Reason.MALFORMED, "no whole JPEG");
    assertFails("<html>not a picture</html>".getBytes(), Reason.MALFORMED, "no whole JPEG");
    assertFails(new byte[] {-1, -40, -1, -39}, Reason.MALFORMED, "no whole JPEG");
  }

  @Test
  void decode_brokenOff_isMalformed() throws Exception {
    byte[] jpeg = jpeg(200, 200, Color.RED);
    for (int length = 0; length < jpeg.length; length += 7) {
      assertFails(Arrays.copyOf(jpeg, length), Reason.MALFORMED, "JPEG");
    }
  }

  @Test
  void decode_anyDamage_throwsNothingElse() throws Exception {
    Random random = new Random(7);
    byte[] good = jpeg(120, 80, Color.ORANGE);
    for (int round = 0; round < 400; round++) {
      byte[] bad = good.clone();
      for (int i = 0; i < 6; i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        DecodedJpeg decoded = decoder.decode(bad);
        assertThat(decoded.luma()).hasSize(decoded.width() * decoded.height());
      } catch (MediaException e) {
        assertThat(e.reason()).isIn(Reason.MALFORMED, Reason.UNSUPPORTED);
      }
    }
    assertThat(decoder.decode(good).width()).isEqualTo(120);
  }

  private void assertFails(byte[] jpeg, Reason reason, String words) {
    assertThatThrownBy(() -> decoder.decode(jpeg))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining(words)
        .extracting(e -> ((MediaException) e).reason())
        .isEqualTo(reason);
  }

  private static void setSize(byte[] jpeg, int width, int height) {
    for (int at = 2; at < jpeg.length; at++) {
      if (jpeg[at] == (byte) 0xff && jpeg[at + 1] == (byte) 0xc0) {
        jpeg[at + 5] = (byte) (height >> 8);
        jpeg[at + 6] = (byte) height;
        jpeg[at + 7] = (byte) (width >> 8);
        jpeg[at + 8] = (byte) width;
        return;
      }
    }
    throw new AssertionError("No frame header");
  }

  private static byte[] jpeg(int width, int height, Color color) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, color.getRGB());
      }
    }
    return encoded(image);
  }

  private static byte[] encoded(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    return out.toByteArray();
  }
}
