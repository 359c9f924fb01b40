package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.EpochAxis;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Writes the packets of one epoch as chunks, without encoding anything: CMAF fragments of one track
 * each, all fragments of the first track first. A chunk closes at the first keyframe after its
 * target duration, inside a GOP at twice the target, and earlier when it becomes too large.
 *
 * <p>The first video track is recorded as track 1; all audio tracks follow, numbered in the order
 * of the source. Further video tracks and tracks that the writer was not given are ignored. Media
 * time is position - epoch start + 1 s, decode times run on from chunk to chunk.
 *
 * <p>Used by one thread. Holds at most about two chunks in memory.
 */
public final class ChunkWriter {

  /** A chunk larger than this is closed at once. */
  static final long MAX_CHUNK_BYTES = 16L * 1024 * 1024;

  private static final int MAX_FRAGMENTS = 100;

  /** FFmpeg's names. */
  private static final Set<String> COPIED =
      Set.of("h264", "hevc", "av1", "vp9", "aac", "opus", "mp3", "ac3");

  private final EpochAxis axis;
  private final Duration target;
  private final Map<Integer, TrackRecorder> bySource = new HashMap<>();
  private final List<TrackRecorder> tracks = new ArrayList<>();
  private final TrackRecorder video;
  private final List<TrackRecorder> sounds;
  private final Deque<PictureRun> closed = new ArrayDeque<>();
  private PictureRun open = new PictureRun();
  private int sequence;
  private boolean finished;

  /**
   * @param tracks of the source, or those of them that are to be recorded
   * @param axis of the first video track, or of the first audio track where there is no video
   * @param stream name of the stream, for object keys
   * @param epoch name of the epoch, for object keys
   * @param target 1 to 10 seconds
   * @throws MediaException UNSUPPORTED when a codec cannot be recorded as it is, or when there is
   *     nothing to record
   */
  public ChunkWriter(
      List<SourceTrack> tracks, EpochAxis axis, String stream, String epoch, Duration target)
      throws MediaException {
    if (target.toMillis() < 1_000 || target.toMillis() > 10_000) {
      throw new IllegalArgumentException("Chunks last 1 to 10 seconds, not " + target);
    }
    this.axis = axis;
    this.target = target;
    double longest = 2 * target.toMillis() / 1_000.0;
    List<SourceTrack> chosen = new ArrayList<>();
    tracks.stream().filter(SourceTrack::isVideo).findFirst().ifPresent(chosen::add);
    tracks.stream().filter(SourceTrack::isAudio).forEach(chosen::add);
    if (chosen.isEmpty()) {
      throw new MediaException(
          MediaException.Reason.UNSUPPORTED, "The source has neither pictures nor sound");
    }
    for (SourceTrack source : chosen) {
      TrackRecorder track =
          new TrackRecorder(source, this.tracks.size() + 1, axis, stream, epoch, longest);
      this.tracks.add(track);
      bySource.put(source.index(), track);
    }
    this.video = this.tracks.get(0).isVideo() ? this.tracks.get(0) : null;
    this.sounds = this.tracks.stream().filter(track -> !track.isVideo()).toList();
  }

  /** Whether a track can be recorded as it is; others are encoded first. */
  public static boolean copies(SourceTrack track) {
    return COPIED.contains(track.codec());
  }

  /**
   * Takes the next packet, in the order of the source.
   *
   * @param packet is not kept
   * @param sink takes what became complete
   * @throws MediaException MALFORMED when its bytes are not of its codec; the packet is left out
   *     and the next may follow
   */
  public void accept(Packet packet, ChunkSink sink) throws MediaException {
    if (finished) {
      throw new IllegalStateException("This epoch has been finished");
    }
    TrackRecorder track = bySource.get(packet.track());
    if (track == null) {
      return;
    }
    if (packet.size() > MAX_CHUNK_BYTES) {
      throw Mp4Box.malformed(
          "A packet of " + packet.size() + " bytes is larger than a chunk may be");
    }
    track.accept(packet);
    collect();
    emit(sink);
  }

  /** Writes what is left, complete; nothing more may come. */
  public void finish(ChunkSink sink) throws MediaException {
    if (finished) {
      return;
    }
    finished = true;
    tracks.forEach(TrackRecorder::end);
    collect();
    close();
    emit(sink);
    emitSound(Long.MAX_VALUE, Long.MAX_VALUE, sink);
  }

  private void collect() {
    while (video != null && video.peek() != null) {
      TimedSample next = video.peek();
      if (!open.isEmpty() && closesBefore(next)) {
        close();
      }
      open.add(video.take());
    }
  }

  private boolean closesBefore(TimedSample next) {
    long targetTicks = ticks(target.toMillis(), 1_000, video);
    return next.afterGap()
        || next.config() != open.config()
        || next.endTicks() - open.startTicks() > 2 * targetTicks
        || open.bytes() + next.data().length > MAX_CHUNK_BYTES
        || (next.keyframe()
            && (next.decodeTicks() - open.startTicks() >= targetTicks
                || open.gops().size() >= MAX_FRAGMENTS));
  }

  private void close() {
    if (!open.isEmpty()) {
      closed.add(open);
      open = new PictureRun();
    }
  }

  private void emit(ChunkSink sink) throws MediaException {
    if (soundAlone()) {
      close();
      emitRuns(true, sink);
      long behind = sounds.size() > 1 ? sounds.get(0).timescale() : 0;
      emitSound(newestSound() - behind - targetTicks(), Long.MAX_VALUE, sink);
    } else {
      emitRuns(finished, sink);
    }
  }

