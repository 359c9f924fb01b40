package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.delivery.Renditions;
import io.sightline.ingestgateway.recordings.ReplayUses;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Alert;
import io.sightline.records.Clip;
import io.sightline.records.Feedback;
import io.sightline.records.FrameDetections;
import io.sightline.records.Json;
import io.sightline.records.Kept;
import io.sightline.records.MediaProgress;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists of frames, segments, clips and alerts. Thread-safe. */
final class Results {

  private final RecordStore store;
  private final Clock clock;
  private final Records<Kept> kept;
  private final Records<MediaProgress> progress;
  private final Records<Segment> segments;
  private final Records<Clip> clips;
  private final Records<Alert> alerts;
  private final Records<Feedback> feedback;
  private final Listing<FrameDetections> frameList;
  private final Listing<Segment> segmentList;
  private final Listing<Clip> clipList;
  private final Listing<Alert> alertList;
  private final Views views;
  private final Renditions renditions;

  Results(RecordStore store, Views views, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.kept = Records.of(store, Kept.class);
    this.progress = Records.of(store, MediaProgress.class);
    this.segments = Records.of(store, Segment.class);
    this.clips = Records.of(store, Clip.class);
    this.alerts = Records.of(store, Alert.class);
    this.feedback = Records.of(store, Feedback.class);
    this.frameList =
        new Listing<>(
            store,
            FrameDetections.class,
            frame -> StoreKeys.sort(frame.positionMicros(), frame.run()),
            clock);
    this.segmentList =
        new Listing<>(store, Segment.class, segment -> StoreKeys.sortOf(segment.id()), clock);
    this.clipList = new Listing<>(store, Clip.class, clip -> StoreKeys.sortOf(clip.id()), clock);
    this.alertList =
        new Listing<>(store, Alert.class, alert -> StoreKeys.sortOf(alert.id()), clock);
    this.views = views;
    this.renditions = new Renditions(store);
  }

  Future<ObjectNode> frames(ListRequest request) {
    return ofStream(
            frameList,
            StoreKeys.frames(request.stream()),
            request,
            frame -> request.wants(frame.stream(), frame.run()))
        .map(found -> page(found, views::frame));
  }

  Future<ObjectNode> segments(ListRequest request, String label) {
    Predicate<Segment> wanted =
        segment ->
            !segment.removed()
                && request.wants(segment.stream(), segment.run())
                && (label == null || label.equals(segment.label()));
    Future<Listing.Found<Segment>> found =
        request.stream() == null
            ? segmentList.byDay(StoreKeys::segmentsOfDay, request, wanted)
            : ofStream(segmentList, StoreKeys.segments(request.stream()), request, wanted);
    return found.compose(this::withClips);
  }

  Future<ObjectNode> clips(ListRequest request, String segment) {
    Predicate<Clip> wanted =
        clip ->
            request.wants(clip.stream(), clip.run())
                && (segment == null || segment.equals(clip.segment()));
    return ofStream(clipList, StoreKeys.clips(request.stream()), request, wanted)
        .map(found -> page(found, views::clip));
  }

  Future<ObjectNode> alerts(ListRequest request) {
    Predicate<Alert> wanted = alert -> request.wants(alert.stream(), alert.run());
    Future<Listing.Found<Alert>> found =
        request.stream() == null
            ? alertList.byDay(StoreKeys::alertsOfDay, request, wanted)
            : ofStream(alertList, StoreKeys.alerts(request.stream()), request, wanted);
    return found.compose(
        page ->
            Future.all(page.items().stream().map(this::view).toList())
                .map(
                    all -> {
                      ArrayNode items = Json.MAPPER.createArrayNode();
                      all.<ObjectNode>list().forEach(items::add);
                      return page(items, page.next());
                    }));
  }

  Future<ObjectNode> segment(Caller caller, String id) {
    return find(caller, id)
        .compose(
            segment ->
                beside(segment)
                    .compose(
                        beside -> {
                          ObjectNode node = views.segment(segment, beside);
                          return beside.clip() == null
                              ? Future.succeededFuture(node)
                              : withRenditions(beside.clip(), (ObjectNode) node.get("clip"))
                                  .map(node);
                        })
                    .compose(node -> withProgress(segment, node)));
  }

  /** What is being made of it now. */
  private Future<ObjectNode> withProgress(Segment segment, ObjectNode node) {
    String prefix = StoreKeys.sortOf(segment.id());
    return progress
        .all(StoreKeys.mediaProgress(segment.stream()), prefix + ".", prefix + "/")
        .map(making -> Views.withProgress(node, making));
  }

  /** Replays that show a clip of a segment, or are about to. */
  Future<Set<String>> shownBy(Segment segment) {
    ReplayUses uses = new ReplayUses(store, Positions.of(clock.instant()));
    return clipsOf(segment)
        .compose(all -> Future.all(all.stream().map(clip -> uses.of(clip.id())).toList()))
        .map(
            found ->
                found.<List<String>>list().stream()
                    .flatMap(List::stream)
                    .collect(Collectors.toCollection(TreeSet::new)));
  }

