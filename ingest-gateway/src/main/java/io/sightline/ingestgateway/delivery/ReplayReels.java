package io.sightline.ingestgateway.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.media.MediaException;
import io.sightline.media.cut.Reel;
import io.sightline.records.ClipIndex;
import io.sightline.records.ReelPiece;
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
 * Replays in other encodings: the renditions of what plays in them, joined when somebody asks. That
 * costs no more than their text, so nothing is stored. Thread-safe.
 */
final class ReplayReels {

  private static final int MAX_HELD = 100;

  private final Renditions renditions;
  private final Indexes indexes;
  private final Cache<Key, ClipIndex> joined =
      Caffeine.newBuilder().maximumSize(MAX_HELD).expireAfterAccess(Duration.ofMinutes(10)).build();

  private static final int ALL = -1;

  /**
   * What a reel is of; it never changes.
   *
   * @param pieces how many of the replay's are in it, or {@link #ALL}
   */
  private record Key(
      String replay, int version, boolean complete, int segments, int pieces, String name) {

    static Key of(Replay replay, int pieces, String name) {
      return new Key(
          replay.id(), replay.version(), replay.complete(), replay.segments(), pieces, name);
    }
  }

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
              List<String> names = new ArrayList<>();
              List<Future<Optional<ClipIndex>>> reels = new ArrayList<>();
              found
                  .reels()
                  .forEach(
                      (name, of) -> {
                        if (of.all()) {
                          names.add(name);
                          reels.add(join(replay, name, found.pieces(), of.pieces()));
                        }
                      });
              return Future.all(reels)
                  .map(
                      done -> {
                        Map<String, ClipIndex> byName = new LinkedHashMap<>();
                        for (int at = 0; at < names.size(); at++) {
                          String name = names.get(at);
                          Optional<ClipIndex> reel = done.resultAt(at);
                          reel.ifPresent(index -> byName.put(name, index));
                        }
                        return byName;
                      });
            });
  }

  /** One of them, as far as it goes; empty when nothing of it is there. */
  Future<Optional<Found>> find(Replay replay, String name) {
    ClipIndex held = joined.getIfPresent(Key.of(replay, ALL, name));
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
                  : join(replay, name, found.pieces(), of.pieces())
                      .map(reel -> reel.map(index -> new Found(index, of.all())));
            });
  }

  /** Empty when nothing of it plays yet. */
  private Future<Optional<ClipIndex>> join(
      Replay replay, String name, List<ReelPiece> pieces, List<Rendition> made) {
    Key key = Key.of(replay, made.size() == pieces.size() ? ALL : made.size(), name);
    ClipIndex held = joined.getIfPresent(key);
    if (held != null) {
      return Future.succeededFuture(Optional.of(held));
    }
    List<Future<Optional<ClipIndex>>> reads = new ArrayList<>();
    for (int at = 0; at < made.size(); at++) {
      reads.add(read(replay, pieces.get(at), made.get(at)));
    }
    return Future.all(reads)
        .compose(
            read -> {
              List<ClipIndex> indexes = new ArrayList<>();
              read.<Optional<ClipIndex>>list().forEach(one -> indexes.add(one.orElse(null)));
              List<ClipIndex> reel = ReelPiece.reel(pieces.subList(0, made.size()), indexes);
              if (reel.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
              }
              try {
                ClipIndex index = Reel.join(replay.id(), reel);
                joined.put(key, index);
                return Future.succeededFuture(Optional.of(index));
              } catch (MediaException e) {
                return Future.failedFuture(e);
              }
            });
  }

  private Future<Optional<ClipIndex>> read(Replay replay, ReelPiece piece, Rendition made) {
    Future<Optional<ClipIndex>> index =
        piece.part()
            ? indexes.part(made.indexKey()).map(part -> Optional.ofNullable(piece.of(part)))
            : indexes.get(made.indexKey()).map(Optional::of);
    return index.map(found -> found.map(replay::played));
  }
}
