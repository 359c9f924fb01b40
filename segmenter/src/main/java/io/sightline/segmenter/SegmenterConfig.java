package io.sightline.segmenter;

import io.sightline.records.Lane;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * @param lanes by analyzer name: whether it looks at frames, listens to chunks, or both; what is
 *     not listed looks at frames. Decides which lanes of a run are waited for
 * @param laneWait how far, in media time, one lane of a live run may fall behind the other before
 *     it is no longer waited for; other runs wait without this bound
 * @param pendingItems how many items of one run may wait for its other lane; beyond, that lane is
 *     no longer waited for. Bounds memory and checkpoints
 * @param progressEvery how often progress is reported while a run goes on; its end always is
 */
public record SegmenterConfig(
    Map<String, Set<Lane>> lanes, Duration laneWait, int pendingItems, Duration progressEvery) {

  /** The analyzers that come with Sightline and do more than look at frames. */
  public static final Map<String, Set<Lane>> BUILT_IN_LANES =
      Map.of("audio-level", Set.of(Lane.CHUNKS), "health", Set.of(Lane.FRAMES, Lane.CHUNKS));

  public SegmenterConfig {
    lanes = Map.copyOf(lanes);
    if (laneWait.isNegative() || laneWait.isZero() || progressEvery.isNegative()) {
      throw new IllegalArgumentException("laneWait is positive, progressEvery not negative");
    }
    if (pendingItems < 1 || pendingItems > 50_000) {
      throw new IllegalArgumentException("pendingItems lies between 1 and 50000");
    }
  }

  /** The built-in analyzers' lanes and the default bounds. */
  public static SegmenterConfig defaults() {
    return new SegmenterConfig(
        BUILT_IN_LANES, Duration.ofMinutes(2), 20_000, Duration.ofSeconds(1));
  }

  /** The same with more analyzers known. */
  public SegmenterConfig withLanes(Map<String, Set<Lane>> more) {
    Map<String, Set<Lane>> all = new TreeMap<>(lanes);
    all.putAll(more);
    return new SegmenterConfig(all, laneWait, pendingItems, progressEvery);
  }

  /** The lanes that a profile's analyzers publish detections on. */
  Set<Lane> lanesOf(Profile profile) {
    Set<Lane> used = EnumSet.noneOf(Lane.class);
    for (PluginSpec analyzer : profile.analyzers()) {
      used.addAll(lanes.getOrDefault(analyzer.use(), Set.of(Lane.FRAMES)));
    }
    return used;
  }
}
