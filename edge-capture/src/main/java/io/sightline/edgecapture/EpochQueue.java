package io.sightline.edgecapture;

import io.sightline.edgecapture.Draft.Kind;
import io.sightline.edgecapture.spool.EpochSpool;
import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import io.sightline.records.Marker;
import io.sightline.records.Profile;
import io.sightline.records.StreamItem;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The items of one epoch on their way to the gateway. Those waiting have no sequence yet and may be
 * dropped; those that have been on the wire keep theirs until they are acknowledged, so that they
 * can be sent again after a lost connection, gapless and without repeats. All methods may be called
 * from any thread; the lock is the outbox's.
 */
final class EpochQueue {

  /** An item as it goes onto the wire. */
  record Outgoing(long sequence, byte[] header, byte[] payload) {

    /** As it travels, wherever to: the length of the header, the header, the payload. */
    byte[] envelope() {
      return ByteBuffer.allocate(Integer.BYTES + header.length + payload.length)
          .putInt(header.length)
          .put(header)
          .put(payload)
          .array();
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(EpochQueue.class);

  private record Numbered(long sequence, Draft draft) {}

  /** Room for a header beside the payload of one item. */
  private static final int HEADER_ROOM_BYTES = 64 * 1024;

  /** How much is read from disk at once. */
  private static final long READ_BYTES = 8 << 20;

  private static final String DISK_FULL = "the disk cannot be written";

  private final Outbox outbox;
  private final EpochStart start;

  /** Null when it is kept in memory alone. */
  private final EpochDisk disk;

  /** Held while something is written, so that the order on disk is that of the queue. */
  private final ReentrantLock writing = new ReentrantLock();

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
  private boolean reading;

  /** How many items an earlier process may have sent of it. */
  private long sentBefore;

  private EpochQueue(Outbox outbox, EpochStart start, EpochDisk disk) {
    this.outbox = outbox;
    this.start = start;
    this.disk = disk;
  }

  /** A new epoch, its begin marker in it. Blocks for as long as the disk. */
  static EpochQueue begin(
      Outbox outbox, EpochStart start, Profile profile, String tookOver, String input) {
    EpochDisk disk = EpochDisk.begin(outbox, start);
    Draft begin =
        new Draft(
            Kind.ESSENTIAL,
            start.startMicros(),
            Draft.NOTHING,
            Marker.begin(
                start.stream(),
                start.epoch(),
                start.run(),
                EpochWriter.UNNUMBERED,
                start.startMicros(),
                profile,
                tookOver,
                input));
    if (disk != null && !disk.write(begin)) {
      disk.delete();
      disk = null;
    }
    EpochQueue epoch = new EpochQueue(outbox, start, disk);
    outbox.lock.lock();
    try {
      epoch.reserveEssential(begin);
      epoch.waiting.add(begin);
    } finally {
      outbox.lock.unlock();
    }
    return epoch;
  }

  /**
   * An epoch that an earlier process left; it is over. Null, and gone, when it cannot be
   * understood.
   */
  static EpochQueue recovered(Outbox outbox, EpochSpool spool) {
    try {
      EpochStart start = Json.decode(spool.about(), EpochStart.class);
      EpochQueue epoch = new EpochQueue(outbox, start, new EpochDisk(outbox, spool));
      List<Draft> left = new ArrayList<>();
      for (EpochSpool.Left each : spool.left()) {
        left.add(Draft.recovered(each.record(), Json.decode(each.header(), StreamItem.class)));
      }
      long sequence = spool.countBefore(left.get(0).record().ordinal());
      epoch.takeIn(left.stream().filter(epoch::isTaken).toList(), sequence);
      return epoch;
    } catch (MalformedRecordException e) {
      LOG.error("An epoch that an earlier run left on disk is not understood", e);
      spool.delete();
      return null;
    }
  }

  /** Whether it can be sent where things are sent now; otherwise it is given up. */
  private boolean isTaken(Draft draft) {
    SinkLimits limits = outbox.limits();
    boolean recording = draft.kind() == Kind.CHUNK || draft.isInitPart();
    boolean large = draft.kind() == Kind.FRAME && draft.payloadBytes() > limits.maxFrameBytes();
    if ((recording && !limits.chunks()) || large) {
      giveUp(draft);
      outbox.meter().dropped(draft.kind());
      return false;
    }
    return true;
  }

  /** Whether what is left of it outlives this process. */
  boolean onDisk() {
    return disk != null;
  }

  /** Position after the last item. */
  long lastMicros() {
    outbox.lock.lock();
    try {
      return waiting.isEmpty() ? start.startMicros() : waiting.last().endMicros();
    } finally {
      outbox.lock.unlock();
    }
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
    if (disk == null) {
      return enqueue(draft);
    }
    writing.lock();
    try {
      if (!open()) {
        return false;
      }
      if (disk.write(draft)) {
        return enqueue(draft);
      }
    } finally {
      writing.unlock();
    }
    outbox.meter().dropped(draft.kind());
    end(draft.endMicros(), DISK_FULL, 0);
    return false;
  }

  private boolean enqueue(Draft draft) throws InterruptedException {
    outbox.lock.lock();
    try {
      if (!open()) {
        giveUp(draft);
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
      } else {
        giveUp(draft);
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
    Draft end = endMarker(endMicros, reason, lostMicros);
    boolean complete;
    writing.lock();
    try {
      if (!open()) {
        return;
      }
      if (disk != null && !DISK_FULL.equals(reason)) {
        disk.write(end);
      }
      complete = appendEnd(end);
    } finally {
      writing.unlock();
    }
    if (complete) {
      close(EpochOutcome.Kind.COMPLETE, reason);
    }
    outbox.wake();
  }

  /** What an earlier process left, under no lock: nobody else knows of it yet. */
  private void takeIn(List<Draft> left, long firstSequence) {
    for (Draft draft : left) {
      outbox.lock.lock();
      try {
        outbox.reserveRecovered(draft);
      } finally {
        outbox.lock.unlock();
      }
      waiting.add(draft);
    }
    nextSequence = firstSequence;
    acknowledged = nextSequence - 1;
    sentBefore = left.size();
    ended = true;
    if (left.isEmpty() || left.get(left.size() - 1).kind() != Kind.END) {
      long end = left.stream().mapToLong(Draft::endMicros).max().orElse(start.startMicros());
      Draft marker = endMarker(end, "capture was ended before the epoch was", 0);
      reserveEssential(marker);
      waiting.add(marker);
    }
  }

  /** Returns whether the gateway has all of it already. */
  private boolean appendEnd(Draft end) {
    outbox.lock.lock();
    try {
      if (!open()) {
        giveUp(end);
        return false;
      }
      ended = true;
      if (nextSequence <= acknowledged) {
        skip(null);
        return true;
      }
      reserveEssential(end);
      waiting.add(end);
      return false;
    } finally {
      outbox.lock.unlock();
    }
  }

  // ---- the sink

  /** Up to which sequence it is where it is sent to, as far as this side knows; -1 for nothing. */
  long acknowledged() {
    outbox.lock.lock();
    try {
      return acknowledged;
    } finally {
      outbox.lock.unlock();
    }
  }

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
      } else if (outbox.policy() == Outbox.Policy.DROP && gatewayHas >= nextSequence + sentBefore) {
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
        Json.encode(item.draft().numbered(item.sequence())),
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
      clear(kind == EpochOutcome.Kind.KEPT);
      outbox.remove(this);
    } finally {
      outbox.lock.unlock();
    }
    if (disk != null) {
      disk.end(kind == EpochOutcome.Kind.KEPT);
    }
    outcome.complete(new EpochOutcome(kind, reason));
  }

  // ---- the outbox, under the lock

  boolean dropOldest(Kind kind) {
    Draft dropped = waiting.removeOldest(kind);
    if (dropped != null) {
      outbox.forget(dropped);
      giveUp(dropped);
    }
    return dropped != null;
  }

  /**
   * Drops the oldest frame or chunk if it was written before a time.
   *
   * @return its kind; null when there is none so old
   */
  Kind dropExpired(long limitMicros) {
    Draft oldest = waiting.firstDroppable();
    if (oldest == null || oldest.record() == null || oldest.record().atMicros() >= limitMicros) {
      return null;
    }
    waiting.remove(oldest);
    outbox.forget(oldest);
    giveUp(oldest);
    return oldest.kind();
  }

  // ---- a worker

  /** Makes what waits on disk outlive a power failure. Blocks. */
  void sync() {
    if (disk != null) {
      disk.sync();
    }
  }

  /** Reads from disk what is to be sent next, and settles what was given up. Blocks. */
  private void read() {
    List<Draft> wanted;
    outbox.lock.lock();
    try {
      wanted = closed ? List.of() : waiting.onDiskAlone(READ_BYTES);
    } finally {
      outbox.lock.unlock();
    }
    if (!disk.settled()) {
      disk.sync();
    }
    for (Draft draft : wanted) {
      byte[] payload = disk.payload(draft);
      outbox.lock.lock();
      try {
        if (!draft.released() && payload != null) {
          outbox.loaded(draft, payload);
        } else if (!draft.released()) {
          unreadable(draft);
        }
      } finally {
        outbox.lock.unlock();
      }
    }
    outbox.lock.lock();
    try {
      reading = false;
    } finally {
      outbox.lock.unlock();
    }
    outbox.wake();
  }

  /** It is lost: what can be spared is left out, else the epoch ends with what the gateway has. */
  private void unreadable(Draft draft) {
    if (draft.droppable()) {
      waiting.remove(draft);
      outbox.forget(draft);
      giveUp(draft);
      outbox.meter().dropped(draft.kind());
    } else {
      refuse("what was kept on disk of it is damaged");
    }
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
      if (!draft.inMemory() || disk != null && !disk.settled()) {
        readAhead();
        return null;
      }
      if (draft.droppable() && draft.payloadBytes() > maxItemBytes - HEADER_ROOM_BYTES) {
        if (outbox.policy() == Outbox.Policy.WAIT) {
          refuse(
              "an item of "
                  + draft.payloadBytes()
                  + " bytes is more than the "
                  + maxItemBytes
                  + " that the gateway takes");
          resumeAfterOwnRefusal();
          continue;
        }
        waiting.poll();
        outbox.forget(draft);
        giveUp(draft);
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
    clear(false);
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

  private void readAhead() {
    if (!reading) {
      reading = true;
      outbox.disk().execute(this::read);
    }
  }

  private void giveUp(Draft draft) {
    if (disk != null) {
      disk.giveUp(draft);
    }
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

  private void clear(boolean keepOnDisk) {
    Consumer<Draft> release = keepOnDisk ? outbox::forget : outbox::release;
    waiting.removeAll().forEach(release);
    toResend.forEach(item -> release.accept(item.draft()));
    onWire.forEach(item -> release.accept(item.draft()));
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
        Marker.end(
            start.stream(),
            start.epoch(),
            start.run(),
            EpochWriter.UNNUMBERED,
            position,
            reason,
            lostMicros));
  }
}
