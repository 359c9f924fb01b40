package io.sightline.bus;

import io.sightline.bus.BusException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The records that stages set aside in {@code <topic>.failed}: to be looked at, and tried again.
 *
 * <p>A topic cannot take a record back, so what was retried is written down: partition 0 of {@code
 * <topic>.failed} holds the records, partition 1 the ids of those that are done with. Finding them
 * costs reading that topic, which is what a person asks for now and then.
 */
public final class FailedRecords {

  public static final int MAX_PAGE = 1_000;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Vertx vertx;
  private final BusConfig config;
  private final Writer writer;
  private final Clock clock;

  private FailedRecords(Vertx vertx, BusConfig config, Writer writer, Clock clock) {
    this.vertx = vertx;
    this.config = config;
    this.writer = writer;
    this.clock = clock;
  }

  /**
   * @param writer by which records go back to their topics
   */
  public static FailedRecords of(Vertx vertx, BusConfig config, Writer writer) {
    return new FailedRecords(vertx, config, writer, Clock.systemUTC());
  }

  /**
   * Lists records that were set aside and not retried since.
   *
   * @param after {@link FailedPage#next()} of the page before; null to begin
   * @param limit 1 to {@link #MAX_PAGE}
   * @return fails with {@link BusException} UNREACHABLE when Kafka does not answer
   */
  public Future<FailedPage> list(Set<Topic> topics, String after, int limit) {
    if (limit < 1 || limit > MAX_PAGE) {
      throw new IllegalArgumentException(
          "A page holds 1 to " + MAX_PAGE + " records, not " + limit);
    }
    Place from = after == null ? null : Place.parse(after);
    return blocking(
        consumer -> {
          List<FailedRecord> items = new ArrayList<>();
          for (Topic topic :
              topics.isEmpty() ? EnumSet.allOf(Topic.class) : EnumSet.copyOf(topics)) {
            // Counted one too many, to know whether there are more.
            collect(consumer, topic, from, items, limit + 1 - items.size());
          }
          boolean more = items.size() > limit;
          List<FailedRecord> page = more ? items.subList(0, limit) : items;
          return new FailedPage(page, more ? page.get(limit - 1).id() : null);
        });
  }

  /** Finds one record, with its value; empty when it is not there or was retried. */
  public Future<Optional<FailedRecord>> show(String id) {
    Place place = Place.parse(id);
    return blocking(consumer -> find(consumer, place));
  }

  /**
   * Writes a record to its topic again, marked so that readers do not drop it as seen, and takes it
   * off the list. Should this be interrupted between the two, it stays on the list.
   *
   * @return fails with {@link BusException} REFUSED when there is no such record, or none that
   *     could be tried again
   */
  public Future<Void> retry(String id) {
    return show(id)
        .compose(
            found -> {
              FailedRecord failed =
                  found.orElseThrow(
                      () ->
                          new BusException(
                              Reason.REFUSED, "There is no failed record '" + id + "'"));
              if (failed.record().key().isEmpty()) {
                throw new BusException(
                    Reason.REFUSED, "The record " + id + " has no key, so no stage can take it");
              }
              Map<String, byte[]> headers = new HashMap<>(failed.record().headers());
              headers.put(FailedHeaders.RETRIED, FailedHeaders.of(failed.attempts()));
              return writer.write(
                  new OutRecord(
                      failed.record().topic(),
                      failed.record().key(),
                      failed.record().value(),
                      headers));
            })
        .compose(
            written ->
                vertx.executeBlocking(
                    () -> {
                      resolve(Place.parse(id));
                      return null;
                    },
                    false));
  }

  private interface Work<T> {
    T run(KafkaConsumer<byte[], byte[]> consumer);
  }

