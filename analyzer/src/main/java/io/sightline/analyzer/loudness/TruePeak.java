package io.sightline.analyzer.loudness;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * The highest level between the samples of one channel, by fourfold oversampling with the filter of
 * ITU-R BS.1770-4, annex 2.
 */
final class TruePeak {

  private static final int TAPS = 12;
  private static final float[][] PHASES = {
    {
      0.0017089843750f, 0.0109863281250f, -0.0196533203125f, 0.0332031250000f,
      -0.0594482421875f, 0.1373291015625f, 0.9721679687500f, -0.1022949218750f,
      0.0476074218750f, -0.0266113281250f, 0.0148925781250f, -0.0083007812500f
    },
    {
      -0.0291748046875f, 0.0292968750000f, -0.0517578125000f, 0.0891113281250f,
      -0.1665039062500f, 0.4650878906250f, 0.7797851562500f, -0.2003173828125f,
      0.1015625000000f, -0.0582275390625f, 0.0330810546875f, -0.0189208984375f
    }
  };

  /** The last samples of what came before, oldest first. */
  private final float[] before = new float[TAPS - 1];

  /** The highest absolute level in a stretch that follows the one before. */
  float next(float[] samples) {
    float[] all = new float[before.length + samples.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(samples, 0, all, before.length, samples.length);
    float peak = 0;
    for (int end = TAPS - 1; end < all.length; end++) {
      float a = 0;
      float b = 0;
      float c = 0;
      float d = 0;
      // The other two phases are these two backwards.
      for (int tap = 0; tap < TAPS; tap++) {
        float newest = all[end - tap];
        float oldest = all[end - (TAPS - 1 - tap)];
        a += PHASES[0][tap] * newest;
        b += PHASES[1][tap] * newest;
        c += PHASES[1][tap] * oldest;
        d += PHASES[0][tap] * oldest;
      }
      float first = Math.max(Math.abs(a), Math.abs(b));
      float second = Math.max(Math.abs(c), Math.abs(d));
      peak = Math.max(peak, Math.max(first, second));
    }
    System.arraycopy(all, all.length - before.length, before, 0, before.length);
    return peak;
  }

  void write(DataOutputStream out) throws IOException {
    for (float sample : before) {
      out.writeFloat(sample);
    }
  }

  void read(DataInputStream in) throws IOException {
    for (int i = 0; i < before.length; i++) {
      before[i] = in.readFloat();
    }
  }
}
