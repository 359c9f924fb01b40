package io.sightline.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives a {@link Stage} over the partitions that its consumer group gives to this reader: restores
 * the state of each, delivers its records in order and without repeats, stores state and offsets
 * together, and hands all over cleanly when partitions move. Any number of readers of one group may
 * run, in any number of processes.
 *
 * <p>Owns one thread, on which the stage is called. That thread polls Kafka all the time, also
 * while work is in flight or a partition waits to be tried again, so long work costs no membership;
 * only a call of the stage that blocks for longer than {@link StageReaderConfig#maxPollInterval()}
 * does.
 *
 * <p>Delivery pauses while the {@link Writer} is full.
 */
public final class StageReader {

  private static final Duration IDLE_POLL = Duration.ofMillis(100);

  /** Ends early with each piece of work that completes. */
  private static final Duration PRESSED_WAIT = Duration.ofMillis(50);

  private static final Duration CLOSE_TIME = Duration.ofSeconds(5);
  private static final Duration COMMIT_TIME = Duration.ofSeconds(5);
  private static final long LAG_NANOS = 1_000_000_000;
  private static final Logger log = LoggerFactory.getLogger(StageReader.class);

  private final BusConfig bus;
  private final StageReaderConfig config;
  private final Context context;
  private final Map<String, Topic> topics = new HashMap<>();
  private final ReaderCounters counters = new ReaderCounters();
  private final Promise<Void> ended = Promise.promise();
  private final Promise<Void> failed = Promise.promise();
  private volatile boolean stopping;

  // Of the reader's thread.
  private final ReaderParts parts;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Integer, OwnedPartition> owned = new TreeMap<>();
  private long lagAt = System.nanoTime();

  private StageReader(
      Vertx vertx,
      BusConfig bus,
      StageReaderConfig config,
      Stage stage,
      Checkpoints checkpoints,
      Writer writer) {
    this.bus = bus;
    this.config = config;
    this.context = vertx.getOrCreateContext();
    config.topics().forEach(topic -> topics.put(Topics.name(bus, topic), topic));
    try {
      this.consumer = new KafkaConsumer<>(KafkaSettings.member(bus, config));
    } catch (KafkaException e) {
      throw Topics.unreachable(bus, e);
    }
    this.parts =
        new ReaderParts(
            bus,
            config,
            stage,
            checkpoints,
            writer,
            consumer,
            new FailedTopic(bus, config.group()),
            new SetAsideLog(config.group()),
            new CompletionQueue(),
            counters);
  }

  /**
   * Counts since the start.
   *
   * @param partitions that this reader works on now
   * @param delivered records given to the stage
   * @param repeats records dropped because they had been seen
   * @param setAside records that went to {@code <topic>.failed}
   * @param rewinds returns to a checkpoint after a failure that may pass
   * @param fenced checkpoints refused because there was a newer owner
   * @param expired records that retention deleted before they were read
   * @param lagRecords how many records wait in Kafka and here, some moments ago
   */
  public record Stats(
      int partitions,
      long delivered,
      long repeats,
      long setAside,
      long rewinds,
      long checkpoints,
      long fenced,
      long expired,
      long lagRecords) {}

  /**
   * Starts reading; the topics must be there, see {@link Topics#ensure}. A broker that does not
   * answer is waited for.
   *
   * @throws BusException UNREACHABLE when the name of no broker can be resolved
   */
  public static StageReader start(
      Vertx vertx,
      BusConfig bus,
      StageReaderConfig config,
      Stage stage,
      Checkpoints checkpoints,
      Writer writer) {
    StageReader reader = new StageReader(vertx, bus, config, stage, checkpoints, writer);
    Thread thread = new Thread(reader::run, "stage-" + config.group());
    thread.setDaemon(true);
    thread.start();
    return reader;
  }

  /**
   * Delivers no more, waits for what is in flight (up to {@link StageReaderConfig#drainTimeout()}),
   * stores the checkpoints, leaves the group and ends the thread. Safe to call twice.
   */
  public Future<Void> stop() {
    stopping = true;
    return ended.future();
  }

  /** Fails when the reader has ended by itself; completes when it was stopped. */
  public Future<Void> failure() {
    return failed.future();
  }

  /** Safe to call on any thread. */
  public Stats stats() {
    return counters.snapshot();
  }

  private void run() {
    Throwable problem = null;
    try {
      consumer.subscribe(topics.keySet(), new Rebalance());
      while (!stopping) {
        turn();
      }
      giveBack(Set.copyOf(owned.keySet()));
    } catch (Throwable e) {
      problem = e;
      log.error("The stage {} ended by a failure", config.group(), e);
    }
    drop(Set.copyOf(owned.keySet()));
    close();
    counters.partitions = 0;
    report(problem);
  }

  private void turn() {
    parts.completions().run();
    if (stopping) {
      // What completed after the stop must not make room for more.
      return;
    }
    boolean delivered = false;
    boolean pressed = false;
    int open = 0;
    for (OwnedPartition partition : owned.values()) {
      delivered |= partition.turn();
      partition.steer();
      pressed |= partition.isPressed();
      open += partition.isOpen() ? 1 : 0;
    }
    counters.partitions = open;
    // With work at hand, Kafka is only looked in on; else its next record is what to wait for.
    ConsumerRecords<byte[], byte[]> records = consumer.poll(pressed ? Duration.ZERO : IDLE_POLL);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      OwnedPartition partition = owned.get(record.partition());
      if (partition != null) {
        partition.offer(record);
      }
    }
    if (pressed && !delivered && records.isEmpty()) {
      parts.completions().await(PRESSED_WAIT);
    }
    measureLag();
  }

  /** Stores and closes partitions that this reader still owns. */
  private void giveBack(Set<Integer> numbers) {
    List<OwnedPartition> leaving = numbers.stream().map(owned::get).toList();
    long deadline = System.nanoTime() + config.drainTimeout().toNanos();
    drain(leaving, deadline);
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (OwnedPartition partition : leaving) {
      offsets.putAll(partition.saveLast(deadline));
      partition.close();
    }
    owned.keySet().removeAll(numbers);
    if (!offsets.isEmpty()) {
      try {
        consumer.commitSync(offsets, COMMIT_TIME);
      } catch (KafkaException e) {
        // Only monitoring reads them; the checkpoint is what counts.
        log.debug("Offsets of {} were not committed", config.group(), e);
      }
    }
  }

  /** Closes partitions that somebody else owns by now. */
  private void drop(Set<Integer> numbers) {
    List<OwnedPartition> leaving = numbers.stream().map(owned::get).toList();
    drain(leaving, System.nanoTime() + config.drainTimeout().toNanos());
    leaving.forEach(OwnedPartition::close);
    owned.keySet().removeAll(numbers);
  }

  private void drain(List<OwnedPartition> leaving, long deadline) {
    leaving.forEach(OwnedPartition::hold);
    parts.completions().run();
    while (!leaving.stream().allMatch(OwnedPartition::idle)) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || Thread.currentThread().isInterrupted()) {
        return;
      }
      parts.completions().await(Duration.ofNanos(left));
    }
  }

  private void measureLag() {
    long now = System.nanoTime();
    if (now - lagAt < 0) {
      return;
    }
    lagAt = now + LAG_NANOS;
    long lag = 0;
    for (OwnedPartition partition : owned.values()) {
      lag += partition.waiting();
      for (TopicPartition each : partition.topics().keySet()) {
        OptionalLong behind = consumer.currentLag(each);
        lag += behind.orElse(0);
      }
    }
    counters.lagRecords = lag;
  }

  private void close() {
    try {
      consumer.close(CloseOptions.timeout(CLOSE_TIME));
    } catch (KafkaException e) {
      log.debug("Leaving the group {} failed", config.group(), e);
    }
    parts.failed().close();
  }

  private void report(Throwable problem) {
    Runnable complete =
        () -> {
          if (problem == null) {
            failed.complete();
          } else {
            failed.fail(problem);
          }
          ended.complete();
        };
    try {
      context.runOnContext(done -> complete.run());
    } catch (RejectedExecutionException vertxClosed) {
      complete.run();
    }
  }

  /** Runs inside {@code poll}, on the reader's thread, and so blocks the group's next step. */
  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      Map<Integer, Map<TopicPartition, Topic>> numbers = new TreeMap<>();
      for (TopicPartition partition : partitions) {
        numbers
            .computeIfAbsent(partition.partition(), number -> new HashMap<>())
            .put(partition, topics.get(partition.topic()));
      }
      numbers.forEach(
          (number, all) -> {
            if (all.size() == topics.size()) {
              owned.put(number, new OwnedPartition(parts, number, all));
            } else {
              // The group met before all topics were known to it; it will meet again.
              consumer.pause(all.keySet());
              Set<String> missing = new HashSet<>(topics.keySet());
              all.keySet().forEach(partition -> missing.remove(partition.topic()));
              log.warn("{} {} waits for {}", config.group(), number, missing);
            }
          });
      log.info("{} owns {}", config.group(), owned.keySet());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      giveBack(ownedNumbers(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      Set<Integer> numbers = ownedNumbers(partitions);
      log.warn("{} is no member of its group any more; {} are dropped", config.group(), numbers);
      drop(numbers);
    }

    private Set<Integer> ownedNumbers(Collection<TopicPartition> partitions) {
      Set<Integer> numbers = new HashSet<>();
      partitions.forEach(partition -> numbers.add(partition.partition()));
      numbers.retainAll(owned.keySet());
      return numbers;
    }
  }
}
