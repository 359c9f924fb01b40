package io.sightline.edgecapture;

import io.sightline.edgecapture.Draft.Kind;
import io.sightline.media.cmaf.ChunkSink;
import io.sightline.media.cmaf.WrittenChunk;
import io.sightline.media.picture.SampledFrame;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.InitPart;
import io.sightline.records.Marker;
import io.sightline.records.Profile;

/**
 * Makes items of what is read, for one epoch. A thread that is interrupted while it waits for room
 * stays interrupted and the item is not sent: whoever reads stops then.
 */
final class EpochWriter implements ChunkSink {

  /** What an item has until it is handed to the wire. */
  static final long UNNUMBERED = 0;

  private final EpochQueue queue;
  private final EpochStart start;
  private final StreamMeter meter;
  private final CaptureClock clock;
  private final SinkLimits limits;
  private Profile profile;

  /** Frames of an epoch are made by one thread; another reads it once that epoch is over. */
  private volatile long lastFrameMicros;

  /**
   * @param afterMicros no frame is written up to there: the epoch before has them
   */
  EpochWriter(
      EpochQueue queue,
      Profile profile,
      long afterMicros,
      StreamMeter meter,
      CaptureClock clock,
      SinkLimits limits) {
    this.lastFrameMicros = afterMicros;
    this.queue = queue;
    this.start = queue.start();
    this.profile = profile;
    this.meter = meter;
    this.clock = clock;
    this.limits = limits;
  }

  EpochStart start() {
    return start;
  }

  /** Position of the last frame, here or in an epoch before; -1 when there was none. */
  long lastFrameMicros() {
    return lastFrameMicros;
  }

  /** Whether more may be written; false once it has ended, here or by the gateway. */
  boolean open() {
    return queue.open();
  }

  @Override
  public void init(int track, String key, byte[] content) {
    put(
        new Draft(
            Kind.ESSENTIAL,
            start.startMicros(),
            content,
            new InitPart(
                start.stream(),
                start.epoch(),
                start.run(),
                UNNUMBERED,
                start.startMicros(),
                track,
                key)));
  }

  @Override
  public void chunk(WrittenChunk chunk) {
    long captured = clock.nowMicros();
    meter.produced(Kind.CHUNK, chunk.content().length);
    put(
        new Draft(
            Kind.CHUNK,
            chunk.positionMicros() + chunk.durationMicros(),
            chunk.content(),
            new ChunkInfo(
                start.stream(),
                start.epoch(),
                start.run(),
                UNNUMBERED,
                chunk.positionMicros(),
                chunk.durationMicros(),
                captured,
                Ids.chunkKey(start.stream(), start.epoch(), UNNUMBERED),
                chunk.content().length,
                chunk.tracks(),
                chunk.fragments())));
  }

  /**
   * @param turned degrees clockwise beyond what the source asks for
   * @param capturedMicros when its packet arrived
   */
  void frame(SampledFrame frame, int turned, long positionMicros, long capturedMicros) {
    if (positionMicros <= lastFrameMicros) {
      return;
    }
    lastFrameMicros = positionMicros;
    meter.produced(Kind.FRAME, frame.jpeg().length);
    if (frame.jpeg().length > limits.maxFrameBytes()) {
      meter.tooLarge(frame.jpeg().length, positionMicros, limits);
      return;
    }
    put(
        new Draft(
            Kind.FRAME,
            positionMicros,
            frame.jpeg(),
            new FrameInfo(
                start.stream(),
                start.epoch(),
                start.run(),
                UNNUMBERED,
                positionMicros,
                capturedMicros,
                frame.width(),
                frame.height(),
                frame.jpeg().length,
                frame.keyframe(),
                turned)));
  }

  /** Announces another profile from a position on, unless it is the one in force. */
  synchronized void profile(Profile changed, long positionMicros) {
    if (!changed.equals(profile)) {
      profile = changed;
      mark(Marker.Kind.PROFILE, positionMicros, changed, null);
    }
  }

  void stalled(long positionMicros, String reason) {
    mark(Marker.Kind.STALLED, positionMicros, null, reason);
  }

  private void mark(Marker.Kind kind, long positionMicros, Profile with, String reason) {
    long position = Math.max(positionMicros, start.startMicros());
    put(
        new Draft(
            Kind.ESSENTIAL,
            position,
            Draft.NOTHING,
            new Marker(
                kind,
                start.stream(),
                start.epoch(),
                start.run(),
                UNNUMBERED,
                position,
                null,
                with,
                reason,
                0)));
  }

  private void put(Draft draft) {
    try {
      queue.put(draft);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
