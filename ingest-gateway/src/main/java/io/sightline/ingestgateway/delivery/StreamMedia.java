package io.sightline.ingestgateway.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.access.Scope;
import io.sightline.ingestgateway.ingest.LatestFrames;
import io.sightline.ingestgateway.recordings.RecordingsView;
import io.sightline.ingestgateway.streams.StreamView;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.media.hls.StreamPlaylists;
import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochInfo;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Positions;
import io.sightline.records.RecordingLedger;
import io.sightline.records.StoreKeys;
import io.sightline.records.Units;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A stream as it goes on and its past: playlists over recorded chunks, the chunks themselves, the
 * newest picture. All of it needs permission on the stream. Used on one event loop.
 */
public final class StreamMedia {

  private static final String BASE = "/api/v1/streams/:stream/";
  private static final String HLS = "application/vnd.apple.mpegurl";
  private static final Pattern FILE =
      Pattern.compile("\\d{10,19}\\.mp4|init-\\d{1,3}-[0-9a-f]{12}\\.mp4");
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");
  private static final Duration MAX_RECORDING = Duration.ofHours(24);
  private static final Duration DEFAULT_WINDOW = Duration.ofSeconds(60);
  private static final int MAX_CHUNKS = 50_000;
  private static final long IMMUTABLE_SECONDS = 86_400;
  private static final int LOOK_BACK = 200;

  private final Delivery delivery;
  private final Records<ChunkInfo> chunks;
  private final Records<FrameDetections> frames;
  private final StreamView streams;
  private final RecordingsView recordings;
  private final LatestFrames latest;
  private final Duration dvrWindow;
  private final StreamPlaylists playlists;
  private final Cache<String, LiveChunks> windows =
      Caffeine.newBuilder().maximumSize(500).expireAfterAccess(Duration.ofMinutes(10)).build();

  public StreamMedia(
      ObjectStore objects,
      RecordStore records,
      StreamView streams,
      RecordingsView recordings,
      LatestFrames latest,
      Duration dvrWindow) {
    this.delivery = new Delivery(objects);
    this.chunks = Records.of(records, ChunkInfo.class);
    this.frames = Records.of(records, FrameDetections.class);
    this.streams = streams;
    this.recordings = recordings;
    this.latest = latest;
    this.dvrWindow = dvrWindow;
    this.playlists = new StreamPlaylists(StreamMedia::mediaUri);
  }

