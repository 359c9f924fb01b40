package io.sightline.segmenter.quietmarks;

import io.sightline.records.Detection;
import io.sightline.records.plugin.Observation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Where a sound track is quiet: stretches in order of time, none touching another. */
final class Quiet {

  /**
   * A stretch of time.
   *
   * @param toMicros behind {@code fromMicros}
   */
  record Stretch(long fromMicros, long toMicros) {

    boolean holds(long position) {
      return position >= fromMicros && position <= toMicros;
    }

    long lengthMicros() {
      return toMicros - fromMicros;
    }
  }

  private final List<Stretch> stretches;

  private Quiet(List<Stretch> stretches) {
    this.stretches = stretches;
  }

  /** That of one sound track, by what was heard in it, and in all sound alike. */
  static Quiet of(List<Observation> heard, int audioTrack, QuietRules rules) {
    return new Quiet(
        without(
            joined(labelled(heard, audioTrack, rules.quiet())),
            joined(labelled(heard, audioTrack, rules.loud()))));
  }

  List<Stretch> stretches() {
    return stretches;
  }

  private static List<Stretch> labelled(
      List<Observation> heard, int audioTrack, Set<String> labels) {
    List<Stretch> found = new ArrayList<>();
    for (Observation observation : heard) {
      for (Detection one : observation.detections()) {
        boolean about = one.audioTrack() == null || one.audioTrack() == audioTrack;
        if (about && labels.contains(one.label().toLowerCase(Locale.ROOT))) {
          long from = from(one, observation.positionMicros());
          if (one.endMicros() != null && one.endMicros() > from) {
            found.add(new Stretch(from, one.endMicros()));
          }
        }
      }
    }
    return found;
  }

  /** What began before its chunk says where. */
  private static long from(Detection detection, long chunkMicros) {
    return detection.attributes().get("fromMicros") instanceof Number from
        ? from.longValue()
        : chunkMicros;
  }

  private static List<Stretch> joined(List<Stretch> stretches) {
    List<Stretch> sorted = new ArrayList<>(stretches);
    sorted.sort(Comparator.comparingLong(Stretch::fromMicros));
    List<Stretch> joined = new ArrayList<>();
    for (Stretch next : sorted) {
      Stretch last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && next.fromMicros() <= last.toMicros()) {
        long to = Math.max(last.toMicros(), next.toMicros());
        joined.set(joined.size() - 1, new Stretch(last.fromMicros(), to));
      } else {
        joined.add(next);
      }
    }
    return joined;
  }

  private static List<Stretch> without(List<Stretch> quiet, List<Stretch> loud) {
    List<Stretch> left = new ArrayList<>();
    for (Stretch stretch : quiet) {
      long from = stretch.fromMicros();
      for (Stretch noise : loud) {
        if (noise.toMicros() > from && noise.fromMicros() < stretch.toMicros()) {
          if (noise.fromMicros() > from) {
            left.add(new Stretch(from, noise.fromMicros()));
          }
          from = Math.max(from, noise.toMicros());
        }
      }
      if (from < stretch.toMicros()) {
        left.add(new Stretch(from, stretch.toMicros()));
      }
    }
    return left;
  }
}
