package io.sightline.clipper;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.WatchedBytes;
import io.sightline.records.ChunkInfo;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Progress;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;

/**
 * Cuts clips on the thread that asks for them: copied but for a few pictures at the marks. One that
 * has to be encoded as a whole takes long.
 */
final class LocalMaker implements ClipMaker {

  private static final long LONG_MICROS = 60 * Positions.MICROS_PER_SECOND;

  private final Vertx vertx;
  private final ObjectStore objects;
  private final ClipperConfig config;
  private volatile boolean closed;

  LocalMaker(Vertx vertx, ObjectStore objects, ClipperConfig config) {
    this.vertx = vertx;
    this.objects = objects;
    this.config = config;
  }

  @Override
  public Future<ClipMedia> make(ClipOrder order, Progress progress) {
    try {
      return Future.succeededFuture(cut(order, progress));
    } catch (MediaException | IOException | TakesLongException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public int atOnce() {
    return config.threads() + 1;
  }

  /** As long as a file of its length takes to write. */
  @Override
  public boolean takesLong(WantedClip clip) {
    return clip.lengthMicros() > LONG_MICROS;
  }

  @Override
  public void close() {
    closed = true;
  }

  private ClipMedia cut(ClipOrder order, Progress progress) throws MediaException, IOException {
    ClipFolder folder = new ClipFolder(vertx, objects, order.id(), () -> closed);
    CutResult cut = cut(order, folder, progress);
    String indexKey = folder.index(cut.index());
    String thumbnailKey =
        folder.thumbnail(cut.index(), order.clip().markInMicros(), config.thumbnailWidth());
    return new ClipMedia(
        cut.startMicros(),
        cut.endMicros(),
        cut.durationMicros(),
        cut.gaps(),
        cut.note(),
        indexKey,
        config.mp4() ? mp4(folder, cut.index(), progress) : null,
        thumbnailKey,
        true);
  }

  private CutResult cut(ClipOrder order, ClipFolder folder, Progress progress)
      throws MediaException, IOException {
    String id = order.id();
    List<ChunkInfo> chunks = order.chunks();
    long markIn = order.clip().markInMicros();
    long markOut = order.clip().markOutMicros();
    ByteSource recorded = watched(order, folder, "cutting", progress);
    if (config.accuracy() == ClipAccuracy.KEYFRAME) {
      return Cut.copy(id, chunks, markIn, markOut, recorded, folder::put);
    }
    return Cut.exact(
        id,
        chunks,
        markIn,
        markOut,
        recorded,
        folder::put,
        why -> {
          if (!order.mayTakeLong()) {
            throw new TakesLongException(id + " has to be encoded as a whole: " + why);
          }
          return watched(order, folder, "encoding", progress);
        });
  }

  private static ByteSource watched(
      ClipOrder order, ClipFolder folder, String doing, Progress progress) {
    return new WatchedBytes(
        folder.bytes(), order.chunks().stream().map(ChunkInfo::key).toList(), doing, progress);
  }

  private static String mp4(ClipFolder folder, ClipIndex index, Progress progress)
      throws MediaException, IOException {
    return folder.mp4(
        "clip.mp4", index, WatchedBytes.of(folder.bytes(), index, "writing the MP4", progress));
  }
}
