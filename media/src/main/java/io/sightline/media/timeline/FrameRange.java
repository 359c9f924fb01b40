package io.sightline.media.timeline;

/**
 * Frames of a source, counted from its first one; the out frame is the first that is not in it.
 *
 * @param handleIn how many of them stand before the cut proper
 * @param handleOut how many of them stand after it
 */
record FrameRange(long in, long out, long handleIn, long handleOut) {

  /** A range with up to {@code handles} more frames on each side, as far as {@code limit} has. */
  static FrameRange within(FrameRange limit, long in, long out, int handles) {
    long handleIn = Math.min(handles, in - limit.in());
    long handleOut = Math.min(handles, limit.out() - out);
    return new FrameRange(in - handleIn, out + handleOut, handleIn, handleOut);
  }
}
