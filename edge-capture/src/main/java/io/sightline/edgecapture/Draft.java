package io.sightline.edgecapture;

import io.sightline.edgecapture.spool.SpoolRecord;
import io.sightline.records.InitPart;
import io.sightline.records.StreamItem;

/**
 * Something to be sent that has no sequence yet: it gets one when it is handed to the wire, so that
 * the sequence stays gapless also where drafts are dropped before. Its payload is in memory, on
 * disk, or both.
 */
final class Draft {

  /** What may happen to it when room runs out. The order is that of their marks on disk. */
  enum Kind {
    /** Dropped first. */
    FRAME,
    /** Dropped when there are no frames left. */
    CHUNK,
    /** Turning points and init parts are never dropped: what follows means nothing without. */
    ESSENTIAL,
    /** The end marker of its epoch. */
    END
  }

  static final byte[] NOTHING = {};

  /** An estimate of what a header and the queue's own objects take. */
  private static final int OVERHEAD_BYTES = 1_024;

  private final Kind kind;
  private final long endMicros;
  private final int payloadBytes;
  private final StreamItem item;

  // Under the outbox's lock, once it is in a queue.
  private byte[] payload;
  private SpoolRecord record;
  private boolean released;

  /**
   * @param endMicros position up to which the stream is known once this is stored
   * @param payload what travels beside the header; not to be changed any more
   * @param item the header, with any sequence
   */
  Draft(Kind kind, long endMicros, byte[] payload, StreamItem item) {
    this(kind, endMicros, payload.length, payload, null, item);
  }

  private Draft(
      Kind kind,
      long endMicros,
      int payloadBytes,
      byte[] payload,
      SpoolRecord record,
      StreamItem item) {
    this.kind = kind;
    this.endMicros = endMicros;
    this.payloadBytes = payloadBytes;
    this.payload = payload;
    this.record = record;
    this.item = item;
  }

  /** One that an earlier process left on disk. */
  static Draft recovered(SpoolRecord record, StreamItem item) {
    return new Draft(
        Kind.values()[record.kind()],
        record.endMicros(),
        record.payloadBytes(),
        record.payloadBytes() == 0 ? NOTHING : null,
        record,
        item);
  }

  Kind kind() {
    return kind;
  }

  boolean isInitPart() {
    return item instanceof InitPart;
  }

  long endMicros() {
    return endMicros;
  }

  int payloadBytes() {
    return payloadBytes;
  }

  /** The header, given the sequence. */
  StreamItem numbered(long sequence) {
    return Numbering.with(item, sequence);
  }

  /** Null while it is on disk alone. */
  byte[] payload() {
    return payload;
  }

  boolean inMemory() {
    return payload != null;
  }

  void take(byte[] read) {
    payload = read;
  }

  /** From now on it is on disk alone. */
  void forgetPayload() {
    payload = null;
  }

  /** Where it lies on disk; null when it does not. */
  SpoolRecord record() {
    return record;
  }

  void wrote(SpoolRecord written) {
    record = written;
  }

  /** Nobody needs it any more. */
  void release() {
    released = true;
  }

  boolean released() {
    return released;
  }

  long cost() {
    return payloadBytes + OVERHEAD_BYTES;
  }

  boolean droppable() {
    return kind == Kind.FRAME || kind == Kind.CHUNK;
  }
}
