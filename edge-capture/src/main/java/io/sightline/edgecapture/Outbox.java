package io.sightline.edgecapture;

import io.sightline.edgecapture.spool.EpochSpool;
import io.sightline.records.Profile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one stream has yet to send, epoch after epoch, bounded in bytes over all of them. Capture
 * threads put, the gateway connection takes; all methods may be called from any thread. When it is
 * full, putting waits ({@code WAIT}: files, which nobody loses), or the oldest frames make room,
 * then the oldest chunks ({@code DROP}: live sources, which do not wait).
 *
 * <p>With a {@link DiskBuffer}, everything is written to disk before it counts, and what memory has
 * no room for is read again when its turn comes. Where the disk cannot be written, an epoch is kept
 * in memory alone, with the bound of that.
 */
final class Outbox {

  /** What happens when it is full. */
  enum Policy {
    WAIT,
    DROP
  }

  /** More epochs than this, and those of which only markers are left go too. */
  private static final int MANY_EPOCHS = 8;

  final ReentrantLock lock = new ReentrantLock();
  final Condition space = lock.newCondition();

  private final Policy policy;
  private final long capacityBytes;
  private final long memoryBytes;
  private final DiskBuffer disk;
  private final StreamMeter meter;
  private final SinkLimits limits;
  private final Runnable wake;
  private final ArrayDeque<EpochQueue> epochs = new ArrayDeque<>();
  private long bytes;
  private long bytesInMemory;

  /**
   * @param wake called after something was put, on the putting thread
   */
  Outbox(Policy policy, long capacityBytes, StreamMeter meter, Runnable wake) {
    this(policy, capacityBytes, null, meter, SinkLimits.GATEWAY, wake);
  }

  /**
   * @param memoryBytes how much of it may be in memory
   * @param disk where the rest is, and all of it for the case of a kill; null for memory alone
   * @param limits of where it is sent to
   */
  Outbox(
      Policy policy,
      long memoryBytes,
      DiskBuffer disk,
      StreamMeter meter,
      SinkLimits limits,
      Runnable wake) {
    this.policy = policy;
    this.memoryBytes = memoryBytes;
    this.capacityBytes = disk == null ? memoryBytes : disk.capacityBytes();
    this.disk = disk;
    this.meter = meter;
    this.limits = limits;
    this.wake = wake;
  }

  Policy policy() {
    return policy;
  }

  StreamMeter meter() {
    return meter;
  }

  SinkLimits limits() {
    return limits;
  }

  DiskBuffer disk() {
    return disk;
  }

  /**
   * Takes in what an earlier process left on disk. Before anything else; blocks.
   *
   * @return position after all of it; 0 when there is nothing
   */
  long recover() {
    long end = 0;
    for (EpochSpool left : disk == null ? List.<EpochSpool>of() : disk.recover()) {
      EpochQueue epoch = EpochQueue.recovered(this, left);
      if (epoch != null) {
        end = Math.max(end, epoch.lastMicros());
        lock.lock();
        try {
          epochs.add(epoch);
        } finally {
          lock.unlock();
        }
      }
    }
    wake.run();
    return end;
  }

  /** Begins an epoch of which nothing is said about its input. */
  EpochQueue begin(EpochStart start, Profile profile) {
    return begin(start, profile, null, null);
  }

  /**
   * Begins an epoch, with its begin marker as the first item. Blocks for as long as the disk.
   *
   * @param tookOver why the stream went over to another input; null when it did not
   * @param input which one it is made of; null when it has no other
   */
  EpochQueue begin(EpochStart start, Profile profile, String tookOver, String input) {
    List<EpochQueue> discarded = new ArrayList<>();
    EpochQueue epoch = EpochQueue.begin(this, start, profile, tookOver, input);
    lock.lock();
    try {
      if (epochs.size() >= MANY_EPOCHS) {
        discardHollow(discarded);
      }
      epochs.add(epoch);
    } finally {
      lock.unlock();
    }
    discarded.forEach(
        hollow -> hollow.close(EpochOutcome.Kind.DISCARDED, "nothing of it was left in memory"));
    wake.run();
    return epoch;
  }

  /** The oldest epoch whose sending has not ended; null when there is none. */
  EpochQueue head() {
    lock.lock();
    try {
      return epochs.peek();
    } finally {
      lock.unlock();
    }
  }

