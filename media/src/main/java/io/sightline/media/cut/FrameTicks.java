package io.sightline.media.cut;

import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;

/** How long one frame of sound is, by its codec. */
final class FrameTicks {

  private static final int USUAL = 1024;
  private static final int HIGH_EFFICIENCY = 2048;
  private static final int OPUS = 960;
  private static final int MP3 = 1152;
  private static final int MP3_LOW_RATE = 576;
  private static final int AC3 = 1536;
  private static final int OPUS_RATE = 48_000;
  private static final int MP3_LOW_RATES_END = 32_000;

  private FrameTicks() {}

  /** In ticks of the recording. */
  static long of(TrackInfo track) {
    int rate = Math.max(1, track.sampleRate());
    int samples;
    switch (track.codec()) {
      case "opus":
        samples = OPUS;
        rate = OPUS_RATE;
        break;
      case "mp4a.6B":
      case "mp4a.69":
        samples = rate < MP3_LOW_RATES_END ? MP3_LOW_RATE : MP3;
        break;
      case "ac-3":
      case "ec-3":
        samples = AC3;
        break;
      case "mp4a.40.5":
      case "mp4a.40.29":
        samples = HIGH_EFFICIENCY;
        break;
      default:
        samples = USUAL;
        break;
    }
    return Rational.rescale(samples, new Rational(1, rate), new Rational(1, track.timescale()));
  }
}
