package io.sightline.replay;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.ReelPart;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.StorageException;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
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
  private final HeldParts parts;
  private final Cache<String, ReelPart> held =
      Caffeine.newBuilder().maximumWeight(MAX_BYTES).weigher(ReelParts::weight).build();

  ReelParts(ObjectStore objects, HeldParts parts) {
    this.objects = objects;
    this.parts = parts;
  }

  /**
   * Keys of parts that a replay is about to use, by id, see {@link HeldParts#hold}. One that it
   * begins to use is looked for anew: with the clip that it is of, it may have gone meanwhile.
   */
  Map<String, String> hold(String replay, Collection<String> ids) throws IOException {
    try {
      return parts.hold(replay, ids, held::invalidate);
    } catch (StorageException | TimeoutException e) {
      throw new IOException("Parts of the replay " + replay + " cannot be noted now", e);
    }
  }

  /**
   * What came of a part that some replay uses, to look at alone: it may be deleted meanwhile.
   *
   * @return empty when it has not been made, or not yet
   */
  Optional<ReelPart> known(String id) throws IOException {
    try {
      Optional<String> key = parts.known(id);
      return key.isPresent() ? find(key.get()) : Optional.empty();
    } catch (StorageException | TimeoutException e) {
      throw new IOException("The part " + id + " cannot be looked for now", e);
    }
  }

  /**
   * @return empty when it has not been made, or not yet
   * @throws IOException when it cannot be read now
   */
  Optional<ReelPart> find(String key) throws IOException {
    ReelPart known = held.getIfPresent(key);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      byte[] content = objects.get(key).await(TIMEOUT_SECONDS, TimeUnit.SECONDS).getBytes();
      ReelPart part = Json.decode(content, ReelPart.class);
      held.put(key, part);
      return Optional.of(part);
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw new IOException("Cannot read " + key + ": " + e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException("Cannot read " + key + " now", e);
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