  /** Makes what waits on disk outlive a power failure. Blocks. */
  void sync() {
    List<EpochQueue> all;
    lock.lock();
    try {
      all = List.copyOf(epochs);
    } finally {
      lock.unlock();
    }
    all.forEach(EpochQueue::sync);
  }

  /** Ends all sending: what is left stays on disk, or is given up where there is none. */
  void close() {
    List<EpochQueue> rest;
    lock.lock();
    try {
      rest = List.copyOf(epochs);
    } finally {
      lock.unlock();
    }
    rest.forEach(
        epoch ->
            epoch.close(
                epoch.onDisk() ? EpochOutcome.Kind.KEPT : EpochOutcome.Kind.DISCARDED,
                "the stream was stopped"));
  }

  void wake() {
    wake.run();
  }

  /**
   * Makes room for a draft, under the lock.
   *
   * @return whether it is to be kept
   */
  boolean reserve(Draft draft, EpochQueue epoch) throws InterruptedException {
    if (policy == Policy.WAIT) {
      while (draft.droppable() && bytes > 0 && bytes + draft.cost() > capacityBytes) {
        space.await();
        if (!epoch.open()) {
          return false;
        }
      }
    } else if (draft.droppable()) {
      dropExpired();
      while (!fits(draft)) {
        if (!dropFor(draft)) {
          meter.dropped(draft.kind());
          return false;
        }
      }
    }
    bytes += draft.cost();
    if (draft.record() != null && bytesInMemory + draft.payloadBytes() > memoryBytes) {
      draft.forgetPayload();
    } else {
      bytesInMemory += draft.payloadBytes();
    }
    return true;
  }

  /** Makes room on a full disk: the oldest of a kind go. Any thread. */
  void clearDisk(Draft.Kind kind, long wanted) {
    lock.lock();
    try {
      long target = Math.max(0, bytes - wanted);
      while (bytes > target && dropOldest(kind)) {
        // The oldest first.
      }
    } finally {
      lock.unlock();
    }
  }

  /** Its payload has been read from disk, under the lock. */
  void loaded(Draft draft, byte[] payload) {
    draft.take(payload);
    bytesInMemory += payload.length;
  }

  /** Gives back what a draft took, in memory and on disk, under the lock. */
  void release(Draft draft) {
    forget(draft);
    if (draft.record() != null) {
      draft.record().release();
    }
  }

  /** Gives back what a draft took in memory, under the lock. */
  void forget(Draft draft) {
    draft.release();
    bytes -= draft.cost();
    bytesInMemory -= draft.inMemory() ? draft.payloadBytes() : 0;
    space.signalAll();
  }

  /** A draft that was on disk before it was taken in, under the lock. */
  void reserveRecovered(Draft draft) {
    bytes += draft.cost();
  }

  /** Takes a closed epoch off the list, under the lock. */
  void remove(EpochQueue epoch) {
    epochs.remove(epoch);
    space.signalAll();
  }

  private boolean fits(Draft draft) {
    return bytes + draft.cost() <= capacityBytes
        && (draft.record() != null || bytesInMemory + draft.cost() <= memoryBytes);
  }

  private boolean dropFor(Draft draft) {
    // What is on disk takes no room from what is in memory alone.
    boolean inMemory = draft.record() == null && bytes + draft.cost() <= capacityBytes;
    return dropOldest(Draft.Kind.FRAME, inMemory)
        || draft.kind() == Draft.Kind.CHUNK && dropOldest(Draft.Kind.CHUNK, inMemory);
  }

  private boolean dropOldest(Draft.Kind kind) {
    return dropOldest(kind, false);
  }

  private boolean dropOldest(Draft.Kind kind, boolean inMemoryAlone) {
    for (EpochQueue epoch : epochs) {
      if (!(inMemoryAlone && epoch.onDisk()) && epoch.dropOldest(kind)) {
        meter.dropped(kind);
        return true;
      }
    }
    return false;
  }

  private void dropExpired() {
    if (disk == null) {
      return;
    }
    long limit = disk.oldestMicros();
    for (EpochQueue epoch : epochs) {
      Draft.Kind dropped;
      while ((dropped = epoch.dropExpired(limit)) != null) {
        meter.dropped(dropped);
      }
    }
  }

  private void discardHollow(List<EpochQueue> discarded) {
    Iterator<EpochQueue> each = epochs.iterator();
    EpochQueue head = each.next();
    while (each.hasNext()) {
      EpochQueue epoch = each.next();
      if (epoch != head && epoch.hollow()) {
        discarded.add(epoch);
      }
    }
  }
}
