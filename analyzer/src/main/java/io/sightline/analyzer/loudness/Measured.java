package io.sightline.analyzer.loudness;

import java.util.List;

/**
 * What was measured of one track of one chunk. Levels go down to {@link Decibels#FLOOR}, which
 * stands for nothing at all.
 *
 * @param startMicros position of its first sample
 * @param endMicros position after its last sample
 * @param loudnessLufs of the chunk, not gated
 * @param momentaryLufs the loudest 400 ms that end in the chunk
 * @param peakDbfs the highest sample
 * @param truePeakDbtp the highest level, also between samples
 * @param silences stretches of silence that reach into the chunk, in order
 * @param pauses shorter ones by another measure, which have lasted as long as was asked for; empty
 *     where nobody asked
 */
public record Measured(
    long startMicros,
    long endMicros,
    double loudnessLufs,
    double momentaryLufs,
    double peakDbfs,
    double truePeakDbtp,
    List<Silence> silences,
    List<Silence> pauses) {

  /**
   * @param fromMicros where it began, in this chunk or before
   * @param toMicros where it ended, or the end of the chunk
   */
  public record Silence(long fromMicros, long toMicros) {

    public long lengthMicros() {
      return toMicros - fromMicros;
    }
  }
}
