package io.sightline.edgecapture;

import io.sightline.edgecapture.spool.EpochSpool;
import io.sightline.edgecapture.spool.Spool;
import io.sightline.records.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one stream's outbox keeps what the gateway has not acknowledged. Writing is done by whoever
 * captures; reading, syncing and removing by a worker.
 */
final class DiskBuffer {

  private static final Logger LOG = LoggerFactory.getLogger(DiskBuffer.class);

  private final String stream;
  private final Spool spool;
  private final long capacityBytes;
  private final Duration age;
  private final CaptureClock clock;
  private final Executor worker;
  private volatile boolean broken;

  /**
   * @param capacityBytes how much of the stream may wait
   * @param age how long it may wait, by arrival
   * @param worker runs what blocks
   */
  DiskBuffer(
      String stream,
      Spool spool,
      long capacityBytes,
      Duration age,
      CaptureClock clock,
      Executor worker) {
    this.stream = stream;
    this.spool = spool;
    this.capacityBytes = capacityBytes;
    this.age = age;
    this.clock = clock;
    this.worker = worker;
  }

  long capacityBytes() {
    return capacityBytes;
  }

  long nowMicros() {
    return clock.nowMicros();
  }

  /** What came before this has waited too long. */
  long oldestMicros() {
    return clock.nowMicros() - age.toNanos() / 1_000;
  }

  void execute(Runnable blocking) {
    worker.execute(blocking);
  }

  /** What an earlier process left; nothing, with a word in the log, when it cannot be read. */
  List<EpochSpool> recover() {
    try {
      List<EpochSpool> left = spool.recover();
      if (!left.isEmpty()) {
        LOG.info(
            "{}: {} unfinished epoch(s) of an earlier run are sent first", stream, left.size());
      }
      return left;
    } catch (IOException e) {
      LOG.error("{}: what an earlier run left on disk cannot be read: {}", stream, e.toString());
      return List.of();
    }
  }

  /** A place for an epoch; null when the disk cannot be written. */
  EpochSpool begin(EpochStart start) {
    try {
      EpochSpool begun = spool.begin(start.epoch(), Json.encode(start));
      if (broken) {
        LOG.info("{}: the disk can be written again", stream);
        broken = false;
      }
      return begun;
    } catch (IOException e) {
      failed(e);
      return null;
    }
  }

  /** Said once for as long as it lasts. */
  void failed(IOException cause) {
    if (!broken) {
      broken = true;
      LOG.error(
          "{}: what is captured cannot be kept on disk ({}); until that changes it waits in memory"
              + " alone",
          stream,
          Sentences.of(cause));
    }
  }
}
