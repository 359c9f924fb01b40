package io.sightline.ingestgateway.delivery;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.ReelPart;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The indexes of clips, replays and parts that are being played; an index never changes under its
 * key. Bounded by weight; each is read once, also when several ask for it at once. Thread-safe.
 */
public final class Indexes {

  private static final long MAX_BYTES = 64_000_000;
  private static final long MAX_INDEX_BYTES = 32_000_000;
  private static final int BYTES_PER_PIECE = 200;

  private final ObjectStore objects;

  /** An index of a clip or a replay is held as the end of a part. */
  private final AsyncCache<String, ReelPart> cache =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher(Indexes::weight)
          .expireAfterAccess(Duration.ofMinutes(10))
          .buildAsync();

  public Indexes(ObjectStore objects) {
    this.objects = objects;
  }

  public Future<ClipIndex> get(String key) {
    return get(
            key,
            content -> new ReelPart(null, Json.decode(content, ClipIndex.class), null, null, null))
        .map(ReelPart::last);
  }

  Future<ReelPart> part(String key) {
    return get(key, content -> Json.decode(content, ReelPart.class));
  }

  private Future<ReelPart> get(String key, Function<byte[], ReelPart> decoded) {
    Context context = Vertx.currentContext();
    return Future.fromCompletionStage(
        cache.get(
            key,
            (name, executor) ->
                objects
                    .get(name, 0, MAX_INDEX_BYTES)
                    .map(content -> decoded.apply(content.getBytes()))
                    .toCompletionStage()
                    .toCompletableFuture()),
        context);
  }

  private static int weight(String key, ReelPart part) {
    int pieces =
        Stream.of(part.open(), part.last(), part.joined())
            .filter(Objects::nonNull)
            .mapToInt(index -> index.pieces().size())
            .sum();
    return BYTES_PER_PIECE * (pieces + 1);
  }
}
