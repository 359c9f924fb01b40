package io.sightline.edgecapture;

import io.sightline.edgecapture.Draft.Kind;
import io.sightline.records.Json;
import io.sightline.records.Marker;
import io.sightline.records.Profile;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * The items of one epoch on their way to the gateway. Those waiting have no sequence yet and may be
 * dropped; those that have been on the wire keep theirs until they are acknowledged, so that they
 * can be sent again after a lost connection, gapless and without repeats. All methods may be called
 * from any thread; the lock is the outbox's.
 */
final class EpochQueue {

  /** An item as it goes onto the wire. */
  record Outgoing(long sequence, byte[] header, byte[] payload) {}

  private record Numbered(long sequence, Draft draft) {}

  /** Room for a header beside the payload of one item. */
  private static final int HEADER_ROOM_BYTES = 64 * 1024;

  private final Outbox outbox;
  private final EpochStart start;
  private final CompletableFuture<EpochOutcome> outcome = new CompletableFuture<>();

  private final WaitingDrafts waiting = new WaitingDrafts();
  private final ArrayDeque<Numbered> toResend = new ArrayDeque<>();
  private final ArrayDeque<Numbered> onWire = new ArrayDeque<>();
  private long nextSequence;
  private long acknowledged = -1;
  private long onWireBytes;
  private boolean ended;
  private boolean taken;
  private boolean closed;
  private String refusal;

  EpochQueue(Outbox outbox, EpochStart start) {
    this.outbox = outbox;
    this.start = start;
  }

  EpochStart start() {
    return start;
  }

  /** Completes when the sending has ended, one way or the other. */
  CompletableFuture<EpochOutcome> outcome() {
    return outcome;
  }

  /** Whether more may be put. */
  boolean open() {
    outbox.lock.lock();
    try {
      return !closed && !ended && refusal == null;
    } finally {
      outbox.lock.unlock();
    }
  }

  // ---- capture threads

  /**
   * Adds an item; may wait for room, or drop what is older, as the outbox's policy says.
   *
   * @return whether the epoch still takes items; not whether this one was kept
   */
  boolean put(Draft draft) throws InterruptedException {
    outbox.lock.lock();
    try {
      if (!open()) {
        return false;
      }
      if (nextSequence <= acknowledged) {
        skip(draft);
        return true;
      }
      if (outbox.reserve(draft, this)) {
        // Room may have come because the gateway said meanwhile that it has this item already.
        if (nextSequence <= acknowledged) {
          outbox.release(draft);
          skip(draft);
          return true;
        }
        waiting.add(draft);
      }
      if (!open()) {
        return false;
      }
    } finally {
      outbox.lock.unlock();
    }
    outbox.wake();
    return true;
  }

  /**
   * Adds the end marker; nothing can be put afterwards.
   *
   * @param endMicros position after the last item
   */
  void end(long endMicros, String reason, long lostMicros) {
    boolean complete = false;
    outbox.lock.lock();
    try {
      if (!open()) {
        return;
      }
      ended = true;
      if (nextSequence <= acknowledged) {
        skip(null);
        complete = true;
      } else {
        Draft end = endMarker(endMicros, reason, lostMicros);
        reserveEssential(end);
        waiting.add(end);
      }
    } finally {
      outbox.lock.unlock();
    }
    if (complete) {
      close(EpochOutcome.Kind.COMPLETE, reason);
    }
    outbox.wake();
  }

  /** The begin marker, under the lock. */
  void putBegin(Profile profile) {
    Draft begin =
        new Draft(
            Kind.ESSENTIAL,
            start.startMicros(),
            Draft.NOTHING,
            sequence ->
                Marker.begin(
                    start.stream(),
                    start.epoch(),
                    start.run(),
                    sequence,
                    start.startMicros(),
                    profile));
    reserveEssential(begin);
    waiting.add(begin);
  }

  // ---- the gateway connection

