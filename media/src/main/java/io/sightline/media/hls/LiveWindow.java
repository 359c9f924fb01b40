package io.sightline.media.hls;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Positions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

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

  /** After a long pause a player still finds what it was playing. */
  private static final int FEWEST_CHUNKS = 8;

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
    while (listed.size() > FEWEST_CHUNKS
        && chunk.endMicros() - listed.peek().chunk().endMicros() > lengthMicros) {
      listed.remove();
    }
  }

  /**
   * Drops the oldest chunks as long as they are {@code gone}; the others keep their numbers, and
   * what is added later goes on from them.
   */
  public void dropWhile(Predicate<ChunkInfo> gone) {
    while (!listed.isEmpty() && gone.test(listed.peek().chunk())) {
      listed.remove();
    }
  }

  /** The chunks it holds, oldest first. */
  public List<ChunkInfo> chunks() {
    return listed.stream().map(ListedChunk::chunk).toList();
  }

  /** The newest that last for a length together; pauses between them do not count. */
  List<ListedChunk> newest(Duration length) {
    Deque<ListedChunk> newest = new ArrayDeque<>();
    long left = Positions.micros(length);
    for (Iterator<ListedChunk> from = listed.descendingIterator(); from.hasNext() && left > 0; ) {
      newest.addFirst(from.next());
      left -= newest.peekFirst().chunk().durationMicros();
    }
    return List.copyOf(newest);
  }
}
