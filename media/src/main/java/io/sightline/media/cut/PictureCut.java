package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the pictures of a clip: from the keyframe at or before mark-in, in decoding order, up to
 * the last one whose position lies before mark-out. A hole ends a stretch; the next one begins with
 * the next fragment that a decoder can start with.
 */
final class PictureCut {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final List<Recorded> recorded;
  private final long markIn;
  private final long markOut;
  private final ByteSource bytes;
  private final Pieces pieces;
  private final List<Stretch> stretches = new ArrayList<>();

  private long cursorTicks;
  private Rational clipUnit;
  private long lastPictureMicros;

  PictureCut(List<Recorded> recorded, long markIn, long markOut, ByteSource bytes, Pieces pieces) {
    this.recorded = recorded;
    this.markIn = markIn;
    this.markOut = markOut;
    this.bytes = bytes;
    this.pieces = pieces;
  }

  /** Adds the pieces; the stretches that they show, in order, are what sound is cut by. */
  List<Stretch> cut() throws MediaException, IOException {
    List<List<Recorded>> gops = gops();
    int first = firstGop(gops);
    int at = first;
    while (at < gops.size() && startMicros(gops.get(at)) < markOut) {
      int end = at + 1;
      while (end < gops.size() && follows(gops.get(end - 1), gops.get(end))) {
        end++;
      }
      stretch(gops.subList(at, end));
      at = end;
    }
    return stretches;
  }

  /** Position of the last picture that is shown, when it may lie behind mark-out. */
  long lastPictureMicros() {
    return lastPictureMicros;
  }

  /** Fragments in groups that begin with one that a decoder can start with. */
  private List<List<Recorded>> gops() {
    List<List<Recorded>> gops = new ArrayList<>();
    Recorded before = null;
    boolean decodable = false;
    for (Recorded next : recorded) {
      decodable = next.fragment().independent() || (decodable && next.continues(before));
      if (next.fragment().independent()) {
        gops.add(new ArrayList<>());
      }
      if (decodable) {
        gops.get(gops.size() - 1).add(next);
      }
      before = next;
    }
    return gops;
  }

  private int firstGop(List<List<Recorded>> gops) throws MediaException {
    int chosen = -1;
    for (int index = 0; index < gops.size(); index++) {
      List<Recorded> gop = gops.get(index);
      if (startMicros(gop) > markIn && (chosen >= 0 || startMicros(gop) >= markOut)) {
        break;
      }
      if (endMicros(gop) > markIn) {
        chosen = index;
      }
      if (startMicros(gop) > markIn) {
        break;
      }
    }
    if (chosen < 0) {
      boolean other =
          recorded.stream()
              .anyMatch(
                  next ->
                      next.fragment().positionMicros() >= markIn
                          && next.fragment().positionMicros() < markOut);
      throw other
          ? new MediaException(
              MediaException.Reason.UNSUPPORTED,
              "The recording has no keyframe before mark-out with which a decoder could start")
          : new MediaException(
              MediaException.Reason.NOT_FOUND, "Nothing was recorded between the marks");
    }
    return chosen;
  }

  private static boolean follows(List<Recorded> before, List<Recorded> next) {
    return next.get(0).continues(before.get(before.size() - 1));
  }

  private static long startMicros(List<Recorded> gop) {
    return gop.get(0).fragment().positionMicros();
  }

  private static long endMicros(List<Recorded> gop) {
    Recorded last = gop.get(gop.size() - 1);
    return gop.get(0).originMicros()
        + Rational.rescale(last.endTicks() + last.track().reorderTicks(), last.unit(), MICROS);
  }

  private void stretch(List<List<Recorded>> gops) throws MediaException, IOException {
    Recorded first = gops.get(0).get(0);
    Placement placement = new Placement(first);
    long endTicks = first.fragment().decodeTicks();
    for (List<Recorded> gop : gops) {
      if (startMicros(gop) >= markOut) {
        break;
      }
      if (endMicros(gop) <= markOut) {
        for (Recorded part : gop) {
          pieces.range(part, placement.of(part.fragment().decodeTicks()));
          endTicks = part.endTicks();
        }
        lastPictureMicros = Long.MIN_VALUE;
      } else {
        endTicks = trimmed(gop, placement);
      }
    }
    long delay = first.track().reorderTicks();
    stretches.add(
        new Stretch(
            first.chunk().epoch(),
            first.unit(),
            first.startPresented(),
            endTicks + delay,
            cursorTicks,
            clipUnit,
            first.fragment().positionMicros(),
            first.originMicros() + Rational.rescale(endTicks + delay, first.unit(), MICROS)));
    cursorTicks = placement.of(endTicks);
  }

