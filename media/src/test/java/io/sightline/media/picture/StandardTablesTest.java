package io.sightline.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class StandardTablesTest {

  private static final JpegForms COLOUR = new JpegForms(true, Set.of(new PictureSize(64, 48)));

  @Test
  void into_pictureWithoutTables_looksLikeTheOneThatHadThem() throws Exception {
    byte[] whole = jpeg();
    byte[] bare = withoutTables(whole);
    assertThat(JpegHeader.read(ByteBuffer.wrap(bare)).hasTables()).isFalse();

    ByteBuffer completed = StandardTables.into(ByteBuffer.wrap(bare));

    byte[] bytes = new byte[completed.remaining()];
    completed.get(bytes);
    assertThat(JpegHeader.read(ByteBuffer.wrap(bytes)).hasTables()).isTrue();
    try (JpegDecoder decoder = new JpegDecoder()) {
      assertThat(decoder.decode(bytes, COLOUR).luma())
          .isEqualTo(decoder.decode(whole, COLOUR).luma());
    }
    BufferedImage seen = ImageIO.read(new ByteArrayInputStream(bytes));
    BufferedImage meant = ImageIO.read(new ByteArrayInputStream(whole));
    assertThat(seen.getRGB(0, 0, 64, 48, null, 0, 64))
        .isEqualTo(meant.getRGB(0, 0, 64, 48, null, 0, 64));
  }

  @Test
  void into_progressive_isRefused() throws Exception {
    byte[] bare = withoutTables(jpeg());
    for (int i = 0; i + 1 < bare.length; i++) {
      if ((bare[i] & 0xff) == 0xff && (bare[i + 1] & 0xff) == 0xc0) {
        bare[i + 1] = (byte) 0xc2;
        break;
      }
    }
    assertThatThrownBy(() -> StandardTables.into(ByteBuffer.wrap(bare)))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("no tables");
  }

  private static byte[] jpeg() throws Exception {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 64; x++) {
        image.setRGB(x, y, x * 4 << 16 | y * 5 << 8 | (x ^ y) * 3);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", bytes);
    return bytes.toByteArray();
  }

  private static byte[] withoutTables(byte[] jpeg) {
    ByteArrayOutputStream bare = new ByteArrayOutputStream();
    ByteBuffer bytes = ByteBuffer.wrap(jpeg);
    int at = 2;
    bare.write(jpeg, 0, 2);
    while ((jpeg[at + 1] & 0xff) != 0xda) {
      int length = 2 + (bytes.getShort(at + 2) & 0xffff);
      if ((jpeg[at + 1] & 0xff) != 0xc4) {
        bare.write(jpeg, at, length);
      }
      at += length;
    }
    bare.write(jpeg, at, jpeg.length - at);
    return bare.toByteArray();
  }
}
