package io.sightline.analyzer;

import io.sightline.records.Lane;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import java.util.ArrayList;
import java.util.List;

/** The opened analyzers of one lane, in the order of the profile. The reader's thread. */
final class LaneAnalyzers {

  private static final byte[] FRESH = {};

  private final AnalyzerPlugins plugins;
  private final Workers workers;
  private final Lane lane;
  private final List<RunningAnalyzer> running;

  private LaneAnalyzers(
      AnalyzerPlugins plugins, Workers workers, Lane lane, List<RunningAnalyzer> running) {
    this.plugins = plugins;
    this.workers = workers;
    this.lane = lane;
    this.running = running;
  }

  /**
   * @param states of those that work on this lane, in order; may be empty
   */
  static LaneAnalyzers open(Workplace place, Lane lane, Profile profile, List<byte[]> states) {
    LaneAnalyzers none = new LaneAnalyzers(place.plugins(), place.workers(), lane, List.of());
    return none.opened(profile, states, new ArrayList<>());
  }

  List<RunningAnalyzer> all() {
    return running;
  }

  /** Those of another profile: what has the same settings goes on, the rest begins. */
  LaneAnalyzers changedTo(Profile profile) {
    return opened(profile, List.of(), new ArrayList<>(running));
  }

  List<byte[]> states() {
    return running.stream().map(RunningAnalyzer::state).toList();
  }

  /** Closes all but those that {@code next} goes on with, once they are idle. */
  void retire(LaneAnalyzers next) {
    for (RunningAnalyzer analyzer : running) {
      if (next == null || !next.running.contains(analyzer)) {
        analyzer.retire();
      }
    }
  }

  private LaneAnalyzers opened(
      Profile profile, List<byte[]> states, List<RunningAnalyzer> reusable) {
    List<RunningAnalyzer> analyzers = new ArrayList<>();
    for (PluginSpec spec : profile.analyzers()) {
      RunningAnalyzer known = take(reusable, spec);
      if (known != null) {
        analyzers.add(known);
        continue;
      }
      byte[] state = analyzers.size() < states.size() ? states.get(analyzers.size()) : FRESH;
      RunningAnalyzer opened = RunningAnalyzer.open(plugins, spec, state, workers);
      if (lane == Lane.FRAMES ? opened.looks() : opened.listens()) {
        analyzers.add(opened);
      } else {
        opened.retire();
      }
    }
    return new LaneAnalyzers(plugins, workers, lane, List.copyOf(analyzers));
  }

  private static RunningAnalyzer take(List<RunningAnalyzer> from, PluginSpec spec) {
    for (RunningAnalyzer analyzer : from) {
      if (analyzer.spec().equals(spec)) {
        from.remove(analyzer);
        return analyzer;
      }
    }
    return null;
  }
}
