package io.sightline.edgecapture;

import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.PtsUnwrapper;
import io.sightline.records.Rational;

/** Continues the times of one track beyond the wrap of 33 bits. One thread. */
final class TrackTimes {

  private static final Rational MPEG_BASE = new Rational(1, 90_000);
  private static final Rational MICROS = new Rational(1, 1_000_000);
  private static final long MODULUS = 1L << 33;

  private final SourceTrack track;
  private final PtsUnwrapper unwrapper;

  TrackTimes(SourceTrack track) {
    this.track = track;
    this.unwrapper = track.timeBase().equals(MPEG_BASE) ? new PtsUnwrapper() : null;
  }

  SourceTrack track() {
    return track;
  }

  /** The packet with continued times; the same bytes. */
  Packet continued(Packet packet) {
    if (unwrapper == null || decodeTime(packet) == Packet.ABSENT) {
      return packet;
    }
    long decode = unwrapper.unwrap(decodeTime(packet));
    long shown = packet.pts();
    if (shown != Packet.ABSENT) {
      long after = Math.floorMod(shown - decode, MODULUS);
      shown = decode + (after >= MODULUS / 2 ? after - MODULUS : after);
    }
    boolean same =
        shown == packet.pts() && (packet.dts() == Packet.ABSENT || packet.dts() == decode);
    return same
        ? packet
        : Packet.of(
            packet.track(),
            shown,
            packet.dts() == Packet.ABSENT ? Packet.ABSENT : decode,
            packet.duration(),
            packet.keyframe(),
            packet.data());
  }

  /** The decode time, or the presentation time where there is none; {@link Packet#ABSENT} if so. */
  static long decodeTime(Packet packet) {
    return packet.dts() == Packet.ABSENT ? packet.pts() : packet.dts();
  }

  /** The presentation time, or the decode time where there is none. */
  static long shownTime(Packet packet) {
    return packet.pts() == Packet.ABSENT ? packet.dts() : packet.pts();
  }

  long micros(long ticks) {
    return Rational.rescale(ticks, track.timeBase(), MICROS);
  }

  /** How long the packet is shown; what the frame rate says where the packet does not. */
  long durationMicros(Packet packet) {
    if (packet.duration() > 0) {
      return micros(packet.duration());
    }
    Rational rate = track.frameRate();
    return rate == null || rate.numerator() == 0 ? 40_000 : Math.round(1e6 / rate.toDouble());
  }
}
