package io.sightline.media.h264;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.util.Arrays;

/**
 * The bits of a NAL unit without header, emulation prevention and trailing bits, as they are read.
 */
final class NalPayload {

  private final byte[] bytes;
  private final int end;
  private int at;

  private NalPayload(byte[] bytes, int end) {
    this.bytes = bytes;
    this.end = end;
  }

  /**
   * @throws MediaException MALFORMED when the unit has no payload
   */
  static NalPayload of(byte[] unit) throws MediaException {
    byte[] plain = new byte[unit.length];
    int length = 0;
    int zeros = 0;
    for (int index = 1; index < unit.length; index++) {
      if (zeros >= 2 && unit[index] == 3) {
        zeros = 0;
        continue;
      }
      plain[length++] = unit[index];
      zeros = unit[index] == 0 ? zeros + 1 : 0;
    }
    while (length > 0 && plain[length - 1] == 0) {
      length--;
    }
    if (length == 0) {
      throw new MediaException(Reason.MALFORMED, "A NAL unit has no payload");
    }
    int stop = Integer.numberOfTrailingZeros(plain[length - 1]);
    // One byte more, so that eight bits can be read across the last.
    return new NalPayload(Arrays.copyOf(plain, length + 1), length * 8 - stop - 1);
  }

  /** How many bits have been read. */
  int position() {
    return at;
  }

  /** Goes back to where it was. */
  void position(int bits) {
    at = bits;
  }

  int left() {
    return end - at;
  }

  int next() throws MediaException {
    if (at >= end) {
      throw new MediaException(Reason.MALFORMED, "A NAL unit breaks off");
    }
    int bit = bytes[at >> 3] >> (7 - (at & 7)) & 1;
    at++;
    return bit;
  }

  boolean flag() throws MediaException {
    return next() == 1;
  }

  int bits(int count) throws MediaException {
    int value = 0;
    for (int index = 0; index < count; index++) {
      value = value << 1 | next();
    }
    return value;
  }

  int octet() {
    int index = at >> 3;
    int both = (bytes[index] & 0xff) << 8 | bytes[index + 1] & 0xff;
    int value = both >> (8 - (at & 7)) & 0xff;
    at += 8;
    return value;
  }

  /** An unsigned Exp-Golomb number. */
  int unsigned() throws MediaException {
    int leading = 0;
    while (next() == 0) {
      if (++leading > 30) {
        throw new MediaException(Reason.MALFORMED, "A number in a NAL unit is too long");
      }
    }
    int value = 1;
    for (int index = 0; index < leading; index++) {
      value = value << 1 | next();
    }
    return value - 1;
  }

  /** A signed Exp-Golomb number. */
  int signed() throws MediaException {
    int value = unsigned();
    return (value & 1) == 1 ? (value >>> 1) + 1 : -(value >>> 1);
  }

  /** Reads up to the next byte. */
  void align() throws MediaException {
    while ((at & 7) != 0) {
      next();
    }
  }

  /** Copies bits up to a position. */
  void copyTo(int position, BitWriter to) throws MediaException {
    while (at < position) {
      to.bit(next());
    }
  }

  /** Copies all that follows. */
  void copyRest(BitWriter to) throws MediaException {
    while (left() >= 8) {
      to.octet(octet());
    }
    while (left() > 0) {
      to.bit(next());
    }
  }
}
