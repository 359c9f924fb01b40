package io.sightline.clipper;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Marker;
import io.sightline.records.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * What the clipper knows of one run of a stream: up to where its media is stored, and which closed
 * segments wait for more of it. Owned by the stage reader's thread.
 */
final class StreamState {

  private String epoch = "";
  private long recordedTo;
  private boolean ended;
  private final TreeMap<String, Segment> waiting = new TreeMap<>();

  /** What of this survives a kill. */
  record Saved(String epoch, long recordedTo, boolean ended, List<Segment> waiting) {}

  Saved save() {
    return new Saved(epoch, recordedTo, ended, new ArrayList<>(waiting.values()));
  }

  static StreamState of(Saved saved) {
    StreamState state = new StreamState();
    state.epoch = saved.epoch();
    state.recordedTo = saved.recordedTo();
    state.ended = saved.ended();
    saved.waiting().forEach(segment -> state.waiting.put(segment.id(), segment));
    return state;
  }

  /** Takes a segment as it is now; what can be cut comes from {@link #due()}. */
  void segment(Segment segment) {
    if (segment.removed() || segment.open()) {
      waiting.remove(segment.id());
    } else {
      waiting.merge(
          segment.id(), segment, (held, next) -> next.revision() > held.revision() ? next : held);
    }
  }

  void chunk(ChunkInfo chunk) {
    enter(chunk.epoch());
    recordedTo = Math.max(recordedTo, chunk.endMicros());
  }

  void marker(Marker marker) {
    enter(marker.epoch());
    if (marker.kind() == Marker.Kind.EPOCH_END || marker.kind() == Marker.Kind.LOST) {
      ended = true;
    }
  }

  /** Closed segments whose media is as complete as it will be; they no longer wait. */
  List<Segment> due() {
    List<Segment> due = new ArrayList<>();
    for (Iterator<Segment> all = waiting.values().iterator(); all.hasNext(); ) {
      Segment segment = all.next();
      if (recordedTo >= segment.endMicros() || isOver(segment.epoch())) {
        due.add(segment);
        all.remove();
      }
    }
    due.sort(Comparator.comparingLong(Segment::startMicros).thenComparing(Segment::id));
    return due;
  }

  String epoch() {
    return epoch;
  }

  boolean idle() {
    return ended && waiting.isEmpty();
  }

  private void enter(String next) {
    // Epoch ids sort by time. A late item of an epoch before does not reopen it.
    if (next.compareTo(epoch) > 0) {
      epoch = next;
      ended = false;
    }
  }

  private boolean isOver(String segmentEpoch) {
    int order = segmentEpoch.compareTo(epoch);
    return order < 0 || (order == 0 && ended);
  }
}
