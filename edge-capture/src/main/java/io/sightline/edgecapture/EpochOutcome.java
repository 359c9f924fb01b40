package io.sightline.edgecapture;

/** How the sending of an epoch ended. */
record EpochOutcome(Kind kind, String reason) {

  enum Kind {
    /** Everything up to the end marker is acknowledged. */
    COMPLETE,
    /** Another capture holds the epoch, or a newer one of the stream. */
    FENCED,
    /** The gateway will not have an item of it. */
    REFUSED,
    /** The gateway no longer knows what it has acknowledged, so the sequence cannot go on. */
    FORGOTTEN,
    /** Left on disk: the next capture of the stream sends it. */
    KEPT,
    /** Given up unsent: the stream was stopped, or nothing of the epoch was left in memory. */
    DISCARDED
  }
}
