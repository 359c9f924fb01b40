package io.sightline.segmenter.quietmarks;

import io.sightline.records.Detection;
import io.sightline.records.MarkMove;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Positions;
import io.sightline.records.plugin.Observation;
import io.sightline.records.plugin.Optimizer;
import io.sightline.records.plugin.Surroundings;
import io.sightline.records.plugin.Surroundings.Room;
import io.sightline.segmenter.quietmarks.Quiet.Stretch;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Moves mark-in back, and mark-out on, into the nearest pause, so that no word and no beat is cut
 * in two. A mark that lies in a pause stays. In a pause the cut lies {@code lead} away from the
 * sound that the segment begins or ends with, or as far as the pause, the search window and the
 * neighbours let it.
 */
final class QuietMarks implements Optimizer {

  /**
   * A pause is reported once it has lasted, so that one just within the window is known a little
   * later than its beginning.
   */
  private static final long REPORTED_AFTER_MICROS = Positions.MICROS_PER_SECOND;

  /** A mark, and what is said of it. */
  private record Placed(long micros, MarkMove move, String why) {}

  private final QuietRules rules;

  QuietMarks(QuietRules rules) {
    this.rules = rules;
  }

  @Override
  public long beforeMicros() {
    return rules.beforeMicros();
  }

  @Override
  public long afterMicros() {
    return rules.afterMicros() + REPORTED_AFTER_MICROS;
  }

  @Override
  public List<OptimizedTrack> optimize(Surroundings around) {
    TreeSet<Integer> tracks = new TreeSet<>();
    for (Observation observation : around.heard()) {
      observation.detections().stream()
          .map(Detection::audioTrack)
          .filter(Objects::nonNull)
          .forEach(tracks::add);
    }
    List<OptimizedTrack> optimized = new ArrayList<>();
    for (int track : tracks) {
      Quiet quiet = Quiet.of(around.heard(), track, rules);
      Room room = around.room(track);
      Placed start = markIn(around.segment().startMicros(), quiet, room);
      Placed end = markOut(around.segment().endMicros(), quiet, room);
      optimized.add(
          new OptimizedTrack(
              track,
              start.micros(),
              end.micros(),
              start.move(),
              start.why(),
              end.move(),
              end.why()));
    }
    return optimized;
  }

  private Placed markIn(long mark, Quiet quiet, Room room) {
    if (rules.beforeMicros() == 0) {
      return new Placed(mark, MarkMove.NOT_TRIED, "It was not to be moved: 'before' is 0s");
    }
    long window = mark - rules.beforeMicros();
    long earliest = Math.max(window, room.fromMicros());
    Stretch nearest = null;
    for (Stretch pause : quiet.stretches()) {
      if (pause.holds(mark)) {
        return new Placed(mark, MarkMove.ALREADY_QUIET, inPause(pause));
      }
      if (pause.toMicros() < mark) {
        nearest = pause;
      }
    }
    if (nearest == null || nearest.toMicros() < window) {
      return nothing(mark, rules.beforeMicros(), "before");
    }
    if (nearest.toMicros() < earliest) {
      return beyond(mark, "the one before");
    }
    long best = Math.max(nearest.fromMicros(), nearest.toMicros() - rules.leadMicros());
    long place = Math.max(best, earliest);
    return moved(mark, place, best, window, "earlier", nearest);
  }

  private Placed markOut(long mark, Quiet quiet, Room room) {
    if (rules.afterMicros() == 0) {
      return new Placed(mark, MarkMove.NOT_TRIED, "It was not to be moved: 'after' is 0s");
    }
    long window = mark + rules.afterMicros();
    long latest = Math.min(window, room.toMicros());
    Stretch nearest = null;
    for (Stretch pause : quiet.stretches()) {
      if (pause.holds(mark)) {
        return new Placed(mark, MarkMove.ALREADY_QUIET, inPause(pause));
      }
      if (pause.fromMicros() > mark && nearest == null) {
        nearest = pause;
      }
    }
    if (nearest == null || nearest.fromMicros() > window) {
      return nothing(mark, rules.afterMicros(), "behind");
    }
    if (nearest.fromMicros() > latest) {
      return beyond(mark, "the next one");
    }
    long best = Math.min(nearest.toMicros(), nearest.fromMicros() + rules.leadMicros());
    long place = Math.min(best, latest);
    return moved(mark, place, best, window, "later", nearest);
  }

  private static Placed moved(
      long mark, long place, long best, long window, String where, Stretch pause) {
    String by = "It moved " + seconds(Math.abs(place - mark)) + " " + where;
    if (place == best) {
      return new Placed(
          place, MarkMove.MOVED, by + ", into a pause of " + seconds(pause.lengthMicros()));
    }
    return place == window
        ? new Placed(place, MarkMove.WINDOW, by + ", as far as was searched, just into a pause")
        : new Placed(
            place, MarkMove.NEIGHBOUR, by + ", up to the neighbouring segment, just into a pause");
  }

  private static Placed nothing(long mark, long windowMicros, String where) {
    return new Placed(
        mark,
        MarkMove.NOTHING_FOUND,
        "It stays: there is no pause within " + seconds(windowMicros) + " " + where + " it");
  }

  private static Placed beyond(long mark, String segment) {
    return new Placed(
        mark,
        MarkMove.NEIGHBOUR,
        "It stays: the nearest pause is not between this segment and " + segment);
  }

  private static String inPause(Stretch pause) {
    return "It stays: it lies in a pause of " + seconds(pause.lengthMicros());
  }

  /** To the hundredth: pauses are measured as finely as that. */
  private static String seconds(long micros) {
    return BigDecimal.valueOf(micros, 6)
            .setScale(2, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString()
        + " s";
  }
}
