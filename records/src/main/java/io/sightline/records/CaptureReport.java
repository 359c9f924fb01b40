package io.sightline.records;

import java.util.Objects;

/**
 * How the capture of one stream stands, as its agent reports it.
 *
 * @param hop where it fails; null when nothing fails
 * @param reason the last trouble there, as a sentence without credentials; null when there was
 *     none; cut at {@value #MAX_TEXT} characters
 * @param note what is left out, such as a track that cannot be recorded; null when nothing is; cut
 *     likewise
 * @param epoch the newest; null until there is one
 * @param positionMicros up to which the source has been read; 0 until there is an epoch
 * @param acknowledgedMicros up to which the gateway has acknowledged
 * @param epochs begun since the agent took the stream: one more than reconnects
 * @param frames sampled
 * @param chunks recorded
 * @param bytes of both
 * @param droppedFrames given up because they had waited too long or there was no room
 * @param droppedChunks given up for the same reason; the recording has gaps there
 * @param atMicros when the gateway heard it; 0 on its way there
 */
public record CaptureReport(
    String stream,
    String agent,
    CaptureState state,
    CaptureHop hop,
    String reason,
    String note,
    String epoch,
    long positionMicros,
    long acknowledgedMicros,
    long epochs,
    long frames,
    long chunks,
    long bytes,
    long droppedFrames,
    long droppedChunks,
    long atMicros) {

  private static final int MAX_TEXT = 1_000;

  public CaptureReport {
    Ids.requireName("stream", stream);
    Ids.requireName("agent", agent);
    if (state == null) {
      throw new IllegalArgumentException("The report of '" + stream + "' has no state");
    }
    if (epoch != null) {
      Ids.requireId("epoch", epoch);
    }
    reason = cut(reason);
    note = cut(note);
  }

  /** The same, heard at a time. */
  public CaptureReport heard(long micros) {
    return new CaptureReport(
        stream,
        agent,
        state,
        hop,
        reason,
        note,
        epoch,
        positionMicros,
        acknowledgedMicros,
        epochs,
        frames,
        chunks,
        bytes,
        droppedFrames,
        droppedChunks,
        micros);
  }

  /** Whether people would be told the same; numbers that always rise aside. */
  public boolean saysTheSameAs(CaptureReport other) {
    return other != null
        && state == other.state
        && hop == other.hop
        && epochs == other.epochs
        && Objects.equals(reason, other.reason)
        && Objects.equals(note, other.note)
        && Objects.equals(epoch, other.epoch);
  }

  private static String cut(String text) {
    return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }
}
