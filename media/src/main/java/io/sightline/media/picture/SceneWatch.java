package io.sightline.media.picture;

import io.sightline.records.Point;
import io.sightline.records.Rational;
import java.util.BitSet;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Decides which of the pictures that are looked at become frames: those that show something other
 * than the frame before, and one now and then in between. What is masked does not count.
 */
final class SceneWatch {

  /** In a still stretch, a frame is taken of the first picture after so long. */
  private static final Rational LONGEST = new Rational(10, 1);

  private final double change;
  private final long longestTicks;
  private final BitSet ignored = new BitSet();

  private BrightnessGrid last;
  private long lastPts;

  /**
   * @param change how much of the picture must differ, up to 1
   * @param masks in the picture as it is coded
   */
  SceneWatch(double change, Rational timeBase, List<List<Point>> masks) {
    this.change = change;
    this.longestTicks = Rational.rescale(1, LONGEST, timeBase);
    BitSet[] hidden = new PictureMask(masks).touched(BrightnessGrid.COLUMNS, BrightnessGrid.ROWS);
    for (int row = 0; row < hidden.length; row++) {
      int first = row * BrightnessGrid.COLUMNS;
      hidden[row].stream().forEach(column -> ignored.set(first + column));
    }
  }

  /**
   * Whether a frame is to be taken of it; the next pictures are then compared with this one.
   *
   * @param picture stays the caller's
   */
  boolean isNew(AVFrame picture, long pts) {
    BrightnessGrid grid = BrightnessGrid.of(picture);
    boolean isNew =
        last == null
            || pts < lastPts
            || pts - lastPts >= longestTicks
            || grid.differenceFrom(last, ignored) >= change;
    if (isNew) {
      last = grid;
      lastPts = pts;
    }
    return isNew;
  }
}
