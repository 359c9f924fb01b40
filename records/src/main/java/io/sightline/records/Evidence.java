package io.sightline.records;

import java.util.List;

/**
 * Which detections opened and closed a segment.
 *
 * @param opened those that met the opening rule
 * @param closed the last ones before the closing rule was met; empty while it is open
 * @param closedBy the rule that closed it, in words; null while it is open
 */
public record Evidence(List<Sighting> opened, List<Sighting> closed, String closedBy) {

  public Evidence {
    opened = opened == null ? List.of() : List.copyOf(opened);
    closed = closed == null ? List.of() : List.copyOf(closed);
  }

  /** One detection, by where it was and what it said. */
  public record Sighting(long positionMicros, String analyzer, String label, double confidence) {}
}
