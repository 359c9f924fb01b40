package io.sightline.replay;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.Segment;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Asks the clipper for what is missing: {@link Cuts} that have no clip, parts of reels. Each is
 * asked for again now and then, in case that nobody heard of it; whoever goes on after a kill asks
 * again, too. Of many cuts only some are asked for at a time: what one replay wants is not to fill
 * the clipper's memory. Blocking; safe for use by any thread.
 */
final class Orders {

  private static final long TIMEOUT_SECONDS = 60;

  /** Cuts of a stream; enough to be cutting while the next are asked for. */
  private static final int AT_ONCE = 32;

  private static final long AGAIN_NANOS = Duration.ofMinutes(5).toNanos();

  private final Writer writer;
  private final LongSupplier nanos;

  /** When each thing was asked for last, by replay. */
  private final Map<String, Map<String, Long>> asked = new ConcurrentHashMap<>();

  /**
   * @param nanos a clock that only ever goes on, such as {@link System#nanoTime}
   */
  Orders(Writer writer, LongSupplier nanos) {
    this.writer = writer;
    this.nanos = nanos;
  }

  /**
   * Asks for cuts, of each stream those that end first: where one has to wait for its recording, so
   * have those after it.
   */
  void order(String replay, List<Segment> missing) throws TimeoutException {
    Map<String, OutRecord> records = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    missing.stream()
        .sorted(Comparator.comparingLong(Segment::endMicros))
        .filter(cut -> counts.merge(cut.stream(), 1, Integer::sum) <= AT_ONCE)
        .forEach(cut -> records.put(cut.id(), OutRecord.of(Topic.SEGMENTS, cut.stream(), cut)));
    order(replay, records);
  }

  /**
   * @param missing by what each is known by; all that the replay misses now
   */
  void order(String replay, Map<String, OutRecord> missing) throws TimeoutException {
    Map<String, Long> before = asked.getOrDefault(replay, Map.of());
    Map<String, Long> after = new HashMap<>();
    List<Future<Void>> writes = new ArrayList<>();
    long now = nanos.getAsLong();
    for (Map.Entry<String, OutRecord> one : missing.entrySet()) {
      Long last = before.get(one.getKey());
      if (last == null || now - last >= AGAIN_NANOS) {
        writes.add(writer.write(one.getValue()));
        last = now;
      }
      after.put(one.getKey(), last);
    }
    Future.all(writes).await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    asked.put(replay, after);
  }

  void forget(String replay) {
    asked.remove(replay);
  }
}
