package io.sightline.edgecapture;

import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Rational;

/** Reads the times of one track's packets. */
record TrackTimes(SourceTrack track) {

  private static final Rational MICROS = new Rational(1, 1_000_000);

  /** What a picture lasts where nothing says so: 25 a second. */
  private static final long USUAL_PICTURE_MICROS = 40_000;

  /** The decode time, or the presentation time where there is none; absent when both are. */
  static long decodeTime(Packet packet) {
    return packet.dts() == Packet.ABSENT ? packet.pts() : packet.dts();
  }

  /** The presentation time, or the decode time where there is none; absent when both are. */
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
    return rate == null || rate.numerator() == 0
        ? USUAL_PICTURE_MICROS
        : Math.round(1e6 / rate.toDouble());
  }
}
