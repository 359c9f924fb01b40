package io.sightline.bus;

import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint holds. Stored as four bytes {@code SLC1} (the format and its version), the
 * length of a JSON header as a four-byte number, the header, and the stage's state as it is.
 *
 * @param offsets next record to read, by topic id; a topic that is missing is read from its start
 * @param seen what the sequence filter knows
 */
record CheckpointContent(
    String owner,
    int generation,
    Map<String, Long> offsets,
    List<SequenceFilter.Entry> seen,
    byte[] state) {

  static final CheckpointContent EMPTY =
      new CheckpointContent("", 0, Map.of(), List.of(), new byte[0]);

  static final int MAX_BYTES = 64_000_000;

  private static final byte[] FORMAT = {'S', 'L', 'C', '1'};
  private static final int PREFIX = FORMAT.length + Integer.BYTES;

  private record Header(
      String owner, int generation, Map<String, Long> offsets, List<SequenceFilter.Entry> seen) {}

  CheckpointContent ownedBy(String newOwner, int newGeneration) {
    return new CheckpointContent(newOwner, newGeneration, offsets, seen, state);
  }

  /**
   * @throws IllegalStateException when it is more than a checkpoint may hold
   */
  byte[] encode() {
    byte[] header = Json.encode(new Header(owner, generation, offsets, seen));
    long size = (long) PREFIX + header.length + state.length;
    if (size > MAX_BYTES) {
      throw new IllegalStateException(
          "A checkpoint holds up to " + MAX_BYTES + " bytes; with its state this one has " + size);
    }
    return ByteBuffer.allocate((int) size)
        .put(FORMAT)
        .putInt(header.length)
        .put(header)
        .put(state)
        .array();
  }

  /**
   * @throws MalformedRecordException when the bytes are no checkpoint of this format
   */
  static CheckpointContent decode(byte[] content) {
    if (content.length < PREFIX
        || !Arrays.equals(content, 0, FORMAT.length, FORMAT, 0, FORMAT.length)) {
      throw new MalformedRecordException(
          "The checkpoint does not begin with SLC1: it is damaged, or of a newer version", null);
    }
    int length = ByteBuffer.wrap(content).getInt(FORMAT.length);
    if (length < 0 || length > content.length - PREFIX) {
      throw new MalformedRecordException(
          "The checkpoint's header of " + length + " bytes is longer than the checkpoint", null);
    }
    Header header = Json.decode(Arrays.copyOfRange(content, PREFIX, PREFIX + length), Header.class);
    if (header.offsets() == null || header.seen() == null) {
      throw new MalformedRecordException("The checkpoint's header is not complete", null);
    }
    return new CheckpointContent(
        header.owner(),
        header.generation(),
        header.offsets(),
        header.seen(),
        Arrays.copyOfRange(content, PREFIX + length, content.length));
  }
}
