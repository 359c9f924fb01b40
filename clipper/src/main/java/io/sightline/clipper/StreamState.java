package io.sightline.clipper;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Marker;
import io.sightline.records.Segment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * What the clipper knows of one run of a stream: up to where its media is stored, and which clips
 * of closed segments wait for more of it. Owned by the stage reader's thread.
 */
final class StreamState {

  /** By segments, and of each the original first. */
  private static final Comparator<WantedClip> IN_ORDER =
      Comparator.comparingLong((WantedClip clip) -> clip.segment().startMicros())
          .thenComparing(clip -> clip.segment().id())
          .thenComparing(WantedClip::variant)
          .thenComparingInt(WantedClip::audioTrack);

  private String epoch = "";
  private long recordedTo;
  private boolean ended;

  /** By place. */
  private final TreeMap<String, WantedClip> waiting = new TreeMap<>();

  /** What of this survives a kill. */
  record Saved(String epoch, long recordedTo, boolean ended, List<Segment> waiting) {}

  Saved save() {
    List<Segment> segments = waiting.values().stream().map(WantedClip::segment).distinct().toList();
    return new Saved(epoch, recordedTo, ended, segments);
  }

  static StreamState of(Saved saved) {
    StreamState state = new StreamState();
    state.epoch = saved.epoch();
    state.recordedTo = saved.recordedTo();
    state.ended = saved.ended();
    saved.waiting().forEach(state::segment);
    return state;
  }

  /** Takes a segment as it is now; what can be cut comes from {@link #due()}. */
  void segment(Segment segment) {
    Collection<WantedClip> held = waiting.subMap(segment.id() + ".", segment.id() + "/").values();
    if (held.stream().anyMatch(clip -> clip.segment().revision() > segment.revision())) {
      return;
    }
    held.clear();
    if (!segment.removed() && !segment.open()) {
      WantedClip.of(segment).forEach(clip -> waiting.put(clip.place(), clip));
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

  /** Clips of closed segments whose media is as complete as it will be; they no longer wait. */
  List<WantedClip> due() {
    List<WantedClip> due = new ArrayList<>();
    for (Iterator<WantedClip> all = waiting.values().iterator(); all.hasNext(); ) {
      WantedClip clip = all.next();
      if (recordedTo >= clip.markOutMicros() || isOver(clip.segment().epoch())) {
        due.add(clip);
        all.remove();
      }
    }
    due.sort(IN_ORDER);
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
