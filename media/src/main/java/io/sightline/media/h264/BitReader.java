package io.sightline.media.h264;

import io.sightline.media.MediaException;

/**
 * Reads bits of a NAL unit's payload (ITU-T H.264, sections 7.2 and 9.1), skipping emulation
 * prevention bytes.
 */
public final class BitReader {

  private final byte[] data;
  private int at;
  private int bit;
  private int zeros;
  private int position;

  /**
   * @param from the first byte to read
   */
  public BitReader(byte[] unit, int from) {
    this.data = unit;
    this.at = from;
  }

  /**
   * A number of fixed length.
   *
   * @param count up to 32
   * @throws MediaException MALFORMED when the unit breaks off
   */
  public int bits(int count) throws MediaException {
    int value = 0;
    for (int index = 0; index < count; index++) {
      value = value << 1 | next();
    }
    return value;
  }

  /** How many bits of the payload have been read. */
  int position() {
    return position;
  }

  public boolean flag() throws MediaException {
    return next() == 1;
  }

  /** An unsigned Exp-Golomb number. */
  public int unsigned() throws MediaException {
    int leading = 0;
    while (next() == 0) {
      if (++leading > 31) {
        throw malformed("A number in a NAL unit is too long");
      }
    }
    return (int) ((1L << leading) - 1 + (bits(leading) & 0xffffffffL));
  }

  /** A signed Exp-Golomb number. */
  public int signed() throws MediaException {
    int value = unsigned();
    return (value & 1) == 1 ? (value >>> 1) + 1 : -(value >>> 1);
  }

  private int next() throws MediaException {
    if (bit == 0 && zeros >= 2 && at < data.length && data[at] == 3) {
      at++;
      zeros = 0;
    }
    if (at >= data.length) {
      throw malformed("A NAL unit breaks off");
    }
    int value = data[at] >> (7 - bit) & 1;
    position++;
    if (++bit == 8) {
      zeros = data[at] == 0 ? zeros + 1 : 0;
      bit = 0;
      at++;
    }
    return value;
  }

  private static MediaException malformed(String message) {
    return new MediaException(MediaException.Reason.MALFORMED, message);
  }
}
