package io.sightline.media.timeline;

import io.sightline.records.Rational;
import io.sightline.records.Timecode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An ordered cut list: what plays when, frame by frame. All times are frame numbers at a rational
 * rate, counted as SMPTE ST 12-1 counts them; nothing in it is a decimal number of seconds.
 *
 * @param title one line, never empty
 * @param start timecode of its first frame; says also the rate, and whether numbers are dropped
 * @param sources each with a reel name of its own
 * @param entries in order of play; they never overlap
 */
public record Timeline(
    String title, Timecode start, List<TimelineSource> sources, List<TimelineEntry> entries) {

  private static final int MAX_TITLE = 200;

  public Timeline {
    title = PlainText.line(title, MAX_TITLE);
    title = title.isEmpty() ? "Untitled" : title;
    sources = List.copyOf(sources);
    entries = List.copyOf(entries);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("A timeline has at least one cut");
    }
    Set<String> reels = new HashSet<>();
    for (TimelineSource source : sources) {
      if (!reels.add(source.reel())) {
        throw new IllegalArgumentException("Two sources have the reel name " + source.reel());
      }
    }
    long end = 0;
    for (TimelineEntry entry : entries) {
      TimelineSource source = sources.get(entry.source());
      if (entry.sourceOut() > source.lengthFrames()) {
        throw new IllegalArgumentException(
            "The cut "
                + entry.name()
                + " reaches beyond its source, which has "
                + source.lengthFrames()
                + " frames");
      }
      if (entry.recordIn() < end) {
        throw new IllegalArgumentException(
            "The cut " + entry.name() + " begins before the last ends");
      }
      if (source.rate().equals(start.rate()) && entry.sourceFrames() != entry.recordFrames()) {
        throw new IllegalArgumentException("The cut " + entry.name() + " changes its speed");
      }
      end = entry.recordOut();
    }
  }

  /** Frames a second. */
  public Rational rate() {
    return start.rate();
  }

  /** Whether its timecode leaves out numbers. */
  public boolean dropFrame() {
    return start.dropFrame();
  }

  /** From its beginning to the end of its last cut, in frames. */
  public long lengthFrames() {
    return entries.get(entries.size() - 1).recordOut();
  }

  /** The timecode of one of its frames, counted from the beginning. */
  public Timecode timecode(long frame) {
    return start.plus(frame);
  }

  /** The source of one of its entries. */
  public TimelineSource sourceOf(TimelineEntry entry) {
    return sources.get(entry.source());
  }

  FrameGrid grid() {
    return new FrameGrid(rate());
  }
}
