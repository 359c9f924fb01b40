package io.sightline.bench.stages;

import io.sightline.records.Positions;
import io.sightline.records.Segment;

/**
 * Segments whose clips cost next to nothing, so that the rest is what is measured: their marks
 * enclose one recorded GOP. All begin between the same two pictures, so with the same one; each a
 * little later than the one before.
 */
final class CheapSegments {

  private static final int RECORDED_SECONDS = 8;
  private static final long AHEAD_MICROS = 30_000;
  private static final long STEP_MICROS = 20;

  private final String epoch;
  private final long keyframe;
  private int made;

  /** Waits until their media is recorded. */
  CheapSegments(Recorded recorded) throws Exception {
    recorded.await(RECORDED_SECONDS);
    long second = recorded.reaching(0).positionMicros() + 3 * Positions.MICROS_PER_SECOND;
    keyframe = recorded.keyframe(second).orElseThrow();
    epoch = recorded.reaching(keyframe).epoch();
  }

  Segment next(String label) {
    long in = keyframe - AHEAD_MICROS + STEP_MICROS * made++;
    return Found.segment(label, epoch, in, keyframe + 2 * Positions.MICROS_PER_SECOND);
  }

  int made() {
    return made;
  }
}
