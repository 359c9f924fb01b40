package io.sightline.ingestgateway.recordings;

import io.sightline.bus.Writer;
import io.sightline.records.Keep;
import io.sightline.records.Positions;
import io.sightline.records.RecordedBlock;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.Page;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what the rules let go of, a bounded amount at a time. A block is first marked in its
 * stream's ledger, from when on nobody offers it; once the grace is over it is deleted, and then it
 * leaves the ledger. What happens between any two of these steps, the next turn finds the mark and
 * goes on.
 */
final class Retention {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /** Enough to see past what is marked or open already. */
  private static final int LOOK = 200;

  private final Records<RecordedBlock> blocks;
  private final BlockRemoval removal;
  private final FrameRemoval frames;
  private final ClipRemoval clips;
  private final PinnedRelease pinned;
  private final KeepRule rules;
  private final RecordingMeters meters;
  private final RetentionLimits limits;
  private final Clock clock;
  private int firstStream;
  private volatile boolean ending;

  Retention(
      ObjectStore objects,
      RecordStore store,
      Writer writer,
      KeepRule rules,
      RecordingMeters meters,
      RetentionLimits limits,
      Clock clock) {
    this.blocks = Records.of(store, RecordedBlock.class);
    this.removal = new BlockRemoval(objects, store, clock);
    this.frames = new FrameRemoval(objects, store);
    this.clips = new ClipRemoval(objects, store, writer);
    this.pinned = new PinnedRelease(store, removal);
    this.rules = rules;
    this.meters = meters;
    this.limits = limits;
    this.clock = clock;
  }

  /** How many more chunks, or frames in their place, this turn may delete. */
  private static final class Budget {
    private int chunks;

    Budget(int chunks) {
      this.chunks = chunks;
    }
  }

  /**
   * Looks at all streams once, beginning with another one each time. Never fails: what could not be
   * done is logged, and done at a later turn.
   */
  Future<Void> turn(List<StreamLedger> ledgers) {
    List<StreamLedger> order = new ArrayList<>(ledgers);
    if (!order.isEmpty()) {
      Collections.rotate(order, -(firstStream++ % order.size()));
    }
    List<String> streams = order.stream().map(StreamLedger::stream).toList();
    frames.retain(streams);
    clips.retain(streams);
    pinned.retain(streams);
    Budget budget = new Budget(limits.chunksPerTurn());
    Future<Void> done = Future.succeededFuture();
    for (StreamLedger ledger : order) {
      if (!ledger.fenced()) {
        done = done.compose(v -> look(ledger, budget)).recover(e -> later(ledger, e));
      }
    }
    return done;
  }

  /** The turn that is under way ends with the block it is at. Any thread. */
  void end() {
    ending = true;
  }

  private static Future<Void> later(StreamLedger ledger, Throwable e) {
    LOG.warn(
        "The recordings of '{}' could not be looked after now: {}",
        ledger.stream(),
        e.getMessage());
    return Future.succeededFuture();
  }

  private Future<Void> look(StreamLedger ledger, Budget budget) {
    long now = Positions.of(clock.instant());
    Future<Void> deleted =
        ledger.look(rule(ledger), now) ? ledger.commit() : Future.succeededFuture();
    List<RecordedBlock> due = ledger.marked(now - Positions.micros(limits.grace()));
    for (RecordedBlock block : due) {
      deleted =
          deleted.compose(
              v ->
                  budget.chunks > 0 && !ending
                      ? remove(ledger, block, budget)
                      : Future.succeededFuture());
    }
    return deleted
        .compose(v -> ledger.mayExpire(now) ? mark(ledger, now) : Future.succeededFuture())
        // Not each chunk's count: the stage commits those with its checkpoint.
        .compose(v -> due.isEmpty() ? Future.succeededFuture() : ledger.commit())
        .compose(v -> lookAtFrames(ledger, budget, now))
        .compose(v -> lookAtClips(ledger, budget, now))
        .compose(v -> lookAtPinned(ledger, budget, now));
  }

  private Future<Void> lookAtFrames(StreamLedger ledger, Budget budget, long now) {
    if (budget.chunks <= 0 || ending) {
      return Future.succeededFuture();
    }
    return frames
        .look(ledger.stream(), rule(ledger).ageMicros(), now)
        .map(
            deleted -> {
              budget.chunks -= deleted;
              meters.expiredFrames(deleted);
              return null;
            });
  }

  private Future<Void> lookAtClips(StreamLedger ledger, Budget budget, long now) {
    if (budget.chunks <= 0 || ending) {
      return Future.succeededFuture();
    }
    return clips
        .look(ledger.stream(), rule(ledger).clipsMicros(), now)
        .map(
            deleted -> {
              budget.chunks -= deleted;
              meters.removedClips(deleted);
              if (deleted > 0) {
                pinned.lookSoon(ledger.stream());
              }
              return null;
            });
  }

  private Future<Void> lookAtPinned(StreamLedger ledger, Budget budget, long now) {
    if (budget.chunks <= 0 || ending) {
      return Future.succeededFuture();
    }
    return pinned
        .look(ledger, now)
        .map(
            released -> {
              budget.chunks -= (int) Math.min(budget.chunks, released.chunks());
              meters.released(released);
              return null;
            });
  }

  /** A stream that was removed goes on by the rule that held. */
  private Keep rule(StreamLedger ledger) {
    return rules
        .of(ledger.stream())
        .orElseGet(() -> ledger.keep() == null ? rules.otherwise() : ledger.keep());
  }

  private Future<Void> remove(StreamLedger ledger, RecordedBlock block, Budget budget) {
    // An epoch's last, empty block costs a look at its folder.
    budget.chunks -= Math.max(1, block.chunks());
    return removal
        .remove(ledger.stream(), block)
        .map(
            pinned -> {
              ledger.expired(block, pinned);
              meters.expired(block, pinned);
              return null;
            });
  }

  private Future<Void> mark(StreamLedger ledger, long now) {
    // What is complete in memory alone is stored first: it may be next.
    return ledger
        .commit()
        .compose(
            v ->
                blocks.query(
                    new Query(StoreKeys.recordings(ledger.stream()), null, null, LOOK, false)))
        .compose(page -> marked(ledger, page, now));
  }

  private Future<Void> marked(StreamLedger ledger, Page<RecordedBlock> page, long now) {
    boolean more = page.raw().nextSort() != null;
    ledger.mark(page.items(), more, now);
    return ledger.changed() ? ledger.commit() : Future.succeededFuture();
  }
}
