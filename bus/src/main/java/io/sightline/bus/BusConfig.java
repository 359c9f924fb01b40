package io.sightline.bus;

/**
 * How to reach Kafka.
 *
 * @param bootstrap {@code host:port,host:port}
 * @param topicPrefix put before every topic and group, so that installations can share a cluster;
 *     may be empty
 * @param partitions of every topic that this creates
 * @param maxWriteBytes how much may wait for Kafka's acknowledgement in one writer
 * @param lingerMillis how long a record may wait for others, so that they share a request
 */
public record BusConfig(
    String bootstrap, String topicPrefix, int partitions, long maxWriteBytes, int lingerMillis) {

  public static final int DEFAULT_PARTITIONS = 12;
  public static final long DEFAULT_MAX_WRITE_BYTES = 64_000_000;

  /** What is live is on its way at once. */
  public static final int DEFAULT_LINGER_MILLIS = 2;

  private static final int MAX_LINGER_MILLIS = 1_000;

  public BusConfig {
    if (bootstrap == null || bootstrap.isBlank()) {
      throw new IllegalArgumentException(
          "kafka.bootstrap must be host:port, or several with commas");
    }
    topicPrefix = topicPrefix == null ? "" : topicPrefix;
    if (!topicPrefix.matches("[a-zA-Z0-9._-]{0,100}")) {
      throw new IllegalArgumentException(
          "kafka.topicPrefix may hold letters, digits, '.', '_' and '-', not '"
              + topicPrefix
              + "'");
    }
    if (maxWriteBytes < 1 || maxWriteBytes > 10_000_000_000L) {
      throw new IllegalArgumentException(
          "The bound of a writer must be 1 byte to 10 GB, not " + maxWriteBytes);
    }
    if (lingerMillis < 0 || lingerMillis > MAX_LINGER_MILLIS) {
      throw new IllegalArgumentException(
          "A record may wait for others for 0 to "
              + MAX_LINGER_MILLIS
              + " ms, not "
              + lingerMillis);
    }
    if (partitions < 1 || partitions > 10_000) {
      throw new IllegalArgumentException("kafka.partitions must be 1 to 10000, not " + partitions);
    }
  }

  public BusConfig(String bootstrap, String topicPrefix, int partitions, long maxWriteBytes) {
    this(bootstrap, topicPrefix, partitions, maxWriteBytes, DEFAULT_LINGER_MILLIS);
  }

  public static BusConfig of(String bootstrap) {
    return new BusConfig(bootstrap, "", DEFAULT_PARTITIONS, DEFAULT_MAX_WRITE_BYTES);
  }
}
