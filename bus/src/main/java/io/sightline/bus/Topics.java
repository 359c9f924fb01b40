package io.sightline.bus;

import io.sightline.bus.BusException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sightline's topics in Kafka. */
public final class Topics {

  /** Partition of {@code <topic>.failed} that holds the records set aside. */
  static final int FAILED_RECORDS = 0;

  /** Partition of {@code <topic>.failed} that holds which of them are done with. */
  static final int FAILED_RESOLVED = 1;

  /** How long a record set aside can be looked at and tried again. */
  static final Duration FAILED_RETENTION = Duration.ofDays(7);

  private static final int FAILED_PARTITIONS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final long MAX_SEGMENT_BYTES = 256_000_000;
  private static final Logger log = LoggerFactory.getLogger(Topics.class);

  private Topics() {}

  /**
   * Creates the topics that are missing, and checks that those keyed by stream have one partition
   * count; without that, a stream's records would meet in no stage. Topics that are there keep the
   * count they have, and new ones get the same.
   *
   * @return completes when all topics can be used, within about 40 s; fails with {@link
   *     BusException} UNREACHABLE when no broker answers, MISCONFIGURED when the counts differ
   */
  public static Future<Void> ensure(Vertx vertx, BusConfig config) {
    return vertx.executeBlocking(
        () -> {
          ensure(config, PATIENCE);
          return null;
        },
        false);
  }

