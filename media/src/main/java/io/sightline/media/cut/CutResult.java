package io.sightline.media.cut;

import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import java.util.List;

/**
 * A clip as cut.
 *
 * @param startMicros position of its first picture (or sound, without pictures)
 * @param endMicros position after its last
 * @param durationMicros of play; shorter than end minus start where there are gaps
 * @param gaps stretches between start and end of which nothing was recorded
 * @param note how it differs from the marks, in words; null when it does not
 */
public record CutResult(
    ClipIndex index,
    long startMicros,
    long endMicros,
    long durationMicros,
    List<Clip.Gap> gaps,
    String note) {

  public CutResult {
    gaps = List.copyOf(gaps);
  }

  /** The same with more to say; null for nothing. */
  CutResult with(String further) {
    String all = note == null || further == null ? note : note + "; " + further;
    return new CutResult(
        index, startMicros, endMicros, durationMicros, gaps, all == null ? further : all);
  }

  /** The same with all positions so much earlier. */
  public CutResult earlier(long micros) {
    List<Clip.Gap> moved =
        gaps.stream()
            .map(gap -> new Clip.Gap(gap.startMicros() - micros, gap.endMicros() - micros))
            .toList();
    return new CutResult(
        index, startMicros - micros, endMicros - micros, durationMicros, moved, note);
  }
}
