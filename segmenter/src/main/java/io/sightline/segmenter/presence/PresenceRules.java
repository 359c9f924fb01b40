package io.sightline.segmenter.presence;

import io.sightline.records.Detection;
import io.sightline.records.Positions;
import io.sightline.records.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When presence begins and ends.
 *
 * @param labels any of these, in lower case; {@code *} stands for any label
 * @param minConfidence of sightings that open a segment, 0 to 100, inclusive
 * @param keepConfidence of sightings that count next to those, at most {@code minConfidence}
 * @param zones only detections that stand in one of these; empty for anywhere
 * @param openAfterMicros how long it must be seen without a miss before a segment opens
 * @param closeAfterMicros how long it must be missed before the segment closes
 * @param beforeMicros added before the first sighting
 * @param afterMicros added after the estimated end
 * @param minMicros what is seen for less is no segment
 * @param maxMicros a longer segment is divided here; 0 for no bound
 */
record PresenceRules(
    Set<String> labels,
    double minConfidence,
    double keepConfidence,
    Set<String> zones,
    long openAfterMicros,
    long closeAfterMicros,
    long beforeMicros,
    long afterMicros,
    long minMicros,
    long maxMicros) {

  static final String ANY = "*";

  private static final double DEFAULT_MIN_CONFIDENCE = 50;
  private static final double DEFAULT_KEEP_CONFIDENCE = 30;
  private static final Duration DEFAULT_OPEN_AFTER = Duration.ofMillis(200);
  private static final Duration DEFAULT_CLOSE_AFTER = Duration.ofSeconds(1);
  private static final Duration DEFAULT_MAX_LENGTH = Duration.ofMinutes(30);
  private static final Duration LONGEST = Duration.ofDays(1);

  static PresenceRules of(Settings settings, List<String> defaultLabels) {
    List<String> labels = settings.words("labels", defaultLabels);
    if (labels.isEmpty() || labels.stream().anyMatch(String::isBlank)) {
      throw settings.wrong("labels", "needs at least one label, or '*' for any");
    }
    long min = micros(settings, "minLength", Duration.ZERO);
    long max = micros(settings, "maxLength", DEFAULT_MAX_LENGTH);
    long before = micros(settings, "paddingBefore", Duration.ZERO);
    if (max > 0 && max < Positions.MICROS_PER_SECOND) {
      throw settings.wrong("maxLength", "must be 0s, for no bound, or at least 1s");
    }
    if (max > 0 && min > max) {
      throw settings.wrong("minLength", "must not be longer than maxLength");
    }
    if (max > 0 && before >= max) {
      throw settings.wrong("paddingBefore", "must be shorter than maxLength");
    }
    double confidence = settings.number("minConfidence", DEFAULT_MIN_CONFIDENCE, 0, 100);
    double keep =
        settings.number(
            "keepConfidence", Math.min(DEFAULT_KEEP_CONFIDENCE, confidence), 0, confidence);
    return new PresenceRules(
        labels.stream()
            .map(label -> label.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()),
        confidence,
        keep,
        Set.copyOf(settings.words("zones", List.of())),
        micros(settings, "openAfter", DEFAULT_OPEN_AFTER),
        micros(settings, "closeAfter", DEFAULT_CLOSE_AFTER),
        before,
        micros(settings, "paddingAfter", Duration.ZERO),
        min,
        max);
  }

  /** Whether one of these opens a segment. */
  boolean confident(List<Detection> matching) {
    return matching.stream().anyMatch(detection -> detection.confidence() >= minConfidence);
  }

  boolean matches(Detection detection) {
    return detection.confidence() >= keepConfidence
        && (labels.contains(ANY) || labels.contains(detection.label().toLowerCase(Locale.ROOT)))
        && (zones.isEmpty() || detection.zones().stream().anyMatch(zones::contains));
  }

  private static long micros(Settings settings, String key, Duration otherwise) {
    Duration duration = settings.duration(key, otherwise);
    if (duration.compareTo(LONGEST) > 0) {
      throw settings.wrong(key, "must not be longer than a day");
    }
    return Positions.micros(duration);
  }
}
