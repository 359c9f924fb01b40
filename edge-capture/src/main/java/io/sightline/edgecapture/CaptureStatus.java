package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.records.CaptureState;

/**
 * How the capture of one stream stands: a snapshot.
 *
 * @param reason the last trouble with the source, or why it ended, as a sentence; null when there
 *     was none
 * @param trouble what kind of trouble it was: {@code UNAUTHORIZED} is a wrong password, {@code
 *     NOT_FOUND} an absent host; null when there was none
 * @param gatewayReached whether items flow to the gateway, or whatever else is sent to, or could
 * @param gatewayReason the last trouble with it, as a sentence; null when there was none
 * @param note what is left out, such as a track that cannot be recorded; null when nothing is
 * @param run null until the first epoch
 * @param epoch the newest; null until there is one
 * @param startMicros where the first epoch began; 0 until there is one
 * @param positionMicros up to which the source has been read
 * @param acknowledgedMicros up to which the gateway has acknowledged
 * @param durationMicros of a file; -1 when unknown or endless
 * @param frames sampled
 * @param chunks recorded
 * @param bytes of both
 * @param droppedFrames lost because the gateway was slow or away for too long
 * @param droppedChunks lost for the same reason; the recording has gaps there
 * @param epochs begun
 * @param mediaSpeed seconds of media read in one second, lately; 1 for a camera
 * @param lostMicros how much of a file could not be read
 * @param damagedPictures that came damaged: left out where each is whole by itself, otherwise
 *     recorded as they came
 * @param skippedFiles of a folder: how many were passed over, or read only in part
 */
public record CaptureStatus(
    String stream,
    CaptureState state,
    String reason,
    MediaException.Reason trouble,
    boolean gatewayReached,
    String gatewayReason,
    String note,
    String run,
    String epoch,
    long startMicros,
    long positionMicros,
    long acknowledgedMicros,
    long durationMicros,
    long frames,
    long chunks,
    long bytes,
    long droppedFrames,
    long droppedChunks,
    long epochs,
    double mediaSpeed,
    long lostMicros,
    long damagedPictures,
    long skippedFiles) {}
