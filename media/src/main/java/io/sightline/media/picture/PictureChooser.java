package io.sightline.media.picture;

import io.sightline.records.Rational;
import io.sightline.records.Sampling;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides which pictures become frames, from their times alone, before anything is decoded. Pure
 * and deterministic: the same times give the same choice.
 *
 * <p>Packets come in decoding order, the choice is made in order of show. A picture's turn is
 * certain once no picture that is still to come can be shown before it: when more pictures than the
 * reorder depth wait with it, or when decoding has reached its time. For a rate it is certain
 * sooner, and so without the reordering's delay: when what may still come before it cannot serve
 * the instant that it serves, because there is no room for another picture between the two.
 *
 * <p>A rate asks for the instants {@code first + k/N}; each is served by the first picture at or
 * after it. Where a whole GOP is no longer than {@code 1/N} it is served by the first keyframe at
 * or after it, so that keyframes alone are decoded. Scenes are looked for at a rate, too.
 */
final class PictureChooser {

  private static final int MAX_DEPTH = 16;

  /** Larger steps back are no reordering: the source has begun anew. */
  private static final Rational RESTART = new Rational(2, 1);

  private final Sampling sampling;
  private final Rational timeBase;
  private final long restartTicks;

  private final SortedMap<Long, Boolean> undecided = new TreeMap<>();
  private final PictureSpacing spacing = new PictureSpacing();
  private int depth;

  private boolean started;
  private long lastDecided;
  private long decidedAheadUpTo = Long.MIN_VALUE;
  private long lastKeyframe;
  private long gopTicks;
  private long origin;
  private long nextInstant;
  private long count;

  PictureChooser(Sampling sampling, Rational timeBase, int reorderDepth) {
    this.sampling = sampling;
    this.timeBase = timeBase;
    this.depth = Math.min(MAX_DEPTH, Math.max(0, reorderDepth));
    this.restartTicks = Rational.rescale(1, RESTART, timeBase);
  }

  /**
   * Takes the next picture in decoding order.
   *
   * @param dts when it is decoded, or {@link Long#MIN_VALUE}
   * @return the times of pictures that are now known to be wanted, in order of show
   */
  List<Long> add(long pts, long dts, boolean keyframe) {
    if (started && pts < lastDecided) {
      if (lastDecided - pts > restartTicks) {
        List<Long> rest = finish();
        started = false;
        decidedAheadUpTo = Long.MIN_VALUE;
        rest.addAll(add(pts, dts, keyframe));
        return rest;
      }
      if (pts > decidedAheadUpTo) {
        depth = Math.min(MAX_DEPTH, depth + 1);
      }
      spacing.add(pts);
      count++;
      return new ArrayList<>();
    }
    spacing.add(pts);
    undecided.put(pts, keyframe);
    List<Long> wanted = new ArrayList<>();
    while (!undecided.isEmpty() && certain(dts)) {
      decideFirst(wanted);
    }
    decideAhead(wanted);
    return wanted;
  }

  /** Decides what is left. */
  List<Long> finish() {
    List<Long> wanted = new ArrayList<>();
    while (!undecided.isEmpty()) {
      decideFirst(wanted);
    }
    return wanted;
  }

  /** Whether a picture may still be chosen. */
  boolean isUndecided(long pts) {
    return undecided.containsKey(pts);
  }

  /** Whether some picture that is shown before {@code pts} may still be chosen. */
  boolean hasUndecidedBefore(long pts) {
    return !undecided.isEmpty() && undecided.firstKey() < pts;
  }

  /** Whether, as things are, nothing but keyframes is chosen. */
  boolean keyframesAlone() {
    return switch (sampling.kind()) {
      case KEYFRAMES -> true;
      case RATE, SCENE -> gopTicks > 0 && gopTicks <= intervalTicks();
      case EVERY -> false;
    };
  }

  private boolean certain(long dts) {
    return undecided.size() > depth || dts != Long.MIN_VALUE && dts >= undecided.firstKey();
  }

  private void decideAhead(List<Long> wanted) {
    if (sampling.perSecond() == null || !started) {
      return;
    }
    for (SortedMap<Long, Boolean> serving = undecided.tailMap(nextInstant);
        !serving.isEmpty() && serving.firstKey() - nextInstant < spacing.ticks();
        serving = undecided.tailMap(nextInstant)) {
      long last = serving.firstKey();
      while (lastDecided < last) {
        decideFirst(wanted);
      }
      decidedAheadUpTo = last;
    }
  }

  private void decideFirst(List<Long> wanted) {
    long pts = undecided.firstKey();
    boolean keyframe = undecided.remove(pts);
    if (keyframe) {
      gopTicks = started ? pts - lastKeyframe : 0;
      lastKeyframe = pts;
    }
    if (!started) {
      started = true;
      origin = pts;
      count = 0;
      nextInstant = pts;
    }
    lastDecided = pts;
    if (isWanted(pts, keyframe)) {
      wanted.add(pts);
    }
    count++;
  }

  private boolean isWanted(long pts, boolean keyframe) {
    return switch (sampling.kind()) {
      case KEYFRAMES -> keyframe;
      case EVERY -> count % sampling.every() == 0;
      case RATE, SCENE -> servesInstant(pts, keyframe);
    };
  }

  private boolean servesInstant(long pts, boolean keyframe) {
    boolean keyframeDue = keyframesAlone() && pts - lastKeyframe <= intervalTicks();
    if (pts < nextInstant || keyframeDue && !keyframe) {
      return false;
    }
    nextInstant = instantAfter(pts);
    return true;
  }

  /**
   * The first time, in ticks, that is not before the next instant of the grid after {@code pts}.
   */
  private long instantAfter(long pts) {
    // One instant lasts perSecond.denominator / perSecond.numerator seconds.
    BigInteger ticks = BigInteger.valueOf(pts - origin);
    BigInteger perInstant =
        BigInteger.valueOf(sampling.perSecond().denominator())
            .multiply(BigInteger.valueOf(timeBase.denominator()));
    BigInteger scale =
        BigInteger.valueOf(sampling.perSecond().numerator())
            .multiply(BigInteger.valueOf(timeBase.numerator()));
    BigInteger passed = ticks.multiply(scale).divide(perInstant);
    BigInteger next = passed.add(BigInteger.ONE).multiply(perInstant);
    BigInteger roundedUp = next.add(scale).subtract(BigInteger.ONE).divide(scale);
    return origin + roundedUp.longValueExact();
  }

  private long intervalTicks() {
    Rational interval =
        new Rational(sampling.perSecond().denominator(), sampling.perSecond().numerator());
    return Rational.rescale(1, interval, timeBase);
  }
}
