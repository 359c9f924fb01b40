package io.sightline.clipper;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.records.ChunkInfo;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;

/** Cuts clips on the thread that asks for them: copied but for a few pictures at the marks. */
final class LocalMaker implements ClipMaker {

  private static final long LONG_MICROS = 60 * Positions.MICROS_PER_SECOND;

  /** What waits to be cut is small. */
  private static final int MAX_LONG = 100;

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
    } catch (MediaException | IOException e) {
      return Future.failedFuture(e);
    }
  }

  /** A long one takes as long as a file takes to write: others are not to wait for it. */
  @Override
  public boolean readsOn(WantedClip clip) {
    return clip.lengthMicros() > LONG_MICROS;
  }

  @Override
  public int ahead() {
    return MAX_LONG;
  }

  @Override
  public void close() {
    closed = true;
  }

  private ClipMedia cut(ClipOrder order, Progress progress) throws MediaException, IOException {
    ClipFolder folder = new ClipFolder(vertx, objects, order.id(), () -> closed);
    ByteSource recorded =
        new WatchedBytes(
            folder.bytes(),
            order.chunks().stream().map(ChunkInfo::key).toList(),
            "cutting",
            progress);
    long markIn = order.clip().markInMicros();
    long markOut = order.clip().markOutMicros();
    CutResult cut =
        config.accuracy() == ClipAccuracy.FRAME
            ? Cut.exact(order.id(), order.chunks(), markIn, markOut, recorded, folder::put)
            : Cut.copy(order.id(), order.chunks(), markIn, markOut, recorded, folder::put);
    String indexKey = folder.index(cut.index());
    String thumbnailKey = folder.thumbnail(cut.index(), markIn, config.thumbnailWidth());
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

  private static String mp4(ClipFolder folder, ClipIndex index, Progress progress)
      throws MediaException, IOException {
    return folder.mp4(
        "clip.mp4", index, WatchedBytes.of(folder.bytes(), index, "writing the MP4", progress));
  }
}
