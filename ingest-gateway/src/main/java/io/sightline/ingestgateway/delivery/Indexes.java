package io.sightline.ingestgateway.delivery;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * The indexes of clips and replays that are being played; an index never changes under its key.
 * Bounded by weight; each is read once, also when several ask for it at once. Thread-safe.
 */
public final class Indexes {

  private static final long MAX_BYTES = 64_000_000;
  private static final long MAX_INDEX_BYTES = 32_000_000;
  private static final int BYTES_PER_PIECE = 200;

  private final ObjectStore objects;
  private final AsyncCache<String, ClipIndex> cache =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher((String key, ClipIndex index) -> BYTES_PER_PIECE * (index.pieces().size() + 1))
          .expireAfterAccess(Duration.ofMinutes(10))
          .buildAsync();

  public Indexes(ObjectStore objects) {
    this.objects = objects;
  }

  public Future<ClipIndex> get(String key) {
    Context context = Vertx.currentContext();
    Future<ClipIndex> found =
        Future.fromCompletionStage(
            cache.get(
                key, (name, executor) -> read(name).toCompletionStage().toCompletableFuture()),
            context);
    return found;
  }

  private Future<ClipIndex> read(String key) {
    return objects
        .get(key, 0, MAX_INDEX_BYTES)
        .map(content -> Json.decode(content.getBytes(), ClipIndex.class));
  }
}
