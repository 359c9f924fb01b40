package io.sightline.bus;

import io.sightline.records.MalformedRecordException;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open {@link StagePartition}, from a checkpoint on: what waits for it, what it works on, how
 * far it is. Belongs to the reader's thread; completions come back to it through the queue.
 */
final class PartitionSession {

  /** How long one turn delivers at most, so that other partitions and the group have theirs. */
  private static final long TURN_NANOS = 20_000_000;

  private static final Logger log = LoggerFactory.getLogger(PartitionSession.class);

  private record Waiting(Topic topic, ConsumerRecord<byte[], byte[]> record, long size) {}

  private final ReaderParts parts;
  private final int partition;
  private final StagePartition work;
  private final SequenceFilter filter;
  private final FailedAttempts attempts;

  /** Next record to read from Kafka, and next record to deliver. */
  private final Map<Topic, Long> read = new HashMap<>();

  private final Map<Topic, Long> next;

  private final ArrayDeque<Waiting> buffer = new ArrayDeque<>();
  private long bufferedBytes;
  private int inFlight;
  private long inFlightBytes;
  private long deliveredSinceSave;
  private boolean held;
  private Throwable failure;

  PartitionSession(
      ReaderParts parts,
      int partition,
      StagePartition work,
      SequenceFilter filter,
      FailedAttempts attempts,
      Map<Topic, Long> start) {
    this.parts = parts;
    this.partition = partition;
    this.work = work;
    this.filter = filter;
    this.attempts = attempts;
    this.next = new HashMap<>(start);
    this.read.putAll(start);
  }

  /** Takes a record that Kafka gave. */
  void offer(Topic topic, ConsumerRecord<byte[], byte[]> record) {
    long expected = read.getOrDefault(topic, record.offset());
    if (record.offset() > expected) {
      parts.counters().expired.add(record.offset() - expected);
      log.warn(
          "{} {} {}: retention deleted {} records before they were read",
          parts.config().group(),
          topic.id(),
          partition,
          record.offset() - expected);
    } else if (record.offset() < expected) {
      log.warn(
          "{} {} {}: Kafka has fewer records than the checkpoint knows; reading from the first",
          parts.config().group(),
          topic.id(),
          partition);
    }
    read.put(topic, record.offset() + 1);
    long size = InRecords.size(record);
    buffer.add(new Waiting(topic, record, size));
    bufferedBytes += size;
  }

  /** Whether reading should pause. */
  boolean overfull() {
    return buffer.size() >= parts.config().bufferRecords()
        || bufferedBytes >= parts.config().bufferBytes();
  }

  /**
   * Whether a checkpoint should come before the next record: enough was delivered since the last
   * one; or the next one has failed before, and a checkpoint right before it makes sure that its
   * next failure costs nothing but its own repeat. So a stage gets on even where every hundredth
   * call is throttled.
   */
  boolean wantsSave() {
    if (deliveredSinceSave == 0 || buffer.isEmpty()) {
      return deliveredSinceSave >= parts.config().checkpointRecords();
    }
    Waiting next = buffer.peek();
    return deliveredSinceSave >= parts.config().checkpointRecords()
        || attempts.count(next.topic(), next.record().offset()) > 0;
  }

  /**
   * Gives the stage what it may have now.
   *
   * @param saving whether to stop where a checkpoint is wanted
   * @return whether there was any
   */
  boolean deliver(boolean saving) {
    boolean any = false;
    long end = System.nanoTime() + TURN_NANOS;
    while (mayDeliver() && !(saving && wantsSave())) {
      Waiting waiting = buffer.remove();
      bufferedBytes -= waiting.size();
      next.put(waiting.topic(), waiting.record().offset() + 1);
      deliveredSinceSave++;
      any = true;
      deliver(waiting);
      if (System.nanoTime() > end) {
        break;
      }
    }
    return any;
  }

  /** Stops delivering, so that what is in flight can end. */
  void hold() {
    held = true;
  }

  void release() {
    held = false;
  }

  /** Whether nothing is in flight. */
  boolean idle() {
    return inFlight == 0;
  }

  /** Whether more waits than could be delivered. */
  boolean hasWaiting() {
    return !buffer.isEmpty();
  }

  int waiting() {
    return buffer.size();
  }

  /** Why it must go back to its last checkpoint; null when it need not. */
  Throwable failure() {
    return failure;
  }

  long deliveredSinceSave() {
    return deliveredSinceSave;
  }

