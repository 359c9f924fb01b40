package io.sightline.ingestgateway.delivery;

import io.sightline.ingestgateway.recordings.RecordingsView;
import io.sightline.media.hls.LiveWindow;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Ids;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * The newest chunks of one run of a stream, kept up with the record store when a playlist is asked
 * for, whichever gateway took them. Used on one event loop.
 */
final class LiveChunks {

  private static final int LOOK_BACK = 100;

  private final Records<ChunkInfo> chunks;
  private final RecordingsView recordings;
  private final String stream;
  private final String run;
  private final LiveWindow window;
  private final long lengthMicros;

  private Future<LiveWindow> refreshing;
  private long lastMicros = -1;

  LiveChunks(
      Records<ChunkInfo> chunks,
      RecordingsView recordings,
      String stream,
      String run,
      Duration length) {
    this.chunks = chunks;
    this.recordings = recordings;
    this.stream = stream;
    this.run = run;
    this.window = new LiveWindow(length);
    this.lengthMicros = Positions.micros(length);
  }

  /** Reads what is new; requests that come meanwhile share the reading. */
  Future<LiveWindow> refresh() {
    if (refreshing != null) {
      return refreshing;
    }
    Future<LiveWindow> reading = read().compose(this::withoutExpired);
    refreshing = reading;
    // Only now: a reading that is over already tells so at once.
    reading.onComplete(done -> refreshing = null);
    return reading;
  }

  /** What retention let go of leaves the window at its beginning, pinned or not. */
  private Future<LiveWindow> withoutExpired(LiveWindow read) {
    return recordings
        .ledger(stream)
        .map(
            ledger -> {
              ledger.ifPresent(known -> read.dropWhile(known::hasExpired));
              return read;
            });
  }

  private Future<LiveWindow> read() {
    String partition = StoreKeys.chunks(stream);
    if (lastMicros < 0) {
      return first(partition);
    }
    return more(new Query(partition, Ids.fixedWidth(lastMicros + 1), null, Query.MAX_LIMIT, false));
  }

  /** All that the window can hold is there from the first request, also after a restart. */
  private Future<LiveWindow> first(String partition) {
    return chunks
        .query(new Query(partition, null, null, LOOK_BACK, true))
        .compose(
            page ->
                page.items().stream()
                    .filter(chunk -> chunk.run().equals(run))
                    .findFirst()
                    .map(newest -> more(since(partition, newest)))
                    .orElseGet(() -> Future.succeededFuture(window)));
  }

  private Query since(String partition, ChunkInfo newest) {
    long from = Math.max(0, newest.positionMicros() - lengthMicros);
    return new Query(partition, Ids.fixedWidth(from), null, Query.MAX_LIMIT, false);
  }

  private Future<LiveWindow> more(Query query) {
    return chunks
        .query(query)
        .compose(
            page -> {
              page.items().forEach(this::add);
              return page.raw().nextSort() == null
                  ? Future.succeededFuture(window)
                  : more(query.after(page.raw()));
            });
  }

  private void add(ChunkInfo chunk) {
    if (chunk.run().equals(run)) {
      window.add(chunk);
      lastMicros = Math.max(lastMicros, chunk.positionMicros());
    }
  }
}
