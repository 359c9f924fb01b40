package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.picture.FrameSampler;
import io.sightline.media.picture.JpegSettings;
import io.sightline.media.picture.SampledFrame;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.EpochAxis;
import io.sightline.records.PictureOptions;
import io.sightline.records.Profile;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One opened input: its packets become chunks and frames of the stream's current epoch. The leading
 * input begins epochs, at keyframes; another one joins the epoch that it finds, at a keyframe of
 * its own, with an axis that begins where it does. What comes while it is another one's turn is
 * left out. One thread, and whoever takes its turn away. The source is the caller's.
 */
final class Feed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  /** Tracks that stray further than this from the leading one are left out. */
  private static final long MAX_STRAY_MICROS = TimestampWatch.MAX_FORWARD_MICROS;

  /** Sources without decode times show pictures out of order by less than this. */
  private static final long REORDER_MICROS = 1_000_000;

  /** Wider than this, pictures cost more than any analyzer sees in them. */
  private static final JpegSettings JPEG = JpegSettings.DEFAULTS.withMaxWidth(3_840);

  /** A constant, since the order of frames among chunks depends on it. */
  private static final int FILE_DECODER_THREADS = 2;

  private final PacketSource source;
  private final TrackChoice choice;
  private final EpochLine line;
  private final CaptureClock clock;
  private final Turn turn;
  private final boolean leading;
  private final Joining joining;
  private final Pacer pacer;
  private final Duration chunkTarget;

  /** Whether its packets come as they are captured, so that their times go by the clock. */
  private final boolean timed;

  private final Arrivals arrivals;

  private final Map<Integer, TrackTimes> tracks = new HashMap<>();

  private EpochWriter writer;
  private EpochAxis axis;
  private Recording recording;
  private FrameSampler sampler;
  private Profile sampledFor;
  private PictureOptions sampledWith;
  private TimestampWatch watch;
  private boolean lostTheThread;
  private String newEpochBecause;
  private long lastLeadingMicros;
  private final Map<Integer, Long> lastDecodeTimes = new HashMap<>();

  private boolean delivered;
  private long positionMicros;
  private long damaged;
  private boolean saidUnrecorded;

  /**
   * @param turn whether the stream is made of it
   * @param leading whether it begins and ends the epochs
   * @param paced whether it is held back to the pace at which it plays
   */
  Feed(
      PacketSource source,
      TrackChoice choice,
      EpochLine line,
      CaptureClock clock,
      Turn turn,
      boolean leading,
      boolean paced,
      Duration chunkTarget) {
    this.source = source;
    this.choice = choice;
    this.line = line;
    this.clock = clock;
    this.turn = turn;
    this.leading = leading;
    this.joining = new Joining(line, turn, leading);
    this.pacer = paced ? new Pacer(clock) : null;
    this.chunkTarget = chunkTarget;
    this.timed = source.capturedMicros() < 0;
    this.arrivals = new Arrivals(clock.nowMicros(), source.receivedForMicros());
    for (SourceTrack track : source.tracks()) {
      if (track.index() == choice.leading().index()
          || choice.recorded().stream().anyMatch(taken -> taken.index() == track.index())) {
        tracks.put(track.index(), new TrackTimes(track));
      }
    }
    this.positionMicros = line.reachedMicros();
  }

  /** Whether anything of it has become part of an epoch. */
  boolean delivered() {
    return delivered;
  }

  /** How many packets came damaged, or could not be recorded. */
  long damaged() {
    return damaged;
  }

  /** Up to which position it has been read. */
  long positionMicros() {
    return positionMicros;
  }

  /**
   * Reads and works off one packet.
   *
   * @return false at the clean end of the source
   * @throws InterruptedException when the reading thread was interrupted: the stream is stopped
   */
  boolean step() throws MediaException, InterruptedException {
    Packet packet = source.next();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (packet == null) {
      return false;
    }
    TrackTimes times = tracks.get(packet.track());
    if (times == null || TrackTimes.decodeTime(packet) == Packet.ABSENT) {
      return true;
    }
    if (pacer != null) {
      pacer.await(times.micros(TrackTimes.decodeTime(packet)));
    }
    turn.enter();
    try {
      accept(packet, times);
    } finally {
      turn.leave();
    }
    return true;
  }

  /**
   * Writes what is still held back, for the epoch that it belongs to. Within {@link Turn#enter()}.
   */
  void finish() {
    try {
      if (recording != null) {
        recording.finish();
      }
    } catch (MediaException e) {
      LOG.warn("{}: the last chunk cannot be written: {}", stream(), e.getMessage());
    }
    closeRecording();
    finishSampling();
    writer = null;
  }

  /** Gives native memory back; what is held back is lost. */
  @Override
  public void close() {
    turn.enter();
    try {
      closeRecording();
      closeSampler();
    } finally {
      turn.leave();
    }
  }

  private void accept(Packet packet, TrackTimes times) throws MediaException {
    if (packet.corrupt()) {
      // It is kept as it came: what is missing in it is for the decoder to conceal.
      damaged++;
    }
    long now = clock.nowMicros();
    long arrival =
        timed
            ? arrivals.arrival(times.micros(TrackTimes.decodeTime(packet)), now)
            : source.capturedMicros();
    boolean main = packet.track() == choice.leading().index();
    boolean keyframe = main && (packet.keyframe() || choice.leading().isAudio());
    boolean mine = main ? turn.heard(this, keyframe, now) : turn.mine();
    if (leading && (mine || turn.nobodys())) {
      line.heard(now);
    }
    if (!mine) {
      return;
    }
    if (main) {
      watch(packet, times.micros(TrackTimes.decodeTime(packet)), arrival);
    }
    if (keyframe) {
      turn(packet, times, arrival);
    }
    if (writer == null || lostTheThread) {
      return;
    }
    long position = axis.in(times.track().timeBase()).positionMicros(TrackTimes.shownTime(packet));
    if (main) {
      joining.learn(writer, packet, position, arrival);
    }
    boolean before =
        times.track().isVideo()
            ? position < writer.start().startMicros()
            : position + times.durationMicros(packet) <= writer.start().startMicros();
    if (before && !joining.reachesBack() || strays(packet, position)) {
      return;
    }
    deliver(packet, times, position, arrival);
  }

  /** Notices what ends the epoch. */
  private void watch(Packet packet, long decodeMicros, long arrival) {
    if (writer == null) {
      return;
    }
    switch (watch.check(decodeMicros, arrival)) {
      case JUMPED -> {
        lostTheThread = true;
        newEpochBecause = "the timestamps of the source jumped";
      }
      case DRIFTED -> newEpochBecause = "the source's time drifted from the clock";
      case STEADY -> {}
    }
    if (leading && !writer.open() && newEpochBecause == null) {
      newEpochBecause = "the gateway ended it";
    }
    if (leading && newEpochBecause == null) {
      newEpochBecause = line.renewal();
    }
  }

  /** At a keyframe: begins or joins an epoch where that is due, and takes on a new profile. */
  private void turn(Packet packet, TrackTimes times, long arrival) throws MediaException {
    if (!leading && line.current() == null) {
      lostTheThread = true;
      return;
    }
    if (leading ? writer == null || newEpochBecause != null : writer != line.current()) {
      if (leading && line.live() && !line.mayBegin()) {
        return;
      }
      String why = newEpochBecause;
      finish();
      writer = leading ? begin(arrival, why) : line.current();
      start(packet, times, leading ? writer.start().startMicros() : joined(packet, arrival));
    } else if (newEpochBecause != null) {
      finishSampling();
      start(packet, times, line.live() ? joined(packet, arrival) : positionMicros);
    }
    Profile profile = line.profile();
    if (!profile.equals(sampledFor)) {
      long position =
          axis.in(times.track().timeBase()).positionMicros(TrackTimes.shownTime(packet));
      finishSampling();
      writer.profile(profile, position);
      sampledFor = profile;
    }
    PictureOptions pictures = line.pictures();
    if (!pictures.equals(sampledWith)) {
      finishSampling();
      sampledWith = pictures;
    }
    if (sampler == null && choice.sampled() != null) {
      sampler =
          new FrameSampler(
              choice.sampled(),
              profile.sample(),
              JPEG.with(pictures),
              line.live() ? 1 : FILE_DECODER_THREADS);
    }
  }

  private long joined(Packet packet, long arrival) {
    return joining.position(writer.start(), packet, arrival, positionMicros);
  }

  private EpochWriter begin(long arrival, String why) {
    String tookOver = turn.tookOver();
    if (tookOver != null) {
      line.note(choice.note());
    }
    return line.begin(arrival, tookOver == null ? why : tookOver, tookOver);
  }

  private void start(Packet packet, TrackTimes times, long anchorMicros) throws MediaException {
    SourceTrack track = times.track();
    axis = new EpochAxis(anchorMicros, TrackTimes.shownTime(packet), track.timeBase());
    watch =
        new TimestampWatch(
            line.live() && timed, packet.dts() == Packet.ABSENT ? REORDER_MICROS : 0);
    lastLeadingMicros = anchorMicros;
    lastDecodeTimes.clear();
    arrivals.forget();
    lostTheThread = false;
    newEpochBecause = null;
    if (!choice.recorded().isEmpty()) {
      recording = new Recording(choice, axis, writer, line, chunkTarget);
    }
    delivered = true;
  }

  private boolean strays(Packet packet, long position) {
    if (packet.track() == choice.leading().index()) {
      lastLeadingMicros = position;
    } else if (Math.abs(position - lastLeadingMicros) > MAX_STRAY_MICROS) {
      return true;
    }
    long decode = TrackTimes.decodeTime(packet);
    if (packet.dts() == Packet.ABSENT) {
      return false;
    }
    Long before = lastDecodeTimes.put(packet.track(), decode);
    if (before != null && decode < before) {
      lastDecodeTimes.put(packet.track(), before);
      return true;
    }
    return false;
  }

  private void deliver(Packet packet, TrackTimes times, long position, long arrival)
      throws MediaException {
    positionMicros = Math.max(positionMicros, position + times.durationMicros(packet));
    if (leading) {
      line.reached(positionMicros);
    }
    if (recording != null) {
      record(packet, position);
    }
    if (sampler != null && packet.track() == choice.sampled().index()) {
      arrivals.remember(TrackTimes.shownTime(packet), arrival);
      try {
        sampler.accept(packet, this::sampled);
      } catch (MediaException e) {
        // What cannot be decoded is still recorded; sampling begins again at the next keyframe.
        LOG.warn("{}: at {}: {}", stream(), position, e.getMessage());
        closeSampler();
      }
    }
  }

  private void record(Packet packet, long position) {
    try {
      recording.accept(packet);
    } catch (MediaException e) {
      // This packet is left out; the next may be sound.
      if (!saidUnrecorded) {
        saidUnrecorded = true;
        LOG.warn("{}: at {}: {}", stream(), position, e.getMessage());
      }
      damaged++;
    }
  }

  private void closeRecording() {
    if (recording != null) {
      recording.close();
      recording = null;
    }
  }

  private void sampled(SampledFrame frame) {
    long position = axis.in(choice.sampled().timeBase()).positionMicros(frame.pts());
    if (writer == null || position < writer.start().startMicros()) {
      return;
    }
    long captured = arrivals.captured(frame.pts(), clock.nowMicros());
    writer.frame(frame, sampledWith.rotate(), position, captured);
  }

  private void finishSampling() {
    if (sampler != null) {
      try {
        sampler.finish(this::sampled);
      } catch (MediaException e) {
        LOG.warn("{}: the last frames cannot be decoded: {}", stream(), e.getMessage());
      }
      closeSampler();
    }
  }

  private void closeSampler() {
    if (sampler != null) {
      sampler.close();
      sampler = null;
    }
  }

  private String stream() {
    return writer == null ? "" : writer.start().stream();
  }
}
