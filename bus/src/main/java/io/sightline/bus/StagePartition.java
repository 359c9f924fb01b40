package io.sightline.bus;

import io.vertx.core.Future;

/** A stage's work on one partition while it owns it. All calls come on the reader's thread. */
public interface StagePartition extends AutoCloseable {

  /**
   * Works on a record. Records come in order; repeats (by epoch, lane and sequence) do not come at
   * all. The next record is delivered before the future is complete, up to the reader's bound on
   * records in flight; a stage that must not be overtaken by itself sets that bound to one.
   *
   * <p>A record with the header {@code retried} was set aside before and comes again, out of order.
   *
   * @return completes, on any thread, when all that follows from the record is durable. A failure
   *     with {@link TransientException}, or with what a {@link Writer} may do later (UNREACHABLE,
   *     FULL), takes the partition back to its last checkpoint and tries again after a pause; any
   *     other failure, or a throw, sends the record to {@code <topic>.failed} and goes on, so it
   *     must leave the state as it was
   */
  Future<Void> process(InRecord record);

  /**
   * The state after all records delivered so far; called when none is in flight. What it returns is
   * stored with the offsets and given to {@link Stage#open} by whoever goes on.
   */
  byte[] state();

  /**
   * Ends work on the partition. Nothing is in flight, unless work did not end within the reader's
   * drain timeout; what that still does must not matter, for another owner does it again.
   */
  @Override
  void close();
}
