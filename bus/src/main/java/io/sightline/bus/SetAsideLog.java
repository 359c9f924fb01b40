package io.sightline.bus;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which records were set aside and why; at most one line per second. Of one thread. */
final class SetAsideLog {

  private static final long PAUSE_NANOS = 1_000_000_000;
  private static final Logger log = LoggerFactory.getLogger(SetAsideLog.class);

  private final String stage;
  private long quietUntil = System.nanoTime();
  private long untold;

  SetAsideLog(String stage) {
    this.stage = stage;
  }

  void note(Topic topic, ConsumerRecord<byte[], byte[]> record, Throwable problem) {
    long now = System.nanoTime();
    if (now - quietUntil < 0) {
      untold++;
      return;
    }
    log.warn(
        "{} sets {}.{}.{} aside in {}{}: {}",
        stage,
        topic.id(),
        record.partition(),
        record.offset(),
        topic.failedId(),
        untold == 0 ? "" : " (and " + untold + " others before)",
        FailedHeaders.reason(problem));
    log.debug("Why", problem);
    untold = 0;
    quietUntil = now + PAUSE_NANOS;
  }
}
