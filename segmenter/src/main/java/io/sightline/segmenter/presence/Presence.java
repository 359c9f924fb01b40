package io.sightline.segmenter.presence;

import io.sightline.records.Detection;
import io.sightline.records.Evidence;
import io.sightline.records.Json;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.Positions;
import io.sightline.records.plugin.Classifier;
import io.sightline.records.plugin.Observation;
import io.sightline.records.plugin.SegmentOutput;
import java.math.BigDecimal;
import java.util.List;

/**
 * Follows one streak of sightings at a time.
 *
 * <p>Two thresholds, as in hysteresis thresholding (Canny 1986): only sightings of {@code
 * minConfidence} open a segment, but those of {@code keepConfidence} next to them count, too.
 * Somebody who comes in or goes out is half in the picture and barely recognised; the low scores
 * beside high ones are real (the observation behind ByteTrack, Zhang et al. 2022). A low sighting
 * counts within {@code closeAfter} of a high one only, so that a coat on a hook keeps nothing open.
 *
 * <p>Marks are not the first and last sighting: they lie half-way between a sighting and the look
 * that missed it, which is the best guess that both allow, but never further than {@code
 * closeAfter} from the sighting. A segment is closed only once its mark-out, padding included, has
 * passed, so that its media can exist.
 *
 * <p>Looks that failed are not observed at all, and looks of the other lane are no misses: a chunk
 * does not show that somebody left, nor a frame that a sound stopped.
 */
final class Presence implements Classifier {

  /**
   * @param floor no segment begins before this: where the epoch began, or the last segment ended
   * @param streak null while nothing is seen
   * @param unseenAt the last frame in which nothing counted; null when there was none
   */
  record State(long floor, Streak streak, Long unseenAt) {}

  private static final long LONGEST_BLIND_MICROS = 60 * Positions.MICROS_PER_SECOND;

  private final PresenceRules rules;
  private long floor;
  private Streak streak;
  private Long unseenAt;

  Presence(PresenceRules rules) {
    this.rules = rules;
  }

  @Override
  public void observe(Observation observation, SegmentOutput output) {
    List<Detection> matching = observation.detections().stream().filter(rules::matches).toList();
    if (counts(observation, matching)) {
      sighted(observation, matching, output);
      return;
    }
    if (streak != null && streak.seenIn(observation.lane())) {
      missed(observation.positionMicros(), output);
    }
    // A chunk that is silent is so to its end, so only looks leave something to guess.
    if (observation.lane() == Lane.FRAMES) {
      unseenAt = observation.positionMicros();
    }
  }

  @Override
  public void marker(Marker marker, SegmentOutput output) {
    if (marker.kind() == Marker.Kind.STALLED) {
      return;
    }
    if (streak != null && streak.open()) {
      closeAt(marker, output);
    }
    streak = null;
    unseenAt = null;
    floor = Math.max(floor, marker.positionMicros());
  }

  @Override
  public long settledMicros(long positionMicros) {
    if (streak != null && streak.open()) {
      // It ends behind its last sighting, and what comes next begins behind that; unless it turns
      // out to be none, which keeps no padding away.
      long there = streak.last - Math.max(streak.markIn, estimatedStart(streak));
      boolean sure = there > 0 && there >= rules.minMicros();
      return Math.max(floor, sure ? streak.last : streak.last - rules.beforeMicros());
    }
    // What is heard for a moment may be gone with the next chunk, and looks know nothing of it.
    long next = estimatedStart(new Streak(positionMicros, unseenAt));
    long begun = streak == null ? next : Math.min(next, estimatedStart(streak));
    return Math.max(floor, begun - rules.beforeMicros());
  }

  @Override
  public byte[] state() {
    return Json.encode(new State(floor, streak, unseenAt));
  }

  @Override
  public void restore(byte[] state) {
    State stored = Json.decode(state, State.class);
    floor = stored.floor();
    streak = stored.streak();
    unseenAt = stored.unseenAt();
  }

  /** Whether an observation is a sighting: a high one, or a low one next to a high one. */
  private boolean counts(Observation observation, List<Detection> matching) {
    return !matching.isEmpty()
        && (rules.confident(matching)
            || streak == null
            || !streak.confident()
            || observation.positionMicros() - streak.lastConfident <= rules.closeAfterMicros());
  }

  private void sighted(Observation observation, List<Detection> matching, SegmentOutput output) {
    long position = observation.positionMicros();
    if (streak != null && missedLongEnough(position)) {
      close(estimatedEnd(), position, missedRule(), output);
    } else if (streak != null && blindFor(position)) {
      close(streak.last, streak.last, "nothing could be looked at for a minute", output);
    }
    if (streak == null || onlyGuessesSince(position)) {
      if (streak != null) {
        unseenAt = streak.last;
      }
      streak =
          new Streak(
              Math.max(floor, position), observation.lane() == Lane.FRAMES ? unseenAt : null);
    }
    streak.add(observation, matching, rules.confident(matching));
    openWhenDue(output);
    while (streak.open()
        && rules.maxMicros() > 0
        && streak.last - streak.markIn >= rules.maxMicros()) {
      divide(observation, matching, output);
    }
  }

