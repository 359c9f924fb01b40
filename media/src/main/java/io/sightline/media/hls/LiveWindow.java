package io.sightline.media.hls;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Positions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The newest chunks of a stream, with the numbers that a live playlist gives them: they stay the
 * same while a chunk is in the window, so that the playlist changes only at its end. Not
 * thread-safe.
 */
public final class LiveWindow {

  /**
   * Numbers of a new window begin with its time, so that after a restart they are higher than any
   * that were given before.
   */
  private static final long MICROS_PER_NUMBER = 100_000;

  private final long lengthMicros;
  private final Deque<ListedChunk> listed = new ArrayDeque<>();
  private ListedChunk last;

  /**
   * @param length how much is kept: the DVR window
   */
  public LiveWindow(Duration length) {
    this.lengthMicros = Positions.micros(length);
  }

  /** Adds a chunk; one that is not newer than the newest is ignored. */
  public void add(ChunkInfo chunk) {
    if (last != null && chunk.positionMicros() <= last.chunk().positionMicros()) {
      return;
    }
    last =
        last == null
            ? ListedChunk.first(chunk, chunk.positionMicros() / MICROS_PER_NUMBER)
            : last.next(chunk);
    listed.add(last);
    while (listed.size() > 1
        && chunk.endMicros() - listed.peek().chunk().endMicros() > lengthMicros) {
      listed.remove();
    }
  }

  /** The chunks it holds, oldest first. */
  public List<ChunkInfo> chunks() {
    return listed.stream().map(ListedChunk::chunk).toList();
  }

  /** Those that reach into the newest stretch of a length. */
  List<ListedChunk> newest(Duration length) {
    if (last == null) {
      return List.of();
    }
    long from = last.chunk().endMicros() - Positions.micros(length);
    List<ListedChunk> newest = new ArrayList<>(listed);
    newest.removeIf(entry -> entry != last && entry.chunk().endMicros() <= from);
    return newest;
  }
}
