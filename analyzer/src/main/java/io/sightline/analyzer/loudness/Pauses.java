package io.sightline.analyzer.loudness;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the pauses of one track, in steps of 10 ms: fine enough to cut between two words. Goes on
 * across the borders of chunks. One thread at a time.
 */
final class Pauses {

  private static final int STEPS_PER_SECOND = 100;
  private static final long STEP_MICROS = 1_000_000L / STEPS_PER_SECOND;
  private static final long NONE = -1;

  private final PauseRule rule;
  private final List<Measured.Silence> ended = new ArrayList<>();
  private long sinceMicros = NONE;
  private double power;
  private int samples;

  Pauses(PauseRule rule) {
    this.rule = rule;
  }

  /** What comes next has nothing to do with what was. */
  void begin() {
    ended.clear();
    sinceMicros = NONE;
    power = 0;
    samples = 0;
  }

  /**
   * Takes the next sample.
   *
   * @param sampleRate samples per second
   * @param startMicros where the chunk begins
   * @param sample its number in the chunk
   */
  void add(double samplePower, int sampleRate, long startMicros, int sample) {
    power += samplePower;
    if (++samples >= sampleRate / STEPS_PER_SECOND) {
      endStep(startMicros + (sample + 1) * 1_000_000L / sampleRate);
    }
  }

  /** Those that ended in the chunk, and the one that goes on at its end. */
  List<Measured.Silence> taken(long endMicros) {
    List<Measured.Silence> taken = new ArrayList<>(ended);
    ended.clear();
    if (sinceMicros != NONE && sinceMicros < endMicros) {
      taken.add(new Measured.Silence(sinceMicros, endMicros));
    }
    taken.removeIf(pause -> pause.lengthMicros() < rule.shortestMicros());
    return List.copyOf(taken);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(sinceMicros);
    out.writeDouble(power);
    out.writeInt(samples);
  }

  void read(DataInputStream in) throws IOException {
    sinceMicros = in.readLong();
    power = in.readDouble();
    samples = in.readInt();
  }

  private void endStep(long stepEndMicros) {
    boolean quiet = Decibels.ofPower(power / samples) < rule.belowLufs();
    long stepStart = stepEndMicros - STEP_MICROS;
    power = 0;
    samples = 0;
    if (quiet && sinceMicros == NONE) {
      sinceMicros = stepStart;
    } else if (!quiet && sinceMicros != NONE) {
      ended.add(new Measured.Silence(sinceMicros, stepStart));
      sinceMicros = NONE;
    }
  }
}
