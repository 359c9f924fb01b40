package io.sightline.edgecapture.mjpeg;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Small JPEGs that differ from each other. */
public final class TestPictures {

  private TestPictures() {}

  public static byte[] jpeg(int number) {
    return jpeg(number, 160, 90);
  }

  public static byte[] jpeg(int number, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D drawing = image.createGraphics();
    drawing.setColor(new Color(40, number * 7 % 256, 90));
    drawing.fillRect(number % width, 10, 30, 40);
    drawing.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "jpeg", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static List<byte[]> jpegs(int count) {
    return IntStream.range(0, count).mapToObj(TestPictures::jpeg).toList();
  }

  /** The same without its Huffman tables, as some cameras send it. */
  static byte[] withoutTables(byte[] jpeg) {
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
