package io.sightline.media.timeline;

import io.sightline.records.Clip;
import io.sightline.records.Segment;
import java.util.List;

/**
 * Something that a timeline is to show: a segment, and its clip when there is one.
 *
 * @param segment its id
 * @param label what was seen; empty for nothing
 * @param why it is in, for people; empty for no reason
 * @param markInMicros position where it begins
 * @param markOutMicros position where it ends
 * @param gaps stretches between the two of which nothing was recorded, in order
 * @param clip null when it was not cut
 * @param leadMicros how long something else plays before it, which the timeline leaves out
 */
public record TimelineShot(
    String stream,
    String segment,
    String label,
    String why,
    long markInMicros,
    long markOutMicros,
    List<Clip.Gap> gaps,
    Media clip,
    long leadMicros) {

  /**
   * A clip as a file.
   *
   * @param name of the file
   * @param url of the file; null when it has none
   * @param startMicros position of its first picture
   * @param endMicros position after its last picture
   * @param durationMicros of play
   */
  public record Media(
      String name,
      String url,
      long startMicros,
      long endMicros,
      long durationMicros,
      SourceForm form) {}

  public TimelineShot {
    gaps = List.copyOf(gaps);
    if (markOutMicros < markInMicros) {
      throw new IllegalArgumentException("The segment " + segment + " ends before it begins");
    }
  }

  /** One before which nothing else plays. */
  public TimelineShot(
      String stream,
      String segment,
      String label,
      String why,
      long markInMicros,
      long markOutMicros,
      List<Clip.Gap> gaps,
      Media clip) {
    this(stream, segment, label, why, markInMicros, markOutMicros, gaps, clip, 0);
  }

  /** The same with something else before it. */
  public TimelineShot after(long micros) {
    return new TimelineShot(
        stream, segment, label, why, markInMicros, markOutMicros, gaps, clip, micros);
  }

  /** A segment that has ended and has no clip. */
  public static TimelineShot of(Segment segment, String why) {
    return new TimelineShot(
        segment.stream(),
        segment.id(),
        segment.label(),
        why,
        segment.startMicros(),
        segment.endMicros(),
        List.of(),
        null);
  }

  /**
   * A segment's clip that is ready.
   *
   * @param label of the segment as it is now
   * @param name of the clip's file
   * @param url of the clip's file; null when it has none
   */
  public static TimelineShot of(
      Clip clip, String label, String why, String name, String url, SourceForm form) {
    return new TimelineShot(
        clip.stream(),
        clip.segment(),
        label,
        why,
        clip.markInMicros(),
        clip.markOutMicros(),
        clip.gaps(),
        new Media(name, url, clip.startMicros(), clip.endMicros(), clip.durationMicros(), form));
  }
}
