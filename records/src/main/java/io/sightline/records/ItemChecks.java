package io.sightline.records;

/** What every item of an epoch must have. */
final class ItemChecks {

  private ItemChecks() {}

  static void check(String stream, String epoch, String run, long sequence, long positionMicros) {
    Ids.requireName("stream", stream);
    Ids.requireName("epoch", epoch);
    Ids.requireName("run", run);
    if (sequence < 0
        || positionMicros < 0
        || sequence > Ids.MAX_SEQUENCE
        || positionMicros > Ids.MAX_POSITION_MICROS) {
      throw new IllegalArgumentException(
          "Sequence and position of '"
              + stream
              + "' must be neither negative nor beyond all time: "
              + sequence
              + ", "
              + positionMicros);
    }
  }
}
