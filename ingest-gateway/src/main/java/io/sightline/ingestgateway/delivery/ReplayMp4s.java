package io.sightline.ingestgateway.delivery;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.hls.MediaPart;
import io.sightline.media.hls.ReelFile;
import io.sightline.records.ClipIndex;
import io.sightline.records.Replay;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
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

  private final ByteSource bytes;
  private final WorkerExecutor workers;
  private final AsyncCache<String, ReelFile> composed =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher((String key, ReelFile file) -> weight(file))
          .expireAfterAccess(Duration.ofMinutes(10))
          .buildAsync();

  ReplayMp4s(Vertx vertx, ByteSource bytes) {
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
                    .executeBlocking(() -> ReelFile.mp4(reel, bytes), false)
                    .toCompletionStage()
                    .toCompletableFuture()),
        context);
  }

  private static int weight(ReelFile file) {
    return file.parts().stream()
        .mapToInt(
            part -> part instanceof MediaPart.Bytes made ? made.content().length : BYTES_PER_PART)
        .sum();
  }
}
