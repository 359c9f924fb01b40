package io.sightline.edgecapture;

import io.sightline.media.source.Packet;
import io.sightline.records.InputInUse;

/**
 * Where one feed lies beside another of the stream. Files share their beginning; of live inputs the
 * leading one makes the axis, and the other is laid on it as {@link InputOffset} says. One thread.
 */
final class Joining {

  private final EpochLine line;
  private final Turn turn;
  private final boolean leading;
  private long joinedFilesAtMicros = -1;
  private boolean byOffset;

  /**
   * @param leading whether it makes the axis
   */
  Joining(EpochLine line, Turn turn, boolean leading) {
    this.line = line;
    this.turn = turn;
    this.leading = leading;
  }

  /**
   * Where a picture belongs with which the feed joins an epoch of the leading one.
   *
   * @param readMicros up to which position it has been read
   */
  long position(EpochStart epoch, Packet packet, long arrivalMicros, long readMicros) {
    if (!line.live()) {
      joinedFilesAtMicros = joinedFilesAtMicros < 0 ? epoch.startMicros() : readMicros;
      return joinedFilesAtMicros;
    }
    InputOffset.Laid laid =
        line.offset().lay(epoch.epoch(), arrivalMicros, packet.senderMicros(), turn.offsetMicros());
    byOffset = laid.from() != InputInUse.OffsetFrom.ARRIVAL;
    turn.laid(laid.positionMicros() - arrivalMicros, laid.from());
    return byOffset ? laid.positionMicros() : Math.max(laid.positionMicros(), epoch.startMicros());
  }

  /** Whether what lies before the epoch is needed all the same, by pictures that do not. */
  boolean reachesBack() {
    return byOffset;
  }

  /** Learns from a picture how the inputs lie to each other. */
  void learn(EpochWriter writer, Packet packet, long positionMicros, long arrivalMicros) {
    if (!line.live()) {
      return;
    }
    InputOffset offset = line.offset();
    String epoch = writer.start().epoch();
    if (leading) {
      offset.recorded(epoch, positionMicros, packet.senderMicros());
    } else if (turn.offsetMicros() == null
        && writer == line.current()
        && offset.misplaced(epoch, positionMicros, arrivalMicros, packet.senderMicros())) {
      line.renew(
          "what is analyzed was measured to belong "
              + offset.measuredMicros() / 1_000
              + " ms after its arrival");
    }
  }
}
