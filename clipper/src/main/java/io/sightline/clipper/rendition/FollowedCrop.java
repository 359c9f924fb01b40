package io.sightline.clipper.rendition;

import io.sightline.media.render.CropPath;
import io.sightline.records.Detection;
import io.sightline.records.FrameDetections;
import io.sightline.records.Point;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A path that keeps what was detected in the picture, as a calm camera does: between two frames it
 * moves evenly, and what jumps is smoothed over a second before and after. It knows the whole clip,
 * so it does not lag behind. Where frames were turned for those who analyse them, clips are not: it
 * follows where things are in the clip.
 */
final class FollowedCrop implements CropPath {

  private static final long STEP_MICROS = 100_000;
  private static final int SMOOTHED_STEPS = 10;

  private final long startMicros;
  private final double[] across;
  private final double[] down;

  private FollowedCrop(long startMicros, double[] across, double[] down) {
    this.startMicros = startMicros;
    this.across = across;
    this.down = down;
  }

  /**
   * @param frames of the clip, in any order
   * @param label what is followed; everything that has a box where nothing has the label
   * @return the middle when nothing was detected
   */
  static CropPath of(List<FrameDetections> frames, String label) {
    TreeMap<Long, Point> seen = new TreeMap<>();
    for (FrameDetections frame : frames) {
      add(seen, frame, label);
    }
    if (seen.isEmpty()) {
      frames.forEach(frame -> add(seen, frame, null));
    }
    if (seen.isEmpty()) {
      return MIDDLE;
    }
    int steps = (int) ((seen.lastKey() - seen.firstKey()) / STEP_MICROS) + 2;
    double[] across = new double[steps];
    double[] down = new double[steps];
    for (int step = 0; step < steps; step++) {
      Point point = between(seen, seen.firstKey() + step * STEP_MICROS);
      across[step] = point.x();
      down[step] = point.y();
    }
    return new FollowedCrop(seen.firstKey(), smoothed(across), smoothed(down));
  }

  /** The middle of all boxes, by confidence. */
  private static void add(TreeMap<Long, Point> seen, FrameDetections frame, String label) {
    double weight = 0;
    double x = 0;
    double y = 0;
    for (Detection one : frame.detections()) {
      if (one.box() != null && (label == null || label.equalsIgnoreCase(one.label()))) {
        // One without confidence counts a little, so that it is followed where it is alone.
        double own = Math.max(1, one.confidence());
        weight += own;
        x += own * (one.box().left() + one.box().width() / 2);
        y += own * (one.box().top() + one.box().height() / 2);
      }
    }
    if (weight > 0) {
      Point middle = new Point(Math.min(1, x / weight), Math.min(1, y / weight));
      seen.put(frame.positionMicros(), frame.inRecording(middle));
    }
  }

  private static Point between(TreeMap<Long, Point> seen, long position) {
    Map.Entry<Long, Point> before = seen.floorEntry(position);
    Map.Entry<Long, Point> after = seen.ceilingEntry(position);
    if (before == null || after == null) {
      return (before == null ? after : before).getValue();
    }
    double gap = Math.max(1, after.getKey() - before.getKey());
    double share = (position - before.getKey()) / gap;
    return new Point(
        before.getValue().x() + share * (after.getValue().x() - before.getValue().x()),
        before.getValue().y() + share * (after.getValue().y() - before.getValue().y()));
  }

  /** The mean of the steps around each, the nearer ones counting more. */
  private static double[] smoothed(double[] values) {
    double[] smoothed = new double[values.length];
    for (int at = 0; at < values.length; at++) {
      double sum = 0;
      double weights = 0;
      for (int away = -SMOOTHED_STEPS; away <= SMOOTHED_STEPS; away++) {
        int other = Math.max(0, Math.min(values.length - 1, at + away));
        double weight = SMOOTHED_STEPS + 1 - Math.abs(away);
        sum += weight * values[other];
        weights += weight;
      }
      smoothed[at] = sum / weights;
    }
    return smoothed;
  }

  @Override
  public Point centreAt(long positionMicros) {
    double step = (positionMicros - startMicros) / (double) STEP_MICROS;
    return new Point(at(across, step), at(down, step));
  }

  private static double at(double[] values, double step) {
    double within = Math.max(0, Math.min(values.length - 1, step));
    int before = (int) within;
    int after = Math.min(values.length - 1, before + 1);
    return values[before] + (within - before) * (values[after] - values[before]);
  }
}
