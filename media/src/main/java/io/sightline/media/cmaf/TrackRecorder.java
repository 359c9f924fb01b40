package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.EpochAxis;
import io.sightline.records.Ids;
import io.sightline.records.InitPart;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One track being recorded: its packets become samples in media time (position - epoch start + 1
 * s), which wait here until they are taken into a chunk. Not thread-safe.
 */
final class TrackRecorder {

  private static final int USUAL_TIMESCALE = 90_000;
  private static final int FINEST_TIMESCALE = 10_000_000;
  private static final int COARSEST_TIMESCALE = 8_000;

  private final SourceTrack source;
  private final int number;
  private final int timescale;
  private final Rational unit;
  private final long originTicks;
  private final SampleFormat format;
  private final Timeline timeline;
  private final String initKeyPrefix;

  private final Deque<TimedSample> samples = new ArrayDeque<>();
  private long sampleBytes;
  private long lastPts = Packet.ABSENT;
  private long lastDuration;
  private boolean started;
  private long firstTicks;
  private boolean leading;
  private long newestTicks = -1;

  private CodecConfig known;
  private TrackInfo info;

  /**
   * @param number 1-based within the epoch
   * @param longest a sample that lasts longer is followed by a gap
   */
  TrackRecorder(
      SourceTrack source,
      int number,
      EpochAxis axis,
      String stream,
      String epoch,
      double longestSeconds)
      throws MediaException {
    this.source = source;
    this.number = number;
    this.timescale = source.isAudio() ? source.sampleRate() : timescaleFor(source.timeBase());
    if (timescale < 1) {
      throw new MediaException(
          MediaException.Reason.MALFORMED, "Track " + number + " does not say its sample rate");
    }
    this.unit = new Rational(1, timescale);
    this.originTicks = Rational.rescale(axis.firstPts(), axis.timeBase(), unit) - timescale;
    this.format = SampleFormat.of(source);
    this.initKeyPrefix = Ids.initKey(stream, epoch, number, "");
    long longest = Math.round(longestSeconds * timescale);
    if (source.isAudio()) {
      this.timeline = new SoundTimeline(timescale, source.parameters().frameSize());
    } else {
      Rational rate = source.frameRate();
      long nominal =
          rate == null || rate.numerator() == 0
              ? 0
              : Rational.rescale(1, new Rational(rate.denominator(), rate.numerator()), unit);
      this.timeline = new PictureTimeline(timescale, source.reorderDepth(), nominal, longest);
    }
  }

  /**
   * A timescale in which the source's times are whole numbers, where one is fine and small enough;
   * so nothing is rounded and nothing drifts.
   */
  static int timescaleFor(Rational timeBase) {
    long denominator = timeBase.denominator();
    if (USUAL_TIMESCALE % denominator == 0 || denominator > FINEST_TIMESCALE) {
      return USUAL_TIMESCALE;
    }
    long timescale = denominator;
    while (timescale < COARSEST_TIMESCALE) {
      timescale *= 2;
    }
    return (int) timescale;
  }

  boolean isVideo() {
    return source.isVideo();
  }

  int number() {
    return number;
  }

  int timescale() {
    return timescale;
  }

  Rational unit() {
    return unit;
  }

  /** Samples whose times are known, oldest first; whoever takes one removes it. */
  TimedSample peek() {
    return samples.peek();
  }

  TimedSample take() {
    TimedSample sample = samples.remove();
    sampleBytes -= sample.data().length;
    return sample;
  }

  long sampleBytes() {
    return sampleBytes;
  }

  /** Up to where samples have come, as media time in ticks; -1 before the first. */
  long newestTicks() {
    return newestTicks;
  }

  void accept(Packet packet) throws MediaException {
    long pts = presentationTime(packet);
    if (pts == Packet.ABSENT || packet.size() == 0) {
      return;
    }
    long ticks = Rational.rescale(pts, source.timeBase(), unit) - originTicks;
    SampleFormat.Formatted sample = format.format(packet);
    if (ticks < 0 || sample.config() == null || sample.data().length == 0) {
      return;
    }
    if (isVideo() && !canBeShown(ticks, sample)) {
      return;
    }
    long duration =
        packet.duration() > 0 ? Rational.rescale(packet.duration(), source.timeBase(), unit) : 0;
    timeline.add(ticks, duration, sample);
    collect();
  }

  void end() {
    timeline.end();
    collect();
  }

  /** What a chunk says of this track when its samples need {@code config}. */
  TrackInfo info(CodecConfig config, ChunkSink sink) throws MediaException {
    if (config != known) {
      byte[] init = config.initPart(timescale, source.language());
      if (init.length > InitPart.MAX_BYTES) {
        throw Mp4Box.malformed("The codec header of track " + number + " is too large");
      }
      String key = initKeyPrefix.replace("-.mp4", "-" + Ids.digest(init) + ".mp4");
      if (info == null || !info.initKey().equals(key)) {
        sink.init(number, key, init);
      }
      known = config;
      info =
          new TrackInfo(
              number,
              source.kind(),
              config.codec(),
              key,
              timescale,
              timeline.delayTicks(),
              config.width(),
              config.height(),
              source.frameRate(),
              source.sampleRate(),
              source.channels(),
              source.language());
    }
    return info;
  }

  /** The newest that has been told, or null before the first chunk with this track. */
  TrackInfo info() {
    return info;
  }

  long delayTicks() {
    return timeline.delayTicks();
  }

  /** Removes the samples before a place, at most up to a change of configuration or a gap. */
  List<TimedSample> takeBefore(long ticks) {
    List<TimedSample> taken = new ArrayList<>();
    while (!samples.isEmpty() && samples.peek().decodeTicks() < ticks) {
      TimedSample next = samples.peek();
      if (!taken.isEmpty() && (next.afterGap() || next.config() != taken.get(0).config())) {
        break;
      }
      taken.add(take());
    }
    return taken;
  }

  private long presentationTime(Packet packet) {
    long pts = packet.pts() == Packet.ABSENT ? packet.dts() : packet.pts();
    if (pts == Packet.ABSENT && lastPts != Packet.ABSENT) {
      pts = lastPts + lastDuration;
    }
    lastPts = pts;
    lastDuration = Math.max(1, packet.duration());
    return pts;
  }

  /** Not before the first keyframe, nor pictures that refer to what was before it. */
  private boolean canBeShown(long ticks, SampleFormat.Formatted sample) {
    if (!started) {
      started = sample.keyframe();
      firstTicks = ticks;
      leading = !sample.clean();
      return started;
    }
    leading &= !sample.keyframe();
    return !leading || ticks > firstTicks;
  }

  private void collect() {
    for (TimedSample next = timeline.poll(); next != null; next = timeline.poll()) {
      samples.add(next);
      sampleBytes += next.data().length;
      newestTicks = next.endTicks() + timeline.delayTicks();
    }
  }
}
