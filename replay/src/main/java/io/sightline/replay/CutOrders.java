package io.sightline.replay;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.Segment;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the clipper for the {@link Cuts} that have no clip, once each for as long as a replay is
 * built here; whoever goes on after a kill asks again. Blocking; safe for use by any thread.
 */
final class CutOrders {

  private static final long TIMEOUT_SECONDS = 60;

  private final Writer writer;
  private final Map<String, Set<String>> asked = new ConcurrentHashMap<>();

  CutOrders(Writer writer) {
    this.writer = writer;
  }

  void order(String replay, List<Segment> missing) throws TimeoutException {
    Set<String> before = asked.getOrDefault(replay, Set.of());
    List<Future<Void>> writes = new ArrayList<>();
    Set<String> now = new HashSet<>();
    for (Segment cut : missing) {
      now.add(cut.id());
      if (!before.contains(cut.id())) {
        writes.add(writer.write(OutRecord.of(Topic.SEGMENTS, cut.stream(), cut)));
      }
    }
    Future.all(writes).await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    asked.put(replay, now);
  }

  void forget(String replay) {
    asked.remove(replay);
  }
}
