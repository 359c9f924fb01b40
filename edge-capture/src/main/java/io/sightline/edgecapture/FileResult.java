package io.sightline.edgecapture;

/**
 * A file, or all files of a folder, that have been read to their end, and all of which the gateway
 * has acknowledged.
 *
 * @param epoch the last one of the file; it has more than one when its timestamps jump; null when
 *     all of a folder had been taken before
 * @param startMicros position of its first picture
 * @param endMicros position after its last
 * @param lostMicros how much of it could not be read; 0 when all could
 * @param reason why it ended, for people
 */
public record FileResult(
    String stream,
    String run,
    String epoch,
    long startMicros,
    long endMicros,
    long lostMicros,
    String reason) {}
