package io.sightline.ingestgateway.delivery;

import io.sightline.records.ReelPiece;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
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

  /**
   * Those of a clip or a part, the largest first; those that failed, last.
   *
   * @param media id of the clip, or object key of the part
   */
  public Future<List<Rendition>> of(String media) {
    return renditions
        .all(Rendition.partition(media), Rendition.fromSort(media), Rendition.toSort(media))
        .map(
            all ->
                all.stream()
                    .filter(one -> one.media().equals(media))
                    .sorted(Rendition.LARGEST_FIRST)
                    .toList());
  }

  /** Those of a clip that are ready, the largest first. */
  Future<List<Rendition>> ready(String clip) {
    return of(clip).map(all -> all.stream().filter(Rendition::ready).toList());
  }

  /** One of a clip, by its id; empty when there is none, or it is not ready. */
  Future<Optional<Rendition>> find(String id) {
    return renditions
        .find(StoreKeys.renditions(StoreKeys.streamOf(id)), StoreKeys.sortOf(id))
        .map(found -> found.filter(one -> one.ready() && one.part() == null));
  }

  /**
   * Those of a replay.
   *
   * @param pieces what plays in it, in order
   * @param reels by name, as far as its pieces have them
   * @param failed of any of its pieces
   */
  public record OfReplay(
      List<ReelPiece> pieces, Map<String, Rendition.OfReel> reels, List<Rendition> failed) {}

  public Future<OfReplay> of(Replay replay) {
    return pieces(replay)
        .compose(
            pieces -> {
              List<String> media = pieces.stream().map(ReelPiece::media).toList();
              // A clip may be shown more than once.
              Map<String, List<String>> byPartition =
                  media.stream().distinct().collect(Collectors.groupingBy(Rendition::partition));
              return Future.all(byPartition.values().stream().map(this::ofPartition).toList())
                  .map(
                      read -> {
                        Map<String, List<Rendition>> made = new HashMap<>();
                        read.<Map<String, List<Rendition>>>list().forEach(made::putAll);
                        return new OfReplay(
                            pieces,
                            Rendition.OfReel.byName(media, made),
                            media.stream()
                                .distinct()
                                .flatMap(one -> made.get(one).stream())
                                .filter(one -> !one.ready())
                                .toList());
                      });
            });
  }

  /**
   * Those of some media of one partition. Most installations have none: then one look is enough,
   * where a replay may show a thousand clips.
   */
  private Future<Map<String, List<Rendition>>> ofPartition(List<String> media) {
    String partition = Rendition.partition(media.get(0));
    return renditions
        .query(new Query(partition, null, null, 1, false))
        .compose(
            any -> {
              Map<String, Future<List<Rendition>>> read = new HashMap<>();
              for (String one : media) {
                read.put(one, any.items().isEmpty() ? Future.succeededFuture(List.of()) : of(one));
              }
              return Future.all(List.copyOf(read.values()))
                  .map(
                      done -> {
                        Map<String, List<Rendition>> made = new HashMap<>();
                        read.forEach((one, found) -> made.put(one, found.result()));
                        return made;
                      });
            });
  }

  /** What plays in a replay, in order. */
  public Future<List<ReelPiece>> pieces(Replay replay) {
    return items
        .all(
            StoreKeys.replayItems(replay.id()),
            ReplayItem.fromSort(replay.version()),
            ReplayItem.toSort(replay.version()))
        .map(all -> ReelPiece.of(replay, all));
  }
}
