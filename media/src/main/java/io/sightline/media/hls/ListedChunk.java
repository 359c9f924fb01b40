package io.sightline.media.hls;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A chunk in a playlist.
 *
 * @param numbers media sequence number by track; of a track that the chunk lacks, the last one's
 * @param discontinuities how often times have not gone on from those of the chunk before, up to it
 */
record ListedChunk(ChunkInfo chunk, Map<Integer, Long> numbers, long discontinuities) {

  /** A hole in decode times that a player may not notice, as a fraction of a second. */
  private static final int TOLERANCES_PER_SECOND = 10;

  /** The first one of a list. */
  static ListedChunk first(ChunkInfo chunk, long number) {
    return new ListedChunk(chunk, numbers(chunk, Map.of(), number), 0);
  }

  /** The one behind it. */
  ListedChunk next(ChunkInfo following) {
    long first = numbers.values().stream().mapToLong(number -> number).max().orElse(0) + 1;
    return new ListedChunk(
        following,
        numbers(following, numbers, first),
        discontinuities + (continues(following) ? 0 : 1));
  }

  private static Map<Integer, Long> numbers(
      ChunkInfo chunk, Map<Integer, Long> before, long first) {
    Map<Integer, Long> numbers = new HashMap<>(before);
    chunk.fragments().stream()
        .map(Fragment::track)
        .distinct()
        .forEach(
            track -> {
              Long last = before.get(track);
              numbers.put(track, last == null ? first : last + 1);
            });
    return Map.copyOf(numbers);
  }

  private boolean continues(ChunkInfo following) {
    if (!chunk.epoch().equals(following.epoch())) {
      return false;
    }
    int track = chunk.fragments().get(0).track();
    List<Fragment> mine = of(chunk, track);
    List<Fragment> theirs = of(following, track);
    if (theirs.isEmpty()) {
      return true;
    }
    Fragment end = mine.get(mine.size() - 1);
    long timescale =
        chunk.tracks().stream()
            .filter(info -> info.track() == track)
            .mapToLong(info -> info.timescale())
            .findFirst()
            .orElse(1);
    long hole = theirs.get(0).decodeTicks() - end.decodeTicks() - end.durationTicks();
    return Math.abs(hole) <= timescale / TOLERANCES_PER_SECOND;
  }

  static List<Fragment> of(ChunkInfo chunk, int track) {
    return chunk.fragments().stream().filter(fragment -> fragment.track() == track).toList();
  }
}