  /** Whether there is no video, or none any more, so that sound must not wait for it. */
  private boolean soundAlone() {
    if (sounds.isEmpty() || sounds.get(0).peek() == null) {
      return false;
    }
    if (video == null) {
      return true;
    }
    long patience = 2 * targetTicks() + 2L * sounds.get(0).timescale();
    long seen = video.newestTicks() < 0 ? sounds.get(0).peek().decodeTicks() : videoInSound();
    return newestSound() - seen > patience;
  }

  private long videoInSound() {
    return Rational.rescale(video.newestTicks(), video.unit(), sounds.get(0).unit());
  }

  private long newestSound() {
    return sounds.get(0).newestTicks();
  }

  private long targetTicks() {
    return ticks(target.toMillis(), 1_000, sounds.get(0));
  }

  private void emitRuns(boolean all, ChunkSink sink) throws MediaException {
    while (!closed.isEmpty() && (all || soundHasCome(closed.peek()))) {
      PictureRun run = closed.remove();
      long start = run.startTicks() + video.delayTicks();
      long end = run.endTicks() + video.delayTicks();
      if (!sounds.isEmpty()) {
        leaveOutSoundBefore(start);
        long startInSound = ticks(start, video.timescale(), sounds.get(0));
        long endInSound = ticks(end, video.timescale(), sounds.get(0));
        // What was heard in a gap of the pictures would make too long a media segment.
        emitSound(endInSound - 2 * targetTicks() - 1, startInSound, sink);
      }
      ChunkContent content = new ChunkContent(axis);
      TrackInfo info = video.info(run.config(), sink);
      for (List<TimedSample> gop : run.gops()) {
        content.add(video, gop, ++sequence);
      }
      addSound(content, finished && closed.isEmpty() ? lastEnd(start, end) : end, video, sink);
      sink.chunk(content.written(known(info)));
    }
  }

  /** Sound that outlasts the last picture by a little still goes into its chunk. */
  private long lastEnd(long start, long end) {
    long longest = start + 2 * ticks(target.toMillis(), 1_000, video);
    for (TrackRecorder sound : sounds) {
      if (ticks(sound.newestTicks(), sound.timescale(), video) > longest) {
        return end;
      }
    }
    return longest;
  }

  /** Sound is interleaved behind its pictures; a second of video later it is taken as missing. */
  private boolean soundHasCome(PictureRun run) {
    long end = run.endTicks() + video.delayTicks();
    long heldBytes = closed.stream().mapToLong(PictureRun::bytes).sum() + open.bytes();
    if (video.newestTicks() - end > video.timescale() || heldBytes > 2 * MAX_CHUNK_BYTES) {
      return true;
    }
    return sounds.stream()
        .allMatch(sound -> sound.newestTicks() >= ticks(end, video.timescale(), sound));
  }

  private void leaveOutSoundBefore(long start) {
    if (sequence == 0) {
      for (TrackRecorder sound : sounds) {
        long limit = ticks(start, video.timescale(), sound);
        while (sound.peek() != null && sound.peek().endTicks() <= limit) {
          sound.take();
        }
      }
    }
  }

  /**
   * Writes chunks of sound alone, each of the target duration, as long as sound waits that begins
   * at or before a place. Both places are in ticks of the first sound track.
   *
   * @param from that place
   * @param before what begins at or after this is not taken
   */
  private void emitSound(long from, long before, ChunkSink sink) throws MediaException {
    for (Long oldest = oldestSound();
        oldest != null && oldest <= from && oldest < before;
        oldest = oldestSound()) {
      long end = Math.min(oldest + targetTicks(), before);
      if (finished && newestSound() - end < targetTicks() / 2) {
        end = Math.max(end, Math.min(newestSound() + targetTicks() / 2, before));
      }
      ChunkContent content = new ChunkContent(axis);
      addSound(content, end, sounds.get(0), sink);
      sink.chunk(content.written(known(null)));
    }
  }

  private Long oldestSound() {
    Long oldest = null;
    for (TrackRecorder sound : sounds) {
      if (sound.peek() != null) {
        long at = Rational.rescale(sound.peek().decodeTicks(), sound.unit(), sounds.get(0).unit());
        oldest = oldest == null ? at : Math.min(oldest, at);
      }
    }
    return oldest;
  }

  private void addSound(ChunkContent content, long end, TrackRecorder clock, ChunkSink sink)
      throws MediaException {
    for (TrackRecorder sound : sounds) {
      long limit = ticks(end, clock.timescale(), sound);
      CodecConfig config = sound.peek() == null ? null : sound.peek().config();
      List<TimedSample> samples = sound.takeBefore(limit);
      if (!samples.isEmpty()) {
        sound.info(config, sink);
      }
      // Another configuration waits for the next chunk: a chunk names one init part per track.
      while (!samples.isEmpty()) {
        content.add(sound, samples, ++sequence);
        boolean same = sound.peek() != null && sound.peek().config() == config;
        samples = same ? sound.takeBefore(limit) : List.of();
      }
    }
  }

  private List<TrackInfo> known(TrackInfo pictures) {
    List<TrackInfo> known = new ArrayList<>();
    for (TrackRecorder track : tracks) {
      known.add(track == video && pictures != null ? pictures : track.info());
    }
    known.removeIf(Objects::isNull);
    return known;
  }

  private static long ticks(long value, int timescale, TrackRecorder track) {
    return Rational.rescale(value, new Rational(1, timescale), track.unit());
  }
}
