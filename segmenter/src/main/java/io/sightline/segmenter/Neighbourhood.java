package io.sightline.segmenter;

import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Segment;
import io.sightline.records.plugin.Surroundings.Room;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A segment among the others of its classifier: how far its marks may go. Neither into a
 * neighbour's own marks, nor into those that the neighbour has for the same sound track.
 */
final class Neighbourhood {

  private final Segment segment;
  private final List<Segment> others;
  private final long recordedFrom;

  /**
   * @param segment complete
   * @param others of the same run and classifier, in any order
   * @param recordedFrom where the recording begins
   */
  Neighbourhood(Segment segment, List<Segment> others, long recordedFrom) {
    this.segment = segment;
    this.others = others.stream().filter(one -> !one.id().equals(segment.id())).toList();
    this.recordedFrom = recordedFrom;
  }

  /** For a sound track for which no neighbour has marks of its own. */
  Room everywhere() {
    return room(0);
  }

  Map<Integer, Room> rooms() {
    Set<Integer> tracks = new TreeSet<>();
    for (Segment other : others) {
      marks(other).forEach(track -> tracks.add(track.audioTrack()));
    }
    Map<Integer, Room> rooms = new HashMap<>();
    tracks.forEach(track -> rooms.put(track, room(track)));
    return rooms;
  }

  /** Whether the optimized marks of the segment reach into a neighbour. */
  boolean trespasses() {
    return marks(segment).stream()
        .anyMatch(track -> !room(track.audioTrack()).holds(track.startMicros(), track.endMicros()));
  }

  private Room room(int audioTrack) {
    long start = segment.startMicros();
    long end = segment.endMicros();
    // Somebody may have trimmed it into what was recorded before.
    long from = Math.min(start, recordedFrom);
    long to = Long.MAX_VALUE;
    for (Segment other : others) {
      if (isBefore(other)) {
        from = Math.max(from, Math.min(start, end(other, audioTrack)));
      } else {
        to = Math.min(to, Math.max(end, start(other, audioTrack)));
      }
    }
    return new Room(from, to);
  }

  private boolean isBefore(Segment other) {
    int order = Long.compare(other.startMicros(), segment.startMicros());
    return order < 0 || (order == 0 && other.id().compareTo(segment.id()) < 0);
  }

  private static long start(Segment other, int audioTrack) {
    return marks(other).stream()
        .filter(track -> track.audioTrack() == audioTrack)
        .mapToLong(OptimizedTrack::startMicros)
        .reduce(other.startMicros(), Math::min);
  }

  private static long end(Segment other, int audioTrack) {
    return other.open()
        ? Long.MAX_VALUE
        : marks(other).stream()
            .filter(track -> track.audioTrack() == audioTrack)
            .mapToLong(OptimizedTrack::endMicros)
            .reduce(other.endMicros(), Math::max);
  }

  private static List<OptimizedTrack> marks(Segment segment) {
    OptimizedMarks optimized = segment.optimized();
    return optimized == null ? List.of() : optimized.tracks();
  }
}
