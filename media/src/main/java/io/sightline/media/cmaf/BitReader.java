package io.sightline.media.cmaf;

import io.sightline.media.MediaException;

/**
 * Reads bits of a NAL unit's payload (ITU-T H.264, sections 7.2 and 9.1), skipping emulation
 * prevention bytes.
 */
final class BitReader {

  private final byte[] data;
  private int at;
  private int bit;
  private int zeros;

  BitReader(byte[] unit, int from) {
    this.data = unit;
    this.at = from;
  }

  int bits(int count) throws MediaException {
    int value = 0;
    for (int index = 0; index < count; index++) {
      value = value << 1 | next();
    }
    return value;
  }

  boolean flag() throws MediaException {
    return next() == 1;
  }

  /** An unsigned Exp-Golomb number. */
  int unsigned() throws MediaException {
    int leading = 0;
    while (next() == 0) {
      if (++leading > 31) {
        throw Mp4Box.malformed("A number in a parameter set is too long");
      }
    }
    return (int) ((1L << leading) - 1 + (bits(leading) & 0xffffffffL));
  }

  /** A signed Exp-Golomb number. */
  int signed() throws MediaException {
    int value = unsigned();
    return (value & 1) == 1 ? (value >>> 1) + 1 : -(value >>> 1);
  }

  private int next() throws MediaException {
    if (bit == 0 && zeros >= 2 && at < data.length && data[at] == 3) {
      at++;
      zeros = 0;
    }
    if (at >= data.length) {
      throw Mp4Box.malformed("A parameter set breaks off");
    }
    int value = data[at] >> (7 - bit) & 1;
    if (++bit == 8) {
      zeros = data[at] == 0 ? zeros + 1 : 0;
      bit = 0;
      at++;
    }
    return value;
  }
}
