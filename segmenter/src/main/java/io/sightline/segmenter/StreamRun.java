package io.sightline.segmenter;

import io.sightline.records.AudioDetections;
import io.sightline.records.Detection;
import io.sightline.records.FrameDetections;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.StreamItem;
import io.sightline.records.plugin.Observation;
import io.sightline.segmenter.LaneQueue.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of one stream: its items in, what its classifiers find out. All that comes out follows
 * from the items alone, so that doing it again gives the same. Not thread-safe.
 */
final class StreamRun {

  /** The run that follows a stream as it happens. */
  static final String LIVE = "live";

  /**
   * What survives a kill.
   *
   * @param optimizing false in what was saved before there were optimizers
   * @param lost likewise
   */
  record State(
      String stream,
      String run,
      LaneMerge.State merge,
      Profile profile,
      String epoch,
      long lastMicros,
      long items,
      boolean ended,
      List<OpenClassifier.State> classifiers,
      boolean optimizing,
      boolean lost) {}

  private final String stream;
  private final String run;
  private final LaneMerge merge;
  private final SegmenterPlugins plugins;

  private List<OpenClassifier> classifiers = List.of();
  private Profile profile;
  private PluginSpec optimizer;
  private String epoch;
  private long lastMicros;
  private long items;
  private boolean ended;

  /** Whether segments of the epoch are optimized, by this profile or one before. */
  private boolean optimizing;

  /** Whether the stream was given up, and nothing has come since. */
  private boolean lost;

  StreamRun(String stream, String run, SegmenterPlugins plugins, SegmenterConfig config) {
    this.stream = stream;
    this.run = run;
    this.plugins = plugins;
    this.merge = new LaneMerge(config, run.equals(LIVE));
  }

  StreamRun(State state, SegmenterPlugins plugins, SegmenterConfig config) {
    stream = state.stream();
    run = state.run();
    this.plugins = plugins;
    merge = new LaneMerge(config, run.equals(LIVE), state.merge());
    profile = state.profile();
    epoch = state.epoch();
    lastMicros = state.lastMicros();
    items = state.items();
    ended = state.ended();
    optimizing = state.optimizing();
    lost = state.lost();
    classifiers = profile == null ? List.of() : opened(profile);
    for (OpenClassifier.State stored : state.classifiers()) {
      classifiers.stream()
          .filter(classifier -> classifier.name().equals(stored.name()))
          .forEach(classifier -> classifier.restore(stored));
    }
  }

  State state() {
    return new State(
        stream,
        run,
        merge.state(),
        profile,
        epoch,
        lastMicros,
        items,
        ended,
        classifiers.stream().map(OpenClassifier::state).toList(),
        optimizing,
        lost);
  }

  String stream() {
    return stream;
  }

  String run() {
    return run;
  }

  /** The epoch that it has reached; null before the first. */
  String epoch() {
    return epoch;
  }

  /** Up to where its items have been classified. */
  long lastMicros() {
    return lastMicros;
  }

  /** Before which no segment begins that has not been found yet. */
  long settledMicros() {
    return classifiers.stream()
        .mapToLong(classifier -> classifier.settledMicros(lastMicros))
        .min()
        .orElse(lastMicros);
  }

  /** How many items of the epoch have been classified. */
  long items() {
    return items;
  }

  /** Whether nothing more of the epoch that it has reached is waited for. */
  boolean over() {
    return ended || lost;
  }

  /** Whether more is to be said of how far it has come, for which such a segment may wait. */
  boolean optimizes(String segment) {
    return optimizing && !ended && !lost && segment.startsWith(stream + "." + run + ".");
  }

  /** How far it has come; empty when none of its segments are optimized, or it has ended. */
  Optional<Reached> reached() {
    return optimizing && !ended ? Optional.of(reached(null)) : Optional.empty();
  }

  /** Whether there is nothing to remember: no epoch is open, and nothing of another waits. */
  boolean forgettable() {
    return (ended || !merge.begun()) && merge.empty();
  }

  /** Takes an item and returns what has been found by it. */
  List<Finding> offer(StreamItem item) {
    merge.offer(item);
    List<Finding> found = new ArrayList<>();
    for (Optional<Entry> next = merge.next(); next.isPresent(); next = merge.next()) {
      Entry entry = next.get();
      Marker marker = entry.marker();
      if (marker != null) {
        turn(marker, found);
      } else {
        observe(observation(entry), found);
      }
      if (optimizing) {
        // Of each item, so that what follows from it does not depend on how many come at once.
        found.add(reached(marker));
      }
      if (marker != null && marker.kind() == Marker.Kind.EPOCH_BEGIN) {
        optimizing = optimizer != null;
      }
    }
    return found;
  }

  private void turn(Marker marker, List<Finding> found) {
    boolean begins = marker.kind() == Marker.Kind.EPOCH_BEGIN;
    // A stream is given up long after its last item, and an epoch begins long after the former.
    boolean continues = !begins && marker.kind() != Marker.Kind.LOST;
    long last = continues ? Math.max(lastMicros, marker.positionMicros()) : lastMicros;
    classifiers.forEach(classifier -> found.addAll(classifier.marker(marker, last)));
    if (marker.profile() != null && !marker.profile().equals(profile)) {
      profile = marker.profile();
      classifiers = opened(profile);
      optimizing |= optimizer != null;
      classifiers.forEach(classifier -> found.addAll(classifier.marker(marker, last)));
    }
    epoch = marker.epoch();
    lastMicros = begins ? marker.positionMicros() : last;
    items = begins ? 1 : items + 1;
    ended = marker.kind() == Marker.Kind.EPOCH_END || (ended && !begins);
    lost = marker.kind() == Marker.Kind.LOST;
  }

  private void observe(Observation observation, List<Finding> found) {
    classifiers.forEach(classifier -> found.addAll(classifier.observe(observation)));
    ended = ended && observation.epoch().equals(epoch);
    lost = false;
    epoch = observation.epoch();
    lastMicros = Math.max(lastMicros, observation.positionMicros());
    items++;
  }

  private List<OpenClassifier> opened(Profile wanted) {
    optimizer = plugins.optimizers().usable(wanted, stream).orElse(null);
    return plugins.classifiers().open(wanted, stream).entrySet().stream()
        .map(entry -> new OpenClassifier(stream, run, entry.getKey(), entry.getValue(), optimizer))
        .toList();
  }

  private Reached reached(Marker marker) {
    Map<String, Long> settled = new HashMap<>();
    classifiers.forEach(one -> settled.put(one.name(), one.settledMicros(lastMicros)));
    boolean over =
        marker != null
            && marker.kind() != Marker.Kind.STALLED
            && marker.kind() != Marker.Kind.PROFILE;
    return new Reached(stream, run, lastMicros, settled, over);
  }

  private static Observation observation(Entry entry) {
    StreamItem item = entry.item();
    if (item instanceof AudioDetections sound) {
      return Heard.in(sound, entry.positionMicros());
    }
    List<Detection> detections = ((FrameDetections) item).detections();
    return new Observation(item.epoch(), Lane.FRAMES, entry.positionMicros(), detections);
  }
}
