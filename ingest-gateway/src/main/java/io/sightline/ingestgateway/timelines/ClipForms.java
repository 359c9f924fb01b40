package io.sightline.ingestgateway.timelines;

import io.sightline.media.timeline.SourceForm;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.EpochInfo;
import io.sightline.records.Json;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What clips are like, as their indexes say. Of those that were cut alike from one epoch, which
 * never changes its form, one is read. For one timeline; not for several threads at once.
 */
final class ClipForms {

  private static final long MAX_INDEX_BYTES = 32_000_000;

  /** Clips that were cut alike. */
  private record Kind(String stream, String epoch, String cut) {}

  private final ObjectStore objects;

  /** By stream, then by where each begins. */
  private final Map<String, TreeMap<Long, String>> epochs = new HashMap<>();

  private final Map<Kind, SourceForm> known = new ConcurrentHashMap<>();

  ClipForms(ObjectStore objects) {
    this.objects = objects;
  }

  /** Says of which epochs a stream consists. */
  void learn(String stream, List<EpochInfo> ofStream) {
    TreeMap<Long, String> byStart = new TreeMap<>();
    ofStream.forEach(epoch -> byStart.put(epoch.startMicros(), epoch.epoch()));
    epochs.put(stream, byStart);
  }

  /** Reads what is needed to know the form of each of some clips. */
  Future<Void> read(List<Clip> clips) {
    Map<Kind, Clip> wanted = new LinkedHashMap<>();
    clips.forEach(clip -> wanted.putIfAbsent(kind(clip), clip));
    List<Future<SourceForm>> reading = new ArrayList<>();
    wanted.forEach(
        (kind, clip) ->
            reading.add(read(clip.indexKey()).onSuccess(form -> known.put(kind, form))));
    return Future.all(reading).mapEmpty();
  }

  /** The form of a clip that was among those read. */
  SourceForm of(Clip clip) {
    return known.get(kind(clip));
  }

  private Future<SourceForm> read(String indexKey) {
    return objects
        .get(indexKey, 0, MAX_INDEX_BYTES)
        .map(content -> SourceForm.of(Json.decode(content.getBytes(), ClipIndex.class).tracks()))
        .recover(
            failure ->
                failure instanceof StorageException storage
                        && storage.reason() == StorageException.Reason.NOT_FOUND
                    ? Future.succeededFuture(SourceForm.UNKNOWN)
                    : Future.failedFuture(failure));
  }

  private Kind kind(Clip clip) {
    Map.Entry<Long, String> epoch =
        epochs.getOrDefault(clip.stream(), new TreeMap<>()).floorEntry(clip.startMicros());
    String cut = clip.variant() + " " + clip.audioTrack() + " " + clip.rendition();
    return new Kind(clip.stream(), epoch == null ? "" : epoch.getValue(), cut);
  }
}