  /** Where reading goes on, once what was delivered is done. */
  Map<Topic, Long> offsets() {
    return Map.copyOf(next);
  }

  /** What to store; only when idle and without a failure. */
  CheckpointContent content() {
    Map<String, Long> offsets = new HashMap<>();
    next.forEach((topic, offset) -> offsets.put(topic.id(), offset));
    return new CheckpointContent("", 0, offsets, filter.entries(), work.state());
  }

  /** All that was delivered is in a checkpoint now. */
  void saved() {
    deliveredSinceSave = 0;
    attempts.forgetBelow(next);
  }

  void close() {
    try {
      work.close();
    } catch (RuntimeException e) {
      log.warn("{} {}: closing it failed", parts.config().group(), partition, e);
    }
  }

  private boolean mayDeliver() {
    if (held || failure != null || buffer.isEmpty() || inFlight >= parts.config().maxInFlight()) {
      return false;
    }
    boolean fits =
        inFlight == 0 || inFlightBytes + buffer.peek().size() <= parts.config().maxInFlightBytes();
    return fits && !parts.writer().full();
  }

  private void deliver(Waiting waiting) {
    InRecord in;
    try {
      in = InRecords.of(waiting.topic(), waiting.record());
      if (!in.headers().containsKey(FailedHeaders.RETRIED)) {
        Optional<ItemHeaders.Place> place = ItemHeaders.place(in.headers());
        if (place.isPresent() && !filter.accept(in.topic(), in.key(), place.get())) {
          parts.counters().repeats.increment();
          return;
        }
      }
    } catch (MalformedRecordException e) {
      begin(waiting);
      setAside(waiting, e);
      return;
    }
    begin(waiting);
    parts.counters().delivered.increment();
    follow(process(in), problem -> processed(waiting, problem));
  }

  private Future<Void> process(InRecord in) {
    try {
      Future<Void> done = work.process(in);
      return done != null
          ? done
          : Future.failedFuture(new IllegalStateException("The stage returned no future"));
    } catch (VirtualMachineError e) {
      if (e instanceof StackOverflowError) {
        return Future.failedFuture(e);
      }
      throw e;
    } catch (Throwable e) {
      return Future.failedFuture(e);
    }
  }

  private void processed(Waiting waiting, Throwable problem) {
    if (problem == null) {
      end(waiting);
    } else if (isTransient(problem)) {
      attempts.add(waiting.topic(), waiting.record().offset());
      fail(waiting, problem);
    } else {
      setAside(waiting, problem);
    }
  }

  /** The record stays in flight until it is safe in the other topic. */
  private void setAside(Waiting waiting, Throwable problem) {
    long before =
        waiting.record().headers().lastHeader(FailedHeaders.RETRIED) == null
            ? 0
            : FailedHeaders.number(
                waiting.record().headers().lastHeader(FailedHeaders.RETRIED).value());
    long tries = before + attempts.count(waiting.topic(), waiting.record().offset()) + 1;
    parts.counters().setAside.increment();
    parts.setAsideLog().note(waiting.topic(), waiting.record(), problem);
    follow(
        parts.failed().add(waiting.topic(), waiting.record(), problem, tries),
        refused -> {
          if (refused == null) {
            end(waiting);
          } else {
            attempts.add(waiting.topic(), waiting.record().offset());
            fail(
                waiting,
                new TransientException(
                    "A failed record could not be set aside: " + refused.getMessage(), refused));
          }
        });
  }

  /** Calls back on this thread: at once when the future is complete, else through the queue. */
  private void follow(Future<Void> future, Consumer<Throwable> then) {
    if (future.isComplete()) {
      then.accept(future.cause());
    } else {
      future.onComplete(done -> parts.completions().add(() -> then.accept(done.cause())));
    }
  }

  private void begin(Waiting waiting) {
    inFlight++;
    inFlightBytes += waiting.size();
  }

  private void end(Waiting waiting) {
    inFlight--;
    inFlightBytes -= waiting.size();
  }

  private void fail(Waiting waiting, Throwable problem) {
    if (failure == null) {
      failure = problem;
    }
    end(waiting);
  }

  private static boolean isTransient(Throwable problem) {
    Throwable cause = problem;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof BusException bus) {
      // What the bus may do later; a record that Kafka refuses for good is another matter.
      return bus.reason() != BusException.Reason.REFUSED
          && bus.reason() != BusException.Reason.MISCONFIGURED;
    }
    return cause instanceof TransientException;
  }
}
