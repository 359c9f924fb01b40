package io.sightline.replay.publish;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Reel;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPiece;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A replay in its other encodings: the renditions of what it consists of, joined. Blocking. */
final class OtherEncodings {

  private static final long TIMEOUT_SECONDS = 120;

  private final Records<ReplayItem> items;
  private final Records<Rendition> renditions;
  private final ByteSource bytes;

  OtherEncodings(RecordStore records, ByteSource bytes) {
    this.items = Records.of(records, ReplayItem.class);
    this.renditions = Records.of(records, Rendition.class);
    this.bytes = bytes;
  }

  /**
   * One that all of the replay has.
   *
   * @param pieces renditions of what plays, in order
   */
  record Encoding(String name, List<Rendition> pieces) {

    int width() {
      return pieces.get(0).width();
    }

    int height() {
      return pieces.get(0).height();
    }
  }

  /** The decisions of what a replay shows, in order of play. */
  List<ReplayItem> shown(Replay replay) throws TimeoutException {
    return await(
            items.all(
                StoreKeys.replayItems(replay.id()),
                ReplayItem.fromSort(replay.version()),
                ReplayItem.toSort(replay.version())))
        .stream()
        .filter(item -> item.included() && item.clip() != null)
        .sorted(Comparator.comparingInt(ReplayItem::order))
        .toList();
  }

  /**
   * Those that all of a replay has, the largest first.
   *
   * @param pieces what plays, in order
   */
  List<Encoding> of(List<ReelPiece> pieces) throws TimeoutException {
    // Most have none at all, and then it is seen at the first.
    if (pieces.isEmpty() || await(made(pieces.get(0).media())).isEmpty()) {
      return List.of();
    }
    List<String> media = pieces.stream().map(ReelPiece::media).toList();
    Map<String, Future<List<Rendition>>> read = new LinkedHashMap<>();
    media.forEach(one -> read.computeIfAbsent(one, this::made));
    Map<String, List<Rendition>> made = new LinkedHashMap<>();
    for (Map.Entry<String, Future<List<Rendition>>> one : read.entrySet()) {
      made.put(one.getKey(), await(one.getValue()));
    }
    List<Encoding> whole = new ArrayList<>();
    Rendition.OfReel.byName(media, made)
        .forEach(
            (name, reel) -> {
              if (reel.all()) {
                whole.add(new Encoding(name, reel.pieces()));
              }
            });
    return whole;
  }

  ClipIndex reel(Replay replay, List<ReelPiece> pieces, Encoding encoding)
      throws MediaException, IOException {
    List<ClipIndex> made = new ArrayList<>();
    for (int at = 0; at < pieces.size(); at++) {
      ReelPiece piece = pieces.get(at);
      byte[] content = bytes.read(encoding.pieces().get(at).indexKey(), 0, -1);
      ClipIndex index =
          piece.part()
              ? piece.of(Json.decode(content, ReelPart.class))
              : Json.decode(content, ClipIndex.class);
      made.add(index == null ? null : replay.played(index));
    }
    return Reel.join(replay.id(), ReelPiece.reel(pieces, made));
  }

  private Future<List<Rendition>> made(String media) {
    return renditions
        .all(Rendition.partition(media), Rendition.fromSort(media), Rendition.toSort(media))
        .map(all -> all.stream().filter(one -> one.media().equals(media)).toList());
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
