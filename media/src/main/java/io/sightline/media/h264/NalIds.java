package io.sightline.media.h264;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.util.Arrays;

/** Ids inside NAL units. */
final class NalIds {

  private NalIds() {}

  /**
   * A copy of a unit with other numbers in one place; everything behind them is shifted.
   *
   * @param skippedBits before that place
   * @param skippedNumbers Exp-Golomb numbers behind those bits and before that place
   * @param ids Exp-Golomb numbers that replace those that stand there
   */
  static byte[] replaced(byte[] unit, int skippedBits, int skippedNumbers, int... ids)
      throws MediaException {
    Payload from = Payload.of(unit);
    BitWriter to = new BitWriter(unit[0], unit.length);
    for (int index = 0; index < skippedBits; index++) {
      to.bit(from.next());
    }
    for (int index = 0; index < skippedNumbers; index++) {
      to.unsigned(from.unsigned());
    }
    for (int id : ids) {
      from.unsigned();
      to.unsigned(id);
    }
    while (from.left() >= 8) {
      to.octet(from.octet());
    }
    while (from.left() > 0) {
      to.bit(from.next());
    }
    return to.end();
  }

  /** The bits of a unit without header, emulation prevention and trailing bits. */
  private static final class Payload {

    private final byte[] bytes;
    private final int end;
    private int at;

    private Payload(byte[] bytes, int end) {
      this.bytes = bytes;
      this.end = end;
    }

    static Payload of(byte[] unit) throws MediaException {
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
      return new Payload(Arrays.copyOf(plain, length + 1), length * 8 - stop - 1);
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

    int octet() {
      int index = at >> 3;
      int both = (bytes[index] & 0xff) << 8 | bytes[index + 1] & 0xff;
      int value = both >> (8 - (at & 7)) & 0xff;
      at += 8;
      return value;
    }

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
  }
}