  public void mount(Router router, Access access) {
    for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
      router.route(method, BASE + "*").handler(context -> permit(context, access));
      router.route(method, BASE + "latest.jpg").handler(this::picture);
      router.route(method, BASE + "live.m3u8").handler(this::live);
      router.route(method, BASE + "recording.m3u8").handler(this::recording);
      router.route(method, BASE + "media/:epoch/:file").handler(this::media);
    }
  }

  private static void permit(RoutingContext context, Access access) {
    access.check(context, Scope.VIEWER);
    String stream = stream(context);
    Access.caller(context).requireStream(stream);
    context.next();
  }

  private void picture(RoutingContext context) {
    String stream = stream(context);
    Optional<LatestFrames.Latest> newest = latest.of(stream);
    if (newest.isPresent()) {
      context
          .response()
          .putHeader("Content-Type", "image/jpeg")
          .putHeader("Cache-Control", "no-store")
          .putHeader("Sightline-Position", Long.toString(newest.get().positionMicros()))
          .end(newest.get().jpeg());
      return;
    }
    frames
        .query(new Query(StoreKeys.frames(stream), null, null, LOOK_BACK, true))
        .onSuccess(
            page ->
                page.items().stream()
                    .filter(frame -> frame.pictureKey() != null)
                    .findFirst()
                    .ifPresentOrElse(
                        frame -> kept(context, frame),
                        () ->
                            context.fail(
                                Problem.notFound("No picture of '" + stream + "' was kept."))))
        .onFailure(context::fail);
  }

  private void kept(RoutingContext context, FrameDetections frame) {
    context.response().putHeader("Sightline-Position", Long.toString(frame.positionMicros()));
    delivery.object(context, frame.pictureKey(), "image/jpeg", "no-store");
  }

  private void media(RoutingContext context) {
    String stream = stream(context);
    String epoch = context.pathParam("epoch");
    String file = context.pathParam("file");
    if (!NAME.matcher(epoch).matches() || !FILE.matcher(file).matches()) {
      throw Problem.notFound("There is no such media.");
    }
    String key = "streams/" + stream + "/" + epoch + "/" + file;
    delivery.object(context, key, "video/mp4", Delivery.immutable(IMMUTABLE_SECONDS));
  }

  private void live(RoutingContext context) {
    String stream = stream(context);
    Duration length = window(context);
    Integer track = track(context);
    run(context, stream)
        .compose(run -> liveChunks(stream, run).refresh())
        .map(
            window -> {
              List<ChunkInfo> held = window.chunks();
              if (held.isEmpty()) {
                context.fail(Problem.notFound("Nothing of '" + stream + "' was recorded lately."));
              } else if (track == null) {
                Delivery.text(
                    context,
                    playlists.master(newest(held), number -> uri(context, "live.m3u8", number)),
                    HLS);
              } else {
                requireTrack(held, track);
                Delivery.text(context, playlists.live(window, track, length), HLS);
              }
              return null;
            })
        .onFailure(context::fail);
  }

  private void recording(RoutingContext context) {
    String stream = stream(context);
    Integer track = track(context);
    long from = position(context, "from", 0);
    Long to = context.request().getParam("to") == null ? null : position(context, "to", 0);
    if (to != null && to <= from) {
      throw Problem.of(400, "'to' must lie after 'from'.");
    }
    run(context, stream)
        .compose(run -> recorded(stream, run, from, to))
        .map(
            held -> {
              if (held.isEmpty()) {
                context.fail(
                    Problem.notFound("Nothing of '" + stream + "' was recorded in that time."));
              } else if (track == null) {
                Delivery.text(
                    context,
                    playlists.master(held, number -> uri(context, "recording.m3u8", number)),
                    HLS);
              } else {
                requireTrack(held, track);
                long end = to == null ? held.get(held.size() - 1).endMicros() : to;
                Delivery.text(context, playlists.recorded(held, track, from, end), HLS);
              }
              return null;
            })
        .onFailure(context::fail);
  }

  private LiveChunks liveChunks(String stream, String run) {
    return windows.get(
        stream + "." + run, key -> new LiveChunks(chunks, recordings, stream, run, dvrWindow));
  }

  /** The chunks that overlap a time, at most a day of them. */
  private Future<List<ChunkInfo>> recorded(String stream, String run, long from, Long to) {
    // A chunk begins before the time that it reaches into.
    long first = Math.max(0, from - 30 * Positions.MICROS_PER_SECOND);
    String end = to == null ? null : Ids.fixedWidth(to);
    Query query =
        new Query(StoreKeys.chunks(stream), Ids.fixedWidth(first), end, Query.MAX_LIMIT, false);
    // The ledger first: what it does not hide now is still there for the time of its grace.
    return recordings
        .ledger(stream)
        .compose(
            ledger ->
                collect(new ArrayList<>(), query, run, from).map(held -> offered(held, ledger)));
  }

  /** Without those that are about to be deleted. */
  private static List<ChunkInfo> offered(List<ChunkInfo> held, Optional<RecordingLedger> ledger) {
    return ledger
        .map(known -> held.stream().filter(chunk -> !known.hides(chunk)).toList())
        .orElse(held);
  }

  private Future<List<ChunkInfo>> collect(
      List<ChunkInfo> held, Query query, String run, long from) {
    return chunks
        .query(query)
        .compose(
            page -> {
              for (ChunkInfo chunk : page.items()) {
                if (chunk.run().equals(run) && chunk.endMicros() > from) {
                  held.add(chunk);
                }
              }
              if (page.raw().nextSort() == null || tooLong(held)) {
                return Future.succeededFuture(held);
              }
              return collect(held, query.after(page.raw()), run, from);
            })
        .map(
            all -> {
              if (tooLong(all)) {
                throw Problem.of(
                    400, "A playlist reaches over a day at most; ask for less with from and to.");
              }
              return all;
            });
  }

  private static boolean tooLong(List<ChunkInfo> held) {
    return held.size() > MAX_CHUNKS
        || !held.isEmpty()
            && held.get(held.size() - 1).endMicros() - held.get(0).positionMicros()
                > Positions.micros(MAX_RECORDING);
  }

  private Future<String> run(RoutingContext context, String stream) {
    String asked = context.request().getParam("run");
    if (asked != null) {
      if (!NAME.matcher(asked).matches()) {
        throw Problem.of(400, "'run' is a name of a-z, 0-9 and '-'.");
      }
      return Future.succeededFuture(asked);
    }
    return streams.lastEpoch(stream).map(epoch -> epoch.map(EpochInfo::run).orElse("live"));
  }

  private static void requireTrack(List<ChunkInfo> held, int track) {
    boolean there =
        held.stream().flatMap(chunk -> chunk.tracks().stream()).anyMatch(t -> t.track() == track);
    if (!there) {
      throw Problem.notFound("There is no track " + track + ".");
    }
  }

  private static List<ChunkInfo> newest(List<ChunkInfo> held) {
    return held.subList(Math.max(0, held.size() - 10), held.size());
  }

  /** The same query for a track's playlist as for the master that lists it. */
  private static String uri(RoutingContext context, String file, int track) {
    StringBuilder uri = new StringBuilder(file).append("?track=").append(track);
    for (String name : List.of("window", "from", "to", "run")) {
      String value = context.request().getParam(name);
      if (value != null && value.matches("[a-z0-9-]{1,63}")) {
        uri.append('&').append(name).append('=').append(value);
      }
    }
    return uri.toString();
  }

  /** {@code streams/{stream}/{epoch}/{file}} as seen from the stream's playlists. */
  private static String mediaUri(String key) {
    String[] parts = key.split("/");
    return "media/" + parts[2] + "/" + parts[3];
  }

  private Duration window(RoutingContext context) {
    String text = context.request().getParam("window");
    if (text == null) {
      return DEFAULT_WINDOW;
    }
    try {
      Duration asked = Units.duration(text);
      return asked.compareTo(dvrWindow) > 0 ? dvrWindow : asked;
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "'window': " + e.getMessage() + ".");
    }
  }

  private static Integer track(RoutingContext context) {
    String text = context.request().getParam("track");
    if (text != null && !text.matches("\\d{1,3}")) {
      throw Problem.of(400, "'track' is a number.");
    }
    return text == null ? null : Integer.valueOf(text);
  }

  private static long position(RoutingContext context, String name, long otherwise) {
    String text = context.request().getParam(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("\\d{1,16}")) {
      throw Problem.of(400, "'" + name + "' is microseconds since 1970, not '" + text + "'.");
    }
    return Long.parseLong(text);
  }

  private static String stream(RoutingContext context) {
    String stream = context.pathParam("stream");
    if (stream == null || !NAME.matcher(stream).matches()) {
      throw Problem.notFound("There is no stream of that name.");
    }
    return stream;
  }
}
