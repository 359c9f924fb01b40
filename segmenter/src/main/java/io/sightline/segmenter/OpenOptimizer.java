package io.sightline.segmenter;

import io.sightline.records.OptimizedTrack;
import io.sightline.records.plugin.Optimizer;
import io.sightline.records.plugin.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An optimizer at work. What it throws stays here: it must not stop the stream.
 *
 * @param beforeMicros as it says, within bounds
 * @param afterMicros likewise
 */
record OpenOptimizer(Optimizer optimizer, long beforeMicros, long afterMicros) {

  private static final Logger log = LoggerFactory.getLogger(OpenOptimizer.class);

  /** Nobody listens further, and the marks would come too late for anything. */
  private static final long FURTHEST_MICROS = Duration.ofMinutes(10).toMillis() * 1_000;

  /** An item is of bounded size. */
  private static final int MAX_TRACKS = 32;

  /**
   * @throws RuntimeException when it does
   */
  static OpenOptimizer of(Optimizer optimizer) {
    return new OpenOptimizer(
        optimizer, within(optimizer.beforeMicros()), within(optimizer.afterMicros()));
  }

  /** The marks that can be taken, by track; null when it failed. */
  List<OptimizedTrack> optimize(Surroundings around) {
    try {
      return taken(around, optimizer.optimize(around));
    } catch (RuntimeException e) {
      log.warn("The marks of {} cannot be optimized", around.segment().id(), e);
      return null;
    }
  }

  private static List<OptimizedTrack> taken(Surroundings around, List<OptimizedTrack> found) {
    List<OptimizedTrack> tracks = new ArrayList<>();
    Set<Integer> numbers = new HashSet<>();
    for (OptimizedTrack track : found) {
      boolean taken =
          tracks.size() < MAX_TRACKS
              && around.room(track.audioTrack()).holds(track.startMicros(), track.endMicros())
              && numbers.add(track.audioTrack());
      if (taken) {
        tracks.add(track);
      } else {
        log.warn(
            "{}: marks for sound track {} are left out: there are too many, or they lie beyond"
                + " what the neighbours leave",
            around.segment().id(),
            track.audioTrack());
      }
    }
    tracks.sort(Comparator.comparingInt(OptimizedTrack::audioTrack));
    return tracks;
  }

  private static long within(long micros) {
    return Math.max(0, Math.min(FURTHEST_MICROS, micros));
  }
}
