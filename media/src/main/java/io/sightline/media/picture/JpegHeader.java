package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.nio.ByteBuffer;

/**
 * What the markers of a JPEG say (ITU-T T.81), read without decoding and without trust.
 *
 * @param width in pixels
 * @param height in pixels
 * @param components colour channels: 1 or 3, seldom 4
 * @param hasTables whether it brings its own Huffman tables; pictures of some MJPEG sources do not
 * @param lengthBytes up to and with its end marker
 */
public record JpegHeader(
    int width, int height, int components, boolean hasTables, int lengthBytes) {

  private static final int START = 0xd8;
  private static final int END = 0xd9;
  private static final int SCAN = 0xda;
  private static final int HUFFMAN = 0xc4;
  private static final int ARITHMETIC = 0xcc;
  private static final int RESERVED = 0xc8;

  /**
   * Reads the header of a JPEG.
   *
   * @param jpeg from its position on; the position is not moved
   * @throws MediaException MALFORMED when it is no whole JPEG; UNSUPPORTED when it is larger than
   *     {@link JpegDecoder#MAX_DIMENSION}
   */
  public static JpegHeader read(ByteBuffer jpeg) throws MediaException {
    ByteBuffer bytes = jpeg.slice();
    if (bytes.remaining() < 4 || word(bytes, 0) != 0xff00 + START) {
      throw malformed("it does not begin like one");
    }
    int width = 0;
    int height = 0;
    int components = 0;
    boolean tables = false;
    int at = 2;
    while (true) {
      if (at + 4 > bytes.limit() || (bytes.get(at) & 0xff) != 0xff) {
        throw malformed("its markers end too early");
      }
      int marker = bytes.get(at + 1) & 0xff;
      if (marker == 0xff) {
        at++;
        continue;
      }
      int length = word(bytes, at + 2);
      if (marker == END || length < 2 || at + 2 + length > bytes.limit()) {
        throw malformed("its markers end too early");
      }
      if (isFrame(marker)) {
        if (length < 8) {
          throw malformed("its size is missing");
        }
        height = word(bytes, at + 5);
        width = word(bytes, at + 7);
        components = bytes.get(at + 9) & 0xff;
      }
      tables |= marker == HUFFMAN;
      if (marker == SCAN) {
        break;
      }
      at += 2 + length;
    }
    checkSize(width, height);
    return new JpegHeader(width, height, components, tables, end(bytes, at));
  }

  private static void checkSize(int width, int height) throws MediaException {
    if (width == 0 || height == 0) {
      throw malformed("it does not say how large it is");
    }
    if (width > JpegDecoder.MAX_DIMENSION || height > JpegDecoder.MAX_DIMENSION) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "A JPEG of "
              + width
              + "x"
              + height
              + " is too large; up to "
              + JpegDecoder.MAX_DIMENSION
              + " pixels a side are supported");
    }
  }

  /**
   * Entropy-coded data holds no marker but restarts, so the first end marker after it is its own.
   */
  private static int end(ByteBuffer bytes, int scan) throws MediaException {
    for (int at = scan + 2; at + 1 < bytes.limit(); at++) {
      if (bytes.get(at) == (byte) 0xff && (bytes.get(at + 1) & 0xff) == END) {
        return at + 2;
      }
    }
    throw malformed("it breaks off");
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0
        && marker <= 0xcf
        && marker != HUFFMAN
        && marker != RESERVED
        && marker != ARITHMETIC;
  }

  private static int word(ByteBuffer bytes, int at) {
    return bytes.getShort(at) & 0xffff;
  }

  private static MediaException malformed(String why) {
    return new MediaException(Reason.MALFORMED, "This is no whole JPEG: " + why);
  }
}
