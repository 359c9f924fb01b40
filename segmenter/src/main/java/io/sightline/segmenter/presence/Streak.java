package io.sightline.segmenter.presence;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.sightline.records.Detection;
import io.sightline.records.Evidence.Sighting;
import io.sightline.records.Lane;
import io.sightline.records.Positions;
import io.sightline.records.plugin.Observation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sightings that belong together: first those that may open a segment, then those that keep it
 * open. Written as JSON by its fields.
 */
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE)
final class Streak {

  /** Enough to see why, few enough for a record of bounded size. */
  private static final int KEPT_SIGHTINGS = 8;

  /** Labels are the plugins' own words; a streak of very many different ones is a mistake. */
  private static final int KEPT_LABELS = 64;

  /** Nothing is told of a longer stretch than a chunk can have. */
  private static final long LONGEST_DETECTION_MICROS = 60 * Positions.MICROS_PER_SECOND;

  private TreeMap<String, Double> confidenceByLabel = new TreeMap<>();
  private EnumSet<Lane> lanes = EnumSet.noneOf(Lane.class);
  private List<Sighting> opened = new ArrayList<>();
  private List<Sighting> latest = new ArrayList<>();
  private long observations;
  private int most;
  private double peak;

  /** Where it began: the first sighting, or where the segment before it was divided. */
  long first;

  /** Up to where it was seen. */
  long last;

  /** The first observation since then that did not see it; null when there is none. */
  Long missedAt;

  /** Where its segment begins; null until it has opened. */
  Long markIn;

  /** The last observation before it that did not see it; null when there was none. */
  Long unseenAt;

  /** First and last sighting that is sure; null while there is none. */
  Long firstConfident;

  Long lastConfident;

  private Streak() {}

  /**
   * @param unseenAt the last observation before that did not see it; null when there was none
   */
  Streak(long first, Long unseenAt) {
    this.first = first;
    this.last = first;
    this.unseenAt = unseenAt;
  }

  boolean confident() {
    return lastConfident != null;
  }

  /** Whether its sure sightings span so long a time. */
  boolean confidentFor(long micros) {
    return confident() && lastConfident - firstConfident >= micros;
  }

  boolean open() {
    return markIn != null;
  }

  /** Whether an observation of this lane could have seen it. */
  boolean seenIn(Lane lane) {
    return lanes.contains(lane);
  }

  /**
   * @param sure whether one of the detections has the confidence that opens a segment
   */
  void add(Observation observation, List<Detection> matching, boolean sure) {
    observations++;
    missedAt = null;
    lanes.add(observation.lane());
    latest = new ArrayList<>();
    most = Math.max(most, matching.size());
    for (Detection detection : matching) {
      last = Math.max(last, endOf(observation, detection));
      if (sure) {
        firstConfident =
            firstConfident == null ? Math.max(first, observation.positionMicros()) : firstConfident;
        lastConfident = last;
      }
      peak = Math.max(peak, detection.confidence());
      if (confidenceByLabel.size() < KEPT_LABELS
          || confidenceByLabel.containsKey(detection.label())) {
        confidenceByLabel.merge(detection.label(), detection.confidence(), Double::sum);
      }
      Sighting sighting =
          new Sighting(
              observation.positionMicros(),
              detection.analyzer(),
              detection.label(),
              detection.confidence());
      keep(sighting, latest);
      if (!open()) {
        keep(sighting, opened);
      }
    }
  }

  /** The same goes on in another segment, which begins at {@code border}. */
  Streak dividedAt(long border, Observation observation, List<Detection> matching) {
    Streak rest = new Streak(border, null);
    rest.add(observation, matching, true);
    rest.last = last;
    rest.firstConfident = border;
    rest.lastConfident = last;
    return rest;
  }

  /** The label with the highest summed confidence; of equals, the first in the alphabet. */
  String label() {
    String label = null;
    double highest = -1;
    for (Map.Entry<String, Double> entry : confidenceByLabel.entrySet()) {
      if (entry.getValue() > highest) {
        highest = entry.getValue();
        label = entry.getKey();
      }
    }
    return label;
  }

  Map<String, Object> features() {
    return Map.of("peakConfidence", peak, "observations", observations, "mostAtOnce", most);
  }

  List<Sighting> opened() {
    return opened;
  }

  List<Sighting> latest() {
    return latest;
  }

  private static long endOf(Observation observation, Detection detection) {
    long position = observation.positionMicros();
    return detection.endMicros() == null
        ? position
        : Math.max(position, Math.min(detection.endMicros(), position + LONGEST_DETECTION_MICROS));
  }

  private static void keep(Sighting sighting, List<Sighting> sightings) {
    if (sightings.size() < KEPT_SIGHTINGS) {
      sightings.add(sighting);
    }
  }
}
