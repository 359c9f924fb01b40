package io.sightline.ingestgateway.recordings;

import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.Pin;
import io.sightline.records.Positions;
import io.sightline.records.RecordedBlock;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Deletes what a block holds that was marked, but for what clips refer to: each chunk's object,
 * then its record, then the block. Doing it again, after a kill at any step, deletes what is left
 * and finds the same pins.
 *
 * <p>With the last block of an epoch goes all that is left in the epoch's folder: init parts, and
 * chunks that a kill kept from ever being announced.
 */
final class BlockRemoval {

  private static final int PAGE = 100;
  private static final int LISTED = 100;
  private static final int EPOCHS_BACK = 20;

  /** How far behind the last announced chunk of an epoch others may have been stored. */
  private static final long UNANNOUNCED_MICROS = 3_600 * Positions.MICROS_PER_SECOND;

  private final ObjectStore objects;
  private final RecordStore store;
  private final Records<ChunkInfo> chunks;
  private final Records<EpochInfo> epochs;
  private final Records<PinnedBlocks> kept;
  private final Pins pins;

  BlockRemoval(ObjectStore objects, RecordStore store, Clock clock) {
    this.objects = objects;
    this.store = store;
    this.chunks = Records.of(store, ChunkInfo.class);
    this.epochs = Records.of(store, EpochInfo.class);
    this.kept = Records.of(store, PinnedBlocks.class);
    this.pins = new Pins(store, clock);
  }

  /**
   * @return what is left of it, pinned
   */
  Future<List<RecordedBlock>> remove(String stream, RecordedBlock block) {
    String pinnedIn = StoreKeys.pinnedRecordings(stream);
    return pins.between(stream, block.startMicros(), block.lastMicros())
        .compose(
            held ->
                walk(
                    between(stream, block.startMicros(), block.lastMicros()),
                    chunk -> counted(block, chunk),
                    held,
                    new ArrayList<>()))
        .map(pinned -> islands(block, pinned))
        .compose(
            islands ->
                (islands.isEmpty()
                        ? kept.delete(pinnedIn, block.sortByEpoch())
                        : kept.put(pinnedIn, block.sortByEpoch(), new PinnedBlocks(islands), null))
                    .compose(v -> block.last() ? sweep(stream, block) : Future.succeededFuture())
                    .compose(v -> store.delete(StoreKeys.recordings(stream), block.sortByArrival()))
                    .map(islands));
  }

  /**
   * Deletes of what outlived a block what no clip refers to any more.
   *
   * @return what is left, pinned still
   */
  Future<List<RecordedBlock>> release(String stream, List<RecordedBlock> islands) {
    Future<Void> released = Future.succeededFuture();
    List<RecordedBlock> left = new ArrayList<>();
    for (RecordedBlock island : islands) {
      released =
          released
              .compose(v -> pins.between(stream, island.startMicros(), island.lastMicros()))
              .compose(
                  held ->
                      walk(
                          between(stream, island.startMicros(), island.lastMicros()),
                          chunk -> counted(island, chunk),
                          held,
                          new ArrayList<>()))
              .map(
                  pinned -> {
                    left.addAll(islands(island, pinned));
                    return null;
                  });
    }
    return released.map(v -> left);
  }

  /** Deletes the init parts of an epoch of which nothing more can come and no chunk is left. */
  Future<Void> sweepEmpty(String stream, String epoch) {
    String folder = folder(stream, epoch);
    return objects
        .list(folder, null, LISTED)
        .compose(
            page ->
                page.next() == null
                        && page.objects().stream()
                            .allMatch(object -> object.key().startsWith(folder + "init-"))
                    ? StoredFolder.delete(objects, folder, key -> true)
                    : Future.succeededFuture());
  }

  private static boolean counted(RecordedBlock block, ChunkInfo chunk) {
    return block.holds(chunk) && chunk.sequence() <= block.lastSequence();
  }

  private static Query between(String stream, long fromMicros, long toMicros) {
    return new Query(
        StoreKeys.chunks(stream),
        Ids.fixedWidth(fromMicros),
        Ids.fixedWidth(Math.min(Ids.MAX_POSITION_MICROS, toMicros + 1)),
        PAGE,
        false);
  }

  /** Deletes chunks page by page; those that are pinned are returned. */
  private Future<List<ChunkInfo>> walk(
      Query query, Predicate<ChunkInfo> chosen, List<Pin> held, List<ChunkInfo> pinned) {
    return chunks
        .query(query)
        .compose(
            page -> {
              List<ChunkInfo> gone = new ArrayList<>();
              for (ChunkInfo chunk : page.items()) {
                if (chosen.test(chunk)) {
                  boolean isHeld = held.stream().anyMatch(pin -> pin.holds(chunk));
                  (isHeld ? pinned : gone).add(chunk);
                }
              }
              return delete(gone)
                  .compose(
                      v ->
                          page.raw().nextSort() == null
                              ? Future.succeededFuture(pinned)
                              : walk(query.after(page.raw()), chosen, held, pinned));
            });
  }

  /** Objects one after another, so that intake finds the disk free; records share their flush. */
  private Future<Void> delete(List<ChunkInfo> gone) {
    Future<Void> deleted = Future.succeededFuture();
    for (ChunkInfo chunk : gone) {
      deleted = deleted.compose(v -> objects.delete(chunk.key()));
    }
    return deleted.compose(
        v ->
            Future.all(
                    gone.stream()
                        .map(
                            chunk ->
                                store.delete(
                                    StoreKeys.chunks(chunk.stream()),
                                    StoreKeys.sort(chunk.positionMicros(), chunk.run())))
                        .toList())
                .mapEmpty());
  }

