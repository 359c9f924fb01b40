package io.sightline.media.cmaf;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Sound lies on a grid of whole frames. A source's times are laid onto it while they agree within
 * two milliseconds, which is what rounding in containers makes; beyond that the source is believed.
 */
final class SoundTimeline implements Timeline {

  /** A hole longer than this begins a new fragment instead of a long sample. */
  private static final int GAPS_PER_SECOND = 10;

  private static final int TOLERANCES_PER_SECOND = 500;

  private final Queue<TimedSample> ready = new ArrayDeque<>();
  private final int timescale;
  private final long frameTicks;
  private SampleFormat.Formatted held;
  private long heldTicks;
  private long heldDuration;
  private boolean heldAfterGap;

  /**
   * @param frameTicks how long a frame is; 0 when that varies
   */
  SoundTimeline(int timescale, long frameTicks) {
    this.timescale = timescale;
    this.frameTicks = frameTicks;
  }

  @Override
  public void add(long presentationTicks, long durationTicks, SampleFormat.Formatted sample) {
    long duration = duration(durationTicks);
    if (held == null) {
      hold(presentationTicks, duration, false, sample);
      return;
    }
    long expected = heldTicks + heldDuration;
    long off = presentationTicks - expected;
    if (off + duration <= 0) {
      return;
    }
    boolean gap = off > timescale / GAPS_PER_SECOND;
    boolean onGrid = off < timescale / TOLERANCES_PER_SECOND;
    long start = onGrid ? expected : presentationTicks;
    release(gap ? heldDuration : start - heldTicks);
    hold(start, duration, gap, sample);
  }

  @Override
  public TimedSample poll() {
    return ready.poll();
  }

  @Override
  public void end() {
    if (held != null) {
      release(heldDuration);
      held = null;
    }
  }

  @Override
  public long delayTicks() {
    return 0;
  }

  /** A source that counts in coarse units rounds the length of a frame too. */
  private long duration(long durationTicks) {
    if (frameTicks > 0 && Math.abs(durationTicks - frameTicks) <= timescale / 400) {
      return frameTicks;
    }
    return Math.max(1, durationTicks > 0 ? durationTicks : frameTicks);
  }

  private void hold(long ticks, long duration, boolean gap, SampleFormat.Formatted sample) {
    held = sample;
    heldTicks = ticks;
    heldDuration = duration;
    heldAfterGap = gap;
  }

  private void release(long duration) {
    ready.add(
        new TimedSample(
            heldTicks, heldTicks, duration, true, true, heldAfterGap, held.config(), held.data()));
  }
}
