package io.sightline.replay;

import io.sightline.records.Clip;
import io.sightline.records.EpochInfo;
import io.sightline.records.Feedback;
import io.sightline.records.Ids;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads what a replay is made of. Blocking. */
final class ReplaySources {

  private static final int EPOCHS_BACK = 100;
  private static final long TIMEOUT_SECONDS = 60;

  /** Some 20,000 segments or clips: a replay that grows reads all of them for each new one. */
  private static final long REMEMBERED_BYTES = 32_000_000;

  private final Records<Segment> segments;
  private final Records<Clip> clips;
  private final Records<Feedback> feedback;
  private final Records<EpochInfo> epochs;

  ReplaySources(RecordStore store) {
    this.segments = Records.remembering(store, Segment.class, REMEMBERED_BYTES);
    this.clips = Records.remembering(store, Clip.class, REMEMBERED_BYTES);
    this.feedback = Records.of(store, Feedback.class);
    this.epochs = Records.of(store, EpochInfo.class);
  }

  /** What there is now. */
  ReplayMaterial read(ReplayRequest.Selection selection, ReplayRules rules)
      throws TimeoutException {
    List<Segment> found = new ArrayList<>();
    Map<String, List<Clip>> clipsOf = new HashMap<>();
    Map<String, List<Feedback>> feedbackOn = new HashMap<>();
    if (rules.mode() != ReplayRules.Mode.TIMESTAMPS) {
      for (String stream : selection.streams()) {
        // Asked for at once, as a store on another machine answers each only after a while.
        Future<List<Segment>> asked = all(segments, StoreKeys.segments(stream), selection);
        // Clips are sorted by the position that their segment's id names: its mark-in as found.
        Future<List<Clip>> cut = all(clips, StoreKeys.clips(stream), selection);
        Future<List<Feedback>> said = all(feedback, StoreKeys.feedback(stream), selection);
        await(asked).stream()
            .filter(segment -> segment.run().equals(selection.run()))
            .forEach(found::add);
        await(cut).stream()
            .filter(clip -> clip.run().equals(selection.run()))
            .forEach(clip -> add(clipsOf, clip.segment(), clip));
        await(said).forEach(one -> add(feedbackOn, one.segment(), one));
      }
    }
    Map<String, Future<List<Clip>>> cuts = new HashMap<>();
    Cuts.of(selection, rules, found).forEach(one -> cuts.put(one.id(), clips(one)));
    for (Map.Entry<String, Future<List<Clip>>> one : cuts.entrySet()) {
      clipsOf.put(one.getKey(), await(one.getValue()));
    }
    return new ReplayMaterial(found, clipsOf, feedbackOn);
  }

  /** The stretches without a clip, each of its segment's epoch or of that in which it ends. */
  List<Segment> missing(
      ReplayRequest.Selection selection, ReplayRules rules, ReplayMaterial material)
      throws TimeoutException {
    List<Segment> missing = new ArrayList<>();
    for (Segment cut : Cuts.of(selection, rules, material.segments())) {
      if (material.clips().getOrDefault(cut.id(), List.of()).isEmpty()) {
        missing.add(cut.epoch().isEmpty() ? Cuts.in(epochAt(cut), cut) : cut);
      }
    }
    return missing;
  }

  private Future<List<Clip>> clips(Segment cut) {
    // A clip's id goes on after its segment's with a dot; '/' is the character behind it.
    String prefix = StoreKeys.sortOf(cut.id());
    return clips.all(StoreKeys.clips(cut.stream()), prefix + ".", prefix + "/");
  }

  /** Before the first epoch: the one that would begin there, for which the clipper waits. */
  private String epochAt(Segment cut) throws TimeoutException {
    String end = Ids.fixedWidth(cut.foundEndMicros());
    Query newest = new Query(StoreKeys.epochs(cut.stream()), null, end, EPOCHS_BACK, true);
    return await(epochs.query(newest)).items().stream()
        .filter(epoch -> epoch.run().equals(cut.run()))
        .map(EpochInfo::epoch)
        .findFirst()
        .orElse(end);
  }

  private static <T> Future<List<T>> all(
      Records<T> records, String partition, ReplayRequest.Selection selection) {
    return records.all(
        partition,
        selection.fromMicros() == null ? null : StoreKeys.sort(selection.fromMicros(), ""),
        selection.toMicros() == null ? null : StoreKeys.sort(selection.toMicros(), ""));
  }

  private static <T> void add(Map<String, List<T>> lists, String key, T value) {
    lists.computeIfAbsent(key, none -> new ArrayList<>()).add(value);
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
