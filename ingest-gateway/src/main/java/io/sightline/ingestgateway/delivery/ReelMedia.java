package io.sightline.ingestgateway.delivery;

import io.sightline.ingestgateway.web.Problem;
import io.sightline.media.hls.ReelFile;
import io.sightline.media.hls.ReelPlaylists;
import io.sightline.media.hls.ReelVariant;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayJob;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What signed paths open: clips, replays, pictures. Playlists are text made of an index; media
 * segments are composed when they are fetched, their recorded bytes streamed from storage.
 */
public final class ReelMedia implements Handler<RoutingContext> {

  private static final String JPEG = "image/jpeg";
  private static final String MP4 = "video/mp4";
  private static final String REPLAY_MP4 = "replay.mp4";

  /** Outputs of a {@link ReplayJob}, and nothing that its making needs. */
  private static final Pattern ENCODED =
      Pattern.compile(
          "job\\.\\d{16}/(replay\\.mp4|hls/(part-\\d{1,4}/)?[A-Za-z0-9_][A-Za-z0-9_.-]*\\.(m3u8|ts))");

  private static final Map<String, String> ENCODED_TYPES =
      Map.of(".mp4", MP4, ".m3u8", ReelPlaylists.PLAYLIST_TYPE, ".ts", "video/mp2t");

  private final Vertx vertx;
  private final SignedPaths paths;
  private final Delivery delivery;
  private final Indexes indexes;
  private final StoredBytes bytes;
  private final Strips strips;
  private final Records<Clip> clips;
  private final Records<Replay> replays;
  private final Records<ReplayItem> items;
  private final Renditions renditions;
  private final ReplayReels replayReels;
  private final ReplayMp4s mp4s;

  public ReelMedia(Vertx vertx, SignedPaths paths, ObjectStore objects, RecordStore records) {
    this.vertx = vertx;
    this.paths = paths;
    this.delivery = new Delivery(objects);
    this.indexes = new Indexes(objects);
    this.bytes = new StoredBytes(objects);
    this.strips = new Strips(vertx, indexes, bytes);
    this.clips = Records.of(records, Clip.class);
    this.replays = Records.of(records, Replay.class);
    this.items = Records.of(records, ReplayItem.class);
    this.renditions = new Renditions(records);
    this.replayReels = new ReplayReels(renditions, indexes);
    this.mp4s = new ReplayMp4s(vertx, records, bytes, Clock.systemUTC());
  }

  @Override
  public void handle(RoutingContext context) {
    SignedPaths.Opened opened =
        paths
            .open(context.request().path())
            .orElseThrow(
                () ->
                    Problem.of(
                        403, "This link is not valid, or no longer; take a new one from the API."));
    String[] folder = opened.folder().split("/");
    if (folder[0].equals("pictures")) {
      picture(context, opened);
    } else if (folder[0].equals("clips")) {
      clip(context, folder[1], opened);
    } else {
      replay(context, folder[1], Integer.parseInt(folder[2]), opened);
    }
  }

  private void picture(RoutingContext context, SignedPaths.Opened opened) {
    if (!opened.file().endsWith(".jpg")) {
      throw Problem.notFound("There is no such picture.");
    }
    String cache = Delivery.immutable(opened.goodSeconds());
    delivery.object(context, opened.file(), JPEG, cache);
  }

  private void clip(RoutingContext context, String id, SignedPaths.Opened opened) {
    String cache = Delivery.immutable(opened.goodSeconds());
    media(id)
        .onSuccess(
            clip -> {
              switch (opened.file()) {
                case "clip.mp4" -> object(context, clip.mp4Key(), MP4, cache);
                case "thumbnail.jpg" -> object(context, clip.thumbnailKey(), JPEG, cache);
                case "strip.jpg" -> strip(context, clip, cache);
                case ReelPlaylists.MASTER -> clipMaster(context, id, clip);
                default -> reel(context, clip.indexKey(), opened, true);
              }
            })
        .onFailure(context::fail);
  }

  /** Keys of a clip's or a rendition's objects. */
  private record Made(String indexKey, String mp4Key, String thumbnailKey, boolean rendition) {

