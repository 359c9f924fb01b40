package io.sightline.analyzer.loudness;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * The K-weighting filter of ITU-R BS.1770-4 for one channel: a shelf for the head, then a high
 * pass. The standard gives coefficients for 48 kHz; for other rates they come from the analogue
 * filters behind them, as libebur128 does it.
 */
final class KWeighting {

  private static final double SHELF_HERTZ = 1681.974450955533;
  private static final double SHELF_GAIN_DB = 3.999843853973347;
  private static final double SHELF_Q = 0.7071752369554196;
  private static final double SHELF_EXPONENT = 0.4996667741545416;
  private static final double PASS_HERTZ = 38.13547087602444;
  private static final double PASS_Q = 0.5003270373238773;

  private final Biquad shelf;
  private final Biquad pass;

  KWeighting(int sampleRate) {
    double k = StrictMath.tan(Math.PI * SHELF_HERTZ / sampleRate);
    double high = StrictMath.pow(10, SHELF_GAIN_DB / 20);
    double band = StrictMath.pow(high, SHELF_EXPONENT);
    double a0 = 1 + k / SHELF_Q + k * k;
    shelf =
        new Biquad(
            (high + band * k / SHELF_Q + k * k) / a0,
            2 * (k * k - high) / a0,
            (high - band * k / SHELF_Q + k * k) / a0,
            2 * (k * k - 1) / a0,
            (1 - k / SHELF_Q + k * k) / a0);
    double p = StrictMath.tan(Math.PI * PASS_HERTZ / sampleRate);
    double p0 = 1 + p / PASS_Q + p * p;
    pass = new Biquad(1, -2, 1, 2 * (p * p - 1) / p0, (1 - p / PASS_Q + p * p) / p0);
  }

  double next(double sample) {
    return pass.next(shelf.next(sample));
  }

  void write(DataOutputStream out) throws IOException {
    shelf.write(out);
    pass.write(out);
  }

  void read(DataInputStream in) throws IOException {
    shelf.read(in);
    pass.read(in);
  }

  /** A second-order section, transposed direct form 2. */
  private static final class Biquad {

    private static final double SILENT = 1e-30;

    private final double b0;
    private final double b1;
    private final double b2;
    private final double a1;
    private final double a2;
    private double first;
    private double second;

    Biquad(double b0, double b1, double b2, double a1, double a2) {
      this.b0 = b0;
      this.b1 = b1;
      this.b2 = b2;
      this.a1 = a1;
      this.a2 = a2;
    }

    double next(double in) {
      double out = b0 * in + first;
      first = b1 * in - a1 * out + second;
      second = b2 * in - a2 * out;
      // Denormal numbers would make silence a hundred times slower than sound.
      if (Math.abs(first) < SILENT && Math.abs(second) < SILENT) {
        first = 0;
        second = 0;
      }
      return out;
    }

    void write(DataOutputStream out) throws IOException {
      out.writeDouble(first);
      out.writeDouble(second);
    }

    void read(DataInputStream in) throws IOException {
      first = in.readDouble();
      second = in.readDouble();
    }
  }
}
