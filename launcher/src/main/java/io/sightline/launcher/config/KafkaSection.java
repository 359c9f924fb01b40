package io.sightline.launcher.config;

import io.sightline.bus.BusConfig;

/**
 * Kafka.
 *
 * @param bootstrap {@code embedded}, or {@code host:port,host:port}
 */
public record KafkaSection(String bootstrap, String topicPrefix, Integer partitions) {

  private static final String EMBEDDED = "embedded";

  public KafkaSection {
    bootstrap = bootstrap == null ? EMBEDDED : bootstrap;
    topicPrefix = topicPrefix == null ? "" : topicPrefix;
    partitions = partitions == null ? BusConfig.DEFAULT_PARTITIONS : partitions;
    if (!bootstrap.equals(EMBEDDED)
        && !bootstrap.matches("[^:,\\s]+:\\d{1,5}(,[^:,\\s]+:\\d{1,5})*")) {
      throw new IllegalArgumentException(
          "expected 'embedded' or host:port, found '" + bootstrap + "'");
    }
    // The same bounds as where they are used, but here a line can be named.
    new BusConfig(bootstrap, topicPrefix, partitions, BusConfig.DEFAULT_MAX_WRITE_BYTES);
  }

  public boolean embedded() {
    return bootstrap.equals(EMBEDDED);
  }

  /**
   * How it is used.
   *
   * @param at where it is: host:port
   */
  public BusConfig bus(String at) {
    return new BusConfig(at, topicPrefix, partitions, BusConfig.DEFAULT_MAX_WRITE_BYTES);
  }
}