  /** From now on it has been spoken of at the gateway. */
  void take() {
    outbox.lock.lock();
    try {
      taken = true;
    } finally {
      outbox.lock.unlock();
    }
  }

  /**
   * Goes on after the sequence that the gateway says it has; what comes before is not sent again.
   * Ends the sending when it cannot go on from there.
   */
  void resume(long gatewayHas) {
    EpochOutcome end = null;
    outbox.lock.lock();
    try {
      if (closed) {
        return;
      }
      onWire.descendingIterator().forEachRemaining(toResend::addFirst);
      onWire.clear();
      onWireBytes = 0;
      if (gatewayHas < acknowledged) {
        end =
            new EpochOutcome(
                EpochOutcome.Kind.FORGOTTEN,
                "the gateway has forgotten what it acknowledged: it has "
                    + gatewayHas
                    + " of "
                    + acknowledged);
      } else if (outbox.policy() == Outbox.Policy.DROP && gatewayHas >= nextSequence) {
        end =
            new EpochOutcome(
                EpochOutcome.Kind.FENCED, "the gateway knows more of this epoch than was sent");
      } else {
        release(toResend, gatewayHas);
        acknowledged = gatewayHas;
        while (nextSequence <= acknowledged && !waiting.isEmpty()) {
          Draft known = waiting.poll();
          outbox.release(known);
          skip(known);
        }
        if (refusal != null) {
          end = endRefused();
        } else if (ended && waiting.isEmpty() && toResend.isEmpty()) {
          end = new EpochOutcome(EpochOutcome.Kind.COMPLETE, "all of it was there already");
        }
      }
    } finally {
      outbox.lock.unlock();
    }
    if (end != null) {
      close(end.kind(), end.reason());
    }
  }

  /**
   * The next item for the wire, which it is on from now on; null when there is none, or no room in
   * the window.
   *
   * @param windowBytes how much may be on the wire
   * @param maxItemBytes what the gateway takes as one message
   */
  Outgoing next(long windowBytes, long maxItemBytes) {
    Numbered item;
    outbox.lock.lock();
    try {
      item = closed ? null : toResend.peek();
      if (item == null) {
        item = closed ? null : number(windowBytes, maxItemBytes);
      } else if (fits(item.draft(), windowBytes)) {
        toResend.poll();
      } else {
        item = null;
      }
      if (item == null) {
        return null;
      }
      onWire.add(item);
      onWireBytes += item.draft().cost();
    } finally {
      outbox.lock.unlock();
    }
    return new Outgoing(
        item.sequence(),
        Json.encode(item.draft().numbered().apply(item.sequence())),
        item.draft().payload());
  }

  /**
   * The gateway has everything up to {@code sequence}.
   *
   * @return whether that can be: false when it was never sent over this connection
   */
  boolean acknowledge(long sequence) {
    boolean complete;
    outbox.lock.lock();
    try {
      if (closed || sequence <= acknowledged) {
        return true;
      }
      if (onWire.isEmpty() || sequence > onWire.peekLast().sequence()) {
        return false;
      }
      release(onWire, sequence);
      acknowledged = sequence;
      complete = ended && waiting.isEmpty() && toResend.isEmpty() && onWire.isEmpty();
    } finally {
      outbox.lock.unlock();
    }
    if (complete) {
      close(
          refusal == null ? EpochOutcome.Kind.COMPLETE : EpochOutcome.Kind.REFUSED,
          refusal == null ? "complete" : refusal);
    }
    return true;
  }

  /**
   * The gateway will not have one of the items under way. The epoch takes no more; at the next
   * {@link #resume} it is ended with what the gateway has.
   */
  void refuse(String reason) {
    boolean again;
    outbox.lock.lock();
    try {
      again = refusal != null;
      refusal = reason;
      outbox.space.signalAll();
    } finally {
      outbox.lock.unlock();
    }
    if (again) {
      close(EpochOutcome.Kind.REFUSED, reason);
    }
  }

