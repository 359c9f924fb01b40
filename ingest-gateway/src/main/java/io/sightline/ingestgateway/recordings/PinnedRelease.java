package io.sightline.ingestgateway.recordings;

import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.RecordedBlock;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks again at what outlived retention because clips referred to it: what no clip refers to any
 * more is deleted. Objects go first, then records, then what was said of them, so that the next
 * look goes on where a kill ended this one; a look that saw all sets right what is counted. Not
 * thread-safe.
 */
final class PinnedRelease {

  private static final int PAGE = 100;

  /** From one look at a stream to the next, unless clips were deleted meanwhile. */
  private static final Duration REST = Duration.ofHours(1);

  /** A look ends once so many chunks are deleted; the next goes on. */
  private static final long CHUNKS_PER_LOOK = 240;

  private final RecordStore store;
  private final BlockRemoval removal;
  private final Map<String, Long> againMicros = new HashMap<>();

  PinnedRelease(RecordStore store, BlockRemoval removal) {
    this.store = store;
    this.removal = removal;
  }

  /** What a look deleted. */
  record Released(long chunks, long bytes) {
    static final Released NOTHING = new Released(0, 0);
  }

  /** What a look has seen so far. */
  private static final class Sum {
    private long leftChunks;
    private long leftBytes;
    private long goneChunks;
    private long goneBytes;

    void add(List<RecordedBlock> before, List<RecordedBlock> left) {
      leftChunks += chunks(left);
      leftBytes += bytes(left);
      goneChunks += chunks(before) - chunks(left);
      goneBytes += bytes(before) - bytes(left);
    }

    private static long chunks(List<RecordedBlock> blocks) {
      return blocks.stream().mapToLong(RecordedBlock::chunks).sum();
    }

    private static long bytes(List<RecordedBlock> blocks) {
      return blocks.stream().mapToLong(RecordedBlock::bytes).sum();
    }
  }

  /** Streams that are looked after elsewhere now are forgotten. */
  void retain(Collection<String> streams) {
    againMicros.keySet().retainAll(streams);
  }

  /** Clips of a stream were deleted. */
  void lookSoon(String stream) {
    againMicros.remove(stream);
  }

  /** Looks at a stream, unless it rests; the ledger is told, and committed. */
  Future<Released> look(StreamLedger ledger, long nowMicros) {
    String stream = ledger.stream();
    if (nowMicros < againMicros.getOrDefault(stream, 0L)) {
      return Future.succeededFuture(Released.NOTHING);
    }
    Sum sum = new Sum();
    return page(ledger, new Query(StoreKeys.pinnedRecordings(stream), null, null, PAGE, false), sum)
        .compose(
            all -> {
              if (all) {
                againMicros.put(stream, nowMicros + Positions.micros(REST));
                ledger.pinned(sum.leftChunks, sum.leftBytes);
              } else {
                ledger.released(sum.goneChunks, sum.goneBytes);
              }
              return ledger.changed() ? ledger.commit() : Future.succeededFuture();
            })
        .map(v -> new Released(sum.goneChunks, sum.goneBytes));
  }

  /**
   * @return whether all was seen
   */
  private Future<Boolean> page(StreamLedger ledger, Query query, Sum sum) {
    return store
        .query(query)
        .compose(
            page -> {
              Future<Boolean> seen = Future.succeededFuture(true);
              for (StoredRecord one : page.records()) {
                seen =
                    seen.compose(
                        on ->
                            on && sum.goneChunks < CHUNKS_PER_LOOK
                                ? look(ledger, one, sum).map(true)
                                : Future.succeededFuture(false));
              }
              return seen.compose(
                  on ->
                      on && page.nextSort() != null
                          ? page(ledger, query.after(page), sum)
                          : Future.succeededFuture(on));
            });
  }

  private Future<Void> look(StreamLedger ledger, StoredRecord stored, Sum sum) {
    List<RecordedBlock> before = Json.decode(stored.value(), PinnedBlocks.class).blocks();
    return removal
        .release(ledger.stream(), before)
        .compose(
            left -> {
              sum.add(before, left);
              if (left.equals(before)) {
                return Future.succeededFuture();
              }
              if (!left.isEmpty()) {
                byte[] value = Json.encode(new PinnedBlocks(left));
                return store.put(stored.partition(), stored.sort(), value, null).mapEmpty();
              }
              RecordedBlock last = before.get(before.size() - 1);
              Future<Void> swept =
                  ledger.isPast(last.run(), last.epoch())
                      ? removal.sweepEmpty(ledger.stream(), last.epoch())
                      : Future.succeededFuture();
              return swept.compose(v -> store.delete(stored.partition(), stored.sort()));
            });
  }
}
