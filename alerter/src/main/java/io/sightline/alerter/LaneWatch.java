package io.sightline.alerter;

import io.sightline.records.AudioDetections;
import io.sightline.records.Detection;
import io.sightline.records.FrameDetections;
import io.sightline.records.Marker;
import io.sightline.records.Positions;
import io.sightline.records.StreamItem;
import io.sightline.records.WatchRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Follows the visits in one lane of one run. Lanes are watched apart from each other, since only
 * within a lane do items come in an order that a restart repeats. Time is the stream's own: a visit
 * is over once an item that succeeded lies the rule's cooldown after its last sighting.
 */
final class LaneWatch {

  /** What survives a kill. */
  record State(
      String epoch, long sequence, long positionMicros, boolean ended, List<Visit> visits) {}

  /** What lasts longer than any chunk is a mistake. */
  private static final long LONGEST_DETECTION_MICROS = 60 * Positions.MICROS_PER_SECOND;

  private final String stream;
  private final String run;
  private final TreeMap<String, Visit> visits = new TreeMap<>();
  private String epoch;
  private long sequence = -1;
  private long positionMicros;
  private boolean ended;

  LaneWatch(String stream, String run) {
    this.stream = stream;
    this.run = run;
  }

  LaneWatch(String stream, String run, State state) {
    this(stream, run);
    epoch = state.epoch();
    sequence = state.sequence();
    positionMicros = state.positionMicros();
    ended = state.ended();
    state.visits().forEach(visit -> visits.put(visit.rule(), visit));
  }

  State state() {
    return new State(epoch, sequence, positionMicros, ended, List.copyOf(visits.values()));
  }

  String epoch() {
    return epoch;
  }

  /** Whether its epoch is complete. */
  boolean ended() {
    return ended;
  }

  long positionMicros() {
    return positionMicros;
  }

  /** Takes an item in the order of the lane; returns empty when it was none to be counted. */
  Optional<List<VisitChange>> offer(StreamItem item, List<WatchRule> rules) {
    if (isLate(item) || !isNext(item)) {
      return Optional.empty();
    }
    List<VisitChange> changes = new ArrayList<>();
    positionMicros = Math.max(positionMicros, item.positionMicros());
    if (item instanceof Marker marker) {
      turn(marker, changes);
    } else if (item instanceof FrameDetections frame && frame.error() == null) {
      watch(frame.detections(), positionMicros, frame.pictureKey(), rules, changes);
    } else if (item instanceof AudioDetections sound && sound.error() == null) {
      long end = positionMicros + Math.max(0, sound.durationMicros());
      watch(sound.detections(), end, null, rules, changes);
    }
    return Optional.of(changes);
  }

  private void turn(Marker marker, List<VisitChange> changes) {
    boolean lost = marker.kind() == Marker.Kind.LOST;
    if (marker.kind() == Marker.Kind.EPOCH_BEGIN) {
      visits.replaceAll((rule, visit) -> visit.asMissed());
    }
    if (marker.kind() == Marker.Kind.EPOCH_END || lost) {
      ended = !lost || ended;
      visits.replaceAll(
          (rule, visit) -> {
            if (!visit.told()) {
              changes.add(new VisitChange(visit, true));
            }
            return visit.asTold();
          });
    }
    if (lost) {
      visits.clear();
    }
  }

  private void watch(
      List<Detection> detections,
      long endMicros,
      String pictureKey,
      List<WatchRule> rules,
      List<VisitChange> changes) {
    Map<String, Detection> matches = new TreeMap<>();
    for (WatchRule rule : rules) {
      if (rule.wants(stream)) {
        detections.stream()
            .filter(rule::matches)
            .max(Comparator.comparingDouble(Detection::confidence))
            .ifPresent(best -> matches.put(rule.name(), best));
      }
    }
    endVisits(matches, rules, changes);
    for (WatchRule rule : rules) {
      Detection best = matches.get(rule.name());
      if (best != null) {
        seen(rule, best, endMicros, pictureKey, changes);
      } else {
        visits.computeIfPresent(rule.name(), (name, visit) -> visit.asMissed());
      }
    }
  }

  /** Looks that are far apart do not end a visit that both of them see. */
  private void endVisits(
      Map<String, Detection> matches, List<WatchRule> rules, List<VisitChange> changes) {
    visits
        .values()
        .removeIf(
            visit -> {
              boolean seenOn = matches.containsKey(visit.rule()) && !visit.missed();
              boolean over =
                  !seenOn
                      && rules.stream()
                          .filter(rule -> rule.name().equals(visit.rule()))
                          .noneMatch(
                              rule -> positionMicros - visit.lastSeenMicros() < micros(rule));
              if (over && !visit.told()) {
                changes.add(new VisitChange(visit, true));
              }
              return over;
            });
  }

  private void seen(
      WatchRule rule,
      Detection best,
      long endMicros,
      String pictureKey,
      List<VisitChange> changes) {
    long until =
        best.endMicros() == null
            ? endMicros
            : Math.max(
                positionMicros,
                Math.min(best.endMicros(), positionMicros + LONGEST_DETECTION_MICROS));
    Visit visit = visits.get(rule.name());
    if (visit != null) {
      visits.put(rule.name(), visit.seen(until, best.confidence()));
      return;
    }
    Visit begun =
        new Visit(
            stream,
            run,
            rule.name(),
            rule.channels(),
            best.label(),
            best.confidence(),
            positionMicros,
            until,
            best.box(),
            best.zones(),
            pictureKey,
            false,
            false);
    visits.put(rule.name(), begun);
    changes.add(new VisitChange(begun, false));
  }

  private boolean isNext(StreamItem item) {
    int byEpoch = epoch == null ? 1 : item.epoch().compareTo(epoch);
    if (byEpoch > 0) {
      epoch = item.epoch();
      sequence = item.sequence();
      ended = false;
      return true;
    }
    boolean saidFromOutside =
        item instanceof Marker marker
            && (marker.kind() == Marker.Kind.LOST || marker.kind() == Marker.Kind.STALLED);
    if (byEpoch < 0 || (item.sequence() <= sequence && !saidFromOutside)) {
      return false;
    }
    sequence = Math.max(sequence, item.sequence());
    return true;
  }

  private static boolean isLate(StreamItem item) {
    return (item instanceof FrameDetections frame && frame.late())
        || (item instanceof AudioDetections sound && sound.late());
  }

  private static long micros(WatchRule rule) {
    return Math.multiplyExact(rule.cooldownMillis(), 1000L);
  }
}
