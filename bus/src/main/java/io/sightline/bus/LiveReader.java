package io.sightline.bus;

import io.sightline.bus.BusException.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is written from now on, for live updates: all partitions, no group, no offsets kept.
 * Goes on after a broker's restart. When the handler is slower than what comes, the oldest waiting
 * records are dropped and counted.
 *
 * <p>Owns one thread; the handler is called on the Vert.x context that {@link #start} was called
 * on, or on one of its own.
 */
public final class LiveReader {

  private static final int MAX_WAITING = 2_000;
  private static final long MAX_WAITING_BYTES = 32_000_000;
  private static final int RECORDS_PER_TURN = 50;
  private static final Duration POLL = Duration.ofMillis(200);

  /** How soon it follows again. */
  private static final Duration RESTING_POLL = Duration.ofMillis(50);

  private static final Duration LOOKUP = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(LiveReader.class);

  private final BusConfig config;
  private final List<Topic> topics;
  private final Handler<InRecord> handler;
  private final Context context;
  private final Thread thread;
  private final Promise<Void> ready = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private final AtomicLong dropped = new AtomicLong();
  private volatile KafkaConsumer<byte[], byte[]> consumer;
  private volatile boolean closing;
  private volatile boolean resting;
  private volatile Promise<Void> following = ready;

  // Guarded by waiting.
  private final ArrayDeque<InRecord> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean delivering;

  private LiveReader(Vertx vertx, BusConfig config, Set<Topic> topics, Handler<InRecord> handler) {
    this.config = config;
    this.topics = List.copyOf(topics);
    this.handler = handler;
    this.context = vertx.getOrCreateContext();
    this.thread = new Thread(this::run, "live-reader");
    thread.setDaemon(true);
  }

  public static LiveReader start(
      Vertx vertx, BusConfig config, Set<Topic> topics, Handler<InRecord> handler) {
    LiveReader reader = new LiveReader(vertx, config, topics, handler);
    reader.thread.start();
    return reader;
  }

  /** Completes when everything that is written from then on will be seen. */
  public Future<Void> ready() {
    return ready.future();
  }

  /**
   * Reads again after a {@link #rest()}; otherwise does nothing.
   *
   * @return completes when everything that is written from then on will be seen
   */
  public Future<Void> follow() {
    synchronized (waiting) {
      if (resting) {
        following = Promise.promise();
        resting = false;
      }
      return following.future();
    }
  }

  /** Reads nothing until {@link #follow()}: nobody listens. */
  public void rest() {
    synchronized (waiting) {
      resting = true;
    }
  }

  /** How many records the handler never saw because it was too slow. */
  public long dropped() {
    return dropped.get();
  }

  /** Ends reading; the handler is not called after this completes. Safe to call twice. */
  public Future<Void> close() {
    closing = true;
    KafkaConsumer<byte[], byte[]> reading = consumer;
    if (reading != null) {
      reading.wakeup();
    }
    return ended.future();
  }

  private void run() {
    try (KafkaConsumer<byte[], byte[]> reading =
        new KafkaConsumer<>(KafkaSettings.consumer(config))) {
      consumer = reading;
      List<TopicPartition> all = assign(reading);
      boolean rests = false;
      while (!closing) {
        if (resting && !rests) {
          reading.pause(all);
          rests = true;
        } else if (rests && !resting) {
          goOnFromTheEnd(reading, all);
          rests = false;
        }
        if (!rests) {
          following.tryComplete();
        }
        for (ConsumerRecord<byte[], byte[]> record : reading.poll(rests ? RESTING_POLL : POLL)) {
          if (!rests) {
            offer(record);
          }
        }
      }
    } catch (WakeupException | InterruptException closed) {
      log.debug("Live reading ends");
    } catch (RuntimeException e) {
      log.error("Live reading of {} ended by a failure", topics, e);
      ready.tryFail(
          new BusException(Reason.UNREACHABLE, "Live reading ended: " + e.getMessage(), e));
    } finally {
      ready.tryFail(new BusException(Reason.CLOSED, "The live reader was closed"));
      synchronized (waiting) {
        waiting.clear();
      }
      try {
        context.runOnContext(done -> ended.tryComplete());
      } catch (RejectedExecutionException vertxClosed) {
        ended.tryComplete();
      }
    }
  }

  private void goOnFromTheEnd(KafkaConsumer<byte[], byte[]> reading, List<TopicPartition> all) {
    reading.seekToEnd(all);
    while (!closing) {
      try {
        for (TopicPartition partition : all) {
          reading.position(partition, LOOKUP);
        }
        break;
      } catch (TimeoutException e) {
        log.warn("Live reading of {} waits for Kafka: {}", topics, e.getMessage());
      }
    }
    reading.resume(all);
  }

  /** Waits for a broker and for the topics, however long that takes. */
  private List<TopicPartition> assign(KafkaConsumer<byte[], byte[]> reading) {
    boolean told = false;
    while (!closing) {
      try {
        List<TopicPartition> all = new ArrayList<>();
        for (Topic topic : topics) {
          List<PartitionInfo> partitions =
              reading.partitionsFor(Topics.name(config, topic), LOOKUP);
          if (partitions == null || partitions.isEmpty()) {
            throw new KafkaException("The topic " + Topics.name(config, topic) + " is not there");
          }
          partitions.forEach(p -> all.add(new TopicPartition(p.topic(), p.partition())));
        }
        reading.assign(all);
        reading.seekToEnd(all);
        for (TopicPartition partition : all) {
          reading.position(partition, LOOKUP);
        }
        ready.tryComplete();
        return all;
      } catch (WakeupException | InterruptException e) {
        throw e;
      } catch (KafkaException e) {
        if (!told) {
          log.warn("Live reading of {} waits for Kafka: {}", topics, e.getMessage());
          told = true;
        }
        reading.poll(POLL);
      }
    }
    return List.of();
  }

  private void offer(ConsumerRecord<byte[], byte[]> record) {
    InRecord in;
    try {
      in = InRecords.of(topicOf(record.topic()), record);
    } catch (io.sightline.records.MalformedRecordException e) {
      log.warn("Not shown live: {}", e.getMessage());
      return;
    }
    boolean begin;
    synchronized (waiting) {
      waiting.add(in);
      waitingBytes += in.value().length;
      while (waiting.size() > MAX_WAITING
          || (waiting.size() > 1 && waitingBytes > MAX_WAITING_BYTES)) {
        waitingBytes -= waiting.remove().value().length;
        dropped.incrementAndGet();
      }
      begin = !delivering;
      delivering = true;
    }
    if (begin) {
      context.runOnContext(turn -> deliver());
    }
  }

  private void deliver() {
    for (int i = 0; i < RECORDS_PER_TURN; i++) {
      InRecord next;
      synchronized (waiting) {
        next = closing ? null : waiting.poll();
        if (next == null) {
          delivering = false;
          return;
        }
        waitingBytes -= next.value().length;
      }
      try {
        handler.handle(next);
      } catch (RuntimeException e) {
        log.warn("A live update of {} {} failed", next.topic().id(), next.key(), e);
      }
    }
    context.runOnContext(turn -> deliver());
  }

  private Topic topicOf(String name) {
    for (Topic topic : topics) {
      if (Topics.name(config, topic).equals(name)) {
        return topic;
      }
    }
    throw new IllegalStateException("A record of " + name + " was never asked for");
  }
}
