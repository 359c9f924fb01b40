package io.sightline.ingestgateway.ingest;

import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.Marker;
import io.sightline.records.Positions;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamItem;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;

/**
 * How far an epoch has come, in the record store: its {@link EpochInfo} by conditional writes, one
 * after the other, and the progress of {@code capture}. Used on one event loop.
 */
final class EpochNotes {

  /** The stage whose progress this is: what capture took, as far as it is durable here. */
  static final String STAGE = "capture";

  private static final int MAX_TEXT = 1_000;

  private final Records<StageProgress> progress;
  private final EpochLedger ledger;
  private final Clock clock;

  private EpochInfo info;
  private String input;
  private String because;
  private long version;
  private long positionMicros;
  private long items;
  private boolean changed = true;
  private Future<Void> saves;

  EpochNotes(RecordStore store, EpochLedger ledger, EpochLedger.Held held, Clock clock) {
    this.progress = Records.of(store, StageProgress.class);
    this.ledger = ledger;
    this.clock = clock;
    this.info = held.info();
    this.input = info.input();
    this.because = info.because();
    this.version = held.version();
    this.positionMicros = info.startMicros();
    this.saves = resume();
  }

  /** What an earlier connection of the same epoch brought counts, too. */
  private Future<Void> resume() {
    return progress
        .find(StoreKeys.progress(info.stream()), sort())
        .map(
            found -> {
              found
                  .filter(known -> known.epoch().equals(info.epoch()))
                  .ifPresent(
                      known -> {
                        items += known.items();
                        positionMicros = Math.max(positionMicros, known.positionMicros());
                      });
              return null;
            });
  }

  private String sort() {
    return info.run() + "." + STAGE;
  }

  EpochInfo info() {
    return info;
  }

  void acknowledged(StreamItem item) {
    if (item instanceof Marker marker && marker.kind() == Marker.Kind.EPOCH_BEGIN) {
      input = cut(marker.input());
      because = cut(marker.reason());
    }
    info = with(item.sequence(), info.endMicros(), info.ended(), info.reason(), info.lostMicros());
    positionMicros = Math.max(positionMicros, endOf(item));
    if (item instanceof FrameInfo || item instanceof ChunkInfo) {
      items++;
    }
    changed = true;
  }

  /** Notes the end of the epoch; completes once that is durable. */
  Future<Void> end(Marker marker) {
    positionMicros = Math.max(positionMicros, marker.positionMicros());
    info =
        with(
            marker.sequence(),
            marker.positionMicros(),
            true,
            marker.reason(),
            Math.max(0, marker.lostMicros()));
    changed = true;
    return save();
  }

  /** Writes what changed, after the write before; fails with {@link Refusal} when fenced. */
  Future<Void> save() {
    saves = saves.compose(v -> changed ? write() : Future.succeededFuture());
    return saves;
  }

  private Future<Void> write() {
    changed = false;
    EpochInfo now = info;
    StageProgress report =
        new StageProgress(
            STAGE,
            now.stream(),
            now.run(),
            now.epoch(),
            positionMicros,
            now.ended(),
            items,
            Positions.of(clock.instant()));
    return ledger
        .save(now, version)
        .compose(
            held -> {
              version = held.version();
              return progress.put(StoreKeys.progress(now.stream()), sort(), report, null);
            });
  }

  private EpochInfo with(
      long acknowledged, Long endMicros, boolean ended, String reason, long lostMicros) {
    return new EpochInfo(
        info.stream(),
        info.epoch(),
        info.run(),
        info.agent(),
        info.startMicros(),
        endMicros,
        info.fence(),
        acknowledged,
        ended,
        reason,
        lostMicros,
        input,
        because);
  }

  private static String cut(String text) {
    return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }

  private static long endOf(StreamItem item) {
    return item instanceof ChunkInfo chunk ? chunk.endMicros() : item.positionMicros();
  }
}
