package io.sightline.ingestgateway.delivery;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.WatchedBytes;
import io.sightline.media.hls.MediaPart;
import io.sightline.media.hls.ReelFile;
import io.sightline.records.ClipIndex;
import io.sightline.records.Replay;
import io.sightline.storage.ProgressNote;
import io.sightline.storage.RecordStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/**
 * MP4s of replays in other encodings, composed when they are fetched: their sample tables are made
 * of the heads of all fragments, their media is streamed from where it is. Nothing is stored; what
 * was composed last is remembered, for players ask for a file in many ranges. Thread-safe.
 */
final class ReplayMp4s {

  private static final int AT_ONCE = 2;
  private static final long MAX_BYTES = 32_000_000;
  private static final int BYTES_PER_PART = 200;

  private final RecordStore records;
  private final ByteSource bytes;
  private final Clock clock;
  private final WorkerExecutor workers;
  private final AsyncCache<String, ReelFile> composed =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher((String key, ReelFile file) -> weight(file))
          .expireAfterAccess(Duration.ofMinutes(10))
          .buildAsync();

  /**
   * @param records takes how far the composing of one has come
   */
  ReplayMp4s(Vertx vertx, RecordStore records, ByteSource bytes, Clock clock) {
    this.clock = clock;
    this.records = records;
    this.bytes = bytes;
    this.workers = vertx.createSharedWorkerExecutor("sightline-mp4", AT_ONCE);
  }

  /**
   * @param replay one that is complete: a version of it never changes
   * @param name of the encoding
   * @param reel the replay in it, with all its clips
   */
  Future<ReelFile> of(Replay replay, String name, ClipIndex reel) {
    Context context = Vertx.currentContext();
    return Future.fromCompletionStage(
        composed.get(
            replay.id() + "/" + replay.version() + "/" + name,
            (key, executor) ->
                workers
                    .executeBlocking(() -> compose(replay, name, reel), false)
                    .toCompletionStage()
                    .toCompletableFuture()),
        context);
  }

  private ReelFile compose(Replay replay, String name, ClipIndex reel)
      throws MediaException, IOException {
    ProgressNote note = ProgressNote.ofReplay(records, replay.id(), name, clock);
    try {
      return ReelFile.mp4(reel, WatchedBytes.of(bytes, reel, "composing the MP4", note));
    } finally {
      note.end();
    }
  }

  private static int weight(ReelFile file) {
    return file.parts().stream()
        .mapToInt(
            part -> part instanceof MediaPart.Bytes made ? made.content().length : BYTES_PER_PART)
        .sum();
  }
}
