package io.sightline.edgecapture;

import io.sightline.edgecapture.CaptureStatus.State;
import io.sightline.media.MediaException;
import io.sightline.records.Positions;

/**
 * Keeps the status of one stream: told by capture threads and the gateway connection, read by
 * anyone.
 */
final class StreamMeter {

  /** Over how long the speed is measured. */
  private static final long SPEED_WINDOW_MICROS = 4 * Positions.MICROS_PER_SECOND;

  private final String stream;
  private final CaptureClock clock;

  private State state = State.STARTING;
  private String reason;
  private MediaException.Reason trouble;
  private boolean gatewayReached;
  private String gatewayReason;
  private String note;
  private String run;
  private String epoch;
  private long startMicros;
  private long positionMicros;
  private long acknowledgedMicros;
  private long durationMicros = -1;
  private long frames;
  private long chunks;
  private long bytes;
  private long droppedFrames;
  private long droppedChunks;
  private long epochs;
  private long lostMicros;

  private long windowAtMicros;
  private long windowPositionMicros;
  private long olderAtMicros;
  private long olderPositionMicros;

  StreamMeter(String stream, CaptureClock clock) {
    this.stream = stream;
    this.clock = clock;
  }

  synchronized void state(State newState, String why) {
    state = newState;
    if (why != null) {
      reason = why;
    }
  }

  /**
   * Trouble with the source.
   *
   * @param newState null when the stream goes on all the same
   */
  synchronized void trouble(State newState, String why, MediaException.Reason kind) {
    state = newState == null ? state : newState;
    reason = why;
    trouble = kind;
  }

  synchronized State state() {
    return state;
  }

  /** Packets arrive. */
  synchronized void delivering() {
    if (state != State.ENDED && state != State.FAILED && state != State.STOPPED) {
      state = State.CONNECTED;
    }
  }

  synchronized void gateway(boolean reached, String why) {
    gatewayReached = reached;
    if (why != null) {
      gatewayReason = why;
    }
  }

  synchronized void note(String sentence) {
    note = sentence;
  }

  synchronized void duration(long micros) {
    durationMicros = micros;
  }

  synchronized void lost(long micros) {
    lostMicros = micros;
  }

  synchronized void begun(EpochStart start) {
    if (epochs++ == 0) {
      startMicros = start.startMicros();
      restartSpeed(start.startMicros());
    }
    run = start.run();
    epoch = start.epoch();
    positionMicros = Math.max(positionMicros, start.startMicros());
  }

  synchronized void read(long position) {
    positionMicros = Math.max(positionMicros, position);
    long now = clock.nowMicros();
    if (now - windowAtMicros >= SPEED_WINDOW_MICROS || now < windowAtMicros) {
      olderAtMicros = windowAtMicros;
      olderPositionMicros = windowPositionMicros;
      windowAtMicros = now;
      windowPositionMicros = positionMicros;
    }
  }

  synchronized void produced(Draft.Kind kind, int size) {
    frames += kind == Draft.Kind.FRAME ? 1 : 0;
    chunks += kind == Draft.Kind.CHUNK ? 1 : 0;
    bytes += size;
  }

  synchronized void dropped(Draft.Kind kind) {
    droppedFrames += kind == Draft.Kind.FRAME ? 1 : 0;
    droppedChunks += kind == Draft.Kind.CHUNK ? 1 : 0;
  }

  synchronized void acknowledged(long position) {
    acknowledgedMicros = Math.max(acknowledgedMicros, position);
  }

  synchronized long acknowledgedMicros() {
    return acknowledgedMicros;
  }

  synchronized long positionMicros() {
    return positionMicros;
  }

  synchronized CaptureStatus snapshot() {
    return new CaptureStatus(
        stream,
        state,
        reason,
        trouble,
        gatewayReached,
        gatewayReason,
        note,
        run,
        epoch,
        startMicros,
        positionMicros,
        acknowledgedMicros,
        durationMicros,
        frames,
        chunks,
        bytes,
        droppedFrames,
        droppedChunks,
        epochs,
        speed(),
        lostMicros);
  }

  private void restartSpeed(long position) {
    windowAtMicros = clock.nowMicros();
    windowPositionMicros = position;
    olderAtMicros = windowAtMicros;
    olderPositionMicros = position;
  }

  private double speed() {
    long elapsed = clock.nowMicros() - olderAtMicros;
    return epochs == 0 || elapsed <= 0
        ? 0
        : (positionMicros - olderPositionMicros) / (double) elapsed;
  }
}
