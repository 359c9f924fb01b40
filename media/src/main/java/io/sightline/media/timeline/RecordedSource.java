package io.sightline.media.timeline;

import io.sightline.media.timeline.TimelineRecording.Stretch;
import io.sightline.records.Clip;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream's recording as the source of a timeline: from the beginning of the first stretch that is
 * used to the end of the last.
 *
 * @param startMicros position of its frame 0
 */
record RecordedSource(
    TimelineRecording recording, FrameGrid grid, long startMicros, long lengthFrames) {

  /** Some of a shot that was recorded without interruption, and the stretch that it lies in. */
  record Part(long inMicros, long outMicros, Stretch stretch) {}

  /**
   * @param shots all of the timeline; of this stream, at least one has parts
   */
  static RecordedSource of(TimelineRecording recording, List<TimelineShot> shots, FrameGrid grid) {
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (TimelineShot shot : shots) {
      if (shot.stream().equals(recording.stream())) {
        for (Part part : parts(recording, shot)) {
          start = Math.min(start, part.stretch().startMicros());
          end = Math.max(end, part.stretch().endMicros());
        }
      }
    }
    return new RecordedSource(recording, grid, start, Math.max(1, grid.firstFrom(end - start)));
  }

  /** What was recorded of a shot, in order. */
  static List<Part> parts(TimelineRecording recording, TimelineShot shot) {
    List<Part> parts = new ArrayList<>();
    for (Stretch stretch : recording.stretches()) {
      long in = Math.max(shot.markInMicros(), stretch.startMicros());
      long out = Math.min(shot.markOutMicros(), stretch.endMicros());
      for (Clip.Gap gap : shot.gaps()) {
        if (gap.startMicros() < out && gap.endMicros() > in) {
          if (gap.startMicros() > in) {
            parts.add(new Part(in, gap.startMicros(), stretch));
          }
          in = gap.endMicros();
        }
      }
      if (out > in) {
        parts.add(new Part(in, out, stretch));
      }
    }
    return parts;
  }

  /** The frames of a shot, one range for each part that has any. */
  List<FrameRange> ranges(TimelineShot shot, int handles) {
    List<FrameRange> ranges = new ArrayList<>();
    for (Part part : parts(recording, shot)) {
      long in = frame(part.inMicros());
      long out = frame(part.outMicros());
      if (out > in) {
        ranges.add(FrameRange.within(limit(part, shot), in, out, handles));
      }
    }
    return ranges;
  }

  /** How far the recording goes on around a part: to the ends of its stretch, or to a gap. */
  private FrameRange limit(Part part, TimelineShot shot) {
    long from = part.stretch().startMicros();
    long to = part.stretch().endMicros();
    for (Clip.Gap gap : shot.gaps()) {
      if (gap.endMicros() <= part.inMicros()) {
        from = Math.max(from, gap.endMicros());
      }
      if (gap.startMicros() >= part.outMicros()) {
        to = Math.min(to, gap.startMicros());
      }
    }
    return new FrameRange(frame(from), frame(to), 0, 0);
  }

  private long frame(long position) {
    return grid.firstFrom(position - startMicros);
  }
}