  /**
   * Adds the shortest prefix of a GOP, in decoding order, that holds every picture before mark-out.
   *
   * @return decode time after it
   */
  private long trimmed(List<Recorded> gop, Placement placement) throws MediaException, IOException {
    List<List<FragmentSample>> parts = new ArrayList<>();
    List<Long> shown = new ArrayList<>();
    long origin = gop.get(0).originMicros();
    int lastPart = 0;
    int lastSample = 0;
    for (int part = 0; part < gop.size(); part++) {
      List<FragmentSample> samples = gop.get(part).samples(bytes);
      parts.add(samples);
      for (int index = 0; index < samples.size(); index++) {
        long ticks = samples.get(index).presentationTicks();
        shown.add(ticks);
        if (origin + Rational.rescale(ticks, gop.get(part).unit(), MICROS) < markOut) {
          lastPart = part;
          lastSample = index;
        }
      }
    }
    long latest = Long.MIN_VALUE;
    for (int part = 0; part <= lastPart; part++) {
      List<FragmentSample> samples = parts.get(part);
      int end = part == lastPart ? Math.min(lastSample + 1, samples.size()) : samples.size();
      for (FragmentSample sample : samples.subList(0, end)) {
        latest = Math.max(latest, sample.presentationTicks());
      }
    }
    long endTicks = endOf(latest, shown, gop) - gop.get(0).track().reorderTicks();
    for (int part = 0; part < lastPart; part++) {
      pieces.range(gop.get(part), placement.of(gop.get(part).fragment().decodeTicks()));
    }
    List<FragmentSample> last = parts.get(lastPart);
    if (last.isEmpty()) {
      throw new MediaException(
          MediaException.Reason.MALFORMED, "A fragment of the recording has no samples");
    }
    Recorded from = gop.get(lastPart);
    if (lastSample + 1 == last.size() && from.endTicks() == endTicks) {
      pieces.range(from, placement.of(from.fragment().decodeTicks()));
    } else {
      List<FragmentSample> kept = endingAt(last.subList(0, lastSample + 1), endTicks);
      long clipTicks = placement.of(from.fragment().decodeTicks());
      pieces.rewrapped(from, kept, from.fragment().positionMicros(), clipTicks);
    }
    lastPictureMicros = origin + Rational.rescale(latest, from.unit(), MICROS);
    return endTicks;
  }

  /** When a picture stops being shown: where the next one of its GOP begins, kept or not. */
  private static long endOf(long shownTicks, List<Long> shown, List<Recorded> gop) {
    Recorded last = gop.get(gop.size() - 1);
    long end = last.endTicks() + last.track().reorderTicks();
    for (long other : shown) {
      if (other > shownTicks) {
        end = Math.min(end, other);
      }
    }
    return Math.max(end, shownTicks + 1);
  }

  private static List<FragmentSample> endingAt(List<FragmentSample> samples, long endTicks) {
    List<FragmentSample> kept = new ArrayList<>(samples);
    FragmentSample last = kept.get(kept.size() - 1);
    kept.set(
        kept.size() - 1,
        new FragmentSample(
            last.decodeTicks(),
            Math.max(1, endTicks - last.decodeTicks()),
            last.compositionTicks(),
            last.sync(),
            last.offset(),
            last.size()));
    return kept;
  }

  /** Where decode times of a stretch lie in the clip. */
  private final class Placement {

    private final Recorded first;
    private final Rational unit;

    Placement(Recorded first) {
      this.first = first;
      this.unit = pieces.unit(first);
      clipUnit = unit;
    }

    long of(long decodeTicks) {
      return cursorTicks
          + Rational.rescale(decodeTicks - first.fragment().decodeTicks(), first.unit(), unit);
    }
  }
}
