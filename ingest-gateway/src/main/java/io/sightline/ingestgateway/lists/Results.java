package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.delivery.Renditions;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Alert;
import io.sightline.records.Clip;
import io.sightline.records.Feedback;
import io.sightline.records.FrameDetections;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/** Lists of frames, segments, clips and alerts. Thread-safe. */
final class Results {

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
    return found.map(page -> page(page, views::alert));
  }

  Future<ObjectNode> segment(Caller caller, String id) {
    return find(caller, id)
        .compose(
            segment ->
                Future.all(newestClip(segment), feedback(segment))
                    .compose(read -> view(segment, read.resultAt(0), read.resultAt(1))));
  }

  private Future<ObjectNode> view(Segment segment, Clip clip, List<Feedback> said) {
    ObjectNode node = views.segment(segment, clip, said);
    return clip == null
        ? Future.succeededFuture(node)
        : withRenditions(clip, (ObjectNode) node.get("clip")).map(node);
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

  Future<ObjectNode> clip(Caller caller, String id) {
    return one(caller, clips, StoreKeys::clips, "clip", id)
        .compose(clip -> withRenditions(clip, views.clip(clip)));
  }

  Future<ObjectNode> alert(Caller caller, String id) {
    return one(caller, alerts, StoreKeys::alerts, "alert", id).map(views::alert);
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
    List<Future<?>> read = new ArrayList<>();
    for (Segment segment : found.items()) {
      read.add(newestClip(segment));
      read.add(feedback(segment));
    }
    return Future.all(read)
        .map(
            all -> {
              ArrayNode items = Json.MAPPER.createArrayNode();
              for (int i = 0; i < found.items().size(); i++) {
                items.add(
                    views.segment(
                        found.items().get(i), all.resultAt(2 * i), all.resultAt(2 * i + 1)));
              }
              return page(items, found.next());
            });
  }

  private Future<List<Feedback>> feedback(Segment segment) {
    String prefix = StoreKeys.sortOf(segment.id());
    return feedback.all(StoreKeys.feedback(segment.stream()), prefix + ".", prefix + "/");
  }

  /** The clip cut for the highest revision of the segment that is ready; null when none is. */
  private Future<Clip> newestClip(Segment segment) {
    // A clip's id goes on after its segment's with a dot; '/' is the character behind it.
    String prefix = StoreKeys.sortOf(segment.id());
    return clips
        .all(StoreKeys.clips(segment.stream()), prefix + ".", prefix + "/")
        .map(
            all ->
                all.stream()
                    .filter(clip -> clip.state() == MediaState.READY)
                    .max(
                        Comparator.comparingInt(Clip::segmentRevision)
                            .thenComparing(Clip::variant)
                            .thenComparingInt(clip -> -clip.audioTrack()))
                    .orElse(null));
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
