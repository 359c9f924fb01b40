package io.sightline.bus;

import java.util.concurrent.atomic.LongAdder;

/** What a stage reader counts. Written by its thread, read by any. */
final class ReaderCounters {

  final LongAdder delivered = new LongAdder();
  final LongAdder repeats = new LongAdder();
  final LongAdder setAside = new LongAdder();
  final LongAdder rewinds = new LongAdder();
  final LongAdder checkpoints = new LongAdder();
  final LongAdder fenced = new LongAdder();
  final LongAdder expired = new LongAdder();
  volatile int partitions;
  volatile long lagRecords;

  StageReader.Stats snapshot() {
    return new StageReader.Stats(
        partitions,
        delivered.sum(),
        repeats.sum(),
        setAside.sum(),
        rewinds.sum(),
        checkpoints.sum(),
        fenced.sum(),
        expired.sum(),
        lagRecords);
  }
}
