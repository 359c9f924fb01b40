package io.sightline.records;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * When to raise an alert: one per visit, not per frame.
 *
 * @param labels any of these; compared without regard to case
 * @param minConfidence 0 to 100, inclusive
 * @param streams only these; empty for all
 * @param zones only detections that stand in one of these; empty for anywhere
 * @param cooldownMillis how long nothing must be seen before a visit is over
 * @param channels names of the channels to tell; empty for the dashboard alone
 */
public record WatchRule(
    String name,
    Set<String> labels,
    double minConfidence,
    Set<String> streams,
    Set<String> zones,
    long cooldownMillis,
    List<String> channels) {

  public static final double DEFAULT_MIN_CONFIDENCE = 50;
  public static final Duration DEFAULT_COOLDOWN = Duration.ofSeconds(10);

  public WatchRule {
    Ids.requireName("watch rule", name);
    labels =
        labels == null
            ? Set.of()
            : labels.stream()
                .map(label -> label.toLowerCase(Locale.ROOT))
                .collect(Collectors.collectingAndThen(Collectors.toSet(), WatchRule::sorted));
    streams = streams == null ? Set.of() : sorted(streams);
    zones = zones == null ? Set.of() : sorted(zones);
    channels = channels == null ? List.of() : List.copyOf(channels);
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("The watch rule '" + name + "' has no labels");
    }
    if (!(minConfidence >= 0 && minConfidence <= 100)) {
      throw new IllegalArgumentException(
          "The watch rule '"
              + name
              + "': minConfidence lies between 0 and 100, not "
              + minConfidence);
    }
    if (cooldownMillis < 0) {
      throw new IllegalArgumentException("The watch rule '" + name + "': cooldown is negative");
    }
  }

  /** In one order, so that the same rule is always written the same. */
  private static Set<String> sorted(Set<String> words) {
    return Collections.unmodifiableSet(new TreeSet<>(words));
  }

  public boolean wants(String stream) {
    return streams.isEmpty() || streams.contains(stream);
  }

  public boolean matches(Detection detection) {
    return labels.contains(detection.label().toLowerCase(Locale.ROOT))
        && detection.confidence() >= minConfidence
        && (zones.isEmpty() || detection.zones().stream().anyMatch(zones::contains));
  }
}
