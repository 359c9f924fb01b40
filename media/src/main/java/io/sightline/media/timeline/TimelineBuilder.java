package io.sightline.media.timeline;

import io.sightline.media.timeline.TimelineException.Reason;
import io.sightline.media.timeline.TimelineOptions.SourceTime;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.Timecode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes timelines: turns positions into frames, lays cuts end to end, names reels. One for each
 * timeline; not thread-safe.
 */
public final class TimelineBuilder {

  /** More than anybody edits, and few enough to write at once. */
  public static final int MAX_ENTRIES = 10_000;

  private static final int MAX_TIMECODE_RATE = 100;

  private final TimelineOptions options;
  private final Timecode start;
  private final FrameGrid grid;
  private final ReelNames reels = new ReelNames();
  private final List<TimelineSource> sources = new ArrayList<>();
  private final List<TimelineEntry> entries = new ArrayList<>();
  private long recordEnd;

  private TimelineBuilder(TimelineOptions options, Timecode start) {
    this.options = options;
    this.start = start;
    this.grid = new FrameGrid(start.rate());
  }

  /**
   * Of shots that have a clip: each clip is a source, and plays as a whole.
   *
   * @param shots in order of play; those without a clip are left out
   */
  public static Timeline ofClips(String title, List<TimelineShot> shots, TimelineOptions options)
      throws TimelineException {
    List<TimelineShot> cut = shots.stream().filter(shot -> shot.clip() != null).toList();
    if (cut.isEmpty()) {
      throw new TimelineException(
          Reason.EMPTY,
          shots.isEmpty()
              ? "There is nothing to show: no segment that has ended lies in it."
              : "There is nothing to show: none of its segments has a clip that is ready. Their"
                  + " recording may be there: ask for 'media' as 'recording'.");
    }
    TimelineShot first = cut.get(0);
    TimelineBuilder builder =
        new TimelineBuilder(options, start(first.stream(), first.clip().form(), options));
    builder.addClips(cut);
    return builder.build(title);
  }

  /**
   * Of shots as they were recorded: each stream is a source, cut from mark to mark; a cut over an
   * interruption of the recording becomes several.
   *
   * @param shots in order of play; those of which nothing was recorded are left out
   */
  public static Timeline ofRecordings(
      String title,
      List<TimelineShot> shots,
      List<TimelineRecording> recordings,
      TimelineOptions options)
      throws TimelineException {
    Map<String, TimelineRecording> byStream = new HashMap<>();
    recordings.forEach(recording -> byStream.put(recording.stream(), recording));
    List<TimelineShot> held =
        shots.stream()
            .filter(shot -> byStream.containsKey(shot.stream()))
            .filter(shot -> !RecordedSource.parts(byStream.get(shot.stream()), shot).isEmpty())
            .toList();
    if (held.isEmpty()) {
      throw new TimelineException(
          Reason.EMPTY, "There is nothing to show: no segment that has ended was recorded.");
    }
    String stream = held.get(0).stream();
    TimelineBuilder builder =
        new TimelineBuilder(options, start(stream, byStream.get(stream).form(), options));
    builder.addRecorded(held, byStream);
    return builder.build(title);
  }

  private static Timecode start(String stream, SourceForm form, TimelineOptions options)
      throws TimelineException {
    Rational rate = options.rate() != null ? options.rate() : form.rate();
    if (rate == null) {
      throw new TimelineException(
          Reason.UNFIT,
          "The stream '"
              + stream
              + "' does not say how many pictures a second it has; say it as 'rate', such as 25.");
    }
    if (!countable(rate)) {
      throw new TimelineException(
          Reason.UNFIT,
          "Timecode counts up to "
              + MAX_TIMECODE_RATE
              + " frames a second, not "
              + rate
              + "; ask for fewer as 'rate', such as 50.");
    }
    boolean drops = Timecode.drops(rate);
    if (Boolean.TRUE.equals(options.dropFrame()) && !drops) {
      throw new TimelineException(
          Reason.UNFIT,
          "Drop-frame is for 30000/1001 and 60000/1001 frames a second, and these are "
              + rate
              + ".");
    }
    boolean dropFrame = drops && !Boolean.FALSE.equals(options.dropFrame());
    try {
      // People type what is on their keyboard; the way of counting is said by the rate.
      int last = Math.max(0, options.begin().length() - 3);
      String begin =
          options.begin().substring(0, last)
              + options.begin().substring(last).replaceFirst("[:;]", dropFrame ? ";" : ":");
      return Timecode.parse(begin, rate);
    } catch (IllegalArgumentException e) {
      throw new TimelineException(Reason.UNFIT, "'begin': " + e.getMessage() + ".");
    }
  }

  private static boolean countable(Rational rate) {
    return rate.numerator() <= Math.multiplyExact(rate.denominator(), MAX_TIMECODE_RATE);
  }