    static Made of(Clip clip) {
      return new Made(clip.indexKey(), clip.mp4Key(), clip.thumbnailKey(), false);
    }

    static Made of(Rendition one) {
      return new Made(one.indexKey(), one.mp4Key(), null, true);
    }
  }

  private Future<Made> media(String id) {
    String missing = "There is no such clip.";
    String stream;
    String sort;
    try {
      stream = StoreKeys.streamOf(id);
      sort = StoreKeys.sortOf(id);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(Problem.notFound(missing));
    }
    return clips
        .find(StoreKeys.clips(stream), sort)
        .compose(
            clip ->
                clip.isPresent()
                    ? Future.succeededFuture(clip.map(Made::of))
                    : renditions.find(id).map(one -> one.map(Made::of)))
        .compose(found -> present(found, missing));
  }

  private void strip(RoutingContext context, Made clip, String cache) {
    if (clip.indexKey() == null) {
      context.fail(Problem.notFound("This has not been made, or not yet."));
      return;
    }
    strips
        .of(clip.indexKey())
        .onSuccess(
            strip ->
                context
                    .response()
                    .putHeader("Content-Type", JPEG)
                    .putHeader("Cache-Control", cache)
                    .end(strip))
        .onFailure(context::fail);
  }

  /** Players choose among those of one shape. */
  private void clipMaster(RoutingContext context, String id, Made clip) {
    if (clip.indexKey() == null) {
      context.fail(Problem.notFound("This has not been made, or not yet."));
      return;
    }
    Future<List<Rendition>> others =
        clip.rendition() ? Future.succeededFuture(List.of()) : renditions.ready(id);
    others
        .compose(
            found ->
                Future.all(found.stream().map(one -> indexes.get(one.indexKey())).toList())
                    .compose(
                        read ->
                            indexes
                                .get(clip.indexKey())
                                .map(index -> master(index, found, read.list()))))
        .onSuccess(text -> Delivery.text(context, text, ReelPlaylists.PLAYLIST_TYPE))
        .onFailure(context::fail);
  }

  private String master(ClipIndex clip, List<Rendition> found, List<ClipIndex> indexes) {
    List<ReelVariant> variants = new ArrayList<>();
    for (int one = 0; one < found.size(); one++) {
      variants.add(new ReelVariant(paths.clip(found.get(one).id()), indexes.get(one)));
    }
    return ReelPlaylists.master(clip, variants);
  }

  private void replay(RoutingContext context, String id, int version, SignedPaths.Opened opened) {
    replays
        .find(StoreKeys.REPLAYS, id)
        .compose(found -> present(found, "There is no such replay."))
        .compose(
            replay ->
                replay.version() == version
                    ? Future.succeededFuture(replay)
                    : Future.failedFuture(
                        Problem.of(410, "The replay was made anew; take its link from the API.")))
        .onSuccess(
            replay -> {
              if (opened.file().equals("thumbnail.jpg")) {
                firstClip(replay)
                    .onSuccess(clip -> object(context, clip.thumbnailKey(), JPEG, "no-cache"))
                    .onFailure(context::fail);
              } else {
                replayFile(context, replay, opened);
              }
            })
        .onFailure(context::fail);
  }

  private void replayFile(RoutingContext context, Replay replay, SignedPaths.Opened opened) {
    if (opened.file().equals(REPLAY_MP4)) {
      // While a replay grows, so does its MP4.
      String cache =
          replay.complete() ? Delivery.immutable(opened.goodSeconds()) : Delivery.NO_CACHE;
      object(context, replay.mp4Key(), MP4, cache);
    } else if (opened.file().equals(ReelPlaylists.MASTER) && replay.indexKey() != null) {
      replayMaster(context, replay);
    } else if (ENCODED.matcher(opened.file()).matches()) {
      encoded(context, replay, opened);
    } else if (opened.file().indexOf('/') > 0) {
      replayRendition(context, replay, opened);
    } else {
      reel(context, replay.indexKey(), opened, replay.complete());
    }
  }

