package io.sightline.replay.publish;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Reel;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
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

/** A replay in its other encodings: the renditions of its clips, joined. Blocking. */
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
   * One that all clips of the replay have.
   *
   * @param clips renditions of its clips, in order of play
   */
  record Encoding(String name, List<Rendition> clips) {

    int width() {
      return clips.get(0).width();
    }

    int height() {
      return clips.get(0).height();
    }
  }

  /** The clips that a replay shows, in order of play. */
  List<String> clips(Replay replay) throws TimeoutException {
    return await(
            items.all(
                StoreKeys.replayItems(replay.id()),
                ReplayItem.fromSort(replay.version()),
                ReplayItem.toSort(replay.version())))
        .stream()
        .filter(item -> item.included() && item.clip() != null)
        .sorted(Comparator.comparingInt(ReplayItem::order))
        .map(ReplayItem::clip)
        .toList();
  }

  /**
   * Those that all clips of a replay have, the largest first. What joins clips is not made in other
   * encodings: a replay with any of it has none.
   *
   * @param clips in order of play
   */
  List<Encoding> of(Replay replay, List<String> clips) throws TimeoutException {
    // Most have none at all, and then it is seen at the first.
    if (replay.joins() != null || clips.isEmpty() || await(made(clips.get(0))).isEmpty()) {
      return List.of();
    }
    Map<String, Future<List<Rendition>>> read = new LinkedHashMap<>();
    clips.forEach(clip -> read.computeIfAbsent(clip, this::made));
    Map<String, List<Rendition>> made = new LinkedHashMap<>();
    for (Map.Entry<String, Future<List<Rendition>>> one : read.entrySet()) {
      made.put(one.getKey(), await(one.getValue()));
    }
    List<Encoding> whole = new ArrayList<>();
    Rendition.OfReel.byName(clips, made)
        .forEach(
            (name, reel) -> {
              if (reel.all()) {
                whole.add(new Encoding(name, reel.clips()));
              }
            });
    return whole;
  }

  ClipIndex reel(Replay replay, Encoding encoding) throws MediaException, IOException {
    List<ClipIndex> joined = new ArrayList<>();
    for (Rendition one : encoding.clips()) {
      joined.add(replay.played(Json.decode(bytes.read(one.indexKey(), 0, -1), ClipIndex.class)));
    }
    return Reel.join(replay.id(), joined);
  }

  private Future<List<Rendition>> made(String clip) {
    return renditions
        .all(
            StoreKeys.renditions(StoreKeys.streamOf(clip)),
            Rendition.fromSort(clip),
            Rendition.toSort(clip))
        .map(all -> all.stream().filter(one -> one.clip().equals(clip)).toList());
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
