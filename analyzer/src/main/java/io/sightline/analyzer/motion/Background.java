package io.sightline.analyzer.motion;

import java.util.ArrayList;
import java.util.List;

/**
 * What a stream's picture looks like when nothing is in it, learned cell by cell.
 *
 * <p>A cell is foreground when it differs from the background, in the light of the moment ({@link
 * LightFit}), by more than a threshold that rises with the cell's own flicker. Then:
 *
 * <ul>
 *   <li>Only cells away from the foreground follow the picture (time constant {@link
 *       #FOLLOW_SECONDS}); so whoever stands still stays foreground, until for the absorb time
 *       nothing of him moved at all.
 *   <li>A still blob whose outline is an edge in the background but not in the picture is a ghost:
 *       something that was there when learning began, or was taken away. It is healed at once.
 *   <li>Flicker is the median of the change from frame to frame: leaves and screens raise it within
 *       half a minute, somebody passing does not.
 *   <li>When half the picture changes but its structure stays, the light was switched: all is
 *       learned anew and nothing is reported until it settles.
 * </ul>
 *
 * All of the model is whole numbers, so that a restored one goes on to the bit. One thread at a
 * time.
 */
final class Background {

  private static final int SCALE = LumaGrid.SCALE;
  private static final double FOLLOW_SECONDS = 15;
  private static final double SETTLE_SECONDS = 0.4;
  private static final int LONGEST_STEP_MILLIS = 2_000;
  private static final int SETTLE_MILLIS = 1_000;
  private static final int LEARN_MILLIS = 1_000;
  private static final int STILL_MILLIS = 1_500;

  /** After a gap this long nothing is known of the light any more. */
  private static final long GAP_MICROS = 600_000_000L;

  private static final double NOISE_FACTOR = 3.5;
  private static final int NOISE_FLOOR = SCALE / 4;
  private static final int NOISE_CEILING = 10 * SCALE;

  /** How fast the flicker estimate moves, in luma steps a second. */
  private static final double NOISE_RATE = 0.3;

  private static final double NOISE_RATE_LEARNING = 3;

  /** The previous frame is kept to an eighth of a luma step, which halves its part of the state. */
  private static final int PREVIOUS_GRAIN = ~(SCALE / 8 - 1);

  private static final double WEAK = 0.6;
  private static final double RELIGHT_SHARE = 0.5;
  private static final double ALL_STILL_SHARE = 0.8;

  final int width;
  final int height;
  private final CellMask cells;
  private final Shadows shadows;
  private final MotionSettings settings;

  // The model; all of it is in ModelState.
  final int columns;
  final int rows;
  final char[] level;
  final char[] noise;
  final char[] previous;
  final char[] stillTenths;
  final boolean[] foreground;
  long positionMicros;
  int ageMillis;
  int frames;
  int settleMillis;

  Background(MotionSettings settings, int width, int height, int columns, int rows) {
    this.settings = settings;
    this.width = width;
    this.height = height;
    this.columns = columns;
    this.rows = rows;
    this.cells = new CellMask(columns, rows);
    this.shadows = new Shadows(columns, rows);
    this.level = new char[columns * rows];
    this.noise = new char[columns * rows];
    this.previous = new char[columns * rows];
    this.stillTenths = new char[columns * rows];
    this.foreground = new boolean[columns * rows];
  }

