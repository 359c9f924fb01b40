package io.sightline.media.timeline;

/**
 * A point of a source that is worth a look.
 *
 * @param frame of the source, counted from its first one
 * @param name in a few words; one line
 */
public record TimelineMarker(long frame, String name) {

  private static final int MAX_NAME = 200;

  public TimelineMarker {
    if (frame < 0) {
      throw new IllegalArgumentException("A marker lies within its source, not at " + frame);
    }
    name = PlainText.line(name, MAX_NAME);
  }
}
