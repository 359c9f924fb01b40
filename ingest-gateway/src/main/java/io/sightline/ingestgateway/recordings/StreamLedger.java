package io.sightline.ingestgateway.recordings;

import io.sightline.bus.BusException;
import io.sightline.records.Json;
import io.sightline.records.Keep;
import io.sightline.records.RecordedBlock;
import io.sightline.records.RecordingLedger;
import io.sightline.records.RecordingLedger.Expiring;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamItem;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * The ledger of one stream in the hands of its owner. What changes is held in memory until it is
 * committed, all at once and only over the version that was read. An owner that finds another's
 * version reads it again, or, when it holds what it has not committed, is {@link #fenced} and must
 * be opened anew, from the checkpoint.
 *
 * <p>Safe for use by any thread.
 */
final class StreamLedger {

  private final RecordStore store;
  private final RetentionLimits limits;
  private final String stream;

  // Guarded by this.
  private LedgerBook book;
  private long version;
  private boolean changed;
  private boolean taken;
  private boolean fenced;
  private long nextLookMicros;
  private Future<Void> commits = Future.succeededFuture();

  private StreamLedger(
      RecordStore store, RetentionLimits limits, String stream, LedgerBook book, long version) {
    this.store = store;
    this.limits = limits;
    this.stream = stream;
    this.book = book;
    this.version = version;
  }

  private record Held(RecordingLedger ledger, long version) {}

  static Future<StreamLedger> load(RecordStore store, RetentionLimits limits, String stream) {
    return read(store, stream)
        .map(
            held ->
                new StreamLedger(
                    store, limits, stream, new LedgerBook(held.ledger, limits), held.version));
  }

  private static Future<Held> read(RecordStore store, String stream) {
    return store
        .get(StoreKeys.LEDGERS, stream)
        .map(
            stored ->
                new Held(Json.decode(stored.value(), RecordingLedger.class), stored.version()))
        .recover(
            e ->
                is(e, StorageException.Reason.NOT_FOUND)
                    ? Future.succeededFuture(
                        new Held(RecordingLedger.empty(stream), RecordStore.ABSENT))
                    : Future.failedFuture(e));
  }

  String stream() {
    return stream;
  }

  synchronized long chunks() {
    return book.chunks();
  }

  synchronized long bytes() {
    return book.bytes();
  }

  synchronized long pinnedBytes() {
    return book.pinnedBytes();
  }

  /** Whether somebody else wrote what this does not know. */
  synchronized boolean fenced() {
    return fenced;
  }

  synchronized void take(StreamItem item, long arrivalMicros) {
    if (book.take(item, arrivalMicros)) {
      changed = true;
      taken = true;
    }
  }

  /**
   * Takes on the rule in force, and completes what has not grown for long.
   *
   * @return whether that is to be committed
   */
  synchronized boolean look(Keep rule, long nowMicros) {
    boolean other = !rule.equals(book.keep());
    if (other) {
      book.keep(rule);
      nextLookMicros = 0;
    }
    boolean any = book.closeIdle(nowMicros) || other;
    changed |= any;
    return any;
  }

  /** The rule that was last in force; null when none was yet. */
  synchronized Keep keep() {
    return book.keep();
  }

  synchronized boolean changed() {
    return changed;
  }

  /** Blocks that were marked before a time, oldest first. */
  synchronized List<RecordedBlock> marked(long beforeMicros) {
    return book.expiring().stream()
        .filter(one -> one.sinceMicros() <= beforeMicros)
        .map(Expiring::block)
        .toList();
  }

  /** Whether there may be a block to mark. */
  synchronized boolean mayExpire(long nowMicros) {
    return book.expiring().size() < LedgerBook.MAX_EXPIRING
        && (nowMicros >= nextLookMicros || overfull());
  }

  /**
   * Marks what the rule lets go of; to be committed before anything of it is touched.
   *
   * @param oldest stored blocks, by arrival
   * @param more whether there are further ones behind
   * @return how many blocks were marked
   */
  synchronized int mark(List<RecordedBlock> oldest, boolean more, long nowMicros) {
    long age = book.keep().ageMicros();
    int marked = 0;
    for (RecordedBlock block : oldest) {
      if (!book.counts(block)) {
        continue;
      }
      boolean aged = age < Long.MAX_VALUE && block.lastArrivalMicros() <= nowMicros - age;
      if (!aged && !overfull()) {
        nextLookMicros = due(block, age);
        return marked;
      }
      if (book.expiring().size() >= LedgerBook.MAX_EXPIRING) {
        return marked;
      }
      book.expire(block, nowMicros);
      changed = true;
      marked++;
    }
    if (!more && overfull() && book.hasOpen()) {
      book.closeOpen();
      changed = true;
    }
    nextLookMicros = more ? nowMicros : Long.MAX_VALUE;
    book.closed().forEach(block -> nextLookMicros = Math.min(nextLookMicros, due(block, age)));
    return marked;
  }

  /** A marked block is gone; to be committed. */
  synchronized void expired(RecordedBlock block, List<RecordedBlock> pinned) {
    changed |= book.expired(block, pinned);
  }

  /** As {@link LedgerBook#pinned}; to be committed. */
  synchronized void pinned(long chunks, long bytes) {
    changed |= book.pinned(chunks, bytes);
  }

  /** As {@link LedgerBook#released}; to be committed. */
  synchronized void released(long chunks, long bytes) {
    changed |= book.released(chunks, bytes);
  }

  /** Whether nothing more of an epoch can come. */
  synchronized boolean isPast(String run, String epoch) {
    return book.isPast(run, epoch);
  }

  /**
   * Writes what changed, after the commit before.
   *
   * @return fails with {@link BusException} FENCED when there is another owner
   */
  synchronized Future<Void> commit() {
    commits = commits.transform(before -> write());
    return commits;
  }

  private synchronized Future<Void> write() {
    if (fenced) {
      return Future.failedFuture(anotherOwner(null));
    }
    if (!changed) {
      return Future.succeededFuture();
    }
    List<RecordedBlock> closed = book.closed();
    byte[] ledger = Json.encode(book.ledger());
    long over = version;
    changed = false;
    boolean withTaken = taken;
    taken = false;
    List<Future<Long>> blocks = new ArrayList<>();
    for (RecordedBlock block : closed) {
      blocks.add(
          store.put(StoreKeys.recordings(stream), block.sortByArrival(), Json.encode(block), null));
    }
    return Future.all(blocks)
        .compose(v -> store.putIf(StoreKeys.LEDGERS, stream, ledger, null, over))
        .map(next -> committed(next, closed))
        .recover(e -> failed(e, withTaken));
  }

  private synchronized Void committed(long next, List<RecordedBlock> closed) {
    version = next;
    book.stored(closed);
    if (book.keep() != null) {
      long age = book.keep().ageMicros();
      closed.forEach(block -> nextLookMicros = Math.min(nextLookMicros, due(block, age)));
    }
    return null;
  }

  private synchronized Future<Void> failed(Throwable e, boolean withTaken) {
    changed = true;
    taken |= withTaken;
    if (!is(e, StorageException.Reason.CONFLICT)) {
      return Future.failedFuture(e);
    }
    if (taken) {
      fenced = true;
      return Future.failedFuture(anotherOwner(e));
    }
    return read(store, stream).compose(held -> replaced(held, e));
  }

  private synchronized Future<Void> replaced(Held held, Throwable e) {
    if (taken) {
      fenced = true;
      return Future.failedFuture(anotherOwner(e));
    }
    book = new LedgerBook(held.ledger, limits);
    version = held.version;
    changed = false;
    nextLookMicros = 0;
    // What was to be written rested on what is no longer so.
    return Future.failedFuture(e);
  }

  private BusException anotherOwner(Throwable cause) {
    return new BusException(
        BusException.Reason.FENCED,
        "The recordings of '" + stream + "' have another owner by now",
        cause);
  }

  private boolean overfull() {
    return book.keep() != null && book.bytes() > book.keep().spaceBytes();
  }

  private static long due(RecordedBlock block, long age) {
    return age == Long.MAX_VALUE ? Long.MAX_VALUE : block.lastArrivalMicros() + age;
  }

  private static boolean is(Throwable failure, StorageException.Reason reason) {
    return failure instanceof StorageException storage && storage.reason() == reason;
  }
}