  /** What moves, or stands where nothing stood, in the next picture; largest first. */
  List<Sighting> observe(LumaGrid grid, long position) {
    int[] seen = grid.levels();
    if (frames == 0 || position - positionMicros > GAP_MICROS) {
      begin(seen, position);
      return List.of();
    }
    int step = (int) Math.max(1, Math.min(LONGEST_STEP_MILLIS, (position - positionMicros) / 1000));
    positionMicros = position;
    frames = Math.min(frames + 1, 1_000_000);
    ageMillis = Math.min(ageMillis + step, 1_000_000_000);
    boolean learning = ageMillis <= LEARN_MILLIS || frames <= 3;

    int[] change = noteChange(seen, step, learning);
    LightFit light = LightFit.of(seen, level);
    int[] expected = new int[seen.length];
    int[] threshold = new int[seen.length];
    for (int i = 0; i < seen.length; i++) {
      expected[i] = (int) Math.rint(light.of(level[i]));
      threshold[i] = threshold(i);
    }
    int[] beyond = beyond(seen, expected);
    boolean[] mask = mask(seen, expected, beyond, threshold);
    if (relit(light, mask, seen, expected, step)) {
      remember(seen, mask);
      return List.of();
    }
    noteStillness(mask, change, threshold, step);
    boolean[] before = foreground.clone();
    List<Blob> blobs = cells.blobs(mask);
    List<Sighting> sightings = new ArrayList<>();
    for (Blob blob : blobs) {
      if (isGhost(blob, seen, expected, threshold)) {
        adopt(blob, seen, mask);
      } else if (!learning && blob.size() >= settings.minArea() * seen.length) {
        Sighting sighting = Sighting.of(blob, beyond, threshold, minCells(seen.length));
        // What is there for one frame only is a flash or a coding error, unless frames are rare.
        if (step >= 1_000 || blob.within(before) * 10 >= blob.size() || sighting.clear()) {
          sightings.add(sighting);
        }
      }
    }
    learn(mask, seen, expected, step, learning);
    remember(seen, mask);
    sightings.sort(Sighting.LARGEST_FIRST);
    return sightings;
  }

  private double minCells(int total) {
    return Math.max(1, settings.minArea() * total);
  }

  private void begin(int[] seen, long position) {
    for (int i = 0; i < seen.length; i++) {
      level[i] = (char) seen[i];
      noise[i] = (char) SCALE;
      previous[i] = (char) (seen[i] & PREVIOUS_GRAIN);
      stillTenths[i] = 0;
      foreground[i] = false;
    }
    positionMicros = position;
    ageMillis = 0;
    settleMillis = 0;
    frames = 1;
  }

  private int threshold(int cell) {
    return (int) (settings.threshold() * SCALE + NOISE_FACTOR * noise[cell]);
  }

  /** Change since the previous frame; moves each cell's flicker towards its median. */
  private int[] noteChange(int[] seen, int step, boolean learning) {
    double rate = learning ? NOISE_RATE_LEARNING : NOISE_RATE;
    int move = Math.max(1, (int) (rate * SCALE * step / 1000));
    int[] change = new int[seen.length];
    for (int i = 0; i < seen.length; i++) {
      change[i] = Math.abs(seen[i] - previous[i]);
      int towards = change[i] > noise[i] ? noise[i] + move : noise[i] - move;
      noise[i] = (char) Math.max(NOISE_FLOOR, Math.min(NOISE_CEILING, towards));
    }
    return change;
  }

