package io.sightline.media.cut;

import io.sightline.records.ClipIndex;
import io.sightline.records.Progress;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells how far reading has come, by the place of the object that is read among those that are read
 * in turn; what is read more than once, to look at it before, is told each time. As thread-safe as
 * its source.
 */
public final class WatchedBytes implements ByteSource {

  private final ByteSource bytes;
  private final String doing;
  private final Progress progress;
  private final Map<String, Integer> places = new HashMap<>();

  /**
   * @param keys in the order in which they are read; may repeat
   * @param doing as {@link Progress#at} takes it
   */
  public WatchedBytes(ByteSource bytes, List<String> keys, String doing, Progress progress) {
    this.bytes = bytes;
    this.doing = doing;
    this.progress = progress;
    keys.forEach(key -> places.putIfAbsent(key, places.size()));
  }

  /** Of all that a clip consists of. */
  public static WatchedBytes of(ByteSource bytes, ClipIndex clip, String doing, Progress progress) {
    return new WatchedBytes(
        bytes, clip.pieces().stream().map(ClipIndex.Piece::key).toList(), doing, progress);
  }

  @Override
  public byte[] read(String key, long offset, long length) throws IOException {
    Integer place = places.get(key);
    if (place != null) {
      progress.at(doing, place / (double) places.size());
    }
    return bytes.read(key, offset, length);
  }
}
