package io.sightline.ingestgateway.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.media.MediaException;
import io.sightline.media.cut.Reel;
import io.sightline.records.ClipIndex;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replays in other encodings: the renditions of their clips, joined when somebody asks. That costs
 * no more than their text, so nothing is stored. Thread-safe.
 */
final class ReplayReels {

  private static final int MAX_HELD = 100;

  private final Renditions renditions;
  private final Indexes indexes;
  private final Cache<Key, ClipIndex> joined =
      Caffeine.newBuilder().maximumSize(MAX_HELD).expireAfterAccess(Duration.ofMinutes(10)).build();

  /** What a reel is of; it never changes. */
  private record Key(String replay, int version, int clips, String name) {}

  ReplayReels(Renditions renditions, Indexes indexes) {
    this.renditions = renditions;
    this.indexes = indexes;
  }

  /**
   * A replay in another encoding.
   *
   * @param all whether all its clips are in; else there are more to come
   */
  record Found(ClipIndex reel, boolean all) {}

  /** Those that are whole, by name. */
  Future<Map<String, ClipIndex>> of(Replay replay) {
    return renditions
        .of(replay)
        .compose(
            found -> {
              Map<String, Rendition.OfReel> whole = new LinkedHashMap<>(found.reels());
              whole.values().removeIf(of -> !of.all());
              List<Future<ClipIndex>> reels = new ArrayList<>();
              whole.forEach((name, of) -> reels.add(join(replay, name, of.clips())));
              return Future.all(reels)
                  .map(
                      done -> {
                        Map<String, ClipIndex> byName = new LinkedHashMap<>();
                        int at = 0;
                        for (String name : whole.keySet()) {
                          byName.put(name, done.resultAt(at++));
                        }
                        return byName;
                      });
            });
  }

  /** One of them, as far as it goes; empty when not even the first clip has it. */
  Future<Optional<Found>> find(Replay replay, String name) {
    ClipIndex held = joined.getIfPresent(key(replay, name, replay.segments()));
    if (held != null) {
      return Future.succeededFuture(Optional.of(new Found(held, true)));
    }
    return renditions
        .of(replay)
        .compose(
            found -> {
              Rendition.OfReel of = found.reels().get(name);
              return of == null
                  ? Future.succeededFuture(Optional.empty())
                  : join(replay, name, of.clips())
                      .map(reel -> Optional.of(new Found(reel, of.all())));
            });
  }

  private Future<ClipIndex> join(Replay replay, String name, List<Rendition> clips) {
    Key key = key(replay, name, clips.size());
    ClipIndex held = joined.getIfPresent(key);
    if (held != null) {
      return Future.succeededFuture(held);
    }
    return Future.all(clips.stream().map(one -> indexes.get(one.indexKey())).toList())
        .compose(
            read -> {
              try {
                ClipIndex reel =
                    Reel.join(
                        replay.id(), read.<ClipIndex>list().stream().map(replay::played).toList());
                joined.put(key, reel);
                return Future.succeededFuture(reel);
              } catch (MediaException e) {
                return Future.failedFuture(e);
              }
            });
  }

  private static Key key(Replay replay, String name, int clips) {
    return new Key(replay.id(), replay.version(), clips, name);
  }
}
