package io.sightline.edgecapture;

import io.sightline.media.source.Packet;
import io.sightline.records.InputInUse.OffsetFrom;
import io.sightline.records.InputSpec;
import io.sightline.records.Positions;

/**
 * Lays what is analyzed beside another input that is recorded, so that a frame has the position of
 * the same instant in the recording. Cameras send their sub-stream earlier or later than the main
 * one, by what their encoders take.
 *
 * <ul>
 *   <li>A declared offset counts alone: so much later than it arrives.
 *   <li>Else, where both inputs tell the clock of their sender, what has the same time there has
 *       the same position. That is exact, and says by how much arrival is off: what is laid before
 *       the sender has told its clock again goes by that.
 *   <li>Else, and where the two clocks differ by more than five seconds from what arrival says, so
 *       that they are not one, what arrives at the same time counts as simultaneous.
 * </ul>
 *
 * <p>What has been laid stays as it is within an epoch. Where it turns out, over a second of
 * pictures, to be off by more than 50 ms, a new epoch is to begin; at most twice a minute. All
 * methods may be called from any thread.
 */
final class InputOffset {

  /** Where a picture belongs, and how that is known. */
  record Laid(long positionMicros, OffsetFrom from) {}

  private static final long MAX_MICROS = Positions.micros(InputSpec.MAX_OFFSET);

  /** Nobody sees less: a picture at 20 a second. */
  private static final long TOLERATED_MICROS = 50_000;

  private static final int ENOUGH_PICTURES = 25;
  private static final long RENEWAL_MICROS = 30 * Positions.MICROS_PER_SECOND;

  /** How much one picture counts against all before it; sender reports jitter by milliseconds. */
  private static final double WEIGHT = 1 / 16.0;

  /** A mean in which the newest values count most. */
  private static final class Mean {
    private double value;
    private int count;

    void add(long sample) {
      count = Math.min(count + 1, ENOUGH_PICTURES);
      // The first ones count alike.
      value += (sample - value) * Math.max(WEIGHT, 1.0 / count);
    }

    void clear() {
      count = 0;
      value = 0;
    }
  }

  /** The epoch that the axis below is of. */
  private String epoch = "";

  /** Position less sender's clock, of what is recorded. */
  private final Mean axis = new Mean();

  /** How much later than it arrives what is analyzed belongs, as far as it was ever measured. */
  private final Mean offset = new Mean();

  /** By how much what is laid now is off. */
  private final Mean error = new Mean();

  private long renewedMicros = Long.MIN_VALUE;

  /** Of a picture that is recorded: its position and its sender's clock. */
  synchronized void recorded(String inEpoch, long positionMicros, long senderMicros) {
    if (senderMicros == Packet.ABSENT) {
      return;
    }
    long difference = positionMicros - senderMicros;
    if (!epoch.equals(inEpoch) || Math.abs(difference - axis.value) > MAX_MICROS) {
      epoch = inEpoch;
      axis.clear();
      error.clear();
    }
    axis.add(difference);
  }

  /** Another source is recorded or analyzed from now on: what was measured says nothing of it. */
  synchronized void changed() {
    offset.clear();
    error.clear();
  }

  /**
   * Where the first picture of a source belongs that joins an epoch.
   *
   * @param configured how much later than it arrives; null when that is not declared
   */
  synchronized Laid lay(String inEpoch, long arrivalMicros, long senderMicros, Long configured) {
    error.clear();
    if (configured != null) {
      return new Laid(arrivalMicros + configured, OffsetFrom.CONFIGURED);
    }
    if (knows(inEpoch, senderMicros)) {
      long position = position(senderMicros);
      if (Math.abs(position - arrivalMicros) <= MAX_MICROS) {
        return new Laid(position, OffsetFrom.SENDER_CLOCK);
      }
    } else if (offset.count == ENOUGH_PICTURES) {
      return new Laid(arrivalMicros + Math.round(offset.value), OffsetFrom.SENDER_CLOCK);
    }
    return new Laid(arrivalMicros, OffsetFrom.ARRIVAL);
  }

  /**
   * Of a picture that is analyzed, without a declared offset.
   *
   * @return whether a new epoch should begin, since it belongs elsewhere
   */
  synchronized boolean misplaced(
      String inEpoch, long positionMicros, long arrivalMicros, long senderMicros) {
    if (!knows(inEpoch, senderMicros)) {
      return false;
    }
    long position = position(senderMicros);
    if (Math.abs(position - arrivalMicros) > MAX_MICROS) {
      changed();
      return false;
    }
    offset.add(position - arrivalMicros);
    error.add(position - positionMicros);
    boolean due =
        renewedMicros == Long.MIN_VALUE
            || Math.abs(arrivalMicros - renewedMicros) >= RENEWAL_MICROS;
    if (error.count < ENOUGH_PICTURES || Math.abs(error.value) <= TOLERATED_MICROS || !due) {
      return false;
    }
    renewedMicros = arrivalMicros;
    error.clear();
    return true;
  }

  /** How much later than it arrives what is analyzed belongs, as measured last. */
  synchronized long measuredMicros() {
    return Math.round(offset.value);
  }

  private boolean knows(String inEpoch, long senderMicros) {
    return senderMicros != Packet.ABSENT && epoch.equals(inEpoch) && axis.count > 0;
  }

  private long position(long senderMicros) {
    return senderMicros + Math.round(axis.value);
  }
}
