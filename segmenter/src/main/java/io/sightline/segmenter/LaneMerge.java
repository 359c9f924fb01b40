package io.sightline.segmenter;

import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.Profile;
import io.sightline.records.StreamItem;
import io.sightline.segmenter.LaneQueue.Entry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the items of both lanes of one run into one order that does not depend on how they arrived:
 * by position between markers, and at each marker both lanes meet. An item is released once no
 * earlier one can come, which the watermarks of the lanes in use tell.
 *
 * <p>The lanes in use follow from the profile in force. A lane that stays silent for too long is
 * not waited for, or a stream without recorded chunks would never be classified; what it says later
 * about times already passed is dropped. Not thread-safe.
 */
final class LaneMerge {

  /** What survives a kill. */
  record State(
      List<LaneQueue.State> lanes,
      Set<Lane> inUse,
      String markedEpoch,
      long markedSequence,
      long positionMicros) {}

  private final SegmenterConfig config;
  private final boolean live;
  private final Map<Lane, LaneQueue> lanes = new EnumMap<>(Lane.class);

  private Set<Lane> inUse = Set.of();
  private String markedEpoch;
  private long markedSequence;
  private long positionMicros;

  LaneMerge(SegmenterConfig config, boolean live) {
    this.config = config;
    this.live = live;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new LaneQueue(lane));
    }
  }

  LaneMerge(SegmenterConfig config, boolean live, State state) {
    this(config, live);
    state.lanes().forEach(lane -> lanes.put(lane.lane(), new LaneQueue(lane)));
    inUse = Set.copyOf(state.inUse());
    markedEpoch = state.markedEpoch();
    markedSequence = state.markedSequence();
    positionMicros = state.positionMicros();
  }

  State state() {
    return new State(
        lanes.values().stream().map(LaneQueue::state).toList(),
        inUse,
        markedEpoch,
        markedSequence,
        positionMicros);
  }

  void offer(StreamItem item) {
    lanes.get(item.lane()).offer(item, marker -> config.lanesOf(marker.profile()));
  }

  /** Whether an epoch has been begun. */
  boolean begun() {
    return !inUse.isEmpty();
  }

  /** Whether nothing waits. */
  boolean empty() {
    return lanes.values().stream().allMatch(lane -> lane.head() == null);
  }

  /** The next item in order; empty until more has arrived. */
  Optional<Entry> next() {
    lanes.values().forEach(this::dropPassed);
    LaneQueue earliest = null;
    for (LaneQueue lane : lanes.values()) {
      if (isLook(lane.head())
          && inUse.contains(lane.lane())
          && (earliest == null
              || lane.head().positionMicros() < earliest.head().positionMicros())) {
        earliest = lane;
      }
    }
    if (earliest == null) {
      earliest = nextMarker();
    }
    if (earliest == null || !mayGo(earliest)) {
      return Optional.empty();
    }
    Entry entry = earliest.take();
    positionMicros = Math.max(positionMicros, entry.positionMicros());
    if (entry.isMarker()) {
      passed(entry.marker());
    }
    return Optional.of(entry);
  }

  private void passed(Marker marker) {
    markedEpoch = marker.epoch();
    markedSequence = marker.sequence();
    if (marker.kind() == Marker.Kind.EPOCH_BEGIN) {
      positionMicros = marker.positionMicros();
    }
    Profile profile = marker.profile();
    if (profile != null) {
      inUse = Set.copyOf(config.lanesOf(profile));
    }
  }

  /** A marker is passed once; its copy on the other lane, and what came too late, are not. */
  private void dropPassed(LaneQueue lane) {
    for (Entry head = lane.head(); head != null; head = lane.head()) {
      boolean passed =
          head.isMarker()
              ? markedEpoch != null && order(head.marker(), markedEpoch, markedSequence) <= 0
              : inUse.contains(lane.lane()) && head.positionMicros() < positionMicros;
      if (!passed) {
        return;
      }
      lane.take();
    }
  }

  private LaneQueue nextMarker() {
    LaneQueue first = null;
    for (LaneQueue lane : lanes.values()) {
      boolean heard = inUse.isEmpty() || inUse.contains(lane.lane());
      if (heard
          && lane.head() != null
          && lane.head().isMarker()
          && (first == null
              || order(
                      lane.head().marker(),
                      first.head().item().epoch(),
                      first.head().item().sequence())
                  < 0)) {
        first = lane;
      }
    }
    return first;
  }

  private boolean mayGo(LaneQueue earliest) {
    for (Lane lane : inUse) {
      LaneQueue other = lanes.get(lane);
      if (other != earliest
          && other.head() == null
          && !other.isPast(earliest.head())
          && !givenUp(other, earliest)) {
        return false;
      }
    }
    return true;
  }

  private boolean givenUp(LaneQueue silent, LaneQueue speaking) {
    long behindMicros = speaking.watermarkMicros() - silent.watermarkMicros();
    return speaking.size() > config.pendingItems()
        || (live && behindMicros > config.laneWait().toMillis() * 1000);
  }

  private static boolean isLook(Entry entry) {
    return entry != null && !entry.isMarker();
  }

  private static int order(Marker marker, String epoch, long sequence) {
    int byEpoch = marker.epoch().compareTo(epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(marker.sequence(), sequence);
  }
}
