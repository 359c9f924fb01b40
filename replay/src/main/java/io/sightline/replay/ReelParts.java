package io.sightline.replay;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.StorageException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * What came of the parts of reels that were asked for. A part never changes under its key. Bounded
 * by weight. Blocking; thread-safe.
 */
final class ReelParts {

  private static final long MAX_BYTES = 64_000_000;
  private static final int BYTES_PER_PIECE = 200;
  private static final long TIMEOUT_SECONDS = 60;

  private final ObjectStore objects;
  private final Cache<String, ReelPart> held =
      Caffeine.newBuilder().maximumWeight(MAX_BYTES).weigher(ReelParts::weight).build();

  ReelParts(ObjectStore objects) {
    this.objects = objects;
  }

  /**
   * @return empty when it has not been made, or not yet
   * @throws IOException when it cannot be read now
   */
  Optional<ReelPart> find(ReelPartOrder order) throws IOException {
    ReelPart known = held.getIfPresent(order.key());
    if (known != null) {
      return Optional.of(known);
    }
    try {
      byte[] content = objects.get(order.key()).await(TIMEOUT_SECONDS, TimeUnit.SECONDS).getBytes();
      ReelPart part = Json.decode(content, ReelPart.class);
      held.put(order.key(), part);
      return Optional.of(part);
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw new IOException("Cannot read " + order.key() + ": " + e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException("Cannot read " + order.key() + " now", e);
    }
  }

  private static int weight(String key, ReelPart part) {
    int pieces =
        Stream.of(part.open(), part.last(), part.joined())
            .filter(index -> index != null)
            .mapToInt(ReelParts::pieces)
            .sum();
    return BYTES_PER_PIECE * (pieces + 1);
  }

  private static int pieces(ClipIndex index) {
    return index.pieces().size();
  }
}