  /** Ends the sending; what is left is given up. */
  void close(EpochOutcome.Kind kind, String reason) {
    outbox.lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      clear();
      outbox.remove(this);
    } finally {
      outbox.lock.unlock();
    }
    outcome.complete(new EpochOutcome(kind, reason));
  }

  // ---- the outbox, under the lock

  boolean dropOldest(Kind kind) {
    Draft dropped = waiting.removeOldest(kind);
    if (dropped != null) {
      outbox.release(dropped);
    }
    return dropped != null;
  }

  /** Whether nobody would miss it: over, unheard of, and without a single picture left. */
  boolean hollow() {
    return ended && !taken && !waiting.hasMedia();
  }

  // ---- under the lock

  private Numbered number(long windowBytes, long maxItemBytes) {
    while (true) {
      Draft draft = waiting.peek();
      if (draft == null) {
        return null;
      }
      if (draft.droppable() && draft.payload().length > maxItemBytes - HEADER_ROOM_BYTES) {
        if (outbox.policy() == Outbox.Policy.WAIT) {
          refuse(
              "an item of "
                  + draft.payload().length
                  + " bytes is more than the "
                  + maxItemBytes
                  + " that the gateway takes");
          resumeAfterOwnRefusal();
          continue;
        }
        waiting.poll();
        outbox.release(draft);
        outbox.meter().dropped(draft.kind());
        continue;
      }
      if (!fits(draft, windowBytes)) {
        return null;
      }
      waiting.poll();
      return new Numbered(nextSequence++, draft);
    }
  }

  /** Nothing that was sent is in doubt: the end follows what is on the wire. */
  private void resumeAfterOwnRefusal() {
    waiting.removeAll().forEach(outbox::release);
    appendRefusalEnd();
  }

  private EpochOutcome endRefused() {
    clear();
    if (acknowledged < 0) {
      return new EpochOutcome(EpochOutcome.Kind.REFUSED, refusal);
    }
    nextSequence = acknowledged + 1;
    appendRefusalEnd();
    return null;
  }

  private void appendRefusalEnd() {
    ended = true;
    Draft end = endMarker(outbox.meter().acknowledgedMicros(), refusal, 0);
    reserveEssential(end);
    waiting.add(end);
  }

  private boolean fits(Draft draft, long windowBytes) {
    return onWireBytes == 0 || onWireBytes + draft.cost() <= windowBytes;
  }

  private void reserveEssential(Draft draft) {
    try {
      outbox.reserve(draft, this);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Only frames and chunks wait for room", e);
    }
  }

  /**
   * The gateway has this item from an earlier time: its number is spent, its bytes are not sent.
   */
  private void skip(Draft draft) {
    nextSequence++;
    if (draft != null) {
      outbox.meter().acknowledged(draft.endMicros());
    }
  }

  private void release(ArrayDeque<Numbered> items, long upTo) {
    while (!items.isEmpty() && items.peek().sequence() <= upTo) {
      Draft draft = items.poll().draft();
      outbox.release(draft);
      outbox.meter().acknowledged(draft.endMicros());
      if (items == onWire) {
        onWireBytes -= draft.cost();
      }
    }
  }

  private void clear() {
    waiting.removeAll().forEach(outbox::release);
    toResend.forEach(item -> outbox.release(item.draft()));
    onWire.forEach(item -> outbox.release(item.draft()));
    toResend.clear();
    onWire.clear();
    onWireBytes = 0;
  }

  private Draft endMarker(long endMicros, String reason, long lostMicros) {
    long position = Math.max(endMicros, start.startMicros());
    return new Draft(
        Kind.END,
        position,
        Draft.NOTHING,
        sequence ->
            Marker.end(
                start.stream(),
                start.epoch(),
                start.run(),
                sequence,
                position,
                reason,
                lostMicros));
  }
}
