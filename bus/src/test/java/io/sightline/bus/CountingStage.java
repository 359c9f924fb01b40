package io.sightline.bus;

import com.fasterxml.jackson.core.type.TypeReference;
import io.sightline.records.Json;
import io.sightline.records.StreamItem;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Counts the items of each stream in its state, and notices every item that is missing, doubled or
 * out of order. What a test wants to go wrong is done by {@code meanwhile}, before the count.
 */
final class CountingStage implements Stage {

  private static final long PATIENCE_MILLIS = Duration.ofSeconds(60).toMillis();

  /** Everything delivered, repeats after a rewind included. */
  final List<InRecord> delivered = Collections.synchronizedList(new ArrayList<>());

  /** What must not be. */
  final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

  /** The count of each stream as of the last record worked on. */
  final Map<String, Long> counts = new ConcurrentHashMap<>();

  private final Function<InRecord, Future<Void>> meanwhile;
  private int open;

  CountingStage() {
    this(record -> Future.succeededFuture());
  }

  CountingStage(Function<InRecord, Future<Void>> meanwhile) {
    this.meanwhile = meanwhile;
  }

  static Map<String, Long> counts(byte[] state) {
    try {
      return state.length == 0
          ? new TreeMap<>()
          : Json.MAPPER.readValue(state, new TypeReference<TreeMap<String, Long>>() {});
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What the checkpoints of a group hold, all partitions together. */
  static Map<String, Long> stored(Checkpoints checkpoints, String group, int partitions) {
    Map<String, Long> all = new TreeMap<>();
    for (int i = 0; i < partitions; i++) {
      checkpoints
          .load(group, i)
          .ifPresent(s -> all.putAll(counts(CheckpointContent.decode(s.content()).state())));
    }
    return all;
  }

  @Override
  public StagePartition open(int partition, byte[] state) {
    Map<String, Long> mine = counts(state);
    synchronized (this) {
      open++;
      notifyAll();
    }
    return new StagePartition() {
      private boolean closed;

      @Override
      public Future<Void> process(InRecord record) {
        delivered.add(record);
        if (closed || record.partition() != partition) {
          wrong.add("delivered to another partition, or after the close");
        }
        Future<Void> done = meanwhile.apply(record);
        if (!done.failed()) {
          count(record);
        }
        synchronized (CountingStage.this) {
          CountingStage.this.notifyAll();
        }
        return done;
      }

      private void count(InRecord record) {
        if (record.headers().containsKey("retried")) {
          mine.merge(record.key(), 1L, Long::sum);
        } else if (record.headers().containsKey(ItemHeaders.EPOCH)) {
          StreamItem item = record.item();
          long expected = mine.getOrDefault(item.stream(), 0L);
          if (item.sequence() != expected) {
            wrong.add(item.stream() + ": " + item.sequence() + " instead of " + expected);
          }
          mine.put(item.stream(), expected + 1);
        }
        mine.forEach(counts::put);
      }

      @Override
      public byte[] state() {
        return Json.encode(mine);
      }

      @Override
      public void close() {
        closed = true;
        synchronized (CountingStage.this) {
          open--;
          CountingStage.this.notifyAll();
        }
      }
    };
  }

  synchronized int open() {
    return open;
  }

  void awaitCount(String stream, long count) {
    awaitUntil(() -> counts.getOrDefault(stream, 0L) >= count);
  }

  synchronized void awaitUntil(BooleanSupplier condition) {
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    try {
      while (!condition.getAsBoolean()) {
        if (System.currentTimeMillis() > end) {
          throw new AssertionError("Not so after " + PATIENCE_MILLIS + " ms; counts " + counts);
        }
        wait(50);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
