package io.sightline.analyzer;

import io.sightline.records.Lane;
import io.sightline.records.StageProgress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** How far the two lanes of one run of a stream have come together. Safe for use by any thread. */
final class RunProgress {

  private static final String STAGE = "analyzer";

  private final String stream;
  private final String run;
  private final long everyMillis;
  private final Map<Lane, LanePlace> lanes = new EnumMap<>(Lane.class);
  private long lastReportMillis = Long.MIN_VALUE;

  /**
   * Where a lane is.
   *
   * @param counts whether any analyzer works on this lane; if not, it is not waited for
   * @param positionMicros up to which it is worked off
   * @param items worked off in the epoch
   */
  record LanePlace(String epoch, boolean counts, long positionMicros, long items, boolean ended) {}

  RunProgress(String stream, String run, long everyMillis) {
    this.stream = stream;
    this.run = run;
    this.everyMillis = everyMillis;
  }

  static String sortOf(String run) {
    return run + "." + STAGE;
  }

  /** Takes a lane's place without a report: it was reported before. */
  synchronized void resume(Lane lane, LanePlace place) {
    lanes.put(lane, place);
  }

  /**
   * @return what is to be stored now; empty when it is not time for it
   */
  synchronized Optional<StageProgress> at(Lane lane, LanePlace place, long nowMillis) {
    lanes.put(lane, place);
    boolean due = nowMillis - everyMillis >= lastReportMillis;
    if (!due && !place.ended()) {
      return Optional.empty();
    }
    lastReportMillis = nowMillis;
    return Optional.of(report(nowMillis));
  }

  private StageProgress report(long nowMillis) {
    String epoch = "";
    long items = 0;
    long lowest = Long.MAX_VALUE;
    long highest = 0;
    for (LanePlace place : lanes.values()) {
      epoch = place.epoch().compareTo(epoch) > 0 ? place.epoch() : epoch;
      items += place.items();
      highest = Math.max(highest, place.positionMicros());
      lowest = place.counts() ? Math.min(lowest, place.positionMicros()) : lowest;
    }
    String newest = epoch;
    boolean ended =
        lanes.size() == Lane.values().length
            && lanes.values().stream().allMatch(p -> p.ended() && p.epoch().equals(newest));
    long position = lowest == Long.MAX_VALUE ? highest : lowest;
    return new StageProgress(STAGE, stream, run, newest, position, ended, items, nowMillis * 1_000);
  }
}
