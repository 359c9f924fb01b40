package io.sightline.replay;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sightline.media.cut.ByteSource;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import java.io.IOException;

/**
 * The indexes of clips that replays are joined from. An index never changes under its key, so a
 * replay that grows by one clip reads one. Bounded by weight. Blocking; thread-safe.
 */
final class ClipIndexes {

  private static final long MAX_BYTES = 64_000_000;
  private static final int BYTES_PER_PIECE = 200;

  private final ByteSource bytes;
  private final Cache<String, ClipIndex> held =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher((String key, ClipIndex index) -> BYTES_PER_PIECE * (index.pieces().size() + 1))
          .build();

  ClipIndexes(ByteSource bytes) {
    this.bytes = bytes;
  }

  /**
   * @throws IOException when it cannot be read now
   */
  ClipIndex get(String key) throws IOException {
    ClipIndex index = held.getIfPresent(key);
    if (index == null) {
      index = Json.decode(bytes.read(key, 0, -1), ClipIndex.class);
      held.put(key, index);
    }
    return index;
  }
}
