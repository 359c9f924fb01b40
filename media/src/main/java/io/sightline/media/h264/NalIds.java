package io.sightline.media.h264;

import io.sightline.media.MediaException;

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
    NalPayload from = NalPayload.of(unit);
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
    from.copyRest(to);
    return to.end();
  }
}