  private Future<ObjectNode> withRenditions(Clip clip, ObjectNode shown) {
    return renditions
        .of(clip.id())
        .map(
            found -> {
              views.clipRenditions(shown, found);
              return shown;
            });
  }

  /** A segment that the caller sees; fails with {@link Problem} 404. */
  Future<Segment> find(Caller caller, String id) {
    return one(caller, segments, StoreKeys::segments, "segment", id);
  }

  /** A clip of a stream that the caller sees; fails with {@link Problem} 404. */
  Future<Clip> findClip(Caller caller, String id) {
    return one(caller, clips, StoreKeys::clips, "clip", id);
  }

  Future<ObjectNode> clip(Caller caller, String id) {
    return findClip(caller, id).compose(clip -> withRenditions(clip, views.clip(clip)));
  }

  Future<ObjectNode> alert(Caller caller, String id) {
    return one(caller, alerts, StoreKeys::alerts, "alert", id).compose(this::view);
  }

  /** Without links to a clip that is no longer kept. */
  private Future<ObjectNode> view(Alert alert) {
    if (alert.clip() == null) {
      return Future.succeededFuture(views.alert(alert));
    }
    return clips
        .find(StoreKeys.clips(alert.stream()), StoreKeys.sortOf(alert.clip()))
        .map(
            clip -> {
              ObjectNode node = views.alert(alert);
              if (clip.isPresent() && clip.get().state() == MediaState.GONE) {
                node.remove("media");
              }
              return node;
            });
  }

  private static <T> Future<T> one(
      Caller caller,
      Records<T> records,
      Function<String, String> partition,
      String what,
      String id) {
    Problem missing = Problem.notFound("There is no " + what + " '" + id + "'.");
    String stream;
    String sort;
    try {
      stream = StoreKeys.streamOf(id);
      sort = StoreKeys.sortOf(id);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(missing);
    }
    if (!caller.sees(stream) || stream.isEmpty()) {
      return Future.failedFuture(missing);
    }
    return records
        .find(partition.apply(stream), sort)
        .compose(
            found ->
                found.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(missing)));
  }

  private static <T> Future<Listing.Found<T>> ofStream(
      Listing<T> list, String partition, ListRequest request, Predicate<T> wanted) {
    String toSort = request.toSort();
    if (request.cursor() != null && request.cursor().bound() != null) {
      String bound = request.cursor().bound();
      toSort = toSort == null || bound.compareTo(toSort) < 0 ? bound : toSort;
    }
    return list.within(partition, request.fromSort(), toSort, request.limit(), wanted);
  }

  private Future<ObjectNode> withClips(Listing.Found<Segment> found) {
    return Future.all(found.items().stream().map(this::beside).toList())
        .map(
            all -> {
              ArrayNode items = Json.MAPPER.createArrayNode();
              for (int i = 0; i < found.items().size(); i++) {
                items.add(views.segment(found.items().get(i), all.resultAt(i)));
              }
              return page(items, found.next());
            });
  }

  private Future<List<Feedback>> feedback(Segment segment) {
    String prefix = StoreKeys.sortOf(segment.id());
    return feedback.all(StoreKeys.feedback(segment.stream()), prefix + ".", prefix + "/");
  }

  /** What stands beside a segment. */
  private Future<Views.BesideSegment> beside(Segment segment) {
    Future<List<Clip>> cut = clipsOf(segment);
    Future<List<Feedback>> said = feedback(segment);
    Future<Optional<Kept>> held =
        kept.find(StoreKeys.kept(segment.stream()), StoreKeys.sortOf(segment.id()));
    return Future.all(cut, said, held)
        .map(
            v ->
                new Views.BesideSegment(
                    newest(cut.result().stream().filter(Clip::original).filter(Results::isReady)),
                    newest(cut.result().stream().filter(Clip::original)),
                    optimized(segment, cut.result()),
                    said.result(),
                    held.result().orElse(null)));
  }

  private static boolean isReady(Clip clip) {
    return clip.state() == MediaState.READY;
  }

  private Future<List<Clip>> clipsOf(Segment segment) {
    // A clip's id goes on after its segment's with a dot; '/' is the character behind it.
    String prefix = StoreKeys.sortOf(segment.id());
    return clips.all(StoreKeys.clips(segment.stream()), prefix + ".", prefix + "/");
  }

  /** Those that are ready and have the marks that the segment has for their sound track. */
  private static List<Clip> optimized(Segment segment, List<Clip> cut) {
    return segment.movedTracks().stream()
        .map(
            marks ->
                newest(cut.stream().filter(Results::isReady).filter(clip -> clip.shows(marks))))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The clip cut for the highest revision; null when there is none. */
  private static Clip newest(Stream<Clip> cut) {
    return cut.max(Comparator.comparingInt(Clip::segmentRevision)).orElse(null);
  }

  static <T> ObjectNode page(Listing.Found<T> found, Function<T, ObjectNode> view) {
    ArrayNode items = Json.MAPPER.createArrayNode();
    found.items().stream().map(view).filter(Objects::nonNull).forEach(items::add);
    return page(items, found.next());
  }

  private static ObjectNode page(ArrayNode items, Cursor next) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.set("items", items);
    body.put("next", next == null ? null : next.encode());
    return body;
  }
}
