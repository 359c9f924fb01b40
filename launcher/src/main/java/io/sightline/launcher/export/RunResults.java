package io.sightline.launcher.export;

import io.sightline.records.Alert;
import io.sightline.records.Clip;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.MediaState;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.Segment;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** What the record store holds of one run of a stream. Blocking; not for Vert.x threads. */
public final class RunResults {

  private static final long TIMEOUT_SECONDS = 60;

  private final String stream;
  private final String run;
  private final Records<Segment> segments;
  private final Records<Clip> clips;
  private final Records<Rendition> renditions;
  private final Records<Alert> alerts;
  private final Records<EpochInfo> epochs;
  private final Records<StageProgress> progress;
  private final Records<Replay> replays;
  private final Records<ReplayItem> items;

  public RunResults(RecordStore store, String stream, String run) {
    this.stream = stream;
    this.run = run;
    this.segments = Records.of(store, Segment.class);
    this.clips = Records.of(store, Clip.class);
    this.renditions = Records.of(store, Rendition.class);
    this.alerts = Records.of(store, Alert.class);
    this.epochs = Records.of(store, EpochInfo.class);
    this.progress = Records.of(store, StageProgress.class);
    this.replays = Records.of(store, Replay.class);
    this.items = Records.of(store, ReplayItem.class);
  }

  public String stream() {
    return stream;
  }

  public String run() {
    return run;
  }

  /** In order of mark-in; without those that turned out to be none. */
  public List<Segment> segments() throws TimeoutException {
    return await(segments.all(StoreKeys.segments(stream), null, null)).stream()
        .filter(segment -> segment.run().equals(run) && !segment.removed())
        .sorted(Comparator.comparingLong(Segment::startMicros).thenComparing(Segment::id))
        .toList();
  }

  /** The newest clip of each segment with its own marks, by segment. */
  public Map<String, Clip> clips() throws TimeoutException {
    Map<String, Clip> newest = new HashMap<>();
    for (Clip clip : all()) {
      if (clip.original()) {
        newest.merge(clip.segment(), clip, RunResults::newer);
      }
    }
    return newest;
  }

  /** The clips with marks for single sound tracks, by segment and track; those that are current. */
  public Map<String, Map<Integer, Clip>> optimizedClips() throws TimeoutException {
    Map<String, Map<Integer, Clip>> newest = new HashMap<>();
    Map<String, List<Clip>> bySegment =
        all().stream().collect(Collectors.groupingBy(Clip::segment));
    for (Segment segment : segments()) {
      for (OptimizedTrack marks : segment.movedTracks()) {
        for (Clip clip : bySegment.getOrDefault(segment.id(), List.of())) {
          if (clip.shows(marks)) {
            newest
                .computeIfAbsent(segment.id(), id -> new TreeMap<>())
                .merge(marks.audioTrack(), clip, RunResults::newer);
          }
        }
      }
    }
    return newest;
  }

  private List<Clip> all() throws TimeoutException {
    return await(clips.all(StoreKeys.clips(stream), null, null)).stream()
        .filter(clip -> clip.run().equals(run))
        .toList();
  }

  private static Clip newer(Clip held, Clip next) {
    return next.segmentRevision() >= held.segmentRevision() ? next : held;
  }

  /** A clip, also one of another stream or run. */
  public Optional<Clip> clip(String id) throws TimeoutException {
    return await(clips.find(StoreKeys.clips(StoreKeys.streamOf(id)), StoreKeys.sortOf(id)));
  }

  public List<Alert> alerts() throws TimeoutException {
    return await(alerts.all(StoreKeys.alerts(stream), null, null)).stream()
        .filter(alert -> alert.run().equals(run))
        .toList();
  }

  /** In order of time. */
  public List<EpochInfo> epochs() throws TimeoutException {
    return await(epochs.all(StoreKeys.epochs(stream), null, null)).stream()
        .filter(epoch -> epoch.run().equals(run))
        .sorted(Comparator.comparing(EpochInfo::epoch))
        .toList();
  }

  public Optional<Replay> replay(String id) throws TimeoutException {
    return await(replays.find(StoreKeys.REPLAYS, id));
  }

  /** What is in a replay, in order of play. */
  public List<ReplayItem> reel(Replay replay) throws TimeoutException {
    return await(
            items.all(
                StoreKeys.replayItems(replay.id()),
                ReplayItem.fromSort(replay.version()),
                ReplayItem.toSort(replay.version())))
        .stream()
        .filter(ReplayItem::included)
        .sorted(Comparator.comparingInt(ReplayItem::order))
        .toList();
  }

  /** How far a stage has come; empty before it began. */
  public Optional<StageProgress> progress(String stage) throws TimeoutException {
    return await(progress.find(StoreKeys.progress(stream), run + "." + stage));
  }

  /** Whether each closed segment has the clips of its newest revision, or the reason for none. */
  public boolean clipsComplete() throws TimeoutException {
    Map<String, Clip> newest = clips();
    Map<String, Map<Integer, Clip>> optimized = optimizedClips();
    for (Segment segment : segments()) {
      Map<Integer, Clip> byTrack = optimized.getOrDefault(segment.id(), Map.of());
      boolean settled =
          isSettled(segment, newest.get(segment.id()))
              && !(segment.optimized() != null && segment.optimized().toCome())
              && segment.movedTracks().stream()
                  .allMatch(marks -> isSettled(segment, byTrack.get(marks.audioTrack())));
      if (!settled) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSettled(Segment segment, Clip clip) {
    return clip != null
        && clip.segmentRevision() >= segment.cutRevision(clip.variant())
        && (clip.state() == MediaState.READY || clip.state() == MediaState.FAILED);
  }

  /** The other encodings of a clip, ready or failed, by name. */
  Map<String, Rendition> renditions(Clip clip) throws TimeoutException {
    Map<String, Rendition> byName = new TreeMap<>();
    String partition = StoreKeys.renditions(StoreKeys.streamOf(clip.id()));
    String prefix = StoreKeys.sortOf(Ids.withoutRendition(clip.id()));
    for (Rendition one : await(renditions.all(partition, prefix + ".", prefix + "/"))) {
      if (one.media().equals(clip.id())) {
        byName.put(one.name(), one);
      }
    }
    return byName;
  }

  /** Whether every clip that is ready has been made in these renditions, or could not be. */
  public boolean renditionsComplete(Collection<String> names) throws TimeoutException {
    if (names.isEmpty()) {
      return true;
    }
    List<Clip> current = new ArrayList<>(clips().values());
    optimizedClips().values().forEach(byTrack -> current.addAll(byTrack.values()));
    for (Clip clip : current) {
      if (clip.state() == MediaState.READY && !renditions(clip).keySet().containsAll(names)) {
        return false;
      }
    }
    return true;
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
