package io.sightline.edgecapture;

/** Holds a file back to the pace at which it plays. One thread. */
final class Pacer {

  private static final long MAX_STEP_BACK_MICROS = 1_000_000;

  private final CaptureClock clock;
  private boolean started;
  private long mediaStart;
  private long clockStart;
  private long last;

  Pacer(CaptureClock clock) {
    this.clock = clock;
  }

  /** Blocks until it is time for what is decoded at {@code mediaMicros}. */
  void await(long mediaMicros) throws InterruptedException {
    if (!started
        || mediaMicros < last - MAX_STEP_BACK_MICROS
        || mediaMicros > last + TimestampWatch.MAX_FORWARD_MICROS) {
      started = true;
      mediaStart = mediaMicros;
      clockStart = clock.nowMicros();
    }
    last = mediaMicros;
    clock.awaitMicros(clockStart + mediaMicros - mediaStart);
  }
}
