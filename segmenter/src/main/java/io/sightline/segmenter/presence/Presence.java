package io.sightline.segmenter.presence;

import io.sightline.records.Detection;
import io.sightline.records.Evidence;
import io.sightline.records.Json;
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
 * <p>Mark-in is the first sighting of the streak that opens the segment: nothing wanted was seen
 * before it. Mark-out is not the last sighting, because what was seen then is part of the segment;
 * it lies half-way between the last sighting and the first look that missed it, which is the best
 * guess that both allow, but never more than {@code closeAfter} after the last sighting. A segment
 * is closed only once its mark-out, padding included, has passed, so that its media can exist.
 *
 * <p>Looks that failed are not observed at all, and looks of the other lane are no misses: a chunk
 * does not show that somebody left, nor a frame that a sound stopped.
 */
final class Presence implements Classifier {

  /**
   * @param floor no segment begins before this: where the epoch began, or the last segment ended
   * @param streak null while nothing is seen
   */
  record State(long floor, Streak streak) {}

  private static final long LONGEST_BLIND_MICROS = 60 * Positions.MICROS_PER_SECOND;

  private final PresenceRules rules;
  private long floor;
  private Streak streak;

  Presence(PresenceRules rules) {
    this.rules = rules;
  }

  @Override
  public void observe(Observation observation, SegmentOutput output) {
    List<Detection> matching = observation.detections().stream().filter(rules::matches).toList();
    if (!matching.isEmpty()) {
      sighted(observation, matching, output);
    } else if (streak != null && streak.seenIn(observation.lane())) {
      missed(observation.positionMicros(), output);
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
    floor = Math.max(floor, marker.positionMicros());
  }

  @Override
  public byte[] state() {
    return Json.encode(new State(floor, streak));
  }

  @Override
  public void restore(byte[] state) {
    State stored = Json.decode(state, State.class);
    floor = stored.floor();
    streak = stored.streak();
  }

  private void sighted(Observation observation, List<Detection> matching, SegmentOutput output) {
    long position = observation.positionMicros();
    if (streak != null && missedLongEnough(position)) {
      close(estimatedEnd(), position, missedRule(), output);
    } else if (streak != null && blindFor(position)) {
      close(streak.last, streak.last, "nothing could be looked at for a minute", output);
    }
    if (streak == null) {
      streak = new Streak(Math.max(floor, position));
    }
    streak.add(observation, matching);
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
    if (streak.open() || streak.last - streak.first < rules.openAfterMicros()) {
      return;
    }
    streak.markIn = Math.max(floor, streak.first - rules.beforeMicros());
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
    long thereMicros = Math.min(end, markOut) - closing.first;
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