  private static List<RecordedBlock> islands(RecordedBlock block, List<ChunkInfo> pinned) {
    List<RecordedBlock> islands = new ArrayList<>();
    RecordedBlock last = null;
    for (ChunkInfo chunk : pinned) {
      boolean joins =
          last != null && chunk.positionMicros() - last.endMicros() <= LedgerBook.GAP_MICROS;
      if (last != null && !joins) {
        islands.add(last);
      }
      last =
          joins
              ? last.with(chunk, block.lastArrivalMicros())
              : RecordedBlock.of(chunk, block.firstArrivalMicros());
    }
    if (last != null) {
      islands.add(last);
    }
    return islands;
  }

  /** Sweeps the block's epoch, and those before it that were stored but never announced. */
  private Future<Void> sweep(String stream, RecordedBlock last) {
    long toMicros = last.lastMicros() + UNANNOUNCED_MICROS;
    return epochs
        .query(new Query(StoreKeys.epochs(stream), null, last.epoch() + "~", EPOCHS_BACK, true))
        .compose(
            page -> {
              List<EpochInfo> infos =
                  page.items().stream().filter(info -> info.run().equals(last.run())).toList();
              long start =
                  infos.stream()
                      .filter(info -> info.epoch().equals(last.epoch()))
                      .mapToLong(EpochInfo::startMicros)
                      .findFirst()
                      .orElse(last.startMicros());
              List<EpochInfo> before =
                  infos.stream().filter(info -> !info.epoch().equals(last.epoch())).toList();
              return sweep(stream, last.run(), last.epoch(), start, toMicros)
                  .compose(v -> sweepBefore(stream, before, toMicros));
            });
  }

  /**
   * Runs expire in the order of their epochs, so whatever lies in the folder of an earlier one is
   * pinned, or was never counted.
   */
  private Future<Void> sweepBefore(String stream, List<EpochInfo> before, long toMicros) {
    if (before.isEmpty()) {
      return Future.succeededFuture();
    }
    EpochInfo info = before.get(0);
    return objects
        .list(folder(stream, info.epoch()), null, 1)
        .compose(
            page ->
                page.objects().isEmpty()
                    ? Future.succeededFuture()
                    : sweep(stream, info.run(), info.epoch(), info.startMicros(), toMicros)
                        .compose(
                            v -> sweepBefore(stream, before.subList(1, before.size()), toMicros)));
  }

  private Future<Void> sweep(
      String stream, String run, String epoch, long fromMicros, long toMicros) {
    return kept.all(StoreKeys.pinnedRecordings(stream), epoch + ".", epoch + "/")
        .map(found -> found.stream().flatMap(one -> one.blocks().stream()).toList())
        .compose(
            islands ->
                unannounced(stream, run, epoch, islands, fromMicros, toMicros)
                    .compose(stay -> sweepObjects(stream, epoch, islands, stay)));
  }

  /**
   * Deletes records that no block counted. They are offered until then, so that here the record
   * goes first; its object is found in the folder.
   *
   * @return keys of those that are pinned
   */
  private Future<Set<String>> unannounced(
      String stream, String run, String epoch, List<RecordedBlock> islands, long from, long to) {
    Predicate<ChunkInfo> chosen =
        chunk ->
            chunk.run().equals(run)
                && chunk.epoch().equals(epoch)
                && islands.stream().noneMatch(island -> island.holds(chunk));
    return pins.between(stream, from, to)
        .compose(held -> forget(between(stream, from, to), chosen, held, new HashSet<>()));
  }

  private Future<Set<String>> forget(
      Query query, Predicate<ChunkInfo> chosen, List<Pin> held, Set<String> pinned) {
    return chunks
        .query(query)
        .compose(
            page -> {
              List<Future<Void>> deletions = new ArrayList<>();
              for (ChunkInfo chunk : page.items()) {
                if (!chosen.test(chunk)) {
                  continue;
                }
                if (held.stream().anyMatch(pin -> pin.holds(chunk))) {
                  pinned.add(chunk.key());
                } else {
                  deletions.add(
                      store.delete(
                          query.partition(), StoreKeys.sort(chunk.positionMicros(), chunk.run())));
                }
              }
              return Future.all(deletions)
                  .compose(
                      v ->
                          page.raw().nextSort() == null
                              ? Future.succeededFuture(pinned)
                              : forget(query.after(page.raw()), chosen, held, pinned));
            });
  }

  private Future<Void> sweepObjects(
      String stream, String epoch, List<RecordedBlock> islands, Set<String> stay) {
    String folder = folder(stream, epoch);
    boolean all = islands.isEmpty() && stay.isEmpty();
    Predicate<String> goes =
        key ->
            all
                || !key.startsWith(folder + "init-")
                    && !stay.contains(key)
                    && islands.stream().noneMatch(island -> holds(island, stream, key));
    return StoredFolder.delete(objects, folder, goes);
  }

  private static String folder(String stream, String epoch) {
    return "streams/" + stream + "/" + epoch + "/";
  }

  private static boolean holds(RecordedBlock island, String stream, String key) {
    return key.compareTo(Ids.chunkKey(stream, island.epoch(), island.firstSequence())) >= 0
        && key.compareTo(Ids.chunkKey(stream, island.epoch(), island.lastSequence())) <= 0;
  }
}
