package io.sightline.media.timeline;

import java.util.List;

/**
 * One cut: which frames of which source play when. Ranges are half-open: the out frame is the first
 * that does not play.
 *
 * @param source index in the timeline's sources
 * @param name of the clip, as an editor shows it; one line, never empty
 * @param label of the segment; one line, empty for none
 * @param segment id of the segment; null for none
 * @param sourceIn in frames of the source, counted from its first one
 * @param sourceOut in frames of the source
 * @param recordIn in frames of the timeline, counted from its beginning
 * @param recordOut in frames of the timeline
 * @param handleIn how many frames after {@code sourceIn} the cut proper begins
 * @param handleOut how many frames before {@code sourceOut} it ends
 * @param why it is in, for people; one line, empty for no reason
 * @param markers within the source's range
 */
public record TimelineEntry(
    int source,
    String name,
    String label,
    String segment,
    long sourceIn,
    long sourceOut,
    long recordIn,
    long recordOut,
    long handleIn,
    long handleOut,
    String why,
    List<TimelineMarker> markers) {

  private static final int MAX_NAME = 200;
  private static final int MAX_WHY = 1_000;

  public TimelineEntry {
    name = PlainText.line(name, MAX_NAME);
    label = PlainText.line(label, MAX_NAME);
    why = PlainText.line(why, MAX_WHY);
    markers = List.copyOf(markers);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("A cut has a name");
    }
    if (sourceIn < 0 || sourceOut <= sourceIn || recordIn < 0 || recordOut <= recordIn) {
      throw new IllegalArgumentException("The cut " + name + " must end after it begins");
    }
    if (handleIn < 0 || handleOut < 0 || handleIn + handleOut >= sourceOut - sourceIn) {
      throw new IllegalArgumentException("The cut " + name + " must be longer than its handles");
    }
    for (TimelineMarker marker : markers) {
      if (marker.frame() < sourceIn || marker.frame() >= sourceOut) {
        throw new IllegalArgumentException("A marker of the cut " + name + " lies outside of it");
      }
    }
  }

  /** In frames of the source. */
  public long sourceFrames() {
    return sourceOut - sourceIn;
  }

  /** In frames of the timeline. */
  public long recordFrames() {
    return recordOut - recordIn;
  }

  /** What a chapter of it is called. */
  String chapter() {
    return label.isEmpty() ? name : label;
  }
}
