package io.sightline.ingestgateway.lists;

import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.delivery.Bundles;
import io.sightline.ingestgateway.delivery.SignedPaths;
import io.sightline.ingestgateway.timelines.BundledClips;
import io.sightline.ingestgateway.timelines.ClipFiles;
import io.sightline.ingestgateway.timelines.SegmentSelection;
import io.sightline.ingestgateway.timelines.TimelineRecords;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.media.timeline.Timeline;
import io.sightline.media.timeline.TimelineBundle;
import io.sightline.media.timeline.TimelineException;
import io.sightline.media.timeline.TimelineFile;
import io.sightline.media.timeline.TimelineFormat;
import io.sightline.media.timeline.TimelineOptions;
import io.sightline.media.timeline.TimelineZip;
import io.sightline.records.Ids;
import io.sightline.records.Replay;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The operations that answer with a timeline. One file is answered as itself, several (more than
 * one format, or more cuts than an edit decision list can number) as a zip.
 */
public final class TimelineRoutes {

  private final Vertx vertx;
  private final TimelineRecords timelines;
  private final BiFunction<Caller, String, Future<Replay>> replays;
  private final SignedPaths paths;
  private final Bundles bundles;
  private final ZoneId zone;

  /**
   * @param replays finds a replay that a caller sees
   * @param zone of the time of day
   */
  public TimelineRoutes(
      Vertx vertx,
      TimelineRecords timelines,
      BiFunction<Caller, String, Future<Replay>> replays,
      SignedPaths paths,
      Bundles bundles,
      ZoneId zone) {
    this.vertx = vertx;
    this.timelines = timelines;
    this.replays = replays;
    this.paths = paths;
    this.bundles = bundles;
    this.zone = zone;
  }

  /** What handles each operation; requests come validated. */
  public Map<String, Consumer<RoutingContext>> operations() {
    return Map.of("getReplayTimeline", this::ofReplay, "getStreamTimeline", this::ofStream);
  }

  private void ofReplay(RoutingContext context) {
    Order order = order(context);
    replays
        .apply(Access.caller(context), context.pathParam("replay"))
        .onSuccess(
            replay ->
                answer(
                    context,
                    order,
                    replay.mp4Key(),
                    files -> timelines.ofReplay(replay, order.options(), files)))
        .onFailure(context::fail);
  }

  private void ofStream(RoutingContext context) {
    String stream = context.pathParam("stream");
    Access.caller(context).requireStream(stream);
    Order order = order(context);
    SegmentSelection selection = selection(context, stream);
    answer(context, order, null, files -> timelines.ofSegments(selection, order.options(), files));
  }

  /**
   * @param mp4Key of the whole in one file; null when there is none
   */
  private void answer(
      RoutingContext context,
      Order order,
      String mp4Key,
      Function<ClipFiles, Future<Timeline>> making) {
    BundledClips bundled = new BundledClips();
    making
        .apply(order.bundle() ? bundled : files(context))
        .compose(timeline -> write(timeline, order).map(files -> Map.entry(timeline, files)))
        .onSuccess(
            made -> {
              String title = made.getKey().title();
              List<TimelineFile> files = made.getValue();
              if (order.bundle()) {
                bundles.send(
                    context, Ids.nameFrom(title) + ".zip", entries(bundled, mp4Key, files));
              } else {
                answer(context, files.size() == 1 ? files.get(0) : TimelineZip.of(title, files));
              }
            })
        .onFailure(failure -> context.fail(problem(failure)));
  }

  private static List<Bundles.Entry> entries(
      BundledClips clips, String mp4Key, List<TimelineFile> files) {
    List<Bundles.Entry> entries = new ArrayList<>();
    clips.keys().forEach((path, key) -> entries.add(Bundles.Entry.of(path, key)));
    if (mp4Key != null) {
      entries.add(Bundles.Entry.of("replay.mp4", mp4Key));
    }
    for (TimelineFile file : files) {
      entries.add(Bundles.Entry.of(TimelineBundle.TIMELINES + file.name(), file.content()));
    }
    return entries;
  }

  /**
   * What is asked for.
   *
   * @param bundle whether media is to come along
   */
  private record Order(List<TimelineFormat> formats, TimelineOptions options, boolean bundle) {}

  private Order order(RoutingContext context) {
    try {
      return new Order(
          TimelineFormat.parse(ControlRoutes.query(context, "format")),
          TimelineOptions.parse(name -> ControlRoutes.query(context, name), zone),
          Boolean.parseBoolean(ControlRoutes.query(context, "bundle")));
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, e.getMessage() + ".");
    }
  }

  private static SegmentSelection selection(RoutingContext context, String stream) {
    String from = ControlRoutes.query(context, "from");
    String to = ControlRoutes.query(context, "to");
    try {
      return new SegmentSelection(
          stream,
          ControlRoutes.query(context, "run"),
          from == null ? 0 : ControlRoutes.position("from", from),
          to == null ? null : Long.valueOf(ControlRoutes.position("to", to)),
          ControlRoutes.query(context, "label"));
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, e.getMessage() + ".");
    }
  }

  /** By the address under which this gateway was asked: the file is read where that works. */
  private ClipFiles files(RoutingContext context) {
    HostAndPort authority = context.request().authority();
    String host = authority == null ? "" : context.request().scheme() + "://" + authority;
    return clip ->
        new ClipFiles.File(
            clip.id() + ".mp4",
            clip.mp4Key() == null ? null : host + paths.clip(clip.id()) + "clip.mp4");
  }

  private Future<List<TimelineFile>> write(Timeline timeline, Order order) {
    return vertx.executeBlocking(
        () -> {
          List<TimelineFile> files = new ArrayList<>();
          for (TimelineFormat format : order.formats()) {
            files.addAll(format.write(timeline));
          }
          return files;
        },
        false);
  }

  private static void answer(RoutingContext context, TimelineFile file) {
    context
        .response()
        .putHeader("Content-Type", file.mediaType())
        .putHeader("Content-Disposition", "attachment; filename=\"" + file.name() + "\"")
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(file.content()));
  }

  private static Throwable problem(Throwable failure) {
    return failure instanceof TimelineException unmade
        ? Problem.of(
            unmade.reason() == TimelineException.Reason.EMPTY ? 404 : 422, unmade.getMessage())
        : failure;
  }
}
