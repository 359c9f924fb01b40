package io.sightline.ingestgateway.delivery;

import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The other encodings of clips and replays. Thread-safe. */
public final class Renditions {

  private final Records<Rendition> renditions;
  private final Records<ReplayItem> items;

  public Renditions(RecordStore store) {
    this.renditions = Records.of(store, Rendition.class);
    this.items = Records.of(store, ReplayItem.class);
  }

  /** Those of a clip, the largest first; those that failed, last. */
  public Future<List<Rendition>> of(String clip) {
    return renditions
        .all(
            StoreKeys.renditions(StoreKeys.streamOf(clip)),
            Rendition.fromSort(clip),
            Rendition.toSort(clip))
        .map(
            all ->
                all.stream()
                    .filter(one -> one.clip().equals(clip))
                    .sorted(Rendition.LARGEST_FIRST)
                    .toList());
  }

  /** Those of a clip that are ready, the largest first. */
  Future<List<Rendition>> ready(String clip) {
    return of(clip).map(all -> all.stream().filter(Rendition::ready).toList());
  }

  /** One by its id; empty when there is none, or it is not ready. */
  Future<Optional<Rendition>> find(String id) {
    return renditions
        .find(StoreKeys.renditions(StoreKeys.streamOf(id)), StoreKeys.sortOf(id))
        .map(found -> found.filter(Rendition::ready));
  }

  /**
   * Those of a replay.
   *
   * @param reels by name, as far as its clips have them
   * @param failed of any of its clips
   */
  public record OfReplay(Map<String, Rendition.OfReel> reels, List<Rendition> failed) {}

  /**
   * Those of a replay. One whose items are joined by something is there as it was cut alone: what
   * joins them is not made in other encodings.
   */
  public Future<OfReplay> of(Replay replay) {
    if (replay.joins() != null) {
      return Future.succeededFuture(new OfReplay(Map.of(), List.of()));
    }
    return clips(replay)
        .compose(
            clips -> {
              // A clip may be shown more than once.
              Map<String, List<String>> byStream =
                  clips.stream().distinct().collect(Collectors.groupingBy(StoreKeys::streamOf));
              return Future.all(byStream.values().stream().map(this::ofStream).toList())
                  .map(
                      read -> {
                        Map<String, List<Rendition>> made = new HashMap<>();
                        read.<Map<String, List<Rendition>>>list().forEach(made::putAll);
                        return new OfReplay(
                            Rendition.OfReel.byName(clips, made),
                            clips.stream()
                                .distinct()
                                .flatMap(clip -> made.get(clip).stream())
                                .filter(one -> !one.ready())
                                .toList());
                      });
            });
  }

  /**
   * Those of some clips of one stream. Most installations have none: then one look is enough, where
   * a replay may show a thousand clips.
   */
  private Future<Map<String, List<Rendition>>> ofStream(List<String> clips) {
    String partition = StoreKeys.renditions(StoreKeys.streamOf(clips.get(0)));
    return renditions
        .query(new Query(partition, null, null, 1, false))
        .compose(
            any -> {
              Map<String, Future<List<Rendition>>> read = new HashMap<>();
              for (String clip : clips) {
                read.put(
                    clip, any.items().isEmpty() ? Future.succeededFuture(List.of()) : of(clip));
              }
              return Future.all(List.copyOf(read.values()))
                  .map(
                      done -> {
                        Map<String, List<Rendition>> made = new HashMap<>();
                        read.forEach((clip, found) -> made.put(clip, found.result()));
                        return made;
                      });
            });
  }

  /** The clips that a replay shows, in order of play. */
  public Future<List<String>> clips(Replay replay) {
    return items
        .all(
            StoreKeys.replayItems(replay.id()),
            ReplayItem.fromSort(replay.version()),
            ReplayItem.toSort(replay.version()))
        .map(
            all ->
                all.stream()
                    .filter(item -> item.included() && item.clip() != null)
                    .sorted(Comparator.comparingInt(ReplayItem::order))
                    .map(ReplayItem::clip)
                    .toList());
  }
}
