package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.SourceTrack;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * What pictures fade to and from: a colour, or a picture that covers all of theirs. Immutable, for
 * any thread.
 */
public final class Backdrop {

  private static final int HIGH_DEFINITION_LINES = 720;
  private static final int BT709 = 1;
  private static final int BT2020 = 9;
  private static final int BT2020_CONSTANT = 10;
  private static final int UNSPECIFIED = 2;
  private static final int RGB_MATRIX = 0;
  private static final double BT709_RED = 0.2126;
  private static final double BT601_RED = 0.299;

  private final int color;
  private final BufferedImage picture;

  private Backdrop(int color, BufferedImage picture) {
    this.color = color;
    this.picture = picture;
  }

  /**
   * @param rgb 0xRRGGBB
   */
  public static Backdrop of(int rgb) {
    return new Backdrop(rgb, null);
  }

  /**
   * @param file a PNG or JPEG
   * @throws MediaException MALFORMED when it is neither, or damaged; UNSUPPORTED when it is too
   *     large
   */
  public static Backdrop of(byte[] file) throws MediaException {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      ImageReader reader = readers.hasNext() ? readers.next() : null;
      String format = reader == null ? "" : reader.getFormatName();
      if (!format.equalsIgnoreCase("png") && !format.equalsIgnoreCase("jpeg")) {
        throw new MediaException(Reason.MALFORMED, "It is neither a PNG nor a JPEG");
      }
      reader.setInput(in);
      int longest = Math.max(reader.getWidth(0), reader.getHeight(0));
      if (longest > SourceTrack.MAX_DIMENSION) {
        throw new MediaException(
            Reason.UNSUPPORTED,
            "A picture measures up to "
                + SourceTrack.MAX_DIMENSION
                + " pixels a side, not "
                + longest);
      }
      BufferedImage read = reader.read(0);
      // Where it is transparent, black shows.
      BufferedImage opaque =
          new BufferedImage(read.getWidth(), read.getHeight(), BufferedImage.TYPE_INT_RGB);
      Graphics2D pen = opaque.createGraphics();
      pen.drawImage(read, 0, 0, null);
      pen.dispose();
      return new Backdrop(0, opaque);
    } catch (IOException | RuntimeException e) {
      throw new MediaException(Reason.MALFORMED, "The picture is damaged: it cannot be decoded", e);
    }
  }

  /**
   * Its three planes in 4:2:0, row by row without padding.
   *
   * @param width of a picture in pixels, even
   * @param height of a picture in pixels, even
   * @param stretch width over height of a pixel
   * @param matrixId FFmpeg's number of the colour matrix
   * @param full whether brightness uses all values from 0 to 255
   */
  byte[][] planes(int width, int height, double stretch, int matrixId, boolean full) {
    byte[][] planes = {
      new byte[width * height], new byte[width * height / 4], new byte[width * height / 4]
    };
    Matrix matrix = Matrix.of(matrixId, height, full);
    if (picture == null) {
      for (int plane = 0; plane < planes.length; plane++) {
        Arrays.fill(planes[plane], (byte) matrix.value(plane, color));
      }
      return planes;
    }
    int[] pixels = covering(width, height, stretch).getRGB(0, 0, width, height, null, 0, width);
    for (int at = 0; at < pixels.length; at++) {
      planes[0][at] = (byte) matrix.value(0, pixels[at]);
    }
    for (int y = 0; y < height / 2; y++) {
      for (int x = 0; x < width / 2; x++) {
        int at = 2 * y * width + 2 * x;
        int mean = mean(pixels[at], pixels[at + 1], pixels[at + width], pixels[at + width + 1]);
        planes[1][y * (width / 2) + x] = (byte) matrix.value(1, mean);
        planes[2][y * (width / 2) + x] = (byte) matrix.value(2, mean);
      }
    }
    return planes;
  }

  /** What FFmpeg's filters call a colour matrix; what is not said follows from the lines. */
  static String matrix(int id, int height) {
    Matrix matrix = Matrix.of(id, height, false);
    return matrix.red() == BT709_RED ? "bt709" : matrix.red() == BT601_RED ? "bt601" : "bt2020";
  }

  /** All of the area, in its own shape; what is too much at its sides is cut off. */
  private BufferedImage covering(int width, int height, double stretch) {
    double shown = width * stretch;
    double scale = Math.max(shown / picture.getWidth(), height / (double) picture.getHeight());
    int scaledWidth = (int) Math.ceil(picture.getWidth() * scale / stretch);
    int scaledHeight = (int) Math.ceil(picture.getHeight() * scale);
    BufferedImage area = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = area.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    pen.drawImage(
        picture,
        (width - scaledWidth) / 2,
        (height - scaledHeight) / 2,
        scaledWidth,
        scaledHeight,
        null);
    pen.dispose();
    return area;
  }

  private static int mean(int... pixels) {
    int mean = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int sum = 0;
      for (int pixel : pixels) {
        sum += pixel >> shift & 0xff;
      }
      mean |= (sum + pixels.length / 2) / pixels.length << shift;
    }
    return mean;
  }

  /**
   * From RGB to brightness and colour difference (ITU-T H.273).
   *
   * @param red what red adds to brightness
   * @param blue what blue adds to brightness
   */
  private record Matrix(double red, double blue, boolean full) {

    static Matrix of(int id, int height, boolean full) {
      boolean unknown = id == UNSPECIFIED || id == RGB_MATRIX;
      if (id == BT709 || unknown && height >= HIGH_DEFINITION_LINES) {
        return new Matrix(BT709_RED, 0.0722, full);
      }
      return id == BT2020 || id == BT2020_CONSTANT
          ? new Matrix(0.2627, 0.0593, full)
          : new Matrix(BT601_RED, 0.114, full);
    }

    int value(int plane, int rgb) {
      double r = (rgb >> 16 & 0xff) / 255.0;
      double g = (rgb >> 8 & 0xff) / 255.0;
      double b = (rgb & 0xff) / 255.0;
      double luma = red * r + (1 - red - blue) * g + blue * b;
      if (plane == 0) {
        return (int) Math.round(full ? 255 * luma : 16 + 219 * luma);
      }
      double difference = plane == 1 ? (b - luma) / (2 * (1 - blue)) : (r - luma) / (2 * (1 - red));
      return (int) Math.round(Math.min(255, 128 + (full ? 255 : 224) * difference));
    }
  }
}
