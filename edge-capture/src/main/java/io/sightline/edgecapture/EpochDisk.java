package io.sightline.edgecapture;

import io.sightline.edgecapture.spool.EpochSpool;
import io.sightline.edgecapture.spool.SpoolLane;
import io.sightline.records.Json;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The disk's side of one epoch's queue: drafts in, payloads out, and what is given up noted. */
final class EpochDisk {

  private static final Logger LOG = LoggerFactory.getLogger(EpochDisk.class);

  /** What is cleared at once on a full disk. */
  private static final long CLEARED_BYTES = 16 << 20;

  private final Outbox outbox;
  private final EpochSpool spool;

  EpochDisk(Outbox outbox, EpochSpool spool) {
    this.outbox = outbox;
    this.spool = spool;
  }

  /** Of a new epoch; null when there is no disk, or it cannot be written. Blocks. */
  static EpochDisk begin(Outbox outbox, EpochStart start) {
    EpochSpool spool = outbox.disk() == null ? null : outbox.disk().begin(start);
    return spool == null ? null : new EpochDisk(outbox, spool);
  }

  /**
   * Writes a draft, making room on a full disk: the oldest frames go, and only where that is not
   * enough the oldest chunks. Blocks; callers see to the order.
   *
   * @return whether it is there
   */
  boolean write(Draft draft) {
    SpoolLane lane = draft.kind() == Draft.Kind.FRAME ? SpoolLane.FRAMES : SpoolLane.MEDIA;
    byte[] header = Json.encode(draft.numbered(EpochWriter.UNNUMBERED));
    Iterator<Draft.Kind> givenUp = List.of(Draft.Kind.FRAME, Draft.Kind.CHUNK).iterator();
    while (true) {
      try {
        draft.wrote(
            spool.append(
                lane,
                (byte) draft.kind().ordinal(),
                outbox.disk().nowMicros(),
                draft.endMicros(),
                header,
                draft.payload()));
        return true;
      } catch (IOException e) {
        // Giving up what is there helps on a full disk, and on no other.
        if (!givenUp.hasNext() || !spool.lacksRoomFor(header.length + draft.payloadBytes())) {
          outbox.disk().failed(e);
          return false;
        }
        outbox.clearDisk(givenUp.next(), CLEARED_BYTES);
      }
    }
  }

  /** Reads what a draft carries; null when it is damaged or gone. Blocks. */
  byte[] payload(Draft draft) {
    try {
      return draft.record().payload();
    } catch (IOException e) {
      LOG.warn("{}", e.toString());
      return null;
    }
  }

  /** It will not be sent: it counts no more. */
  void giveUp(Draft draft) {
    if (draft.record() != null) {
      spool.drop(draft.record());
    }
  }

  /** Whether what was given up would still be so after a power failure. */
  boolean settled() {
    return spool.settled();
  }

  /** Makes what is there outlive a power failure. Blocks. */
  void sync() {
    try {
      spool.sync();
    } catch (IOException e) {
      outbox.disk().failed(e);
    }
  }

  /** At once: nothing else knows of it. Blocks. */
  void delete() {
    spool.delete();
  }

  /** Nothing more is written or read; it stays for the next process, or goes. */
  void end(boolean keep) {
    outbox.disk().execute(keep ? spool::close : spool::delete);
  }
}
