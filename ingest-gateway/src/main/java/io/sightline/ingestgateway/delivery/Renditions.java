package io.sightline.ingestgateway.delivery;

import io.sightline.records.Ids;
import io.sightline.records.MediaState;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The other encodings of clips and replays that are ready. Thread-safe. */
public final class Renditions {

  private static final Comparator<Rendition> LARGEST_FIRST =
      Comparator.comparingInt((Rendition one) -> -one.width() * one.height())
          .thenComparing(Rendition::name);

  private final Records<Rendition> renditions;
  private final Records<ReplayItem> items;

  public Renditions(RecordStore store) {
    this.renditions = Records.of(store, Rendition.class);
    this.items = Records.of(store, ReplayItem.class);
  }

  /** Those of a clip, the largest first. */
  public Future<List<Rendition>> of(String clip) {
    String prefix = StoreKeys.sortOf(Ids.withoutRendition(clip));
    return renditions
        .all(StoreKeys.renditions(StoreKeys.streamOf(clip)), prefix + ".", prefix + "/")
        .map(
            all ->
                all.stream()
                    .filter(one -> one.clip().equals(clip) && one.state() == MediaState.READY)
                    .sorted(LARGEST_FIRST)
                    .toList());
  }

  /** One by its id; empty when there is none, or it is not ready. */
  Future<Optional<Rendition>> find(String id) {
    return renditions
        .find(StoreKeys.renditions(StoreKeys.streamOf(id)), StoreKeys.sortOf(id))
        .map(found -> found.filter(one -> one.state() == MediaState.READY));
  }

  /**
   * What there is of a replay in one encoding.
   *
   * @param clips the renditions of its clips in order of play, from the first on; at least one
   * @param all whether none is missing
   */
  public record OfReplay(List<Rendition> clips, boolean all) {}

  /** Those of a replay, by name, as far as its clips have them. */
  public Future<Map<String, OfReplay>> of(Replay replay) {
    return items
        .all(StoreKeys.replayItems(replay.id()), null, null)
        .compose(
            all ->
                ofClips(
                    all.stream()
                        .filter(item -> item.included() && item.version() == replay.version())
                        .filter(item -> item.clip() != null)
                        .sorted(Comparator.comparingInt(ReplayItem::order))
                        .map(ReplayItem::clip)
                        .toList()));
  }

  private Future<Map<String, OfReplay>> ofClips(List<String> clips) {
    // A clip may be shown more than once.
    Map<String, Future<List<Rendition>>> read = new LinkedHashMap<>();
    clips.forEach(clip -> read.computeIfAbsent(clip, this::of));
    return Future.all(new ArrayList<>(read.values()))
        .map(
            done -> {
              Map<String, List<Rendition>> begun = new LinkedHashMap<>();
              for (int at = 0; at < clips.size(); at++) {
                for (Rendition one : read.get(clips.get(at)).result()) {
                  List<Rendition> held =
                      begun.computeIfAbsent(one.name(), name -> new ArrayList<>());
                  if (held.size() == at) {
                    held.add(one);
                  }
                }
              }
              Map<String, OfReplay> byName = new LinkedHashMap<>();
              begun.forEach(
                  (name, held) -> {
                    if (!held.isEmpty()) {
                      byName.put(name, new OfReplay(held, held.size() == clips.size()));
                    }
                  });
              return byName;
            });
  }
}
