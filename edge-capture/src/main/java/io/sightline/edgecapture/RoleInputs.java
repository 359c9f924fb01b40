package io.sightline.edgecapture;

import io.sightline.records.InputInUse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An input and its backups, each read by a thread of its own while {@link Failover} wants it. One
 * lock is held by whoever works off a packet, so that one can take over from another at a keyframe:
 * it finishes what the other has begun and goes on, and nothing comes between.
 */
final class RoleInputs {

  private static final Logger LOG = LoggerFactory.getLogger(RoleInputs.class);

  /** How often a backup looks whether it is needed. */
  private static final long LOOK_MILLIS = 200;

  private final String stream;
  private final InputPlan.Input main;
  private final List<Place> places = new ArrayList<>();
  private final boolean leading;
  private final EpochLine line;
  private final InputsInUse shown;
  private final CaptureClock clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Under the lock.
  private final Failover failover;
  private Feed feed;
  private int last;

  private volatile boolean stopped;

  /**
   * @param leading whether it begins and ends the stream's epochs
   */
  RoleInputs(
      String stream,
      InputPlan.Input main,
      boolean leading,
      EpochLine line,
      InputsInUse shown,
      CaptureClock clock) {
    this.stream = stream;
    this.main = main;
    this.leading = leading;
    this.line = line;
    this.shown = shown;
    this.clock = clock;
    this.failover =
        new Failover(
            1 + main.backups().size(), main.failover(), main.returnAfter(), clock.nowMicros());
    places.add(new Place(0, main));
    for (InputPlan.Input backup : main.backups()) {
      places.add(new Place(places.size(), backup));
    }
    // It begins with the main one, whatever was before.
    shown.now(places.get(0).shown(null), places.size() > 1);
  }

  /** The main one first. */
  List<Place> places() {
    return places;
  }

  /** The place of one of them. */
  final class Place implements Turn {

    private final int index;
    private final InputPlan.Input input;

    // Under the lock.
    private String trouble;
    private String because;

    private Place(int index, InputPlan.Input input) {
      this.index = index;
      this.input = input;
    }

    InputPlan.Input input() {
      return input;
    }

    /** Of the name of its thread. */
    String suffix() {
      return index == 0 ? "" : "-backup-" + index;
    }

    /** Whether it begins and ends the stream's epochs while it is in use. */
    boolean leading() {
      return leading;
    }

    /** For messages; null when there is no other input in the stream. */
    String name() {
      if (places.size() == 1) {
        return leading ? null : main.name();
      }
      return InputsInUse.name(index) + (leading ? "" : " of " + main.name());
    }

    /**
     * Waits until it is wanted.
     *
     * @param stop asked often
     * @return false when stopped meanwhile
     */
    boolean await(BooleanSupplier stop) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (!stop.getAsBoolean() && !wanted()) {
          changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        return !stop.getAsBoolean();
      } finally {
        lock.unlock();
      }
    }

    /** Whether it is to be opened and read. Any thread. */
    boolean wanted() {
      // What an encoder publishes comes anyway; it is kept fresh by being read.
      if (index == 0 || input.url().published()) {
        return true;
      }
      lock.lock();
      try {
        return failover.wanted(index, clock.nowMicros());
      } finally {
        lock.unlock();
      }
    }

    /** Whether the stream is made of another one meanwhile. Any thread. */
    boolean spared() {
      lock.lock();
      try {
        return failover.inUse() != Failover.NONE && failover.inUse() != index;
      } finally {
        lock.unlock();
      }
    }

    /** From now on none takes over from another. Any thread. */
    void stop() {
      stopped = true;
    }

    /** A file has ended and begins again: it stays in use. */
    void ended(String why) {
      lock.lock();
      try {
        endEpoch(why);
      } finally {
        lock.unlock();
      }
    }

    /** It could not be opened, its connection broke or ended, or it is not wanted any more. */
    void lost(String why) {
      lock.lock();
      try {
        endEpoch(why);
        trouble = why;
        failover.lost(index, clock.nowMicros());
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void endEpoch(String why) {
      if (failover.inUse() == index) {
        feed = null;
        if (leading) {
          line.end(why, 0);
        }
      }
    }

    @Override
    public void enter() {
      lock.lock();
    }

    @Override
    public void leave() {
      lock.unlock();
    }

    @Override
    public boolean heard(Feed from, boolean keyframe, long nowMicros) {
      int before = failover.inUse();
      if (stopped && before != index || !failover.heard(index, keyframe, nowMicros)) {
        return false;
      }
      if (before != index) {
        takeOver();
      }
      feed = from;
      trouble = null;
      return true;
    }

    @Override
    public boolean mine() {
      return failover.inUse() == index;
    }

    @Override
    public boolean nobodys() {
      return failover.inUse() == Failover.NONE;
    }

    @Override
    public String tookOver() {
      String told = because;
      because = null;
      return told;
    }

    @Override
    public Long offsetMicros() {
      return input.offsetMicros();
    }

    @Override
    public void laid(long offsetMicros, InputInUse.OffsetFrom from) {
      shown.laid(main.uses(), offsetMicros, from);
    }

    private void takeOver() {
      if (feed != null) {
        feed.finish();
      }
      changed.signalAll();
      if (index == last) {
        // It came back before another one was there.
        return;
      }
      last = index;
      because = index == 0 ? "the main input is back" : away();
      LOG.info("{}: {} takes over: {}", stream, name(), because);
      shown.now(shown(index == 0 ? null : because), true);
      line.offset().changed();
      if (!leading) {
        line.renew("of " + main.name() + ": " + because);
      }
    }

    private InputInUse shown(String reason) {
      return new InputInUse(main.uses(), index, input.url().safeUrl(), reason);
    }
  }

  /** Why a backup is needed. */
  private String away() {
    String trouble = places.get(0).trouble;
    long millis = main.failover().toMillis();
    return trouble == null
        ? "nothing came from the main input for "
            + (millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms")
        : "of the main input: " + trouble;
  }
}
