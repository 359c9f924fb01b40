package io.sightline.bus;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** How each kind of Kafka client is set up here, in one place. */
final class KafkaSettings {

  /**
   * Key, value and headers together. A picture of 8 MB fits; nothing much larger is worth carrying.
   */
  static final int MAX_RECORD_BYTES = 8_650_752;

  /** What a topic takes; some room for the headers that set a failed record aside. */
  static final int MAX_MESSAGE_BYTES = 9_000_000;

  static final int MAX_FAILED_MESSAGE_BYTES = 9_200_000;

  private static final int MAX_REQUEST_BYTES = 10_000_000;

  /** Some frames, or many small records: what one request holds of a partition. */
  private static final int BATCH_BYTES = 262_144;

  private static final int FETCH_BYTES = 16_000_000;
  private static final int PARTITION_FETCH_BYTES = 2_000_000;

  /** A partition that is resumed is asked for only when the fetch under way has come back. */
  private static final int FETCH_WAIT_MILLIS = 100;

  /** With one partition a topic there is no fetch of another under way. */
  private static final int LONE_FETCH_WAIT_MILLIS = 500;

  private KafkaSettings() {}

  static Map<String, Object> admin(BusConfig bus, Duration patience) {
    Map<String, Object> all = common(bus);
    all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    all.put(
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.min(5_000, patience.toMillis()));
    return all;
  }

  /**
   * Writing never gives up by itself: a record that was taken is written as soon as a broker
   * answers again, however long that takes, and in order (idempotent, so also when requests are
   * repeated).
   */
  static Map<String, Object> producer(BusConfig bus) {
    Map<String, Object> all = common(bus);
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    all.put(ProducerConfig.RETRIES_CONFIG, Integer.toString(Integer.MAX_VALUE));
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE));
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "30000");
    // Only topics that were never seen wait for this; those of Sightline are looked up at the open.
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "60000");
    all.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Long.toString(Duration.ofDays(7).toMillis()));
    // One request at a time. With more, a second batch can overtake a first that found no leader:
    // a broker that knows nothing of the producer yet (a new topic, a day of silence) takes any
    // sequence as the first, and then refuses the first batch as out of order for ever.
    all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
    all.put(ProducerConfig.LINGER_MS_CONFIG, Integer.toString(bus.lingerMillis()));
    all.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(BATCH_BYTES));
    all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_REQUEST_BYTES));
    // Above the writer's own hard bound, so that Kafka's never blocks a caller.
    all.put(
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        Long.toString(3 * bus.maxWriteBytes() + 4L * MAX_REQUEST_BYTES));
    return all;
  }

  /** A reader that assigns itself; no group. */
  static Map<String, Object> consumer(BusConfig bus) {
    Map<String, Object> all = common(bus);
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(
        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
        Integer.toString(bus.partitions() == 1 ? LONE_FETCH_WAIT_MILLIS : FETCH_WAIT_MILLIS));
    all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(FETCH_BYTES));
    all.put(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(PARTITION_FETCH_BYTES));
    return all;
  }

  /** A member of a stage's group. All topics of a stage come with the same partition numbers. */
  static Map<String, Object> member(BusConfig bus, StageReaderConfig stage) {
    Map<String, Object> all = consumer(bus);
    all.put(ConsumerConfig.GROUP_ID_CONFIG, bus.topicPrefix() + stage.group());
    all.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
    all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) stage.sessionTimeout().toMillis());
    all.put(
        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) stage.heartbeatInterval().toMillis());
    all.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) stage.maxPollInterval().toMillis());
    return all;
  }

  private static Map<String, Object> common(BusConfig bus) {
    Map<String, Object> all = new HashMap<>();
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bus.bootstrap());
    all.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, "50");
    all.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "1000");
    // A broker that restarts is the same broker. Forgetting the topics when none answers, which is
    // the default, would make every restart of a single broker a rebalance and block writers.
    all.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
    return all;
  }
}
