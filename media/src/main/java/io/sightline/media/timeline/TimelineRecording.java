package io.sightline.media.timeline;

import java.util.List;

/**
 * What was recorded of a stream, as one source.
 *
 * @param stretches without interruption, in order; they never overlap
 * @param url where it can be opened; null for nowhere
 */
public record TimelineRecording(
    String stream, List<Stretch> stretches, String url, SourceForm form) {

  /** Positions, in microseconds; the end is the first that is not in it. */
  public record Stretch(long startMicros, long endMicros) {
    public Stretch {
      if (endMicros <= startMicros) {
        throw new IllegalArgumentException("A stretch ends after it begins");
      }
    }
  }

  public TimelineRecording {
    stretches = List.copyOf(stretches);
    for (int i = 1; i < stretches.size(); i++) {
      if (stretches.get(i).startMicros() < stretches.get(i - 1).endMicros()) {
        throw new IllegalArgumentException("The stretches of " + stream + " overlap");
      }
    }
  }
}
