package io.sightline.segmenter;

import io.sightline.records.Evidence;
import io.sightline.records.Marker;
import io.sightline.records.PluginSpec;
import io.sightline.records.plugin.Classifier;
import io.sightline.records.plugin.Observation;
import io.sightline.records.plugin.SegmentOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A classifier at work on one run of one stream, and the segments that it has open. What it throws
 * stays here: it must not stop the stream for other classifiers.
 */
final class OpenClassifier implements SegmentOutput {

  /** What survives a kill. */
  record State(String name, byte[] classifier, List<FoundChange> open) {

    State {
      open = List.copyOf(open);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(OpenClassifier.class);
  private static final int MOST_OPEN = 1000;
  private static final int LONGEST_LABEL = 200;

  private final String stream;
  private final String run;
  private final String name;
  private final Classifier classifier;
  private final PluginSpec optimizer;
  private final TreeMap<Long, FoundChange> open = new TreeMap<>();

  private List<FoundChange> changes = new ArrayList<>();
  private String epoch;
  private boolean complained;

  /**
   * @param optimizer what is to look for better marks for its segments; null for none
   */
  OpenClassifier(
      String stream, String run, String name, Classifier classifier, PluginSpec optimizer) {
    this.stream = stream;
    this.run = run;
    this.name = name;
    this.classifier = classifier;
    this.optimizer = optimizer;
  }

  String name() {
    return name;
  }

  State state() {
    byte[][] kept = new byte[1][];
    contained(() -> kept[0] = classifier.state());
    return new State(name, kept[0], List.copyOf(open.values()));
  }

  void restore(State state) {
    if (state.classifier() != null) {
      contained(() -> classifier.restore(state.classifier()));
    }
    state.open().forEach(segment -> open.put(segment.startMicros(), segment));
  }

  /** What it finds in an observation, in the order in which it says so. */
  List<FoundChange> observe(Observation observation) {
    epoch = observation.epoch();
    contained(() -> classifier.observe(observation, this));
    return taken();
  }

  /**
   * Tells it of a turning point.
   *
   * @param lastMicros position up to which there was something to observe
   */
  List<FoundChange> marker(Marker marker, long lastMicros) {
    epoch = marker.epoch();
    contained(() -> classifier.marker(marker, this));
    if (marker.kind() != Marker.Kind.STALLED) {
      closeRest(lastMicros, "the classifier left it open at " + marker.kind());
    }
    return taken();
  }

  /**
   * Up to where its segments are known.
   *
   * @param lastMicros up to where it has observed
   */
  long settledMicros(long lastMicros) {
    long[] settled = {lastMicros};
    contained(() -> settled[0] = classifier.settledMicros(lastMicros));
    return settled[0];
  }

  @Override
  public void open(long startMicros, String label, Map<String, Object> features, Evidence why) {
    check(startMicros, label);
    FoundChange former = open.get(startMicros);
    if (former == null && open.size() >= MOST_OPEN) {
      throw new IllegalStateException("More than " + MOST_OPEN + " segments are open at once");
    }
    FoundChange change =
        (former == null ? first(startMicros) : former).next(null, label, features, why);
    open.put(startMicros, change);
    changes.add(change);
  }

  @Override
  public void close(
      long startMicros, long endMicros, String label, Map<String, Object> features, Evidence why) {
    check(startMicros, label);
    if (endMicros < startMicros) {
      throw new IllegalArgumentException(
          "A segment cannot end at " + endMicros + ", before its start at " + startMicros);
    }
    FoundChange former = open.remove(startMicros);
    changes.add(
        (former == null ? first(startMicros) : former).next(endMicros, label, features, why));
  }

  @Override
  public void discard(long startMicros, String reason) {
    FoundChange former = open.remove(startMicros);
    if (former != null) {
      changes.add(former.discarded(reason));
    }
  }

  private FoundChange first(long startMicros) {
    return new FoundChange(
        stream, run, name, epoch, startMicros, null, "", Map.of(), null, false, 0, optimizer);
  }

  private void closeRest(long lastMicros, String rule) {
    for (FoundChange segment : List.copyOf(open.values())) {
      Evidence opened = segment.why();
      close(
          segment.startMicros(),
          Math.max(segment.startMicros(), lastMicros),
          segment.label(),
          segment.features(),
          new Evidence(opened == null ? null : opened.opened(), null, rule));
    }
  }

  private List<FoundChange> taken() {
    List<FoundChange> taken = changes;
    changes = new ArrayList<>();
    return taken;
  }

  private void contained(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      if (!complained) {
        complained = true;
        log.warn(
            "The classifier {} fails on run {} of {}; only its first failure is reported",
            name,
            run,
            stream,
            e);
      }
    }
  }

  private static void check(long startMicros, String label) {
    if (startMicros < 0 || label == null || label.isBlank() || label.length() > LONGEST_LABEL) {
      throw new IllegalArgumentException(
          "A segment has a start and a label of 1 to "
              + LONGEST_LABEL
              + " characters, not "
              + startMicros
              + " and '"
              + label
              + "'");
    }
  }
}
