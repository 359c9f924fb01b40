package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.records.CaptureHop;
import io.sightline.records.CaptureReport;
import io.sightline.records.CaptureState;
import io.sightline.records.Positions;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the status of one stream: told by capture threads and the gateway connection, read by
 * anyone.
 */
final class StreamMeter {

  private static final Logger LOG = LoggerFactory.getLogger(StreamMeter.class);

  /** Over how long the speed is measured. */
  private static final long SPEED_WINDOW_MICROS = 4 * Positions.MICROS_PER_SECOND;

  private final String stream;
  private final CaptureClock clock;
  private final InputsInUse inputs = new InputsInUse();

  private CaptureState state = CaptureState.STARTING;
  private String reason;
  private MediaException.Reason trouble;
  private boolean gatewayReached;
  private String gatewayReason;
  private String note;
  private String notTaken;
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
  private long damagedPictures;
  private long skippedFiles;
  private String lastSkipped;
  private long largeFrames;
  private String lastLarge;

  private long windowAtMicros;
  private long windowPositionMicros;
  private long olderAtMicros;
  private long olderPositionMicros;

  StreamMeter(String stream, CaptureClock clock) {
    this.stream = stream;
    this.clock = clock;
  }

  /** Which inputs the stream is made of. */
  InputsInUse inputs() {
    return inputs;
  }

  synchronized void state(CaptureState newState, String why) {
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
  synchronized void trouble(CaptureState newState, String why, MediaException.Reason kind) {
    state = newState == null ? state : newState;
    reason = why;
    trouble = kind;
  }

  synchronized CaptureState state() {
    return state;
  }

  /** Packets arrive. */
  synchronized void delivering() {
    if (state != CaptureState.ENDED
        && state != CaptureState.FAILED
        && state != CaptureState.STOPPED) {
      state = CaptureState.CONNECTED;
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

  /** What the place that is sent to does not take, though it is asked for. */
  synchronized void notTaken(String sentence) {
    notTaken = sentence;
  }

  /** A frame is larger than what is taken: it counts as dropped. */
  synchronized void tooLarge(int size, long position, SinkLimits limits) {
    droppedFrames++;
    lastLarge =
        size
            + " bytes at "
            + Positions.instant(position)
            + ", where "
            + limits.place()
            + " takes "
            + limits.maxFrameBytes();
    if (largeFrames++ == 0) {
      LOG.warn("{}: a frame is too large and is left out: {}", stream, lastLarge);
    }
  }

  /** A file of a folder was passed over, or broke off. */
  synchronized void skipped(String sentence) {
    skippedFiles++;
    lastSkipped = sentence;
  }

  synchronized void duration(long micros) {
    durationMicros = micros;
  }

  synchronized void lost(long micros) {
    lostMicros = micros;
  }

  /** Further pictures that arrived damaged. */
  synchronized void damaged(long pictures) {
    damagedPictures += pictures;
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
        noted(),
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
        lostMicros,
        damagedPictures,
        skippedFiles);
  }

  /** For the gateway. */
  synchronized CaptureReport report(String agent) {
    boolean source =
        state == CaptureState.STALLED
            || state == CaptureState.RECONNECTING
            || state == CaptureState.FAILED;
    boolean sending = state != CaptureState.ENDED && state != CaptureState.STOPPED;
    boolean gateway = !source && sending && !gatewayReached && gatewayReason != null;
    CaptureHop hop = source ? CaptureHop.SOURCE : gateway ? CaptureHop.GATEWAY : null;
    return new CaptureReport(
        stream,
        agent,
        state,
        hop,
        hop == CaptureHop.GATEWAY ? gatewayReason : reason,
        noted(),
        epoch,
        positionMicros,
        acknowledgedMicros,
        epochs,
        frames,
        chunks,
        bytes,
        droppedFrames,
        droppedChunks,
        0,
        inputs.list(),
        inputs.switches());
  }

  private String noted() {
    List<String> notes = new ArrayList<>();
    if (notTaken != null) {
      notes.add(notTaken);
    }
    if (note != null) {
      notes.add(note);
    }
    if (skippedFiles > 0) {
      notes.add(
          (skippedFiles == 1 ? "A file was" : skippedFiles + " files were")
              + " not read, or only in part; the last: "
              + lastSkipped);
    }
    if (largeFrames > 0) {
      notes.add(
          (largeFrames == 1 ? "A frame was" : largeFrames + " frames were")
              + " too large and left out; the last: "
              + lastLarge);
    }
    return notes.isEmpty() ? null : String.join(". ", notes);
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
