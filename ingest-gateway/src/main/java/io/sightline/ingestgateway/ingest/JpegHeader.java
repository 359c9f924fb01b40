package io.sightline.ingestgateway.ingest;

import io.sightline.records.FrameInfo;
import io.vertx.core.buffer.Buffer;

/**
 * The size of a JPEG (ITU-T T.81), read from its markers without decoding a pixel, so that a small
 * file which claims to be a huge picture is never handed to a decoder.
 */
record JpegHeader(int width, int height) {

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int TEM = 0x01;
  private static final int MIN_BYTES = 12;
  private static final int MAX_PADDING = 64;

  /**
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static JpegHeader of(Buffer jpeg) {
    int end = jpeg.length();
    if (end < MIN_BYTES || byteAt(jpeg, 0) != 0xFF || byteAt(jpeg, 1) != SOI) {
      throw new IllegalArgumentException("The picture is no JPEG");
    }
    requireEnd(jpeg);
    int at = 2;
    while (at + 4 <= end) {
      if (byteAt(jpeg, at) != 0xFF) {
        throw new IllegalArgumentException("The JPEG has no marker at byte " + at);
      }
      int marker = byteAt(jpeg, at + 1);
      if (marker == 0xFF) {
        at++;
        continue;
      }
      if (marker == TEM || (marker >= 0xD0 && marker <= 0xD7)) {
        at += 2;
        continue;
      }
      if (marker == SOS || marker == EOI || marker == SOI) {
        break;
      }
      int length = jpeg.getUnsignedShort(at + 2);
      if (length < 2 || at + 2 + length > end) {
        throw new IllegalArgumentException("The JPEG's marker at byte " + at + " is too long");
      }
      if (isFrame(marker)) {
        return frame(jpeg, at, length);
      }
      at += 2 + length;
    }
    throw new IllegalArgumentException("The JPEG does not say how large it is");
  }

  private static JpegHeader frame(Buffer jpeg, int at, int length) {
    if (length < 8) {
      throw new IllegalArgumentException("The JPEG's frame header is too short");
    }
    int height = jpeg.getUnsignedShort(at + 5);
    int width = jpeg.getUnsignedShort(at + 7);
    if (width < 1
        || height < 1
        || width > FrameInfo.MAX_DIMENSION
        || height > FrameInfo.MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "The JPEG measures "
              + width
              + "x"
              + height
              + "; 1 to "
              + FrameInfo.MAX_DIMENSION
              + " pixels a side are taken");
    }
    return new JpegHeader(width, height);
  }

  /** Cameras pad with zeros behind the end; what was cut off has no end at all. */
  private static void requireEnd(Buffer jpeg) {
    int last = jpeg.length() - 1;
    int floor = Math.max(2, last - MAX_PADDING);
    while (last > floor && byteAt(jpeg, last) == 0) {
      last--;
    }
    if (byteAt(jpeg, last) != EOI || byteAt(jpeg, last - 1) != 0xFF) {
      throw new IllegalArgumentException("The JPEG has no end: it was cut off");
    }
  }

  /** SOF0 to SOF15, but for DHT, JPG and DAC, which lie among them. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static int byteAt(Buffer jpeg, int at) {
    return jpeg.getByte(at) & 0xFF;
  }
}
