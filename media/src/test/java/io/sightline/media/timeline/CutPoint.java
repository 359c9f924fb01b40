package io.sightline.media.timeline;

/**
 * What a reader of a format finds: frames of the source's and of the timeline's timecode, from
 * 00:00:00:00; the out frames do not play.
 */
record CutPoint(String source, long sourceIn, long sourceOut, long recordIn, long recordOut) {

  /** What the model says. */
  static CutPoint of(Timeline timeline, TimelineEntry entry, String source) {
    long sourceStart = timeline.sourceOf(entry).start().frame();
    long recordStart = timeline.start().frame();
    return new CutPoint(
        source,
        sourceStart + entry.sourceIn(),
        sourceStart + entry.sourceOut(),
        recordStart + entry.recordIn(),
        recordStart + entry.recordOut());
  }

  /** The same in a count that begins again after a day. */
  CutPoint within(long day) {
    return new CutPoint(source, sourceIn % day, sourceOut % day, recordIn % day, recordOut % day);
  }
}
