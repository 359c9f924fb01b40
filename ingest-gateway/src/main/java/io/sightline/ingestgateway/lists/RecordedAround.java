package io.sightline.ingestgateway.lists;

import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.RecordingLedger;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is recorded of a run of a stream, as its chunks tell: so it is true at once, of what has
 * just arrived and of what has just expired.
 */
final class RecordedAround {

  private static final int EPOCHS_BACK = 100;

  /** So many chunks are looked at for one of a run: others may lie between its own. */
  private static final int CHUNKS = 500;

  /** In so many epochs sound tracks are looked for. */
  private static final int EPOCHS_HEARD = 20;

  private final Records<EpochInfo> epochs;
  private final Records<ChunkInfo> chunks;
  private final Records<RecordingLedger> ledgers;

  RecordedAround(RecordStore store) {
    this.epochs = Records.of(store, EpochInfo.class);
    this.chunks = Records.of(store, ChunkInfo.class);
    this.ledgers = Records.of(store, RecordingLedger.class);
  }

  /**
   * Why nothing is recorded between two positions of a run, and what is instead, as the end of a
   * sentence; empty when some of it is, or may still arrive.
   */
  Future<Optional<String>> nothing(String stream, String run, long startMicros, long endMicros) {
    return lastEpoch(stream, run, endMicros)
        .compose(
            last ->
                last.isEmpty()
                    ? Future.succeededFuture(
                        Optional.of("no recording of the run '" + run + "' is older"))
                    : chunk(stream, run, null, endMicros)
                        .compose(
                            before ->
                                before.filter(one -> one.endMicros() > startMicros).isPresent()
                                    ? Future.succeededFuture(Optional.empty())
                                    : chunk(stream, run, endMicros, null)
                                        .map(after -> why(last.get(), before, after))));
  }

  private static Optional<String> why(
      EpochInfo last, Optional<ChunkInfo> before, Optional<ChunkInfo> after) {
    String begins = after.map(one -> " begins at " + one.positionMicros()).orElse("");
    if (before.isPresent() && after.isPresent()) {
      return Optional.of(
          "the recording before it ends at "
              + before.get().endMicros()
              + ", and the one after it"
              + begins);
    }
    if (after.isPresent()) {
      return Optional.of("the recording, as far as it is still kept," + begins);
    }
    if (!last.ended()) {
      return Optional.empty();
    }
    return Optional.of(
        before
            .map(one -> "the recording before it ends at " + one.endMicros())
            .orElse("nothing of the run '" + last.run() + "' is kept"));
  }

  private Future<Optional<EpochInfo>> lastEpoch(String stream, String run, long endMicros) {
    String end = Ids.fixedWidth(endMicros);
    return epochs
        .query(new Query(StoreKeys.epochs(stream), null, end, EPOCHS_BACK, true))
        .map(page -> page.items().stream().filter(one -> one.run().equals(run)).findFirst());
  }

  /**
   * The first chunk of a run from a position on; the last one before another, when that is null.
   */
  private Future<Optional<ChunkInfo>> chunk(
      String stream, String run, Long fromMicros, Long beforeMicros) {
    Query query =
        new Query(
            StoreKeys.chunks(stream),
            fromMicros == null ? null : StoreKeys.sort(fromMicros, ""),
            beforeMicros == null ? null : StoreKeys.sort(beforeMicros, ""),
            CHUNKS,
            fromMicros == null);
    return ledgers
        .find(StoreKeys.LEDGERS, stream)
        .compose(
            ledger ->
                chunks
                    .query(query)
                    .map(
                        page ->
                            page.items().stream()
                                .filter(one -> one.run().equals(run))
                                .filter(one -> ledger.filter(all -> all.hides(one)).isEmpty())
                                .findFirst()));
  }

  /**
   * The most sound tracks that any recording of a window has; empty when that cannot be told, as
   * nothing was recorded there, or more than can be looked at.
   *
   * @param fromMicros null for the beginning
   * @param toMicros null for no end
   */
  Future<OptionalInt> soundTracks(String stream, String run, Long fromMicros, Long toMicros) {
    String end = toMicros == null ? null : Ids.fixedWidth(toMicros);
    return epochs
        .query(new Query(StoreKeys.epochs(stream), null, end, EPOCHS_HEARD, true))
        .compose(
            page -> {
              List<EpochInfo> within =
                  page.items().stream()
                      .filter(one -> one.run().equals(run))
                      .filter(
                          one ->
                              fromMicros == null
                                  || one.endMicros() == null
                                  || one.endMicros() > fromMicros)
                      .toList();
              Future<OptionalInt> most = Future.succeededFuture(OptionalInt.empty());
              for (EpochInfo epoch : within) {
                most =
                    most.compose(known -> heard(epoch, fromMicros).map(more -> max(known, more)));
              }
              boolean all = page.raw().nextSort() == null;
              return most.map(known -> all ? known : OptionalInt.empty());
            });
  }

  private Future<OptionalInt> heard(EpochInfo epoch, Long fromMicros) {
    long from = fromMicros == null ? 0 : fromMicros;
    return chunk(epoch.stream(), epoch.run(), Math.max(epoch.startMicros(), from), null)
        .map(
            found ->
                found
                    .filter(chunk -> chunk.epoch().equals(epoch.epoch()))
                    .map(chunk -> OptionalInt.of(sounds(chunk)))
                    .orElse(OptionalInt.empty()));
  }

  private static int sounds(ChunkInfo chunk) {
    return (int)
        chunk.tracks().stream()
            .filter(info -> info.kind() == TrackInfo.Kind.AUDIO)
            .mapToInt(TrackInfo::track)
            .distinct()
            .count();
  }

  private static OptionalInt max(OptionalInt one, OptionalInt other) {
    return one.isPresent() && other.isPresent()
        ? OptionalInt.of(Math.max(one.getAsInt(), other.getAsInt()))
        : one.isPresent() ? one : other;
  }
}
