package io.sightline.records;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds the chunks that a clip refers to beyond their stream's retention. It is written before the
 * chunks are looked at for the last time: either the clipper sees then that they expire, or whoever
 * deletes them sees the pin.
 *
 * <p>A pin is stored once for each stretch of ten minutes that it touches, so that those of a block
 * are found without a look at all others.
 *
 * @param fromMicros position of the first chunk
 * @param toMicros position of the last chunk
 * @param atMicros when it was written
 */
public record Pin(String clip, String run, long fromMicros, long toMicros, long atMicros) {

  private static final long CELL_MICROS = 600 * Positions.MICROS_PER_SECOND;

  public Pin {
    Ids.requireId("clip", clip);
    Ids.requireName("run", run);
    if (fromMicros < 0 || toMicros < fromMicros || toMicros > Ids.MAX_POSITION_MICROS) {
      throw new IllegalArgumentException(
          "A pin reaches from a position to a later one, not from "
              + fromMicros
              + " to "
              + toMicros);
    }
  }

  public boolean holds(ChunkInfo chunk) {
    return chunk.run().equals(run)
        && chunk.positionMicros() >= fromMicros
        && chunk.positionMicros() <= toMicros;
  }

  /** Its sort key in the stretch of a chunk's position. */
  public String sortAt(long positionMicros) {
    return fromSort(positionMicros) + "." + clip;
  }

  /** All sort keys that it may be stored under. */
  public List<String> sorts() {
    List<String> sorts = new ArrayList<>();
    for (long cell = cell(fromMicros); cell <= toMicros; cell += CELL_MICROS) {
      sorts.add(sortAt(cell));
    }
    return sorts;
  }

  /** Lower bound of the sort keys of all pins that may hold a chunk at or behind a position. */
  public static String fromSort(long positionMicros) {
    return Ids.fixedWidth(cell(positionMicros));
  }

  /** Upper bound of the sort keys of all pins that may hold a chunk at or before a position. */
  public static String toSort(long positionMicros) {
    return Ids.fixedWidth(cell(positionMicros) + 1);
  }

  private static long cell(long positionMicros) {
    return positionMicros - positionMicros % CELL_MICROS;
  }
}
