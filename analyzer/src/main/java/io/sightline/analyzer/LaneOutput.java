package io.sightline.analyzer;

import io.sightline.bus.TransientException;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.StreamItem;
import io.vertx.core.Future;

/**
 * The end of a lane: results are handed over one after another, in the order in which their items
 * came. One that is not taken for a reason that may pass fails all behind it, since the partition
 * goes back then and nothing may be published before what comes first. The reader's thread.
 */
final class LaneOutput {

  private final Workplace place;
  private final RunProgress progress;
  private final Lane lane;
  private Future<Void> published = Future.succeededFuture();

  /** That progress is stored one after another too: else an earlier report could be the last. */
  private Future<Void> noted = Future.succeededFuture();

  private long positionMicros;
  private long items;

  LaneOutput(Workplace place, RunProgress progress, Lane lane) {
    this.place = place;
    this.progress = progress;
    this.lane = lane;
  }

  void resume(long position, long count, RunProgress.LanePlace where) {
    positionMicros = position;
    items = count;
    progress.resume(lane, here(where));
  }

  void begin() {
    items = 0;
    positionMicros = 0;
  }

  long positionMicros() {
    return positionMicros;
  }

  long items() {
    return items;
  }

  /**
   * @param result what is to be published for the item
   * @param where the lane's epoch and state with this item
   * @return completes when it is published and progress is noted
   */
  Future<Void> add(
      StreamItem item, Future<? extends StreamItem> result, RunProgress.LanePlace where) {
    items += item instanceof Marker ? 0 : 1;
    // What comes late does not move back how far the lane has come.
    positionMicros =
        Math.max(
            positionMicros,
            item instanceof ChunkInfo chunk ? chunk.endMicros() : item.positionMicros());
    RunProgress.LanePlace here = here(where);
    Future<Results.Handed> handed =
        published.compose(before -> result).compose(value -> place.results().publish(value));
    published =
        handed
            .<Void>mapEmpty()
            .recover(
                e ->
                    e instanceof TransientException
                        ? Future.failedFuture(e)
                        : Future.succeededFuture());
    Future<Void> before = noted;
    Future<Void> done =
        handed
            .compose(Results.Handed::written)
            .compose(written -> before)
            .compose(earlier -> report(here));
    noted = done.recover(e -> Future.succeededFuture());
    return done;
  }

  private Future<Void> report(RunProgress.LanePlace here) {
    return progress
        .at(lane, here, place.clock().millis())
        .map(report -> place.results().store(report))
        .orElseGet(Future::succeededFuture);
  }

  private RunProgress.LanePlace here(RunProgress.LanePlace where) {
    return new RunProgress.LanePlace(
        where.epoch(), where.counts(), positionMicros, items, where.ended());
  }
}
