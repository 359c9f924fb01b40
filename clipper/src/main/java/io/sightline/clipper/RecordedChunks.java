package io.sightline.clipper;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.RecordingLedger;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.storage.Page;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds the chunks from which a stretch can be cut. Blocking. */
final class RecordedChunks {

  // A chunk is at most ten seconds and a GOP, however long, rarely more than a few minutes.
  private static final int MAX_CHUNKS_BACK = 200;
  private static final long TIMEOUT_SECONDS = 60;

  private final Records<ChunkInfo> chunks;
  private final Records<RecordingLedger> ledgers;

  RecordedChunks(RecordStore store) {
    this.chunks = Records.of(store, ChunkInfo.class);
    this.ledgers = Records.of(store, RecordingLedger.class);
  }

  /**
   * All chunks of a run from the last place before {@code fromMicros} where a decoder can start, up
   * to {@code toMicros}, in order of position, without those that are about to be deleted; empty
   * when nothing was recorded there.
   */
  List<ChunkInfo> covering(String stream, String run, long fromMicros, long toMicros)
      throws TimeoutException {
    // The ledger first: what it does not hide now is not deleted before its pins are looked at.
    Optional<RecordingLedger> ledger =
        ledgers.find(StoreKeys.LEDGERS, stream).await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    List<ChunkInfo> all = stored(stream, run, fromMicros, toMicros);
    return ledger
        .map(known -> all.stream().filter(chunk -> !known.hides(chunk)).toList())
        .orElse(all);
  }

  private List<ChunkInfo> stored(String stream, String run, long fromMicros, long toMicros)
      throws TimeoutException {
    List<ChunkInfo> before = before(stream, run, fromMicros);
    List<ChunkInfo> all = new ArrayList<>(before);
    Query query =
        new Query(
            StoreKeys.chunks(stream),
            StoreKeys.sort(fromMicros + 1, ""),
            StoreKeys.sort(toMicros, ""),
            Query.MAX_LIMIT,
            false);
    while (query != null) {
      Page<ChunkInfo> page = chunks.query(query).await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      page.items().stream().filter(chunk -> chunk.run().equals(run)).forEach(all::add);
      query = page.raw().nextSort() == null ? null : query.after(page.raw());
    }
    return all;
  }

  private List<ChunkInfo> before(String stream, String run, long fromMicros)
      throws TimeoutException {
    List<ChunkInfo> found = new ArrayList<>();
    Query query =
        new Query(StoreKeys.chunks(stream), null, StoreKeys.sort(fromMicros + 1, ""), 10, true);
    int seen = 0;
    while (query != null && seen < MAX_CHUNKS_BACK) {
      Page<ChunkInfo> page = chunks.query(query).await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      for (ChunkInfo chunk : page.items()) {
        seen++;
        if (!chunk.run().equals(run)) {
          continue;
        }
        boolean reaches = chunk.endMicros() > fromMicros || !found.isEmpty();
        if (!reaches) {
          return List.of();
        }
        found.add(chunk);
        if (startsAtOrBefore(chunk, fromMicros)) {
          Collections.reverse(found);
          return found;
        }
      }
      query = page.raw().nextSort() == null ? null : query.after(page.raw());
    }
    Collections.reverse(found);
    return found;
  }

  private static boolean startsAtOrBefore(ChunkInfo chunk, long position) {
    int track =
        chunk.tracks().stream()
            .filter(info -> info.kind() == TrackInfo.Kind.VIDEO)
            .mapToInt(TrackInfo::track)
            .findFirst()
            .orElse(chunk.tracks().get(0).track());
    for (Fragment fragment : chunk.fragments()) {
      if (fragment.track() == track
          && fragment.independent()
          && fragment.positionMicros() <= position) {
        return true;
      }
    }
    return false;
  }
}
