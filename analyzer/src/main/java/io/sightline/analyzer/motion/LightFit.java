package io.sightline.analyzer.motion;

import java.util.Arrays;

/**
 * How the light of the whole picture differs from the background's: {@code seen = gain * background
 * + offset}, as automatic exposure and clouds do it.
 *
 * <p>Two starting points, "nothing changed" and "the quartiles moved", are each refined by least
 * squares over the cells that fit (a few rounds), and the one that explains more cells wins. So
 * whatever covers less than about half of the picture does not pull the fit.
 */
record LightFit(double gain, double offset) {

  static final LightFit SAME = new LightFit(1, 0);

  private static final double MIN_GAIN = 0.02;
  private static final double MAX_GAIN = 50;

  /** Beyond these the light was switched: what was learned says little of what is seen now. */
  private static final double LEAST_ADAPTED = 0.4;

  private static final double MOST_ADAPTED = 2.5;

  /** Such a switch must explain this share of the cells; a wall of a lorry does not. */
  private static final double SWITCH_SHARE = 0.8;

  private static final int LEVELS = 256;
  private static final int ROUNDS = 3;

  /** Cells that fit lie within this many luma steps. */
  private static final double CLOSE = 6 * LumaGrid.SCALE;

  /** Brighter or darker cells are clipped and tell nothing of the light. */
  private static final int DARKEST = 6 * LumaGrid.SCALE;

  private static final int BRIGHTEST = 248 * LumaGrid.SCALE;

  static LightFit of(int[] seen, char[] background) {
    LightFit same = SAME.refined(seen, background);
    LightFit moved = ofQuartiles(seen, background).refined(seen, background);
    int fitSame = same.fitting(seen, background);
    int fitMoved = moved.fitting(seen, background);
    LightFit best = fitMoved > fitSame ? moved : same;
    int most = Math.max(fitSame, fitMoved);
    // Without a clear gain the light is taken as unchanged, so that noise does not move it.
    int unchanged = SAME.fitting(seen, background);
    boolean believed =
        most > unchanged + seen.length / 200
            && most > seen.length * (best.switched() ? SWITCH_SHARE : 0.5);
    return believed ? best : SAME;
  }

  /** Whether the light is too different for the background to be adapted to it. */
  boolean switched() {
    return gain < LEAST_ADAPTED || gain > MOST_ADAPTED;
  }

  double of(int background) {
    return gain * background + offset;
  }

  private LightFit refined(int[] seen, char[] background) {
    LightFit fit = this;
    for (int round = 0; round < ROUNDS; round++) {
      fit = fit.once(seen, background);
    }
    return fit;
  }

  private LightFit once(int[] seen, char[] background) {
    double n = 0;
    double sx = 0;
    double sy = 0;
    double sxx = 0;
    double sxy = 0;
    for (int i = 0; i < seen.length; i++) {
      double x = background[i];
      double y = seen[i];
      if (y > DARKEST && y < BRIGHTEST && Math.abs(gain * x + offset - y) < 2 * CLOSE) {
        n++;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
      }
    }
    double spread = sxx - sx * sx / Math.max(n, 1);
    if (n < seen.length / 8.0) {
      return this;
    }
    // A flat picture has no spread to tell gain from offset: then only the offset moves.
    double flat = n * (4.0 * LumaGrid.SCALE) * (4.0 * LumaGrid.SCALE);
    double slope = spread > flat ? (sxy - sx * sy / n) / spread : 1;
    slope = Math.max(MIN_GAIN, Math.min(MAX_GAIN, slope));
    return new LightFit(slope, (sy - slope * sx) / n);
  }

  private int fitting(int[] seen, char[] background) {
    int count = 0;
    for (int i = 0; i < seen.length; i++) {
      if (Math.abs(gain * background[i] + offset - seen[i]) < CLOSE) {
        count++;
      }
    }
    return count;
  }

  private static LightFit ofQuartiles(int[] seen, char[] background) {
    int[] now = new int[LEVELS];
    int[] before = new int[LEVELS];
    for (int i = 0; i < seen.length; i++) {
      now[Math.min(LEVELS - 1, seen[i] / LumaGrid.SCALE)]++;
      before[Math.min(LEVELS - 1, background[i] / LumaGrid.SCALE)]++;
    }
    int[] a = quartiles(before, seen.length);
    int[] b = quartiles(now, seen.length);
    double gain = a[2] - a[0] >= 8 ? (b[2] - b[0]) / (double) (a[2] - a[0]) : 1;
    gain = Math.max(MIN_GAIN, Math.min(MAX_GAIN, gain));
    return new LightFit(gain, (b[1] - gain * a[1]) * LumaGrid.SCALE);
  }

  private static int[] quartiles(int[] histogram, int total) {
    int[] found = new int[3];
    Arrays.fill(found, -1);
    int sum = 0;
    for (int level = 0; level < LEVELS; level++) {
      sum += histogram[level];
      for (int q = 0; q < 3; q++) {
        if (found[q] < 0 && sum * 4L >= total * (q + 1L)) {
          found[q] = level;
        }
      }
    }
    return found;
  }
}
