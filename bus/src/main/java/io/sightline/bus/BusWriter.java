package io.sightline.bus;

import io.sightline.bus.BusException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Writes to Kafka. A record is written once and in the order of the calls, also when a broker
 * restarts meanwhile: writing then waits and the futures complete later.
 *
 * <p>Safe for use by any thread. The order of the calls is kept because all of them pass through
 * one queue, that of the Kafka client's own worker. Futures complete on the caller's context.
 */
public final class BusWriter implements Writer {

  /** The largest record, key and headers included. */
  public static final int MAX_RECORD_BYTES = KafkaSettings.MAX_RECORD_BYTES;

  private static final Duration CLOSE_TIME = Duration.ofSeconds(10);
  private static final int RECORD_OVERHEAD = 100;

  private final BusConfig config;
  private final KafkaProducer<byte[], byte[]> producer;

  // Guarded by this.
  private final List<Promise<Void>> waiting = new ArrayList<>();
  private long pendingBytes;
  private Future<Void> closed;

  private BusWriter(BusConfig config, KafkaProducer<byte[], byte[]> producer) {
    this.config = config;
    this.producer = producer;
  }

  /**
   * Opens a writer. The topics must be there, see {@link Topics#ensure}.
   *
   * @return fails with {@link BusException} UNREACHABLE when no broker answers
   */
  public static Future<BusWriter> open(Vertx vertx, BusConfig config) {
    return open(vertx, config, Future.succeededFuture());
  }

  /**
   * Opens a writer while the topics are still being made.
   *
   * @param topics completes when they are there; when it fails, so does this
   */
  public static Future<BusWriter> open(Vertx vertx, BusConfig config, Future<Void> topics) {
    Properties settings = new Properties();
    settings.putAll(KafkaSettings.producer(config));
    Future<KafkaProducer<byte[], byte[]>> created =
        vertx.executeBlocking(() -> KafkaProducer.create(vertx, settings), false);
    return created
        .recover(failure -> Future.failedFuture(Topics.unreachable(config, failure)))
        .compose(
            producer ->
                topics
                    .compose(ready -> known(config, producer))
                    .map(all -> new BusWriter(config, producer))
                    .recover(
                        failure ->
                            producer.close(0).transform(done -> Future.failedFuture(failure))));
  }

  /** Waits until the producer has found every topic. */
  private static Future<Void> known(BusConfig config, KafkaProducer<byte[], byte[]> producer) {
    List<Future<?>> known = new ArrayList<>();
    for (Topic topic : Topic.values()) {
      known.add(producer.partitionsFor(Topics.name(config, topic)));
    }
    return Future.all(known)
        .<Void>mapEmpty()
        .recover(failure -> Future.failedFuture(Topics.unreachable(config, failure)));
  }

  @Override
  public Future<Void> write(OutRecord record) {
    long size = size(record);
    if (size > MAX_RECORD_BYTES) {
      return Future.failedFuture(
          new BusException(
              Reason.REFUSED,
              "A record of "
                  + record.key()
                  + " for "
                  + record.topic().id()
                  + " has "
                  + size
                  + " bytes; at most "
                  + MAX_RECORD_BYTES
                  + " can be written"));
    }
    KafkaProducerRecord<byte[], byte[]> out =
        KafkaProducerRecord.create(
            Topics.name(config, record.topic()),
            record.key().getBytes(StandardCharsets.UTF_8),
            record.value());
    record
        .headers()
        .forEach((name, value) -> out.addHeader(name, io.vertx.core.buffer.Buffer.buffer(value)));
    Future<Void> sent;
    synchronized (this) {
      if (closed != null) {
        return Future.failedFuture(new BusException(Reason.CLOSED, "The writer is closed"));
      }
      // A record larger than the bound must still get through, alone.
      if (pendingBytes > 0 && pendingBytes + size > 2 * config.maxWriteBytes()) {
        return Future.failedFuture(
            new BusException(
                Reason.FULL,
                "The writer holds "
                    + pendingBytes
                    + " bytes that Kafka has not acknowledged; wait until drained() completes"));
      }
      pendingBytes += size;
      sent = producer.send(out).mapEmpty();
    }
    return sent.eventually(
            () -> {
              release(size);
              return Future.succeededFuture();
            })
        .recover(failure -> Future.failedFuture(refusal(record, failure)));
  }

  @Override
  public synchronized boolean full() {
    return pendingBytes >= config.maxWriteBytes();
  }

  @Override
  public synchronized Future<Void> drained() {
    if (!full()) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    return promise.future();
  }

  /**
   * Writes what is waiting, for up to ten seconds, and closes the producer; what Kafka has not
   * acknowledged by then fails. Safe to call twice.
   */
  public Future<Void> close() {
    Promise<Void> promise = Promise.promise();
    synchronized (this) {
      if (closed != null) {
        return closed;
      }
      closed = promise.future();
    }
    // Closing waits for what is under way; a flush alone would wait for ever without a broker.
    producer.close(CLOSE_TIME.toMillis()).onComplete(promise);
    return promise.future();
  }

  private void release(long size) {
    List<Promise<Void>> free = List.of();
    synchronized (this) {
      pendingBytes -= size;
      if (!waiting.isEmpty() && pendingBytes <= config.maxWriteBytes() / 2) {
        free = List.copyOf(waiting);
        waiting.clear();
      }
    }
    free.forEach(promise -> promise.complete());
  }

  private static long size(OutRecord record) {
    long size = RECORD_OVERHEAD + record.key().length();
    size += record.value() == null ? 0 : record.value().length;
    for (Map.Entry<String, byte[]> header : record.headers().entrySet()) {
      size += header.getKey().length() + header.getValue().length;
    }
    return size;
  }

  private static BusException refusal(OutRecord record, Throwable failure) {
    if (failure instanceof BusException known) {
      return known;
    }
    Reason reason = Reason.REFUSED;
    if (failure instanceof RetriableException && !(failure instanceof RecordTooLargeException)) {
      reason = Reason.UNREACHABLE;
    } else if (failure instanceof IllegalStateException
        || (failure instanceof KafkaException && failure.getClass() == KafkaException.class)) {
      // "Producer closed": forcefully, with records under way.
      reason = Reason.CLOSED;
    }
    return new BusException(
        reason,
        "A record of "
            + record.key()
            + " was not written to "
            + record.topic().id()
            + ": "
            + failure.getMessage(),
        failure);
  }
}
