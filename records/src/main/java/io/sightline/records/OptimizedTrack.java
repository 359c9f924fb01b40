package io.sightline.records;

/**
 * Where a segment is best cut when one sound track of it is heard.
 *
 * @param audioTrack 1-based among the sound tracks
 * @param startMicros mark-in for this track
 * @param endMicros mark-out for this track; after {@code startMicros}
 * @param start what became of mark-in
 * @param startWhy that in a sentence, for people
 * @param end what became of mark-out
 * @param endWhy that in a sentence, for people
 */
public record OptimizedTrack(
    int audioTrack,
    long startMicros,
    long endMicros,
    MarkMove start,
    String startWhy,
    MarkMove end,
    String endWhy) {

  public OptimizedTrack {
    if (audioTrack < 1 || start == null || end == null) {
      throw new IllegalArgumentException(
          "Optimized marks name their sound track, from 1, and what became of both ends");
    }
    if (startMicros < 0 || endMicros <= startMicros) {
      throw new IllegalArgumentException(
          "The optimized mark-out of sound track "
              + audioTrack
              + " must lie after its mark-in: "
              + startMicros
              + ", "
              + endMicros);
    }
  }
}
