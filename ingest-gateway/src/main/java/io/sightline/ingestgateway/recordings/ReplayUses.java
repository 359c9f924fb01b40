package io.sightline.ingestgateway.recordings;

import io.sightline.records.ClipUse;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the replays that show a clip. Reads each replay once, so an instance is for one look at
 * several clips. Not thread-safe.
 */
public final class ReplayUses {

  /** No replay takes as long from naming a clip to being stored. */
  private static final Duration ABOUT_TO = Duration.ofMinutes(10);

  private final Records<ClipUse> uses;
  private final Records<Replay> replays;
  private final Records<ReplayItem> items;
  private final long nowMicros;
  private final Map<String, Future<Set<String>>> clipsOf = new HashMap<>();

  public ReplayUses(RecordStore store, long nowMicros) {
    this.uses = Records.of(store, ClipUse.class);
    this.replays = Records.of(store, Replay.class);
    this.items = Records.of(store, ReplayItem.class);
    this.nowMicros = nowMicros;
  }

  /** Ids of the replays that show a clip, or are about to. */
  public Future<List<String>> of(String clip) {
    String partition = StoreKeys.clipUses(StoreKeys.streamOf(clip));
    return uses.all(partition, ClipUse.fromSort(clip), ClipUse.toSort(clip))
        .compose(found -> standing(clip, found, new ArrayList<>()));
  }

  private Future<List<String>> standing(String clip, List<ClipUse> uses, List<String> standing) {
    Future<?> checked = Future.succeededFuture();
    for (ClipUse use : uses) {
      checked =
          checked
              .compose(v -> stands(clip, use))
              .map(
                  stands -> {
                    if (stands) {
                      standing.add(use.replay());
                    }
                    return null;
                  });
    }
    return checked.map(v -> standing);
  }

  private Future<Boolean> stands(String clip, ClipUse use) {
    return use.atMicros() > nowMicros - Positions.micros(ABOUT_TO)
        ? Future.succeededFuture(true)
        : clipsOf.computeIfAbsent(use.replay(), this::shown).map(shown -> shown.contains(clip));
  }

  private Future<Set<String>> shown(String replay) {
    return replays
        .find(StoreKeys.REPLAYS, replay)
        .compose(
            found ->
                found.isEmpty() || found.get().state() == MediaState.GONE
                    ? Future.succeededFuture(List.<ReplayItem>of())
                    : items.all(
                        StoreKeys.replayItems(replay),
                        ReplayItem.fromSort(found.get().version()),
                        ReplayItem.toSort(found.get().version())))
        .map(
            decisions ->
                decisions.stream()
                    .filter(ReplayItem::included)
                    .map(ReplayItem::clip)
                    .collect(Collectors.toSet()));
  }
}
