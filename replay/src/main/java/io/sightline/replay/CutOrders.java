package io.sightline.replay;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.Segment;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Asks the clipper for the {@link Cuts} that have no clip. Each is asked for again now and then, in
 * case that nobody heard of it; whoever goes on after a kill asks again, too. Blocking; safe for
 * use by any thread.
 */
final class CutOrders {

  private static final long TIMEOUT_SECONDS = 60;
  private static final long AGAIN_NANOS = Duration.ofMinutes(5).toNanos();

  private final Writer writer;
  private final LongSupplier nanos;

  /** When each cut was asked for last, by replay. */
  private final Map<String, Map<String, Long>> asked = new ConcurrentHashMap<>();

  /**
   * @param nanos a clock that only ever goes on, such as {@link System#nanoTime}
   */
  CutOrders(Writer writer, LongSupplier nanos) {
    this.writer = writer;
    this.nanos = nanos;
  }

  void order(String replay, List<Segment> missing) throws TimeoutException {
    Map<String, Long> before = asked.getOrDefault(replay, Map.of());
    Map<String, Long> after = new HashMap<>();
    List<Future<Void>> writes = new ArrayList<>();
    long now = nanos.getAsLong();
    for (Segment cut : missing) {
      Long last = before.get(cut.id());
      if (last == null || now - last >= AGAIN_NANOS) {
        writes.add(writer.write(OutRecord.of(Topic.SEGMENTS, cut.stream(), cut)));
        last = now;
      }
      after.put(cut.id(), last);
    }
    Future.all(writes).await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    asked.put(replay, after);
  }

  void forget(String replay) {
    asked.remove(replay);
  }
}
