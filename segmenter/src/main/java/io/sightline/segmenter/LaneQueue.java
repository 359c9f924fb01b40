package io.sightline.segmenter;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.sightline.records.AudioDetections;
import io.sightline.records.FrameDetections;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.Positions;
import io.sightline.records.StreamItem;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * One lane of a run: what has arrived on it and waits for the other lane. Whether its detections
 * count follows from the profile that the lane itself last named, never from what the other lane
 * has reached.
 */
final class LaneQueue {

  /**
   * An item at its place.
   *
   * @param positionMicros of the item, or of the one before it where it lies before that
   */
  record Entry(StreamItem item, long positionMicros) {

    Marker marker() {
      return item instanceof Marker marker ? marker : null;
    }

    @JsonIgnore
    boolean isMarker() {
      return item instanceof Marker;
    }
  }

  /** What survives a kill. */
  record State(
      Lane lane,
      String epoch,
      long sequence,
      long watermarkMicros,
      boolean counts,
      List<Entry> waiting) {}

  /** A chunk lasts seconds; more is a mistake that must not move the time axis. */
  private static final long LONGEST_CHUNK_MICROS = 60 * Positions.MICROS_PER_SECOND;

  private final Lane lane;
  private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
  private String epoch;
  private long sequence = -1;
  private long watermarkMicros;
  private boolean counts;

  LaneQueue(Lane lane) {
    this.lane = lane;
  }

  LaneQueue(State state) {
    this(state.lane());
    epoch = state.epoch();
    sequence = state.sequence();
    watermarkMicros = state.watermarkMicros();
    counts = state.counts();
    waiting.addAll(state.waiting());
  }

  State state() {
    return new State(lane, epoch, sequence, watermarkMicros, counts, List.copyOf(waiting));
  }

  Lane lane() {
    return lane;
  }

  /**
   * Takes an item in the order of its lane. Repeats, stragglers of an epoch that a later one has
   * closed, and what came late are dropped.
   */
  void offer(StreamItem item, Function<Marker, Set<Lane>> lanesOf) {
    if (!isNext(item)) {
      return;
    }
    if (item instanceof Marker marker) {
      offerMarker(marker, lanesOf);
    } else if (item instanceof FrameDetections frame) {
      offerLook(frame, frame.error() == null, 0);
    } else if (item instanceof AudioDetections sound) {
      offerLook(sound, sound.error() == null, sound.durationMicros());
    }
  }

  Entry head() {
    return waiting.peek();
  }

  Entry take() {
    return waiting.remove();
  }

  int size() {
    return waiting.size();
  }

  long watermarkMicros() {
    return watermarkMicros;
  }

  /** Whether all that comes on this lane from now on lies after the entry. */
  boolean isPast(Entry entry) {
    StreamItem item = entry.item();
    int byEpoch = epoch == null ? -1 : epoch.compareTo(item.epoch());
    if (byEpoch != 0) {
      return byEpoch > 0;
    }
    if (entry.isMarker()) {
      return sequence >= item.sequence();
    }
    // At one position the picture comes before the sound.
    return watermarkMicros > entry.positionMicros()
        || (watermarkMicros == entry.positionMicros() && lane == Lane.CHUNKS);
  }

  private boolean isNext(StreamItem item) {
    if (isLate(item)) {
      return false;
    }
    int byEpoch = epoch == null ? 1 : item.epoch().compareTo(epoch);
    if (byEpoch > 0) {
      epoch = item.epoch();
      sequence = item.sequence();
      watermarkMicros = item.positionMicros();
      return true;
    }
    boolean saidFromOutside =
        item instanceof Marker marker
            && (marker.kind() == Marker.Kind.LOST || marker.kind() == Marker.Kind.STALLED);
    if (byEpoch < 0 || (item.sequence() <= sequence && !saidFromOutside)) {
      return false;
    }
    sequence = Math.max(sequence, item.sequence());
    return true;
  }

  private void offerMarker(Marker marker, Function<Marker, Set<Lane>> lanesOf) {
    boolean counted = counts;
    if (marker.profile() != null) {
      counts = lanesOf.apply(marker).contains(lane);
    }
    watermarkMicros = Math.max(watermarkMicros, marker.positionMicros());
    if (counted || counts) {
      waiting.add(new Entry(marker, watermarkMicros));
    }
  }

  private void offerLook(StreamItem item, boolean succeeded, long durationMicros) {
    long position = Math.max(watermarkMicros, item.positionMicros());
    watermarkMicros = position + Math.max(0, Math.min(durationMicros, LONGEST_CHUNK_MICROS));
    if (counts && succeeded) {
      waiting.add(new Entry(item, position));
    }
  }

  private static boolean isLate(StreamItem item) {
    return (item instanceof FrameDetections frame && frame.late())
        || (item instanceof AudioDetections sound && sound.late());
  }
}
