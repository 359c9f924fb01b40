package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.MovieFragment;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A recorded fragment with all that is known of it. */
record Recorded(ChunkInfo chunk, TrackInfo track, Fragment fragment) {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);
  private static final int HEAD = 4 * 1024;

  /** The fragments of a track number, in order; each chunk once. */
  static List<Recorded> of(List<ChunkInfo> chunks, int track) {
    List<ChunkInfo> sorted = new ArrayList<>(chunks);
    sorted.sort(
        Comparator.comparingLong(ChunkInfo::positionMicros)
            .thenComparing(ChunkInfo::epoch)
            .thenComparingLong(ChunkInfo::sequence));
    List<Recorded> found = new ArrayList<>();
    ChunkInfo last = null;
    for (ChunkInfo chunk : sorted) {
      if (last != null
          && last.epoch().equals(chunk.epoch())
          && last.sequence() == chunk.sequence()) {
        continue;
      }
      last = chunk;
      for (TrackInfo info : chunk.tracks()) {
        if (info.track() == track) {
          chunk.fragments().stream()
              .filter(fragment -> fragment.track() == track)
              .forEach(fragment -> found.add(new Recorded(chunk, info, fragment)));
        }
      }
    }
    return found;
  }

  /** The same fragment under another description of its track. */
  Recorded as(TrackInfo other) {
    return new Recorded(chunk, other, fragment);
  }

  Rational unit() {
    return new Rational(1, track.timescale());
  }

  /** Decode time after its last sample. */
  long endTicks() {
    return fragment.decodeTicks() + fragment.durationTicks();
  }

  /** Media time at which it is presented, when it begins a GOP or holds sound. */
  long startPresented() {
    return fragment.decodeTicks() + track.reorderTicks();
  }

  /** The position that lies at media time 0 of its epoch, when it begins a GOP or holds sound. */
  long originMicros() {
    return fragment.positionMicros() - Rational.rescale(startPresented(), unit(), MICROS);
  }

  /** Whether decoding runs on from the one before without a hole. */
  boolean continues(Recorded before) {
    return chunk.epoch().equals(before.chunk.epoch())
        && track.timescale() == before.track.timescale()
        && track.reorderTicks() == before.track.reorderTicks()
        && Math.abs(fragment.decodeTicks() - before.endTicks()) <= track.timescale() / 100;
  }

  /** Reads its description. */
  List<FragmentSample> samples(ByteSource bytes) throws MediaException, IOException {
    byte[] head = bytes.read(chunk.key(), fragment.offset(), Math.min(HEAD, fragment.length()));
    int length = MovieFragment.lengthOf(head);
    if (length > head.length) {
      head = bytes.read(chunk.key(), fragment.offset(), Math.min(length, fragment.length()));
    }
    return MovieFragment.read(head).samples();
  }
}
