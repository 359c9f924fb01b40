package io.sightline.ingestgateway.timelines;

import io.sightline.media.timeline.Timeline;
import io.sightline.media.timeline.TimelineBuilder;
import io.sightline.media.timeline.TimelineException;
import io.sightline.media.timeline.TimelineOptions;
import io.sightline.media.timeline.TimelineRecording;
import io.sightline.media.timeline.TimelineShot;
import io.sightline.records.Clip;
import io.sightline.records.Evidence;
import io.sightline.records.Ids;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes timelines of replays and of segments, as the stores hold them now. Thread-safe; futures
 * complete as those of the stores, and fail as they do, or with {@link TimelineException} when
 * there is nothing to show or it cannot be shown as asked.
 */
public final class TimelineRecords {

  /** Segments that are looked at for one timeline, be they shown or not. */
  private static final int MAX_READ = 50_000;

  private static final DateTimeFormatter TITLE_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final ObjectStore objects;
  private final Records<Segment> segments;
  private final Records<Clip> clips;
  private final Records<ReplayItem> items;
  private final RecordedStreams recorded;

  public TimelineRecords(RecordStore store, ObjectStore objects) {
    this.objects = objects;
    this.segments = Records.of(store, Segment.class);
    this.clips = Records.of(store, Clip.class);
    this.items = Records.of(store, ReplayItem.class);
    this.recorded = new RecordedStreams(store);
  }

  /** Something to show, before it is known what its clip is like. */
  private record Choice(Segment segment, Clip clip, String label, String why, long leadMicros) {
    String stream() {
      return clip != null ? clip.stream() : segment.stream();
    }

    String run() {
      return clip != null ? clip.run() : segment.run();
    }
  }

  /** Of what a replay shows, in its order. */
  public Future<Timeline> ofReplay(Replay replay, TimelineOptions options, ClipFiles files) {
    return items
        .all(
            StoreKeys.replayItems(replay.id()),
            ReplayItem.fromSort(replay.version()),
            ReplayItem.toSort(replay.version()))
        .map(
            all ->
                all.stream()
                    .filter(item -> item.included() && item.clip() != null)
                    .sorted(Comparator.comparingInt(ReplayItem::order))
                    .toList())
        .compose(included -> byId(included).map(found -> chosen(included, found)))
        .compose(chosen -> timeline(chosen, options, files, shots -> replay.title()));
  }

  private static List<Choice> chosen(List<ReplayItem> included, Map<String, Clip> found) {
    Map<Integer, Long> leads = leads(included);
    return included.stream()
        .filter(item -> found.containsKey(item.clip()))
        .map(
            item ->
                new Choice(
                    null,
                    found.get(item.clip()),
                    item.label(),
                    item.reason(),
                    leads.get(item.order())))
        .toList();
  }

  /** How long a clip of the replay's transitions plays before each item, by its order. */
  private static Map<Integer, Long> leads(List<ReplayItem> included) {
    Map<Integer, Long> leads = new HashMap<>();
    long end = 0;
    for (ReplayItem item : included) {
      leads.put(item.order(), Math.max(0, item.offsetMicros() - end));
      end = item.offsetMicros() + item.durationMicros();
    }
    return leads;
  }

  /** Of the segments of a stream that have ended, in order of time. */
  public Future<Timeline> ofSegments(
      SegmentSelection selection, TimelineOptions options, ClipFiles files) {
    return (selection.run() != null
            ? Future.succeededFuture(Optional.of(selection.run()))
            : recorded.newestRun(selection.stream()))
        .compose(run -> ended(selection, run.orElse("live")))
        .compose(this::withClips)
        .compose(chosen -> timeline(chosen, options, files, shots -> title(shots, options)));
  }

  private Future<Map<String, Clip>> byId(List<ReplayItem> included) {
    Map<String, List<String>> byStream =
        included.stream()
            .collect(
                Collectors.groupingBy(
                    ReplayItem::stream,
                    Collectors.mapping(
                        item -> StoreKeys.sortOf(item.clip()), Collectors.toList())));
    Future<Map<String, Clip>> all = Future.succeededFuture(new HashMap<>());
    for (Map.Entry<String, List<String>> of : byStream.entrySet()) {
      all = all.compose(held -> between(of.getKey(), of.getValue()).map(found -> put(held, found)));
    }
    return all;
  }

  private static Map<String, Clip> put(Map<String, Clip> held, List<Clip> found) {
    found.stream()
        .filter(clip -> clip.state() == MediaState.READY && clip.indexKey() != null)
        .forEach(clip -> held.put(clip.id(), clip));
    return held;
  }

  /** The clips of a stream from the first of some sort keys to the last. */
  private Future<List<Clip>> between(String stream, List<String> sorts) {
    String first = sorts.stream().min(Comparator.naturalOrder()).orElseThrow();
    String last = sorts.stream().max(Comparator.naturalOrder()).orElseThrow();
    return clips.all(StoreKeys.clips(stream), first, last + "~");
  }

  private Future<List<Segment>> ended(SegmentSelection selection, String run) {
    Query query =
        new Query(
            StoreKeys.segments(selection.stream()),
            Ids.fixedWidth(selection.fromMicros()),
            selection.toMicros() == null ? null : Ids.fixedWidth(selection.toMicros()),
            Query.MAX_LIMIT,
            false);
    return ended(new ArrayList<>(), query, selection, run, MAX_READ)
        .map(
            found -> {
              found.sort(Comparator.comparingLong(Segment::startMicros).thenComparing(Segment::id));
              return found;
            });
  }

