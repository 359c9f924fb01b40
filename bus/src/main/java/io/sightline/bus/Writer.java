package io.sightline.bus;

import io.vertx.core.Future;

/**
 * Writes records: idempotent, {@code acks=all}, in order per key. Bounded in bytes. A port so that
 * stages can be tested without a broker; {@link BusWriter} is the real one.
 */
public interface Writer {

  /**
   * Writes one record. Records of one key are written in the order of the calls.
   *
   * @return completes when Kafka holds it durably; fails with {@link BusException}, FULL when the
   *     caller went on writing although the writer was full
   */
  Future<Void> write(OutRecord record);

  /** Whether a caller should wait until {@link #drained()} before it writes more. */
  boolean full();

  /** Completes when there is room again; at once when there is. */
  Future<Void> drained();
}
