package io.sightline.storage.testing;

import io.vertx.core.buffer.Buffer;
import java.util.Random;

/** Bytes that prove themselves: they begin with a number from which all the others follow. */
final class Content {

  private static final int HEADER_BYTES = 8;

  private Content() {}

  static byte[] of(long number, int size) {
    byte[] bytes = new byte[HEADER_BYTES + size];
    new Random(number).nextBytes(bytes);
    return Buffer.buffer(bytes).setLong(0, number).getBytes();
  }

  /** Content whose size follows from its number as well. */
  static byte[] of(long number, Range sizes) {
    return of(number, sizes.min() + new Random(~number).nextInt(sizes.max() - sizes.min() + 1));
  }

  /**
   * The number of a whole content.
   *
   * @throws AssertionError when a byte is missing, wrong or too many
   */
  static long numberOf(byte[] bytes, Range sizes) {
    if (bytes.length < HEADER_BYTES) {
      throw new AssertionError("A torso of " + bytes.length + " bytes");
    }
    long number = Buffer.buffer(bytes).getLong(0);
    if (!java.util.Arrays.equals(bytes, of(number, sizes))) {
      throw new AssertionError("Number " + number + " is not whole: " + bytes.length + " bytes");
    }
    return number;
  }

  /** Sizes in bytes, both inclusive. */
  record Range(int min, int max) {}
}
