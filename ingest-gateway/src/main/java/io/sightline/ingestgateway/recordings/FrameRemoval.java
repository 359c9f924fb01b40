package io.sightline.ingestgateway.recordings;

import io.sightline.records.Alert;
import io.sightline.records.AudioDetections;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes what was found in frames and sound, and the pictures kept of it, once it is older than
 * the age of the stream's rule: the picture first, then the record that names it, so that a kill in
 * between leaves nothing that nobody names. Pictures that alerts show stay.
 *
 * <p>A walk over a stream goes a page at a time and ends where positions are too young; what lies
 * before that and is still kept, such as an old film that arrived today, is passed by. Where it is
 * stands in memory alone: another owner begins anew. Not thread-safe.
 */
final class FrameRemoval {

  private static final int PAGE = 100;

  /** From one walk over a stream to the next. */
  private static final Duration REST = Duration.ofMinutes(5);

  private final ObjectStore objects;
  private final Records<FrameDetections> frames;
  private final Records<AudioDetections> sounds;
  private final Records<Alert> alerts;
  private final Map<String, Walk> walks = new HashMap<>();

  FrameRemoval(ObjectStore objects, RecordStore store) {
    this.objects = objects;
    this.frames = Records.of(store, FrameDetections.class);
    this.sounds = Records.of(store, AudioDetections.class);
    this.alerts = Records.of(store, Alert.class);
  }

  /** Where the walk over a stream is: first its frames, then its sound. */
  private static final class Walk {
    private boolean inSounds;
    private String fromSort;
    private long againMicros;

    void next(String nextSort, long nowMicros) {
      fromSort = nextSort;
      if (nextSort == null) {
        againMicros = inSounds ? nowMicros + Positions.micros(REST) : 0;
        inSounds = !inSounds;
      }
    }
  }

  /** Streams that are looked after elsewhere now are forgotten. */
  void retain(Collection<String> streams) {
    walks.keySet().retainAll(streams);
  }

  /**
   * Takes the next page of a stream, unless its walk rests.
   *
   * @param ageMicros by the stream's rule; {@link Long#MAX_VALUE} for ever
   * @return how many records were deleted
   */
  Future<Integer> look(String stream, long ageMicros, long nowMicros) {
    Walk walk = walks.computeIfAbsent(stream, key -> new Walk());
    long before = nowMicros - ageMicros;
    if (ageMicros == Long.MAX_VALUE || before <= 0 || nowMicros < walk.againMicros) {
      return Future.succeededFuture(0);
    }
    String partition = walk.inSounds ? StoreKeys.sounds(stream) : StoreKeys.frames(stream);
    Query query = new Query(partition, walk.fromSort, Ids.fixedWidth(before), PAGE, false);
    return walk.inSounds
        ? sounds(query, before, walk, nowMicros)
        : frames(query, before, walk, nowMicros);
  }

  private Future<Integer> frames(Query query, long before, Walk walk, long nowMicros) {
    return frames
        .query(query)
        .compose(
            page -> {
              List<FrameDetections> old =
                  page.items().stream().filter(one -> one.capturedMicros() < before).toList();
              return deletePictures(old)
                  .compose(
                      v ->
                          delete(
                              frames,
                              query.partition(),
                              old.stream()
                                  .map(one -> StoreKeys.sort(one.positionMicros(), one.run()))
                                  .toList()))
                  .map(
                      v -> {
                        walk.next(page.raw().nextSort(), nowMicros);
                        return old.size();
                      });
            });
  }

  private Future<Integer> sounds(Query query, long before, Walk walk, long nowMicros) {
    return sounds
        .query(query)
        .compose(
            page -> {
              List<String> old =
                  page.items().stream()
                      .filter(one -> one.capturedMicros() < before)
                      .map(one -> StoreKeys.sort(one.positionMicros(), one.run()))
                      .toList();
              return delete(sounds, query.partition(), old)
                  .map(
                      v -> {
                        walk.next(page.raw().nextSort(), nowMicros);
                        return old.size();
                      });
            });
  }

  private Future<Void> deletePictures(List<FrameDetections> old) {
    List<FrameDetections> pictured = old.stream().filter(one -> one.pictureKey() != null).toList();
    if (pictured.isEmpty()) {
      return Future.succeededFuture();
    }
    String stream = pictured.get(0).stream();
    long last = pictured.get(pictured.size() - 1).positionMicros();
    return alerts
        .all(
            StoreKeys.alerts(stream),
            Ids.fixedWidth(pictured.get(0).positionMicros()),
            Ids.fixedWidth(last + 1))
        .compose(
            shown -> {
              Set<String> stay =
                  shown.stream()
                      .map(Alert::pictureKey)
                      .filter(key -> key != null)
                      .collect(Collectors.toSet());
              // One after another, so that intake finds the disk free.
              Future<Void> deleted = Future.succeededFuture();
              for (FrameDetections one : pictured) {
                if (!stay.contains(one.pictureKey())) {
                  deleted = deleted.compose(v -> objects.delete(one.pictureKey()));
                }
              }
              return deleted;
            });
  }

  private static Future<Void> delete(Records<?> records, String partition, List<String> sorts) {
    List<Future<Void>> deletions = new ArrayList<>();
    for (String sort : sorts) {
      deletions.add(records.delete(partition, sort));
    }
    return Future.all(deletions).mapEmpty();
  }
}