  /** What a service made of the whole replay, as it lies; it never changes under its name. */
  private void encoded(RoutingContext context, Replay replay, SignedPaths.Opened opened) {
    String key = "replays/" + replay.id() + "/" + replay.version() + "/" + opened.file();
    String ending = key.substring(key.lastIndexOf('.'));
    String cache = Delivery.immutable(opened.goodSeconds());
    delivery.object(context, key, ENCODED_TYPES.get(ending), cache);
  }

  private void replayMaster(RoutingContext context, Replay replay) {
    Future.all(indexes.get(replay.indexKey()), replayReels.of(replay))
        .map(
            read -> {
              List<ReelVariant> variants = new ArrayList<>();
              Map<String, ClipIndex> others = read.resultAt(1);
              others.forEach((name, reel) -> variants.add(new ReelVariant(name + "/", reel)));
              return ReelPlaylists.master(read.resultAt(0), variants);
            })
        .onSuccess(text -> Delivery.text(context, text, ReelPlaylists.PLAYLIST_TYPE))
        .onFailure(context::fail);
  }

  /** {@code {rendition}/{file}}. */
  private void replayRendition(RoutingContext context, Replay replay, SignedPaths.Opened opened) {
    int slash = opened.file().indexOf('/');
    String name = opened.file().substring(0, slash);
    String file = opened.file().substring(slash + 1);
    replayReels
        .find(replay, name)
        .compose(found -> present(found, "The replay is not there in this rendition, or not yet."))
        .compose(
            found -> {
              boolean ended = replay.complete() && found.all();
              if (!file.equals(REPLAY_MP4)) {
                return compose(found.reel(), file, ended);
              }
              return ended && replay.mp4Key() != null
                  ? mp4s.of(replay, name, found.reel()).map(Optional::of)
                  : Future.succeededFuture(Optional.empty());
            })
        .compose(made -> present(made, "There is no such file, or not yet."))
        .map(made -> deliver(context, made, opened))
        .onFailure(context::fail);
  }

  private void object(RoutingContext context, String key, String type, String cache) {
    if (key == null) {
      context.fail(Problem.notFound("This has not been made, or not yet."));
    } else {
      delivery.object(context, key, type, cache);
    }
  }

  private void reel(
      RoutingContext context, String indexKey, SignedPaths.Opened opened, boolean ended) {
    if (indexKey == null) {
      context.fail(Problem.notFound("This has not been made, or not yet."));
      return;
    }
    indexes
        .get(indexKey)
        .compose(index -> compose(index, opened.file(), ended))
        .compose(file -> present(file, "There is no such file."))
        .map(file -> deliver(context, file, opened))
        .onFailure(context::fail);
  }

  private Void deliver(RoutingContext context, ReelFile file, SignedPaths.Opened opened) {
    boolean playlist = opened.file().endsWith(".m3u8");
    String cache = playlist ? Delivery.NO_CACHE : Delivery.immutable(opened.goodSeconds());
    delivery.parts(context, file.parts(), file.contentType(), cache);
    return null;
  }

  private Future<Optional<ReelFile>> compose(ClipIndex index, String name, boolean ended) {
    return vertx.executeBlocking(() -> ReelPlaylists.file(index, name, ended, bytes), false);
  }

  private Future<Clip> firstClip(Replay replay) {
    return items
        .all(StoreKeys.replayItems(replay.id()), null, null)
        .map(
            all ->
                all.stream()
                    .filter(item -> item.included() && item.version() == replay.version())
                    .filter(item -> item.clip() != null)
                    .min(Comparator.comparingInt(ReplayItem::order)))
        .compose(found -> present(found, "The replay has no picture yet."))
        .compose(
            item ->
                clips.find(
                    StoreKeys.clips(StoreKeys.streamOf(item.clip())),
                    StoreKeys.sortOf(item.clip())))
        .compose(found -> present(found, "The replay has no picture yet."));
  }

  private static <T> Future<T> present(Optional<T> found, String otherwise) {
    return found
        .map(Future::succeededFuture)
        .orElseGet(() -> Future.failedFuture(Problem.notFound(otherwise)));
  }
}
