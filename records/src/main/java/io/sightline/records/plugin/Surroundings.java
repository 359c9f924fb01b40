package io.sightline.records.plugin;

import io.sightline.records.Segment;
import java.util.List;
import java.util.Map;

/**
 * A segment, and what an optimizer may know of its surroundings.
 *
 * @param segment complete, with the marks that people decided or its classifier found
 * @param heard what was heard from {@link Optimizer#beforeMicros} before mark-in to {@link
 *     Optimizer#afterMicros} behind mark-out, chunk by chunk in order of position; the first and
 *     the last may reach beyond. All detections have an end
 * @param everywhere how far marks may go for a sound track that {@code rooms} does not name
 * @param rooms how far they may go for those tracks for which a neighbour has marks of its own
 */
public record Surroundings(
    Segment segment, List<Observation> heard, Room everywhere, Map<Integer, Room> rooms) {

  /**
   * Where marks may lie: what the neighbouring segments and the beginning of the recording leave.
   *
   * @param fromMicros at or before the segment's mark-in
   * @param toMicros at or behind the segment's mark-out
   */
  public record Room(long fromMicros, long toMicros) {

    /** Whether both marks lie within. */
    public boolean holds(long startMicros, long endMicros) {
      return startMicros >= fromMicros && endMicros <= toMicros;
    }
  }

  public Surroundings {
    heard = List.copyOf(heard);
    rooms = Map.copyOf(rooms);
  }

  /** How far marks may go for a sound track. */
  public Room room(int audioTrack) {
    return rooms.getOrDefault(audioTrack, everywhere);
  }
}
