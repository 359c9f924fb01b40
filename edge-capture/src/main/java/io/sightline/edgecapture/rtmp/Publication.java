package io.sightline.edgecapture.rtmp;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.flv.FlvUnit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one publisher sends, on its way from the connection to the capture thread; bounded in bytes.
 * When that thread falls behind, reading from the connection pauses, so that the encoder notices
 * and does what it does on a slow network; nothing that was taken is dropped. Safe for use by any
 * thread.
 */
final class Publication {

  /** What the connection does for it. */
  interface Peer {
    /** Stops reading; may be called again. */
    void pause();

    /** Reads on; may be called again. */
    void resume();

    /** Ends the connection, telling the other end why. */
    void end(String why);
  }

  private static final long FULL_BYTES = 16 << 20;
  private static final long ROOM_BYTES = 4 << 20;

  private final Peer peer;
  private final String publisher;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Under the lock.
  private final ArrayDeque<FlvUnit> units = new ArrayDeque<>();
  private final byte[][] headers = new byte[2][];
  private long bytes;
  private boolean paused;
  private boolean ended;
  private String why;
  private long lastNanos = System.nanoTime();

  Publication(Peer peer, String publisher) {
    this.peer = peer;
    this.publisher = publisher;
  }

  /** Where it comes from, for messages. */
  String publisher() {
    return publisher;
  }

  // ---- the connection

  void add(FlvUnit unit) {
    boolean full;
    lock.lock();
    try {
      if (ended) {
        return;
      }
      lastNanos = System.nanoTime();
      units.add(unit);
      bytes += unit.data().remaining();
      full = bytes > FULL_BYTES && !paused;
      paused |= full;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (full) {
      peer.pause();
    }
  }

  /** Nothing more comes. What has come is still to be had. */
  void end(String reason) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        why = reason;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether something has come within this time, and it has not ended. */
  boolean deliveredWithin(Duration time) {
    lock.lock();
    try {
      // While it is held back its silence says nothing.
      return !ended && (paused || System.nanoTime() - lastNanos < time.toNanos());
    } finally {
      lock.unlock();
    }
  }

  // ---- the capture thread

  boolean over() {
    lock.lock();
    try {
      return ended && units.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next unit; waits for it.
   *
   * @return null when nothing more comes
   * @throws MediaException TIMEOUT when none came in time; UNAVAILABLE when the connection broke
   */
  FlvUnit take(Duration patience) throws MediaException, InterruptedException {
    FlvUnit unit;
    boolean room;
    lock.lockInterruptibly();
    try {
      long left = patience.toNanos();
      while (units.isEmpty() && !ended) {
        if (left <= 0) {
          throw new MediaException(
              Reason.TIMEOUT,
              "The publisher "
                  + publisher
                  + " has sent nothing for "
                  + patience.toSeconds()
                  + " s");
        }
        left = changed.awaitNanos(left);
      }
      unit = units.poll();
      if (unit == null) {
        throw new MediaException(Reason.UNAVAILABLE, why);
      }
      bytes -= unit.data().remaining();
      room = paused && bytes < ROOM_BYTES;
      paused &= !room;
    } finally {
      lock.unlock();
    }
    if (room) {
      peer.resume();
    }
    return unit;
  }

  /** Puts a unit back, to be taken next. */
  void putBack(FlvUnit unit) {
    lock.lock();
    try {
      units.addFirst(unit);
      bytes += unit.data().remaining();
    } finally {
      lock.unlock();
    }
  }

  /** The header in force when the next source of this publication begins; null when none came. */
  byte[] header(boolean video) {
    return headers[video ? 0 : 1];
  }

  void header(boolean video, byte[] header) {
    headers[video ? 0 : 1] = header;
  }

  /** Ends the connection: nobody takes what it sends. */
  void refuse(String reason) {
    boolean over;
    lock.lock();
    try {
      over = ended;
    } finally {
      lock.unlock();
    }
    if (!over) {
      end(reason);
      peer.end(reason);
    }
  }
}