  private void addClips(List<TimelineShot> shots) {
    Map<TimelineShot.Media, Integer> known = new HashMap<>();
    for (TimelineShot shot : shots) {
      TimelineShot.Media clip = shot.clip();
      FrameGrid frames = gridOf(clip.form());
      long length = frames.nearest(clip.durationMicros());
      if (length < 1) {
        continue;
      }
      Integer source = known.get(clip);
      if (source == null) {
        source = sources.size();
        known.put(clip, source);
        addSource(clip.name(), shot.stream(), clip.url(), clip.startMicros(), length, clip.form());
      }
      List<TimelineMarker> markers = new ArrayList<>();
      // What was copied from the keyframe before, or up to a whole fragment, shows more.
      if (shot.markInMicros() > clip.startMicros()) {
        mark(markers, frames, played(shot, shot.markInMicros()), length, "mark-in");
      }
      if (shot.markOutMicros() < clip.endMicros()) {
        mark(markers, frames, played(shot, shot.markOutMicros()), length, "mark-out");
      }
      recordEnd += grid.nearest(shot.leadMicros());
      addEntry(source, clip.name(), shot, frames, new FrameRange(0, length, 0, 0), markers);
    }
  }

  private static void mark(
      List<TimelineMarker> markers, FrameGrid frames, long micros, long length, String name) {
    long frame = frames.firstFrom(micros);
    if (frame > 0 && frame < length) {
      markers.add(new TimelineMarker(frame, name));
    }
  }

  /** How long a clip has played when a position comes. */
  private static long played(TimelineShot shot, long position) {
    long left =
        shot.gaps().stream()
            .filter(gap -> gap.startMicros() < position)
            .mapToLong(gap -> Math.min(gap.endMicros(), position) - gap.startMicros())
            .sum();
    return position - shot.clip().startMicros() - left;
  }

  private void addRecorded(List<TimelineShot> shots, Map<String, TimelineRecording> recordings) {
    Map<String, Integer> known = new HashMap<>();
    Map<String, RecordedSource> used = new HashMap<>();
    for (TimelineShot shot : shots) {
      RecordedSource recorded =
          used.computeIfAbsent(
              shot.stream(),
              stream ->
                  RecordedSource.of(
                      recordings.get(stream), shots, gridOf(recordings.get(stream).form())));
      Integer source = known.get(shot.stream());
      if (source == null) {
        source = sources.size();
        known.put(shot.stream(), source);
        TimelineRecording recording = recordings.get(shot.stream());
        addSource(
            shot.stream(),
            shot.stream(),
            recording.url(),
            recorded.startMicros(),
            recorded.lengthFrames(),
            recording.form());
      }
      String name = (shot.stream() + " " + shot.label()).strip();
      recordEnd += grid.nearest(shot.leadMicros());
      for (FrameRange range : recorded.ranges(shot, options.handles())) {
        addEntry(source, name, shot, recorded.grid(), range, List.of());
      }
    }
  }

  private void addSource(
      String name, String reel, String url, long startMicros, long lengthFrames, SourceForm form) {
    FrameGrid frames = gridOf(form);
    boolean dropFrame =
        frames.rate().equals(start.rate())
            ? start.dropFrame()
            : Timecode.drops(frames.rate()) && !Boolean.FALSE.equals(options.dropFrame());
    long micros =
        options.sourceTime() == SourceTime.START
            ? 0
            : Positions.instant(startMicros).atZone(options.zone()).toLocalTime().toNanoOfDay()
                / 1_000;
    sources.add(
        new TimelineSource(
            name,
            reels.next(reel),
            url,
            new Timecode(frames.nearest(micros), frames.rate(), dropFrame),
            lengthFrames,
            form.width(),
            form.height(),
            form.audioChannels(),
            form.sampleRate()));
  }

  private void addEntry(
      int source,
      String name,
      TimelineShot shot,
      FrameGrid frames,
      FrameRange range,
      List<TimelineMarker> markers) {
    long length = Math.max(1, frames.in(grid, range.out() - range.in()));
    entries.add(
        new TimelineEntry(
            source,
            name,
            shot.label(),
            shot.segment(),
            range.in(),
            range.out(),
            recordEnd,
            recordEnd + length,
            range.handleIn(),
            range.handleOut(),
            shot.why(),
            markers));
    recordEnd += length;
  }

  /** A source that does not say its rate, or has one that timecode cannot count, takes ours. */
  private FrameGrid gridOf(SourceForm form) {
    return form.rate() == null || !countable(form.rate()) ? grid : new FrameGrid(form.rate());
  }

  private Timeline build(String title) throws TimelineException {
    if (entries.isEmpty()) {
      throw new TimelineException(
          Reason.EMPTY, "There is nothing to show: what was found is shorter than a frame.");
    }
    if (entries.size() > MAX_ENTRIES) {
      throw new TimelineException(
          Reason.UNFIT,
          "A timeline holds up to "
              + MAX_ENTRIES
              + " cuts, not "
              + entries.size()
              + "; ask for a shorter time.");
    }
    return new Timeline(title, start, sources, entries);
  }
}
