package io.sightline.bus;

import java.time.Duration;
import java.util.Set;

/**
 * How a stage reads.
 *
 * @param group name of the stage; the consumer group is the installation's prefix and this
 * @param topics all keyed the same, so that one partition number means one set of streams
 * @param maxInFlight records of one partition that are worked on at a time; 1 for one after another
 * @param maxInFlightBytes of one partition; a larger record still comes, alone
 * @param checkpointEvery how often state and offsets are stored; work since then is done again
 *     after a kill
 * @param checkpointRecords after how many records of a partition at the latest
 * @param bufferRecords of one partition that may wait in memory before reading pauses
 * @param bufferBytes of one partition that may wait in memory before reading pauses
 * @param drainTimeout how long work in flight may take to end when a partition is given back; then
 *     it is given up, and the next owner goes on from the last checkpoint
 * @param retryPause before the first repeat of what failed and may pass
 * @param maxRetryPause which the pauses grow to
 * @param sessionTimeout without a heartbeat, after which the group counts this reader as dead
 * @param heartbeatInterval at most a third of that
 * @param maxPollInterval how long one call of the stage may block before the partition goes to
 *     somebody else
 */
public record StageReaderConfig(
    String group,
    Set<Topic> topics,
    int maxInFlight,
    long maxInFlightBytes,
    Duration checkpointEvery,
    int checkpointRecords,
    int bufferRecords,
    long bufferBytes,
    Duration drainTimeout,
    Duration retryPause,
    Duration maxRetryPause,
    Duration sessionTimeout,
    Duration heartbeatInterval,
    Duration maxPollInterval) {

  public StageReaderConfig {
    if (group == null || !group.matches("[a-zA-Z0-9._-]{1,100}")) {
      throw new IllegalArgumentException(
          "A stage's group has 1 to 100 letters, digits, '.', '_' and '-', not '" + group + "'");
    }
    topics = Set.copyOf(topics);
    if (topics.isEmpty()) {
      throw new IllegalArgumentException("The stage " + group + " must read a topic");
    }
    if (topics.stream().map(Topic::keyedByStream).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "The stage "
              + group
              + " reads topics with different keys ("
              + topics
              + "): give each kind a reader and a group of its own");
    }
    require(group, "records in flight", maxInFlight);
    require(group, "bytes in flight", maxInFlightBytes);
    require(group, "records per checkpoint", checkpointRecords);
    require(group, "buffered records", bufferRecords);
    require(group, "buffered bytes", bufferBytes);
    require(group, "checkpoint interval", checkpointEvery.toMillis());
    require(group, "drain timeout", drainTimeout.toMillis());
    require(group, "retry pause", retryPause.toMillis());
    require(group, "session timeout", sessionTimeout.toMillis());
    require(group, "heartbeat interval", heartbeatInterval.toMillis());
    if (maxRetryPause.compareTo(retryPause) < 0) {
      throw new IllegalArgumentException(
          "The stage " + group + ": the longest retry pause is below the first");
    }
    if (heartbeatInterval.multipliedBy(3).compareTo(sessionTimeout) > 0) {
      throw new IllegalArgumentException(
          "The stage " + group + ": a heartbeat must fit three times into the session timeout");
    }
    if (maxPollInterval.compareTo(sessionTimeout) < 0
        || drainTimeout.compareTo(maxPollInterval) > 0) {
      throw new IllegalArgumentException(
          "The stage "
              + group
              + ": the poll interval must be at least the session timeout and the drain timeout");
    }
  }

  /** The defaults: 32 records or 32 MB in flight, a checkpoint every 5 s or 1,000 records. */
  public static StageReaderConfig of(String group, Topic... topics) {
    return new StageReaderConfig(
        group,
        Set.of(topics),
        32,
        32_000_000,
        Duration.ofSeconds(5),
        1_000,
        256,
        32_000_000,
        Duration.ofSeconds(30),
        Duration.ofMillis(200),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(3),
        Duration.ofMinutes(5));
  }

  public StageReaderConfig withInFlight(int records, long bytes) {
    return new StageReaderConfig(
        group,
        topics,
        records,
        bytes,
        checkpointEvery,
        checkpointRecords,
        bufferRecords,
        bufferBytes,
        drainTimeout,
        retryPause,
        maxRetryPause,
        sessionTimeout,
        heartbeatInterval,
        maxPollInterval);
  }

  public StageReaderConfig withCheckpoints(Duration every, int records) {
    return new StageReaderConfig(
        group,
        topics,
        maxInFlight,
        maxInFlightBytes,
        every,
        records,
        bufferRecords,
        bufferBytes,
        drainTimeout,
        retryPause,
        maxRetryPause,
        sessionTimeout,
        heartbeatInterval,
        maxPollInterval);
  }

  public StageReaderConfig withBuffer(int records, long bytes) {
    return new StageReaderConfig(
        group,
        topics,
        maxInFlight,
        maxInFlightBytes,
        checkpointEvery,
        checkpointRecords,
        records,
        bytes,
        drainTimeout,
        retryPause,
        maxRetryPause,
        sessionTimeout,
        heartbeatInterval,
        maxPollInterval);
  }

  public StageReaderConfig withRetries(Duration first, Duration longest) {
    return new StageReaderConfig(
        group,
        topics,
        maxInFlight,
        maxInFlightBytes,
        checkpointEvery,
        checkpointRecords,
        bufferRecords,
        bufferBytes,
        drainTimeout,
        first,
        longest,
        sessionTimeout,
        heartbeatInterval,
        maxPollInterval);
  }

  /** For tests: production keeps the defaults. */
  public StageReaderConfig withMembership(
      Duration session, Duration heartbeat, Duration pollInterval, Duration drain) {
    return new StageReaderConfig(
        group,
        topics,
        maxInFlight,
        maxInFlightBytes,
        checkpointEvery,
        checkpointRecords,
        bufferRecords,
        bufferBytes,
        drain,
        retryPause,
        maxRetryPause,
        session,
        heartbeat,
        pollInterval);
  }

  private static void require(String group, String what, long value) {
    if (value < 1 || value > Integer.MAX_VALUE * 1_000L) {
      throw new IllegalArgumentException(
          "The stage " + group + ": " + what + " must be positive, not " + value);
    }
  }
}
