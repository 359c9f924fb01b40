package io.sightline.analyzer.loudness;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.TrackInfo;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Sound;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures one track, chunk after chunk: filters, momentary loudness and silence run on across the
 * borders of chunks, and begin anew after a gap. One thread at a time.
 */
public final class TrackMeter {

  private static final int MIN_RATE = 4_000;
  private static final int MAX_RATE = 768_000;
  private static final int MAX_CHANNELS = 64;

  /** Blocks of 100 ms; four make the momentary window. */
  private static final int BLOCKS_PER_SECOND = 10;

  private static final int MOMENTARY_BLOCKS = 4;
  private static final long GAP_MICROS = 500_000;
  private static final long NONE = -1;

  /** Of left, right, centre, low frequencies, and two surrounds. */
  private static final double[] SURROUND_WEIGHTS = {1, 1, 1, 0, 1.41, 1.41};

  private final double silenceLufs;

  /** Null when nobody asks for them. */
  private final Pauses pauses;

  private int sampleRate;
  private KWeighting[] weightings = {};
  private TruePeak[] peaks = {};
  private long expectedMicros = NONE;
  private long silentSinceMicros = NONE;
  private double blockPower;
  private int blockSamples;
  private final double[] lastBlocks = new double[MOMENTARY_BLOCKS];
  private int blocks;

  /**
   * @param silenceLufs a tenth of a second below this is silent
   * @param pauses which pauses are told of, too; null for none
   */
  public TrackMeter(double silenceLufs, PauseRule pauses) {
    this.silenceLufs = silenceLufs;
    this.pauses = pauses == null ? null : new Pauses(pauses);
  }

  /**
   * @throws AnalysisException when the sound cannot be measured
   */
  public Measured measure(Sound sound) throws AnalysisException {
    check(sound);
    long start = startMicros(sound);
    boolean goesOn =
        Math.abs(start - expectedMicros) <= GAP_MICROS
            && sampleRate == sound.sampleRate()
            && weightings.length == sound.channels().length;
    if (!goesOn) {
      begin(sound);
    }
    float[][] channels = sound.channels();
    int samples = channels[0].length;
    double highest = 0;
    double highestBetween = 0;
    double[] weights = weights(channels.length);
    for (int c = 0; c < channels.length; c++) {
      for (float sample : channels[c]) {
        highest = Math.max(highest, Math.abs(sample));
      }
      highestBetween = Math.max(highestBetween, peaks[c].next(channels[c]));
    }
    long end = start + samples * 1_000_000L / sampleRate;
    Blocks found = new Blocks(start, end);
    for (int i = 0; i < samples; i++) {
      double power = 0;
      for (int c = 0; c < channels.length; c++) {
        double weighted = weightings[c].next(channels[c][i]);
        power += weights[c] * weighted * weighted;
      }
      found.total += power;
      blockPower += power;
      if (pauses != null) {
        pauses.add(power, sampleRate, start, i);
      }
      if (++blockSamples >= sampleRate / BLOCKS_PER_SECOND) {
        endBlock(found, start + (i + 1) * 1_000_000L / sampleRate);
      }
    }
    expectedMicros = end;
    return new Measured(
        start,
        end,
        Decibels.ofPower(samples == 0 ? 0 : found.total / samples),
        Decibels.ofPower(found.momentary),
        Decibels.ofPeak(highest),
        Decibels.ofPeak(Math.max(highest, highestBetween)),
        found.silences(silentSinceMicros),
        pauses == null ? List.of() : pauses.taken(end));
  }

  public void write(DataOutputStream out) throws IOException {
    out.writeInt(sampleRate);
    out.writeInt(weightings.length);
    for (int c = 0; c < weightings.length; c++) {
      weightings[c].write(out);
      peaks[c].write(out);
    }
    out.writeLong(expectedMicros);
    out.writeLong(silentSinceMicros);
    out.writeDouble(blockPower);
    out.writeInt(blockSamples);
    for (double block : lastBlocks) {
      out.writeDouble(block);
    }
    out.writeInt(blocks);
  }

  /**
   * @throws IOException when it is no state of a meter
   */
  public void read(DataInputStream in) throws IOException {
    int rate = in.readInt();
    int channels = in.readInt();
    if (channels < 0 || channels > MAX_CHANNELS || (channels > 0 && !plausible(rate))) {
      throw new IOException("No meter has " + channels + " channels at " + rate + " Hz");
    }
    open(rate, channels);
    for (int c = 0; c < channels; c++) {
      weightings[c].read(in);
      peaks[c].read(in);
    }
    expectedMicros = in.readLong();
    silentSinceMicros = in.readLong();
    blockPower = in.readDouble();
    blockSamples = in.readInt();
    for (int i = 0; i < lastBlocks.length; i++) {
      lastBlocks[i] = in.readDouble();
    }
    blocks = in.readInt();
  }

