package io.sightline.ingestgateway.timelines;

/**
 * Which segments of a stream a timeline shows.
 *
 * @param run null for that of the stream's newest epoch
 * @param fromMicros position of the first that is in
 * @param toMicros position of the first that is not; null for no end
 * @param label only those with this one; null for all
 */
public record SegmentSelection(
    String stream, String run, long fromMicros, Long toMicros, String label) {

  public SegmentSelection {
    if (toMicros != null && toMicros <= fromMicros) {
      throw new IllegalArgumentException("'to' must lie after 'from'");
    }
  }
}
