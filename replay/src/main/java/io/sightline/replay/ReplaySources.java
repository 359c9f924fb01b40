package io.sightline.replay;

import io.sightline.records.Clip;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads what a replay is made of. Blocking. */
final class ReplaySources {

  private static final String LIVE = "live";
  private static final long TIMEOUT_SECONDS = 60;

  private final Records<Segment> segments;
  private final Records<Clip> clips;
  private final Records<StageProgress> progress;

  ReplaySources(RecordStore store) {
    this.segments = Records.of(store, Segment.class);
    this.clips = Records.of(store, Clip.class);
    this.progress = Records.of(store, StageProgress.class);
  }

  /** Segments that start in the window, of the selection's streams and run. */
  List<Segment> segments(ReplayRequest.Selection selection) throws TimeoutException {
    List<Segment> all = new ArrayList<>();
    for (String stream : selection.streams()) {
      await(segments.all(StoreKeys.segments(stream), from(selection), to(selection))).stream()
          .filter(segment -> segment.run().equals(selection.run()))
          .forEach(all::add);
    }
    return all;
  }

  /** The clips of the segments in the window, by segment. */
  Map<String, List<Clip>> clips(ReplayRequest.Selection selection) throws TimeoutException {
    Map<String, List<Clip>> bySegment = new HashMap<>();
    // Clips are sorted by the position that their segment's id names: its mark-in as found.
    for (String stream : selection.streams()) {
      await(clips.all(StoreKeys.clips(stream), from(selection), to(selection))).stream()
          .filter(clip -> clip.run().equals(selection.run()))
          .forEach(
              clip ->
                  bySegment.computeIfAbsent(clip.segment(), key -> new ArrayList<>()).add(clip));
    }
    return bySegment;
  }

  /** Whether no further segment can come into the window. */
  boolean isOver(ReplayRequest.Selection selection) throws TimeoutException {
    for (String stream : selection.streams()) {
      Optional<StageProgress> segmenter =
          await(progress.find(StoreKeys.progress(stream), selection.run() + ".segmenter"));
      boolean finished =
          segmenter.isPresent()
              && ((segmenter.get().ended() && !selection.run().equals(LIVE))
                  || (selection.toMicros() != null
                      && segmenter.get().positionMicros() >= selection.toMicros()));
      if (!finished) {
        return false;
      }
    }
    return true;
  }

  private static String from(ReplayRequest.Selection selection) {
    return selection.fromMicros() == null ? null : StoreKeys.sort(selection.fromMicros(), "");
  }

  private static String to(ReplayRequest.Selection selection) {
    return selection.toMicros() == null ? null : StoreKeys.sort(selection.toMicros(), "");
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