  private Future<List<Segment>> ended(
      List<Segment> found, Query query, SegmentSelection selection, String run, int left) {
    return segments
        .query(query)
        .compose(
            page -> {
              page.items().stream()
                  .filter(segment -> !segment.removed() && !segment.open())
                  .filter(segment -> segment.run().equals(run))
                  .filter(
                      segment ->
                          selection.label() == null || selection.label().equals(segment.label()))
                  .forEach(found::add);
              if (page.raw().nextSort() == null) {
                return Future.succeededFuture(found);
              }
              if (found.size() > TimelineBuilder.MAX_ENTRIES || left <= page.items().size()) {
                return Future.failedFuture(
                    new TimelineException(
                        TimelineException.Reason.UNFIT,
                        "There are more segments than one timeline can be made of; ask for a"
                            + " shorter time with 'from' and 'to'."));
              }
              return ended(
                  found, query.after(page.raw()), selection, run, left - page.items().size());
            });
  }

  private Future<List<Choice>> withClips(List<Segment> found) {
    if (found.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    List<String> sorts = found.stream().map(segment -> StoreKeys.sortOf(segment.id())).toList();
    return between(found.get(0).stream(), sorts)
        .map(
            held -> {
              Map<String, Clip> newest = new HashMap<>();
              held.stream()
                  .filter(Clip::original)
                  .filter(clip -> clip.state() == MediaState.READY && clip.indexKey() != null)
                  .forEach(clip -> newest.merge(clip.segment(), clip, TimelineRecords::newer));
              return found.stream()
                  .map(
                      segment ->
                          new Choice(
                              segment, newest.get(segment.id()), segment.label(), why(segment), 0))
                  .toList();
            });
  }

  private static Clip newer(Clip one, Clip other) {
    return one.segmentRevision() >= other.segmentRevision() ? one : other;
  }

  private Future<Timeline> timeline(
      List<Choice> chosen,
      TimelineOptions options,
      ClipFiles files,
      Function<List<TimelineShot>, String> title) {
    return shots(chosen, files)
        .compose(
            shots -> {
              if (options.media() == TimelineOptions.Media.CLIPS) {
                return made(() -> TimelineBuilder.ofClips(title.apply(shots), shots, options));
              }
              return recordings(chosen, shots)
                  .compose(
                      recordings ->
                          made(
                              () ->
                                  TimelineBuilder.ofRecordings(
                                      title.apply(shots), shots, recordings, options)));
            });
  }

  private Future<List<TimelineShot>> shots(List<Choice> chosen, ClipFiles files) {
    ClipForms forms = new ClipForms(objects);
    Future<?> learnt = Future.succeededFuture();
    for (List<Choice> ofStream : byStream(chosen).values()) {
      List<Clip> cut = ofStream.stream().map(Choice::clip).filter(Objects::nonNull).toList();
      if (!cut.isEmpty()) {
        long first = cut.stream().mapToLong(Clip::startMicros).min().orElseThrow();
        long last = cut.stream().mapToLong(Clip::startMicros).max().orElseThrow();
        Clip one = cut.get(0);
        learnt =
            learnt
                .compose(v -> recorded.epochs(one.stream(), one.run(), first, last))
                .onSuccess(epochs -> forms.learn(one.stream(), epochs));
      }
    }
    List<Clip> all = chosen.stream().map(Choice::clip).filter(Objects::nonNull).toList();
    return learnt
        .compose(v -> forms.read(all))
        .map(v -> chosen.stream().map(choice -> shot(choice, forms, files)).toList());
  }

  private static TimelineShot shot(Choice choice, ClipForms forms, ClipFiles files) {
    Clip clip = choice.clip();
    if (clip == null) {
      return TimelineShot.of(choice.segment(), choice.why());
    }
    ClipFiles.File file = files.of(clip);
    return TimelineShot.of(
            clip, choice.label(), choice.why(), file.name(), file.url(), forms.of(clip))
        .after(choice.leadMicros());
  }

  private Future<List<TimelineRecording>> recordings(
      List<Choice> chosen, List<TimelineShot> shots) {
    Map<String, List<Choice>> byStream = byStream(chosen);
    Future<List<TimelineRecording>> all = Future.succeededFuture(new ArrayList<>());
    for (Map.Entry<String, List<Choice>> of : byStream.entrySet()) {
      List<TimelineShot> ofStream =
          shots.stream().filter(shot -> shot.stream().equals(of.getKey())).toList();
      String run = of.getValue().get(0).run();
      all =
          all.compose(
              held -> recorded.around(of.getKey(), run, ofStream).onSuccess(held::add).map(held));
    }
    return all;
  }

  private static Map<String, List<Choice>> byStream(List<Choice> chosen) {
    return chosen.stream()
        .collect(Collectors.groupingBy(Choice::stream, LinkedHashMap::new, Collectors.toList()));
  }

  private static String title(List<TimelineShot> shots, TimelineOptions options) {
    if (shots.isEmpty()) {
      return "";
    }
    TimelineShot first = shots.get(0);
    return first.stream()
        + " "
        + TITLE_TIME.format(Positions.instant(first.markInMicros()).atZone(options.zone()));
  }

  private static String why(Segment segment) {
    Evidence why = segment.why();
    if (why == null || why.opened().isEmpty()) {
      return segment.edit() != null ? "chosen by " + segment.edit().by() : "";
    }
    Evidence.Sighting first = why.opened().get(0);
    return String.format(Locale.ROOT, "opened by %s at %.0f %%", first.label(), first.confidence());
  }

  /** Not on an event loop: thousands of cuts take a moment. */
  private static Future<Timeline> made(Callable<Timeline> making) {
    Context context = Vertx.currentContext();
    if (context != null) {
      return context.executeBlocking(making, false);
    }
    try {
      return Future.succeededFuture(making.call());
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }
}
