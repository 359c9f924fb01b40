package io.sightline.edgecapture;

import io.sightline.records.Profile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one stream has yet to send, epoch after epoch, in memory and bounded in bytes over all of
 * them. Capture threads put, the gateway connection takes; all methods may be called from any
 * thread. When it is full, putting waits ({@code WAIT}: files, which nobody loses), or the oldest
 * frames make room, then the oldest chunks ({@code DROP}: live sources, which do not wait).
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
  private final StreamMeter meter;
  private final Runnable wake;
  private final ArrayDeque<EpochQueue> epochs = new ArrayDeque<>();
  private long bytes;

  /**
   * @param wake called after something was put, on the putting thread
   */
  Outbox(Policy policy, long capacityBytes, StreamMeter meter, Runnable wake) {
    this.policy = policy;
    this.capacityBytes = capacityBytes;
    this.meter = meter;
    this.wake = wake;
  }

  Policy policy() {
    return policy;
  }

  StreamMeter meter() {
    return meter;
  }

  /** Begins an epoch, with its begin marker as the first item. */
  EpochQueue begin(EpochStart start, Profile profile) {
    List<EpochQueue> discarded = new ArrayList<>();
    EpochQueue epoch = new EpochQueue(this, start);
    lock.lock();
    try {
      if (epochs.size() >= MANY_EPOCHS) {
        discardHollow(discarded);
      }
      epochs.add(epoch);
      epoch.putBegin(profile);
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

  /** Ends all sending: what is left is given up. */
  void close() {
    List<EpochQueue> rest;
    lock.lock();
    try {
      rest = List.copyOf(epochs);
    } finally {
      lock.unlock();
    }
    rest.forEach(epoch -> epoch.close(EpochOutcome.Kind.DISCARDED, "the stream was stopped"));
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
      while (bytes + draft.cost() > capacityBytes) {
        boolean dropped =
            dropOldest(Draft.Kind.FRAME)
                || (draft.kind() == Draft.Kind.CHUNK && dropOldest(Draft.Kind.CHUNK));
        if (!dropped) {
          meter.dropped(draft.kind());
          return false;
        }
      }
    }
    bytes += draft.cost();
    return true;
  }

  /** Gives back what a draft took, under the lock. */
  void release(Draft draft) {
    bytes -= draft.cost();
    space.signalAll();
  }

  /** Takes a closed epoch off the list, under the lock. */
  void remove(EpochQueue epoch) {
    epochs.remove(epoch);
    space.signalAll();
  }

  private boolean dropOldest(Draft.Kind kind) {
    for (EpochQueue epoch : epochs) {
      if (epoch.dropOldest(kind)) {
        meter.dropped(kind);
        return true;
      }
    }
    return false;
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