  private void missed(long position, SegmentOutput output) {
    if (position < streak.last) {
      return;
    }
    if (!streak.open()) {
      streak = null;
      return;
    }
    if (streak.missedAt == null) {
      streak.missedAt = position;
    }
    if (missedLongEnough(position) && position >= estimatedEnd() + rules.afterMicros()) {
      close(estimatedEnd(), position, missedRule(), output);
    }
  }

  private void openWhenDue(SegmentOutput output) {
    if (streak.open() || !streak.confidentFor(rules.openAfterMicros())) {
      return;
    }
    streak.markIn = Math.max(floor, estimatedStart(streak) - rules.beforeMicros());
    output.open(
        streak.markIn,
        streak.label(),
        streak.features(),
        new Evidence(streak.opened(), null, null));
  }

  /** It goes on, but its segment has its greatest length: what follows is another one. */
  private void divide(Observation observation, List<Detection> matching, SegmentOutput output) {
    long border = streak.markIn + rules.maxMicros();
    Streak rest = streak.dividedAt(border, observation, matching);
    close(border, border, "it reached maxLength, " + seconds(rules.maxMicros()), output);
    streak = rest;
    openWhenDue(output);
  }

  private void closeAt(Marker marker, SegmentOutput output) {
    if (marker.kind() == Marker.Kind.EPOCH_BEGIN) {
      // Of the time between the last look of the former epoch and this one nothing is known.
      long latest = streak.missedAt == null ? streak.last : streak.missedAt;
      close(estimatedEnd(), latest, "the next epoch began", output);
    } else {
      long position = Math.max(streak.last, marker.positionMicros());
      long end =
          streak.missedAt == null
              ? Math.min(position, streak.last + rules.closeAfterMicros())
              : estimatedEnd();
      close(end, position, reason(marker), output);
    }
  }

  /**
   * @param end where it is taken to have ended
   * @param latest mark-out, padding included, lies here or before
   */
  private void close(long end, long latest, String rule, SegmentOutput output) {
    Streak closing = streak;
    streak = null;
    if (!closing.open()) {
      return;
    }
    long start = closing.markIn;
    long longest = rules.maxMicros() > 0 ? start + rules.maxMicros() : Long.MAX_VALUE;
    long markOut = Math.min(Math.min(end + rules.afterMicros(), latest), longest);
    long thereMicros = Math.min(end, markOut) - Math.max(start, estimatedStart(closing));
    if (markOut <= start || thereMicros < rules.minMicros()) {
      String length = seconds(Math.max(0, thereMicros));
      output.discard(start, "it was there for " + length + " only when " + rule);
      return;
    }
    floor = Math.max(floor, markOut);
    output.close(
        start,
        markOut,
        closing.label(),
        closing.features(),
        new Evidence(closing.opened(), closing.latest(), rule));
  }

  private boolean missedLongEnough(long position) {
    return streak.missedAt != null && position - streak.last >= rules.closeAfterMicros();
  }

  /** Sightings with nothing between them say little about a long time between them. */
  private boolean blindFor(long position) {
    return position - streak.last > Math.max(rules.closeAfterMicros(), LONGEST_BLIND_MICROS);
  }

  /** Low sightings alone begin nothing; those too long ago to belong to a high one are dropped. */
  private boolean onlyGuessesSince(long position) {
    return !streak.confident() && position - streak.first > rules.closeAfterMicros();
  }

  private long estimatedStart(Streak of) {
    long sinceUnseen = of.unseenAt == null ? 0 : Math.max(0, of.first - of.unseenAt);
    return Math.max(0, of.first - Math.min(sinceUnseen / 2, rules.closeAfterMicros()));
  }

  private long estimatedEnd() {
    return streak.missedAt == null
        ? streak.last
        : streak.last
            + Math.min(Math.max(0, streak.missedAt - streak.last) / 2, rules.closeAfterMicros());
  }

  private String missedRule() {
    return "it was not seen for closeAfter, " + seconds(rules.closeAfterMicros());
  }

  private static String reason(Marker marker) {
    return switch (marker.kind()) {
      case LOST -> "the stream was given up";
      case PROFILE -> "the profile changed";
      default -> "the epoch ended";
    };
  }

  private static String seconds(long micros) {
    return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString()
        + (micros == Positions.MICROS_PER_SECOND ? " second" : " seconds");
  }
}
