package io.sightline.ingestgateway.lists;

import io.sightline.records.Ids;
import io.sightline.records.MediaProgress;
import io.sightline.records.ReelDecisions;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is being made for a replay now: of all of it, and of what it asked to be cut. */
final class ReplayProgress {

  private final Records<MediaProgress> progress;

  ReplayProgress(RecordStore store) {
    this.progress = Records.of(store, MediaProgress.class);
  }

  /**
   * @param request what is asked of the replay now
   */
  Future<List<MediaProgress>> of(ReplayRequest request) {
    Set<String> cuts = cuts(request);
    Set<String> streams = new TreeSet<>();
    cuts.forEach(cut -> streams.add(StoreKeys.streamOf(cut)));
    List<Future<List<MediaProgress>>> read = new ArrayList<>();
    String replay = request.replay();
    read.add(progress.all(StoreKeys.REPLAY_PROGRESS, replay + ".", replay + "/"));
    for (String stream : streams) {
      // What is made of a stream at a time is little.
      read.add(
          progress
              .all(StoreKeys.mediaProgress(stream), null, null)
              .map(notes -> notes.stream().filter(note -> isOf(note, cuts)).toList()));
    }
    return Future.all(read)
        .map(done -> done.<List<MediaProgress>>list().stream().flatMap(List::stream).toList());
  }

  /** The ids under which its stretches and trims are cut. */
  private static Set<String> cuts(ReplayRequest request) {
    String run = request.selection().run();
    Set<String> cuts = new TreeSet<>();
    for (ReplayRules.Stretch one : request.rulesOrAll().stretches()) {
      cuts.add(Ids.cut(one.stream(), run, one.startMicros(), one.endMicros()));
    }
    for (ReelDecisions.Trim one : request.rulesOrAll().decisions().trims()) {
      String stream = StoreKeys.streamOf(one.segment());
      cuts.add(Ids.cut(stream, run, one.startMicros(), one.endMicros()));
    }
    return cuts;
  }

  private static boolean isOf(MediaProgress note, Set<String> cuts) {
    return cuts.stream().anyMatch(cut -> note.id().startsWith(cut + "."));
  }
}
