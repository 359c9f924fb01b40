package io.sightline.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.testing.TestVideo;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
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
    DecodedJpeg decoded = decoded(jpeg(64, 48, new Color(255, 128, 0)));
    assertThat(decoded.width()).isEqualTo(64);
    assertThat(decoded.height()).isEqualTo(48);
    assertThat(decoded.luma()).hasSize(64 * 48);
    assertThat(decoded.bgr(64, 48)).hasSize(3 * 64 * 48);
    int at = 20 * 64 + 30;
    assertThat(decoded.luma()[at] & 0xff).isBetween(148, 154);
    assertThat(decoded.bgr(64, 48)[3 * at] & 0xff).isLessThan(6);
    assertThat(decoded.bgr(64, 48)[3 * at + 1] & 0xff).isBetween(124, 132);
    assertThat(decoded.bgr(64, 48)[3 * at + 2] & 0xff).isGreaterThan(250);
  }

  @Test
  void decode_ofBlackAndWhite_usesTheWholeRange() throws Exception {
    assertThat(decoded(jpeg(16, 16, Color.BLACK)).luma()).containsOnly(0);
    assertThat(decoded(jpeg(16, 16, Color.WHITE)).luma()).containsOnly(-1);
  }

  @Test
  void decode_oddSizesInTurn_areExact() throws Exception {
    for (int size : new int[] {1, 17, 33, 640, 15}) {
      DecodedJpeg decoded = decoded(jpeg(size, size + 2, Color.GRAY));
      assertThat(decoded.luma()).hasSize(size * (size + 2));
      assertThat(decoded.bgr(size, size + 2)).hasSize(3 * size * (size + 2));
    }
  }

  @Test
  void decodeLuma_leavesColourOut() throws Exception {
    DecodedJpeg decoded = decoder.decode(jpeg(32, 32, Color.RED), JpegForms.lumaOnly());
    assertThat(decoded.bgr()).isEmpty();
    assertThat(decoded.luma()[0] & 0xff).isBetween(74, 78);
  }

  @Test
  void decode_colourAlone_leavesBrightnessOut() throws Exception {
    DecodedJpeg decoded = decoder.decode(jpeg(32, 32, Color.RED), JpegForms.bgrOnly(32, 32));
    assertThat(decoded.luma()).isNull();
    assertThat(decoded.bgr(32, 32)).hasSize(3 * 32 * 32);
  }

  @Test
  void decode_toSmallerSizes_showsTheWholePicture() throws Exception {
    byte[] jpeg = quarters(641, 363);
    for (int[] size : new int[][] {{640, 360}, {416, 234}, {320, 180}, {160, 90}, {33, 17}}) {
      int width = size[0];
      int height = size[1];
      DecodedJpeg decoded = decoder.decode(jpeg, JpegForms.bgrOnly(width, height));

      assertThat(decoded.width()).isEqualTo(641);
      assertThat(decoded.height()).isEqualTo(363);
      byte[] bgr = decoded.bgr(width, height);
      assertThat(bgr).hasSize(3 * width * height);
      assertColour(bgr, width, width / 4, height / 4, Color.RED);
      assertColour(bgr, width, width * 3 / 4, height / 4, Color.GREEN);
      assertColour(bgr, width, width / 4, height * 3 / 4, Color.BLUE);
      assertColour(bgr, width, width * 3 / 4, height * 3 / 4, Color.WHITE);
      assertThat(edge(bgr, width, height / 4)).isBetween(width / 2 - 2, width / 2 + 2);
    }
  }

  @Test
  void decode_toALargerSize_works() throws Exception {
    byte[] bgr = decoder.decode(quarters(64, 48), JpegForms.bgrOnly(200, 150)).bgr(200, 150);
    assertColour(bgr, 200, 50, 40, Color.RED);
    assertColour(bgr, 200, 150, 110, Color.WHITE);
  }

  @Test
  void decode_severalForms_givesAllOfThem() throws Exception {
    PictureSize small = new PictureSize(16, 12);
    PictureSize full = new PictureSize(64, 48);
    DecodedJpeg decoded =
        decoder.decode(quarters(64, 48), new JpegForms(true, Set.of(small, full)));
    assertThat(decoded.luma()).hasSize(64 * 48);
    assertColour(decoded.bgr(16, 12), 16, 3, 3, Color.RED);
    assertColour(decoded.bgr(64, 48), 64, 50, 8, Color.GREEN);
    assertThat(decoded.bgr(8, 6)).isNull();
  }

  @Test
  void size_thatNoPictureHas_isRefused() {
    assertThatThrownBy(() -> JpegForms.bgrOnly(0, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 x 10");
    assertThatThrownBy(() -> JpegForms.bgrOnly(10, 8193))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 8192");
  }

  @Test
  void decode_greyJpeg_works() throws Exception {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_GRAY);
    assertThat(decoded(encoded(image)).bgr(20, 20)).containsOnly(0);
  }

  @Test
  void decode_ofSampledFrame_keepsItsNumber() throws Exception {
    byte[] jpeg = jpeg(320, 180, Color.BLACK);
    DecodedJpeg decoded = decoded(jpeg);
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
        DecodedJpeg decoded = decoded(bad);
        assertThat(decoded.luma()).hasSize(decoded.width() * decoded.height());
      } catch (MediaException e) {
        assertThat(e.reason()).isIn(Reason.MALFORMED, Reason.UNSUPPORTED);
      }
    }
    assertThat(decoded(good).width()).isEqualTo(120);
  }

  /** Everything at full size. */
  private DecodedJpeg decoded(byte[] jpeg) throws MediaException {
    JpegHeader header = JpegHeader.read(ByteBuffer.wrap(jpeg));
    PictureSize size = new PictureSize(header.width(), header.height());
    return decoder.decode(jpeg, new JpegForms(true, Set.of(size)));
  }

  private static void assertColour(byte[] bgr, int width, int x, int y, Color expected) {
    int at = 3 * (y * width + x);
    assertThat(bgr[at] & 0xff).isCloseTo(expected.getBlue(), within(8));
    assertThat(bgr[at + 1] & 0xff).isCloseTo(expected.getGreen(), within(8));
    assertThat(bgr[at + 2] & 0xff).isCloseTo(expected.getRed(), within(8));
  }

  /** Where red gives way in a row. */
  private static int edge(byte[] bgr, int width, int row) {
    int x = 0;
    while (x < width && (bgr[3 * (row * width + x) + 2] & 0xff) > 127) {
      x++;
    }
    return x;
  }

  /** Red and green above blue and white. */
  private static byte[] quarters(int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        Color above = x < width / 2 ? Color.RED : Color.GREEN;
        Color below = x < width / 2 ? Color.BLUE : Color.WHITE;
        image.setRGB(x, y, (y < height / 2 ? above : below).getRGB());
      }
    }
    return encoded(image);
  }

  private void assertFails(byte[] jpeg, Reason reason, String words) {
    assertThatThrownBy(() -> decoded(jpeg))
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
