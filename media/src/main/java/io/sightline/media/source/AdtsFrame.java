package io.sightline.media.source;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * AAC in ADTS frames (ISO/IEC 13818-7), as MPEG-TS carries it, made to look like AAC anywhere else:
 * raw packets and an AudioSpecificConfig (ISO/IEC 14496-3).
 */
final class AdtsFrame {

  private static final int[] RATES = {
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350
  };
  private static final int SBR = 5;
  private static final int PARAMETRIC_STEREO = 29;
  private static final int LOW_COMPLEXITY = 2;

  private AdtsFrame() {}

  /**
   * The AudioSpecificConfig of a track.
   *
   * @param profile FFmpeg's: the object type less one
   */
  static Optional<byte[]> config(int profile, int sampleRate, int channels) {
    int type = profile < 0 ? LOW_COMPLEXITY : profile + 1;
    boolean replicated = type == SBR || type == PARAMETRIC_STEREO;
    int core = rateIndex(replicated ? sampleRate / 2 : sampleRate);
    int extended = rateIndex(sampleRate);
    int coreChannels = type == PARAMETRIC_STEREO ? 1 : channels;
    if (core < 0 || extended < 0 || type > 31 || coreChannels < 1 || coreChannels > 8) {
      return Optional.empty();
    }
    // Seven loudspeakers and one for low tones are configuration 7.
    int configuration = coreChannels == 8 ? 7 : coreChannels;
    if (coreChannels == 7) {
      return Optional.empty();
    }
    if (!replicated) {
      int bits = type << 11 | core << 7 | configuration << 3;
      return Optional.of(new byte[] {(byte) (bits >> 8), (byte) bits});
    }
    int bits =
        type << 27 | core << 23 | configuration << 19 | extended << 15 | LOW_COMPLEXITY << 10;
    return Optional.of(
        new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
  }

  /** The raw frame inside; {@code data} itself when it is raw already. */
  static ByteBuffer unwrapped(ByteBuffer data) {
    int start = data.position();
    if (data.remaining() < 7
        || (data.get(start) & 0xff) != 0xff
        || (data.get(start + 1) & 0xf6) != 0xf0) {
      return data;
    }
    boolean checksum = (data.get(start + 1) & 1) == 0;
    int header = checksum ? 9 : 7;
    if (data.remaining() <= header) {
      return data;
    }
    ByteBuffer raw = data.duplicate();
    raw.position(start + header);
    return raw.slice();
  }

  private static int rateIndex(int rate) {
    for (int i = 0; i < RATES.length; i++) {
      if (RATES[i] == rate) {
        return i;
      }
    }
    return -1;
  }
}
