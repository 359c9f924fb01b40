package io.sightline.edgecapture.spool;

import java.io.IOException;

/**
 * One record of an epoch, as it lies on disk. Safe for use by any thread.
 *
 * @param lane which of the epoch's logs holds it
 * @param kind the caller's own mark, 0 to 127
 * @param ordinal its place in the epoch: 0, 1, 2, …
 * @param atMicros wall clock when it was written
 * @param endMicros the caller's: up to which position the epoch is known with it
 * @param offset of its first byte in the file
 */
public record SpoolRecord(
    SpoolLane lane,
    byte kind,
    long ordinal,
    long atMicros,
    long endMicros,
    SpoolSegment segment,
    long offset,
    int headerBytes,
    int payloadBytes) {

  /**
   * Reads what was given as its payload. Blocks.
   *
   * @throws IOException when it cannot be read, or is not what was written
   */
  public byte[] payload() throws IOException {
    return segment.payload(this);
  }

  /** It is needed no more. The file goes with the last of its records. */
  public void release() {
    segment.release(ordinal);
  }

  /** It was given up. The file goes with the last of its records. */
  void drop() {
    segment.drop();
  }
}
