package io.sightline.launcher.config;

import io.sightline.records.WatchRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A watch rule as declared here; its name is the key. */
public record WatchSection(
    Set<String> labels,
    Double minConfidence,
    Set<String> streams,
    Set<String> zones,
    Duration cooldown,
    List<String> channels) {

  WatchRule named(String name) {
    return new WatchRule(
        name,
        labels,
        minConfidence == null ? WatchRule.DEFAULT_MIN_CONFIDENCE : minConfidence,
        streams,
        zones,
        (cooldown == null ? WatchRule.DEFAULT_COOLDOWN : cooldown).toMillis(),
        channels);
  }
}
