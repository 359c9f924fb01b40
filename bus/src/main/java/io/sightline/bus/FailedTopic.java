package io.sightline.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Sets records aside in {@code <topic>.failed}. Opens its producer with the first one, since most
 * readers never need it. Used by the reader's thread.
 */
final class FailedTopic implements AutoCloseable {

  private static final Duration CLOSE_TIME = Duration.ofSeconds(5);
  private static final String MAX_BLOCK_MILLIS = "10000";

  private final BusConfig bus;
  private final String stage;
  private KafkaProducer<byte[], byte[]> producer;

  FailedTopic(BusConfig bus, String stage) {
    this.bus = bus;
    this.stage = stage;
  }

  /**
   * @return completes on any thread when Kafka holds the record durably
   */
  Future<Void> add(
      Topic topic, ConsumerRecord<byte[], byte[]> record, Throwable failure, long attempts) {
    Headers headers = new RecordHeaders();
    for (var header : record.headers()) {
      if (!header.key().equals(FailedHeaders.RETRIED)) {
        headers.add(header);
      }
    }
    headers.add(FailedHeaders.STAGE, FailedHeaders.of(stage));
    headers.add(FailedHeaders.REASON, FailedHeaders.of(FailedHeaders.reason(failure)));
    headers.add(FailedHeaders.ATTEMPTS, FailedHeaders.of(attempts));
    headers.add(FailedHeaders.TOPIC, FailedHeaders.of(topic.id()));
    headers.add(FailedHeaders.PARTITION, FailedHeaders.of(record.partition()));
    headers.add(FailedHeaders.OFFSET, FailedHeaders.of(record.offset()));
    headers.add(FailedHeaders.TIMESTAMP, FailedHeaders.of(record.timestamp()));
    Promise<Void> written = Promise.promise();
    try {
      producer()
          .send(
              new ProducerRecord<>(
                  Topics.failedName(bus, topic),
                  Topics.FAILED_RECORDS,
                  record.key(),
                  record.value(),
                  headers),
              (where, problem) -> {
                if (problem == null) {
                  written.complete();
                } else {
                  written.fail(problem);
                }
              });
    } catch (RuntimeException e) {
      written.tryFail(e);
    }
    return written.future();
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(CLOSE_TIME);
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    if (producer == null) {
      Map<String, Object> settings = KafkaSettings.producer(bus);
      settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
      producer = new KafkaProducer<>(settings);
    }
    return producer;
  }
}
