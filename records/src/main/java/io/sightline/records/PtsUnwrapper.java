package io.sightline.records;

/**
 * Continues 33-bit presentation times (MPEG-2 TS, ISO/IEC 13818-1) beyond their wrap every 26.5
 * hours. One per track; not thread-safe.
 */
public final class PtsUnwrapper {

  private static final long MODULUS = 1L << 33;

  private boolean started;
  private long last;

  /** The time nearest to the one before that equals {@code wrapped} modulo 2^33. */
  public long unwrap(long wrapped) {
    if (!started) {
      started = true;
      last = wrapped;
      return wrapped;
    }
    long difference = Math.floorMod(wrapped - last, MODULUS);
    last += difference >= MODULUS / 2 ? difference - MODULUS : difference;
    return last;
  }
}
