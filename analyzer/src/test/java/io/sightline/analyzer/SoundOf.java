package io.sightline.analyzer;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.TrackInfo;
import io.sightline.records.plugin.Sound;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Chunks of made-up sound. */
public final class SoundOf {

  public static final int RATE = 48_000;
  public static final long START = 1_700_000_000_000_000L;

  private SoundOf() {}

  /**
   * @param from seconds since {@link #START}
   * @param wave level by second since {@link #START}, one a channel
   */
  public static Sound wave(double from, double seconds, DoubleUnaryOperator... wave) {
    int first = (int) Math.round(from * RATE);
    float[][] channels = new float[wave.length][(int) Math.round(seconds * RATE)];
    for (int c = 0; c < wave.length; c++) {
      for (int i = 0; i < channels[c].length; i++) {
        channels[c][i] = (float) wave[c].applyAsDouble((first + i) / (double) RATE);
      }
    }
    return new Sound(chunk(from, seconds), 1, RATE, channels);
  }

  public static DoubleUnaryOperator sine(double hertz, double amplitude) {
    return t -> amplitude * Math.sin(2 * Math.PI * hertz * t);
  }

  static ChunkInfo chunk(double from, double seconds) {
    long position = START + Math.round(from * 1e6);
    TrackInfo track =
        new TrackInfo(
            1, TrackInfo.Kind.AUDIO, "mp4a.40.2", "init", RATE, 0, 0, 0, null, RATE, 2, null);
    Fragment fragment = new Fragment(1, position, 0, Math.round(seconds * RATE), 0, 100, true);
    return new ChunkInfo(
        "lobby",
        "e",
        "live",
        Math.round(from),
        position,
        Math.round(seconds * 1e6),
        0,
        "k",
        100,
        List.of(track),
        List.of(fragment));
  }
}