  /** Of the pauses, apart from the rest: most meters have none. */
  void writePauses(DataOutputStream out) throws IOException {
    pauses.write(out);
  }

  void readPauses(DataInputStream in) throws IOException {
    // Nobody may ask for them any more.
    (pauses == null ? new Pauses(new PauseRule(0, 0)) : pauses).read(in);
  }

  private static void check(Sound sound) throws AnalysisException {
    int channels = sound.channels().length;
    if (!plausible(sound.sampleRate()) || channels < 1 || channels > MAX_CHANNELS) {
      throw new AnalysisException(
          "Sound of " + channels + " channels at " + sound.sampleRate() + " Hz is not measured");
    }
    for (float[] channel : sound.channels()) {
      if (channel.length != sound.channels()[0].length) {
        throw new AnalysisException("The channels of the sound are not equally long");
      }
    }
  }

  private static boolean plausible(int rate) {
    return rate >= MIN_RATE && rate <= MAX_RATE;
  }

  /** Where the track's part of the chunk begins, which is seldom where its pictures do. */
  private static long startMicros(Sound sound) {
    ChunkInfo chunk = sound.chunk();
    int audio = 0;
    for (TrackInfo track : chunk.tracks()) {
      if (track.kind() == TrackInfo.Kind.AUDIO && ++audio == sound.audioTrack()) {
        for (Fragment fragment : chunk.fragments()) {
          if (fragment.track() == track.track()) {
            return fragment.positionMicros();
          }
        }
      }
    }
    return chunk.positionMicros();
  }

  private void begin(Sound sound) {
    open(sound.sampleRate(), sound.channels().length);
    silentSinceMicros = NONE;
    blockPower = 0;
    blockSamples = 0;
    blocks = 0;
    if (pauses != null) {
      pauses.begin();
    }
  }

  private void open(int rate, int channels) {
    sampleRate = rate;
    weightings = new KWeighting[channels];
    peaks = new TruePeak[channels];
    for (int c = 0; c < channels; c++) {
      weightings[c] = new KWeighting(rate);
      peaks[c] = new TruePeak();
    }
  }

  private static double[] weights(int channels) {
    double[] weights = new double[channels];
    for (int c = 0; c < channels; c++) {
      // Only the six-channel layout is known by its count; the rest counts as in front.
      weights[c] = channels == SURROUND_WEIGHTS.length ? SURROUND_WEIGHTS[c] : 1;
    }
    return weights;
  }

  private void endBlock(Blocks found, long endMicros) {
    double power = blockPower / blockSamples;
    lastBlocks[blocks % MOMENTARY_BLOCKS] = power;
    blocks = blocks + 1 == Integer.MAX_VALUE ? MOMENTARY_BLOCKS : blocks + 1;
    blockPower = 0;
    blockSamples = 0;
    int window = Math.min(blocks, MOMENTARY_BLOCKS);
    double sum = 0;
    for (int i = 0; i < window; i++) {
      sum += lastBlocks[i];
    }
    found.momentary = Math.max(found.momentary, sum / window);
    long blockStart = endMicros - 1_000_000L / BLOCKS_PER_SECOND;
    if (Decibels.ofPower(power) < silenceLufs) {
      if (silentSinceMicros == NONE) {
        silentSinceMicros = blockStart;
      }
    } else if (silentSinceMicros != NONE) {
      found.ended.add(new Measured.Silence(silentSinceMicros, blockStart));
      silentSinceMicros = NONE;
    }
  }

  /** What the blocks of one chunk add up to. */
  private static final class Blocks {

    private final long start;
    private final long end;
    private final List<Measured.Silence> ended = new ArrayList<>();
    private double total;
    private double momentary;

    Blocks(long start, long end) {
      this.start = start;
      this.end = end;
    }

    List<Measured.Silence> silences(long since) {
      List<Measured.Silence> all = new ArrayList<>(ended);
      all.removeIf(silence -> silence.toMicros() <= start);
      if (since != NONE && since < end) {
        all.add(new Measured.Silence(since, end));
      }
      return List.copyOf(all);
    }
  }
}
