package io.sightline.edgecapture;

import io.sightline.records.StreamItem;
import java.util.function.LongFunction;

/**
 * Something to be sent that has no sequence yet: it gets one when it is handed to the wire, so that
 * the sequence stays gapless also where drafts are dropped before.
 *
 * @param endMicros position up to which the stream is known once this is stored
 * @param payload what travels beside the header; not to be changed any more
 * @param numbered the header, given the sequence; the same for the same sequence
 */
record Draft(Kind kind, long endMicros, byte[] payload, LongFunction<StreamItem> numbered) {

  /** What may happen to it when memory runs out. */
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

  long cost() {
    return payload.length + OVERHEAD_BYTES;
  }

  boolean droppable() {
    return kind == Kind.FRAME || kind == Kind.CHUNK;
  }
}