  /**
   * How far each cell is from anything that the background shows within half a cell around it: a
   * camera that shakes a little moves its edges, and nothing else.
   */
  private int[] beyond(int[] seen, int[] expected) {
    int[] beyond = new int[seen.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int i = row * columns + column;
        int low = expected[i];
        int high = expected[i];
        for (int side = 0; side < 4; side++) {
          int y = row + (side - 1) % 2;
          int x = column + (side - 2) % 2;
          if (y >= 0 && y < rows && x >= 0 && x < columns) {
            int between = (expected[i] + expected[y * columns + x]) / 2;
            low = Math.min(low, between);
            high = Math.max(high, between);
          }
        }
        beyond[i] = Math.max(0, Math.max(low - seen[i], seen[i] - high));
      }
    }
    return beyond;
  }

  private boolean[] mask(int[] seen, int[] expected, int[] beyond, int[] threshold) {
    boolean[] strong = new boolean[seen.length];
    boolean[] weak = new boolean[seen.length];
    for (int i = 0; i < seen.length; i++) {
      if (beyond[i] > WEAK * threshold[i]) {
        boolean light = shadows.isLight(seen, expected, i);
        weak[i] = !light;
        strong[i] = !light && beyond[i] > threshold[i];
      }
    }
    byte[] strongAround = cells.neighbours(strong);
    byte[] weakAround = cells.neighbours(weak);
    boolean[] mask = new boolean[seen.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] =
          strong[i] && weakAround[i] >= 4
              || weak[i] && strongAround[i] >= 3
              || strongAround[i] >= 6;
    }
    return mask;
  }

  /**
   * Whether the picture's light has just changed as a whole, or is settling after that; then the
   * background follows at once.
   */
  private boolean relit(LightFit light, boolean[] mask, int[] seen, int[] expected, int step) {
    boolean much = share(mask) > RELIGHT_SHARE;
    boolean all =
        much
            && (shadows.sameStructure(seen, expected)
                || share(mask, STILL_MILLIS) > ALL_STILL_SHARE);
    if (all || light.switched()) {
      for (int i = 0; i < seen.length; i++) {
        level[i] = (char) seen[i];
        stillTenths[i] = 0;
      }
      settleMillis = SETTLE_MILLIS;
      return true;
    }
    if (settleMillis > 0) {
      settleMillis = Math.max(0, settleMillis - step);
      double pull = 1 - StrictMath.exp(-step / 1000.0 / SETTLE_SECONDS);
      for (int i = 0; i < seen.length; i++) {
        level[i] = towards(level[i], seen[i], pull);
      }
      return true;
    }
    return false;
  }

  private void noteStillness(boolean[] mask, int[] change, int[] threshold, int step) {
    for (int i = 0; i < mask.length; i++) {
      boolean still = mask[i] && change[i] < threshold[i] / 2;
      stillTenths[i] = (char) (still ? Math.min(stillUnits(step) + stillTenths[i], 65_535) : 0);
    }
  }

  /** Stillness counts in tenths of a second, rounded up, so that an hour fits. */
  private static int stillUnits(int stepMillis) {
    return (stepMillis + 99) / 100;
  }

  private boolean isGhost(Blob blob, int[] seen, int[] expected, int[] threshold) {
    int still = 0;
    for (int cell : blob.cells()) {
      if (stillTenths[cell] >= STILL_MILLIS / 100) {
        still++;
      }
    }
    return still >= blob.size() * 0.7
        && Outline.of(blob, columns, rows).belongsTo(expected, seen, threshold);
  }

  private void adopt(Blob blob, int[] seen, boolean[] mask) {
    // With a margin: the border cells are a mixture and would stay behind as a thin outline.
    boolean[] own = new boolean[mask.length];
    for (int cell : blob.cells()) {
      own[cell] = true;
      mask[cell] = false;
    }
    boolean[] margin = cells.grown(own);
    for (int i = 0; i < margin.length; i++) {
      if (margin[i] && !mask[i]) {
        level[i] = (char) seen[i];
        stillTenths[i] = 0;
      }
    }
  }

  private void learn(boolean[] mask, int[] seen, int[] expected, int step, boolean learning) {
    double pull = learning ? 1.0 / frames : 1 - StrictMath.exp(-step / 1000.0 / FOLLOW_SECONDS);
    boolean[] guarded = cells.grown(cells.grown(mask));
    long absorb = settings.absorbMicros() / 100_000;
    for (int i = 0; i < seen.length; i++) {
      if (mask[i] && stillTenths[i] >= absorb) {
        level[i] = (char) seen[i];
        stillTenths[i] = 0;
        mask[i] = false;
      } else {
        level[i] = towards(level[i], guarded[i] ? expected[i] : seen[i], pull);
      }
    }
  }

  private void remember(int[] seen, boolean[] mask) {
    for (int i = 0; i < seen.length; i++) {
      previous[i] = (char) (seen[i] & PREVIOUS_GRAIN);
      foreground[i] = mask[i];
    }
  }

  private static char towards(int from, int to, double pull) {
    int bounded = Math.max(0, Math.min(255 * SCALE, to));
    return (char) (from + (int) Math.rint((bounded - from) * pull));
  }

  private static double share(boolean[] mask) {
    int count = 0;
    for (boolean set : mask) {
      count += set ? 1 : 0;
    }
    return count / (double) mask.length;
  }

  private double share(boolean[] mask, int stillForMillis) {
    int set = 0;
    int still = 0;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        set++;
        still += stillTenths[i] >= stillForMillis / 100 ? 1 : 0;
      }
    }
    return still / (double) Math.max(1, set);
  }
}