  private <T> Future<T> blocking(Work<T> work) {
    return vertx.executeBlocking(
        () -> {
          Map<String, Object> settings = KafkaSettings.consumer(config);
          settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
          try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            return work.run(consumer);
          } catch (KafkaException e) {
            throw Topics.unreachable(config, e);
          }
        },
        false);
  }

  private void collect(
      KafkaConsumer<byte[], byte[]> consumer,
      Topic topic,
      Place from,
      List<FailedRecord> items,
      int wanted) {
    if (wanted < 1 || (from != null && topic.compareTo(from.topic()) < 0)) {
      return;
    }
    // A kill between setting aside and the next checkpoint sets a record aside twice.
    Set<Place> passed = new HashSet<>(resolved(consumer, topic));
    boolean[] begun = {from == null || topic != from.topic()};
    int end = items.size() + wanted;
    scan(
        consumer,
        new TopicPartition(Topics.failedName(config, topic), Topics.FAILED_RECORDS),
        record -> {
          Place place = Place.of(topic, record);
          if (passed.add(place) && begun[0] && !expired(record)) {
            items.add(read(place, record, false));
          }
          begun[0] |= place.equals(from);
          return items.size() < end;
        });
  }

  private Optional<FailedRecord> find(KafkaConsumer<byte[], byte[]> consumer, Place place) {
    if (resolved(consumer, place.topic()).contains(place)) {
      return Optional.empty();
    }
    List<FailedRecord> found = new ArrayList<>();
    scan(
        consumer,
        new TopicPartition(Topics.failedName(config, place.topic()), Topics.FAILED_RECORDS),
        record -> {
          if (Place.of(place.topic(), record).equals(place) && !expired(record)) {
            found.add(read(place, record, true));
          }
          return found.isEmpty();
        });
    return found.stream().findFirst();
  }

  private Set<Place> resolved(KafkaConsumer<byte[], byte[]> consumer, Topic topic) {
    Set<Place> places = new HashSet<>();
    scan(
        consumer,
        new TopicPartition(Topics.failedName(config, topic), Topics.FAILED_RESOLVED),
        record -> {
          places.add(Place.parse(FailedHeaders.text(record.key())));
          return true;
        });
    return places;
  }

  /** Kafka deletes late and by whole segments, so a record may outlive what says it is done. */
  private boolean expired(ConsumerRecord<byte[], byte[]> record) {
    return record.timestamp() < clock.millis() - Topics.FAILED_RETENTION.toMillis();
  }

  private void resolve(Place place) {
    Map<String, Object> settings = KafkaSettings.producer(config);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(60_000));
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.failedName(config, place.topic()),
                  Topics.FAILED_RESOLVED,
                  place.id().getBytes(StandardCharsets.UTF_8),
                  null))
          .get();
    } catch (ExecutionException e) {
      throw Topics.unreachable(config, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusException(Reason.CLOSED, "Interrupted while a record was taken off the list", e);
    }
  }

  private static void scan(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      Predicate<ConsumerRecord<byte[], byte[]>> more) {
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    long quietSince = System.nanoTime();
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        quietSince = System.nanoTime();
        if (!more.test(record)) {
          return;
        }
      }
      if (System.nanoTime() - quietSince > PATIENCE.toNanos()) {
        throw new KafkaException("no records for " + PATIENCE.toSeconds() + " s");
      }
    }
  }

  private static FailedRecord read(
      Place place, ConsumerRecord<byte[], byte[]> record, boolean withValue) {
    Map<String, byte[]> all = InRecords.headers(record);
    Map<String, byte[]> original = new HashMap<>(all);
    original.keySet().removeIf(name -> name.startsWith(FailedHeaders.PREFIX));
    byte[] value = withValue && record.value() != null ? record.value() : new byte[0];
    return new FailedRecord(
        place.id(),
        FailedHeaders.text(all.get(FailedHeaders.STAGE)),
        FailedHeaders.text(all.get(FailedHeaders.REASON)),
        FailedHeaders.number(all.get(FailedHeaders.ATTEMPTS)),
        Instant.ofEpochMilli(record.timestamp()),
        record.value() == null ? 0 : record.value().length,
        new InRecord(
            place.topic(),
            place.partition(),
            place.offset(),
            FailedHeaders.text(record.key()),
            value,
            original,
            FailedHeaders.number(all.get(FailedHeaders.TIMESTAMP))));
  }

  /** Where a failed record comes from. */
  private record Place(Topic topic, int partition, long offset) {

    static Place of(Topic topic, ConsumerRecord<byte[], byte[]> record) {
      Map<String, byte[]> headers = InRecords.headers(record);
      return new Place(
          topic,
          (int) FailedHeaders.number(headers.get(FailedHeaders.PARTITION)),
          FailedHeaders.number(headers.get(FailedHeaders.OFFSET)));
    }

    static Place parse(String id) {
      String[] parts = id.split("\\.", -1);
      if (parts.length == 3 && parts[1].matches("\\d{1,9}") && parts[2].matches("\\d{1,18}")) {
        for (Topic topic : Topic.values()) {
          if (topic.id().equals(parts[0])) {
            return new Place(topic, Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
          }
        }
      }
      throw new IllegalArgumentException(
          "'" + id + "' names no failed record; its id looks like frames.3.1042");
    }

    String id() {
      return topic.id() + "." + partition + "." + offset;
    }
  }
}