  static void ensure(BusConfig config, Duration patience) {
    try (Admin admin = Admin.create(KafkaSettings.admin(config, patience))) {
      Map<String, Integer> present = partitionCounts(admin, config);
      int partitions = keyedCount(config, present).orElse(config.partitions());
      if (partitions != config.partitions()) {
        log.info(
            "The topics keyed by stream have {} partitions, kafka.partitions says {}: it counts for"
                + " new installations only",
            partitions,
            config.partitions());
      }
      List<NewTopic> missing =
          wanted(config, partitions).stream().filter(t -> !present.containsKey(t.name())).toList();
      if (!missing.isEmpty()) {
        // A new cluster makes the topic of the groups' offsets when first asked for a group: let it
        // do that now, not when every stage waits for it. What it answers does not matter.
        admin.describeConsumerGroups(List.of(config.topicPrefix() + "sightline"));
        create(admin, missing);
        awaitAll(admin, config, patience);
        awaitLeaders(admin, missing);
        keyedCount(config, partitionCounts(admin, config));
      }
    } catch (KafkaException e) {
      throw unreachable(config, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusException(Reason.CLOSED, "Interrupted while the topics were looked at", e);
    }
  }

  /**
   * Deletes all topics of an installation, with what is in them.
   *
   * @return completes when Kafka has marked them as deleted; topics that are not there are passed
   *     over
   */
  public static Future<Void> delete(Vertx vertx, BusConfig config) {
    return vertx.executeBlocking(
        () -> {
          try (Admin admin = Admin.create(KafkaSettings.admin(config, PATIENCE))) {
            List<String> names = wanted(config, 1).stream().map(NewTopic::name).toList();
            Set<String> present = admin.listTopics().names().get();
            admin.deleteTopics(names.stream().filter(present::contains).toList()).all().get();
            return null;
          } catch (ExecutionException e) {
            throw unreachable(config, e.getCause());
          }
        },
        false);
  }

  static String name(BusConfig config, Topic topic) {
    return config.topicPrefix() + topic.id();
  }

  static String failedName(BusConfig config, Topic topic) {
    return config.topicPrefix() + topic.failedId();
  }

  static BusException unreachable(BusConfig config, Throwable cause) {
    return new BusException(
        Reason.UNREACHABLE,
        "Kafka does not answer at "
            + config.bootstrap()
            + ": is it running, and is kafka.bootstrap right? ("
            + cause.getMessage()
            + ")",
        cause);
  }

  private static List<NewTopic> wanted(BusConfig config, int partitions) {
    List<NewTopic> all = new ArrayList<>();
    for (Topic topic : Topic.values()) {
      all.add(
          topic(
              name(config, topic),
              partitions,
              topic.retention(),
              topic.retentionBytes(),
              KafkaSettings.MAX_MESSAGE_BYTES));
      all.add(
          topic(
              failedName(config, topic),
              FAILED_PARTITIONS,
              FAILED_RETENTION,
              -1,
              KafkaSettings.MAX_FAILED_MESSAGE_BYTES));
    }
    return all;
  }

  /**
   * Kafka deletes by whole log segments, so a segment is a fraction of what is kept: else an hour
   * of frames would stay for as long as a gigabyte takes to fill.
   */
  private static NewTopic topic(
      String name, int partitions, Duration retention, long retentionBytes, int maxBytes) {
    Map<String, String> settings = new HashMap<>();
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    settings.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(retention.toMillis() / 4));
    settings.put(TopicConfig.RETENTION_BYTES_CONFIG, Long.toString(retentionBytes));
    settings.put(
        TopicConfig.SEGMENT_BYTES_CONFIG,
        Long.toString(
            retentionBytes < 0
                ? MAX_SEGMENT_BYTES
                : Math.min(MAX_SEGMENT_BYTES, retentionBytes / 8)));
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxBytes));
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
    return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
  }

  private static void create(Admin admin, List<NewTopic> missing) throws InterruptedException {
    for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
      try {
        created.get();
      } catch (ExecutionException e) {
        // Somebody else was faster.
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw refusedOrUnreachable("create the topics", e.getCause());
        }
      }
    }
    log.info("Created {} topics", missing.size());
  }

  /** A topic that the controller has created becomes visible at the brokers a little later. */
  private static void awaitAll(Admin admin, BusConfig config, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (partitionCounts(admin, config).size() < 2 * Topic.values().length) {
      if (System.nanoTime() > deadline) {
        throw new BusException(
            Reason.UNREACHABLE,
            "Kafka at " + config.bootstrap() + " does not show the topics it has created");
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }

  /** A partition that has a leader by name may still have to be opened by it. */
  private static void awaitLeaders(Admin admin, List<NewTopic> topics) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (NewTopic topic : topics) {
      for (int i = 0; i < topic.numPartitions(); i++) {
        ends.put(new TopicPartition(topic.name(), i), OffsetSpec.latest());
      }
    }
    try {
      admin.listOffsets(ends).all().get();
    } catch (ExecutionException e) {
      throw refusedOrUnreachable("open the topics", e.getCause());
    }
  }

  private static Map<String, Integer> partitionCounts(Admin admin, BusConfig config)
      throws InterruptedException {
    List<String> names =
        Arrays.stream(Topic.values())
            .flatMap(t -> Stream.of(name(config, t), failedName(config, t)))
            .toList();
    Map<String, Integer> counts = new TreeMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> entry :
        admin.describeTopics(names).topicNameValues().entrySet()) {
      try {
        TopicDescription topic = entry.getValue().get();
        boolean led =
            topic.partitions().stream().allMatch(p -> p.leader() != null && !p.leader().isEmpty());
        if (led) {
          counts.put(entry.getKey(), topic.partitions().size());
        }
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw refusedOrUnreachable("describe the topic " + entry.getKey(), e.getCause());
        }
      }
    }
    return counts;
  }

  private static Optional<Integer> keyedCount(BusConfig config, Map<String, Integer> counts) {
    Map<String, Integer> keyed = new TreeMap<>();
    for (Topic topic : Topic.values()) {
      Integer count = counts.get(name(config, topic));
      if (topic.keyedByStream() && count != null) {
        keyed.put(name(config, topic), count);
      }
      Integer failed = counts.get(failedName(config, topic));
      if (failed != null && failed < FAILED_PARTITIONS) {
        throw new BusException(
            Reason.MISCONFIGURED,
            "The topic "
                + failedName(config, topic)
                + " at "
                + config.bootstrap()
                + " needs "
                + FAILED_PARTITIONS
                + " partitions, it has "
                + failed);
      }
    }
    if (keyed.values().stream().distinct().count() > 1) {
      throw new BusException(
          Reason.MISCONFIGURED,
          "The topics keyed by stream must have one partition count, but at "
              + config.bootstrap()
              + " they have "
              + keyed
              + "; delete or enlarge those that differ");
    }
    return keyed.values().stream().findFirst();
  }

  private static RuntimeException refusedOrUnreachable(String what, Throwable cause) {
    if (cause instanceof RetriableException && cause instanceof KafkaException known) {
      return known;
    }
    return new BusException(
        Reason.MISCONFIGURED, "Kafka refuses to " + what + ": " + cause.getMessage(), cause);
  }
}
