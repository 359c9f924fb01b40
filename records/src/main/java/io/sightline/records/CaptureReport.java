package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
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
 * @param inputs which are in use, one for each that the stream has; at most {@value #MAX_INPUTS}
 * @param switches how often one of them gave way to another since the agent took the stream
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
    long atMicros,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<InputInUse> inputs,
    long switches) {

  private static final int MAX_INPUTS = 8;
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
    inputs =
        inputs == null
            ? List.of()
            : List.copyOf(inputs.subList(0, Math.min(inputs.size(), MAX_INPUTS)));
  }

  /** Of a stream of which nothing is said about its inputs. */
  public CaptureReport(
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
    this(
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
        atMicros,
        null,
        0);
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
        micros,
        inputs,
        switches);
  }

  /** Whether people would be told the same; numbers that always rise aside. */
  public boolean saysTheSameAs(CaptureReport other) {
    return other != null
        && state == other.state
        && hop == other.hop
        && epochs == other.epochs
        && switches == other.switches
        && inputs.equals(other.inputs)
        && Objects.equals(reason, other.reason)
        && Objects.equals(note, other.note)
        && Objects.equals(epoch, other.epoch);
  }

  /** Whether a backup stands in for one of its inputs. */
  public boolean onBackup() {
    return inputs.stream().anyMatch(InputInUse::backup);
  }

  private static String cut(String text) {
    return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }
}
