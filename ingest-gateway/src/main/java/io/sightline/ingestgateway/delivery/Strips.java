package io.sightline.ingestgateway.delivery;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.render.ContactStrip;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/**
 * Contact strips of clips, made when somebody looks at one: most clips nobody opens. Two at a time,
 * and the last ones are remembered. Thread-safe.
 */
final class Strips {

  private static final int WIDTH = 160;
  private static final int AT_ONCE = 2;
  private static final long MAX_BYTES = 16_000_000;

  private final Indexes indexes;
  private final ByteSource bytes;
  private final WorkerExecutor workers;
  private final AsyncCache<String, Buffer> made =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher((String key, Buffer strip) -> strip.length())
          .expireAfterAccess(Duration.ofHours(1))
          .buildAsync();

  Strips(Vertx vertx, Indexes indexes, ByteSource bytes) {
    this.indexes = indexes;
    this.bytes = bytes;
    this.workers = vertx.createSharedWorkerExecutor("sightline-strips", AT_ONCE);
  }

  /**
   * @return fails with {@link Problem} 404 when the clip shows no pictures
   */
  Future<Buffer> of(String indexKey) {
    Context context = Vertx.currentContext();
    return Future.fromCompletionStage(
        made.get(indexKey, (key, executor) -> make(key).toCompletionStage().toCompletableFuture()),
        context);
  }

  private Future<Buffer> make(String indexKey) {
    return indexes
        .get(indexKey)
        .compose(
            index ->
                workers.executeBlocking(
                    () -> Buffer.buffer(ContactStrip.of(index, bytes, WIDTH)), false))
        .recover(
            e ->
                Future.failedFuture(
                    e instanceof MediaException
                        ? Problem.notFound("There is no strip of this clip: " + e.getMessage())
                        : e));
  }
}
