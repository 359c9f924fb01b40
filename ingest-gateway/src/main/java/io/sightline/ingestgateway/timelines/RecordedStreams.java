package io.sightline.ingestgateway.timelines;

import io.sightline.media.timeline.SourceForm;
import io.sightline.media.timeline.TimelineRecording;
import io.sightline.media.timeline.TimelineRecording.Stretch;
import io.sightline.media.timeline.TimelineShot;
import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What was recorded of streams: each epoch is a stretch without interruption. Also of what has
 * expired here since, which an editor may have of a recorder of his own. Thread-safe.
 */
final class RecordedStreams {

  /** Other runs over the same time may lie between. */
  private static final int CHUNKS = 50;

  private final Records<EpochInfo> epochs;
  private final Records<ChunkInfo> chunks;

  RecordedStreams(RecordStore store) {
    this.epochs = Records.of(store, EpochInfo.class);
    this.chunks = Records.of(store, ChunkInfo.class);
  }

  /** The run of a stream's newest epoch; empty when there never was one. */
  Future<Optional<String>> newestRun(String stream) {
    return epochs
        .query(new Query(StoreKeys.epochs(stream), null, null, 1, true))
        .map(page -> page.items().stream().findFirst().map(EpochInfo::run));
  }

  /**
   * The recording around shots of one stream and run.
   *
   * @param shots at least one
   */
  Future<TimelineRecording> around(String stream, String run, List<TimelineShot> shots) {
    long first = shots.stream().mapToLong(TimelineShot::markInMicros).min().orElseThrow();
    long last = shots.stream().mapToLong(TimelineShot::markOutMicros).max().orElseThrow();
    return epochs(stream, run, first, last)
        .compose(
            found ->
                stretches(found, last)
                    .compose(
                        stretches ->
                            form(found, shots)
                                .map(
                                    form -> new TimelineRecording(stream, stretches, null, form))));
  }

  /**
   * The epochs of a run, in order: from the one that {@code first} lies in to that of {@code last}.
   */
  Future<List<EpochInfo>> epochs(String stream, String run, long first, long last) {
    Query query =
        new Query(StoreKeys.epochs(stream), null, Ids.fixedWidth(last + 1), Query.MAX_LIMIT, true);
    return collect(new ArrayList<>(), query, run, first)
        .map(
            found -> {
              Collections.reverse(found);
              return found;
            });
  }

  private Future<List<EpochInfo>> collect(
      List<EpochInfo> found, Query query, String run, long first) {
    return epochs
        .query(query)
        .compose(
            page -> {
              for (EpochInfo epoch : page.items()) {
                if (epoch.run().equals(run)) {
                  found.add(epoch);
                  if (epoch.startMicros() <= first) {
                    return Future.succeededFuture(found);
                  }
                }
              }
              return page.raw().nextSort() == null
                  ? Future.succeededFuture(found)
                  : collect(found, query.after(page.raw()), run, first);
            });
  }

  private Future<List<Stretch>> stretches(List<EpochInfo> found, long last) {
    List<Future<Long>> ends = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Long next = i + 1 < found.size() ? found.get(i + 1).startMicros() : null;
      ends.add(end(found.get(i), next, last).map(end -> next == null ? end : Math.min(end, next)));
    }
    return Future.all(ends)
        .map(
            all -> {
              List<Stretch> stretches = new ArrayList<>();
              for (int i = 0; i < found.size(); i++) {
                long start = found.get(i).startMicros();
                long end = all.resultAt(i);
                if (end > start) {
                  stretches.add(new Stretch(start, end));
                }
              }
              return stretches;
            });
  }

  /** An epoch that runs, or that nobody ended, reaches as far as what came of it. */
  private Future<Long> end(EpochInfo epoch, Long bound, long last) {
    if (epoch.endMicros() != null) {
      return Future.succeededFuture(epoch.endMicros());
    }
    return chunk(epoch, bound, true).map(chunk -> chunk.map(ChunkInfo::endMicros).orElse(last));
  }

  /** What its first chunk is like, or where none is left, the first clip. */
  private Future<SourceForm> form(List<EpochInfo> found, List<TimelineShot> shots) {
    SourceForm cut =
        shots.stream()
            .filter(shot -> shot.clip() != null)
            .map(shot -> shot.clip().form())
            .findFirst()
            .orElse(SourceForm.UNKNOWN);
    return found.isEmpty()
        ? Future.succeededFuture(cut)
        : chunk(found.get(0), null, false)
            .map(chunk -> chunk.map(one -> SourceForm.of(one.tracks())).orElse(cut));
  }

  private Future<Optional<ChunkInfo>> chunk(EpochInfo epoch, Long bound, boolean newest) {
    Query query =
        new Query(
            StoreKeys.chunks(epoch.stream()),
            Ids.fixedWidth(epoch.startMicros()),
            bound == null ? null : Ids.fixedWidth(bound),
            CHUNKS,
            newest);
    return chunks
        .query(query)
        .map(
            page ->
                page.items().stream()
                    .filter(chunk -> chunk.epoch().equals(epoch.epoch()))
                    .findFirst());
  }
}
