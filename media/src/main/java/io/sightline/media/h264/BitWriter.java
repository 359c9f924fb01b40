package io.sightline.media.h264;

import java.util.Arrays;

/**
 * Writes the payload of a NAL unit (ITU-T H.264, sections 7.2 and 9.1), with emulation prevention
 * bytes where they must be. Not thread-safe.
 */
final class BitWriter {

  private static final int EMULATION_PREVENTION = 3;

  private byte[] out;
  private int length;
  private int held;
  private int heldBits;
  private int zeros;

  /**
   * @param header the NAL unit's first byte
   * @param expectedBytes how long the unit will be, about
   */
  BitWriter(byte header, int expectedBytes) {
    out = new byte[expectedBytes + 16];
    append(header);
  }

  void bit(int bit) {
    held = held << 1 | bit & 1;
    if (++heldBits == 8) {
      write(held);
      held = 0;
      heldBits = 0;
    }
  }

  void bits(int value, int count) {
    for (int index = count - 1; index >= 0; index--) {
      bit(value >> index);
    }
  }

  /** Eight bits, wherever they fall. */
  void octet(int value) {
    int joined = held << 8 | value & 0xff;
    write(joined >> heldBits & 0xff);
    held = joined & (1 << heldBits) - 1;
  }

  /** An unsigned Exp-Golomb number. */
  void unsigned(int value) {
    long code = value + 1L;
    int size = 64 - Long.numberOfLeadingZeros(code);
    bits(0, size - 1);
    for (int index = size - 1; index >= 0; index--) {
      bit((int) (code >> index));
    }
  }

  /** Writes ones up to the next byte. */
  void align() {
    while (heldBits != 0) {
      bit(1);
    }
  }

  /** Ends the payload: a one, and zeros up to the next byte. */
  byte[] end() {
    bit(1);
    while (heldBits != 0) {
      bit(0);
    }
    return Arrays.copyOf(out, length);
  }

  private void write(int value) {
    if (zeros >= 2 && value <= EMULATION_PREVENTION) {
      append(EMULATION_PREVENTION);
      zeros = 0;
    }
    append(value);
    zeros = value == 0 ? zeros + 1 : 0;
  }

  private void append(int value) {
    if (length == out.length) {
      out = Arrays.copyOf(out, 2 * length);
    }
    out[length++] = (byte) value;
  }
}
