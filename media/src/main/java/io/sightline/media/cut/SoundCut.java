package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays one sound track under the stretches of a clip: whole recorded frames on one unbroken grid.
 * Each stretch begins with its nearest frame, so sound is never off by more than half a frame, and
 * nothing accumulates. Where sound is missing the grid has a hole.
 *
 * <p>Under pictures it goes on behind the last one until half a frame's time is over: what comes
 * next in a reel may begin so much later than its pictures, and there must be no hole.
 */
final class SoundCut {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /** No frame of any codec lasts longer than a fifth of a second. */
  private static final Rational LONGEST_FRAME = new Rational(1, 5);

  private final List<Recorded> recorded;
  private final ByteSource bytes;
  private final Pieces pieces;
  private final boolean pictures;
  private boolean begun;
  private long endTicks;
  private long firstMicros;

  /**
   * @param pictures whether the clip has any: else it is as long as its sound
   */
  SoundCut(List<Recorded> recorded, ByteSource bytes, Pieces pieces, boolean pictures) {
    this.pictures = pictures;
    this.recorded = recorded;
    this.bytes = bytes;
    this.pieces = pieces;
  }

  void cut(List<Stretch> stretches) throws MediaException, IOException {
    for (Stretch stretch : stretches) {
      boolean last = pictures && stretch == stretches.get(stretches.size() - 1);
      Laid laid = null;
      for (Recorded next : recorded) {
        if (next.chunk().epoch().equals(stretch.epoch())) {
          laid = laid == null ? new Laid(stretch, last, next) : laid;
          laid.add(next);
        }
      }
    }
  }

  /** Whether there is any sound. */
  boolean begun() {
    return begun;
  }

  /** Position of the first frame. */
  long firstMicros() {
    return firstMicros;
  }

  /** Where the last frame ends, from the clip's beginning on, in ticks of the clip's track. */
  long endTicks() {
    return endTicks;
  }

  /** One stretch being laid; {@code own} times are the recording's, others are the clip's. */
  private final class Laid {

    private final Stretch stretch;
    private final boolean last;
    private final Rational own;
    private final long ownFrom;
    private final long ownTo;
    private Rational unit;
    private long start;
    private long end;
    private boolean placed;

    Laid(Stretch stretch, boolean last, Recorded first) {
      this.stretch = stretch;
      this.last = last;
      this.own = first.unit();
      this.ownFrom = Rational.rescale(stretch.fromTicks(), stretch.unit(), own);
      this.ownTo = Rational.rescale(stretch.toTicks(), stretch.unit(), own);
    }

    void add(Recorded next) throws MediaException, IOException {
      long longest = Rational.rescale(1, LONGEST_FRAME, own);
      if (next.endTicks() < ownFrom - longest || next.fragment().decodeTicks() > ownTo + longest) {
        return;
      }
      if (placed && clip(next.endTicks()) <= end) {
        pieces.range(next, clip(next.fragment().decodeTicks()));
        endTicks = clip(next.endTicks());
        return;
      }
      List<FragmentSample> kept = new ArrayList<>();
      for (FragmentSample sample : next.samples(bytes)) {
        long middle = sample.decodeTicks() + sample.durationTicks() / 2;
        if (middle < ownTo + longest && isIn(next, sample, middle)) {
          kept.add(sample);
        }
      }
      if (!kept.isEmpty()) {
        add(next, kept);
      }
    }

    private boolean isIn(Recorded from, FragmentSample sample, long middle) {
      if (!placed) {
        place(from, sample, middle);
      }
      return placed && (last ? middle < ownTo + sample.durationTicks() : clip(middle) < end);
    }

    private void place(Recorded from, FragmentSample sample, long middle) {
      unit = pieces.unit(from);
      long ideal = Rational.rescale(stretch.clipTicks(), stretch.clipUnit(), unit);
      long half = Rational.rescale(sample.durationTicks(), own, unit) / 2 + 1;
      // The grid goes on where the stretch before left it, unless it left a hole.
      long ahead = begun && endTicks > ideal - half ? endTicks - ideal : 0;
      long wanted = ownFrom + Rational.rescale(ahead, unit, own);
      if (middle < wanted) {
        return;
      }
      placed = true;
      long late = sample.decodeTicks() - wanted;
      long natural = late > sample.durationTicks() / 2 ? Rational.rescale(late, own, unit) : 0;
      long at = ideal + ahead + natural;
      start = at - Rational.rescale(sample.decodeTicks() - ownFrom, own, unit);
      end = ideal + Rational.rescale(ownTo - ownFrom, own, unit);
    }

    private void add(Recorded from, List<FragmentSample> kept) throws MediaException, IOException {
      FragmentSample first = kept.get(0);
      FragmentSample last = kept.get(kept.size() - 1);
      long ownEnd = last.decodeTicks() + last.durationTicks();
      long position = from.originMicros() + Rational.rescale(first.decodeTicks(), own, MICROS);
      if (first.decodeTicks() == from.fragment().decodeTicks() && ownEnd == from.endTicks()) {
        pieces.range(from, clip(first.decodeTicks()));
      } else {
        pieces.rewrapped(from, kept, position, clip(first.decodeTicks()));
      }
      firstMicros = begun ? firstMicros : position;
      begun = true;
      endTicks = clip(ownEnd);
    }

    private long clip(long ownTicks) {
      return start + Rational.rescale(ownTicks - ownFrom, own, unit);
    }
  }
}
