package io.sightline.alerter;

import io.sightline.records.Lane;
import io.sightline.records.StreamItem;
import io.sightline.records.WatchRule;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The visits in one run of one stream. Not thread-safe. */
final class RunWatch {

  private static final String LIVE = "live";

  /** What survives a kill. */
  record State(String stream, String run, long items, Map<Lane, LaneWatch.State> lanes) {}

  private final String stream;
  private final String run;
  private final Map<Lane, LaneWatch> lanes = new EnumMap<>(Lane.class);
  private long items;

  RunWatch(String stream, String run) {
    this.stream = stream;
    this.run = run;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new LaneWatch(stream, run));
    }
  }

  RunWatch(State state) {
    this(state.stream(), state.run());
    items = state.items();
    state.lanes().forEach((lane, kept) -> lanes.put(lane, new LaneWatch(stream, run, kept)));
  }

  State state() {
    Map<Lane, LaneWatch.State> kept = new EnumMap<>(Lane.class);
    lanes.forEach((lane, watch) -> kept.put(lane, watch.state()));
    return new State(stream, run, items, kept);
  }

  String stream() {
    return stream;
  }

  String run() {
    return run;
  }

  /** The newest epoch on either lane; null before the first item. */
  String epoch() {
    return lanes.values().stream()
        .map(LaneWatch::epoch)
        .filter(epoch -> epoch != null)
        .max(String::compareTo)
        .orElse(null);
  }

  long positionMicros() {
    return lanes.values().stream().mapToLong(LaneWatch::positionMicros).max().orElse(0);
  }

  /** Items of the epoch that were watched, markers included. */
  long items() {
    return items;
  }

  /** Whether both lanes of the newest epoch are complete. */
  boolean ended() {
    String epoch = epoch();
    return epoch != null
        && lanes.values().stream().allMatch(lane -> lane.ended() && epoch.equals(lane.epoch()));
  }

  /** Whether there is nothing to remember: a live stream's visit may go on in the next epoch. */
  boolean forgettable() {
    return ended() && !run.equals(LIVE);
  }

  /** Takes an item; empty when it was none to be counted. */
  Optional<List<VisitChange>> offer(StreamItem item, List<WatchRule> rules) {
    String before = epoch();
    Optional<List<VisitChange>> changes = lanes.get(item.lane()).offer(item, rules);
    if (changes.isPresent()) {
      items = epoch().equals(before) ? items + 1 : 1;
    }
    return changes;
  }
}
