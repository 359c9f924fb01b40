package io.sightline.clipper;

import io.sightline.bus.InRecord;
import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Topic;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Json;
import io.sightline.records.Marker;
import io.sightline.records.Segment;
import io.sightline.records.StreamItem;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Waits until the media of closed segments is recorded, then has it cut. */
final class ClipStage implements Stage {

  private static final int MAX_IDLE_RUNS = 1_000;

  private final Function<Segment, Future<Void>> cutting;

  /**
   * @param cutting cuts a segment; completes when the clip is stored and announced
   */
  ClipStage(Function<Segment, Future<Void>> cutting) {
    this.cutting = cutting;
  }

  /** What of a partition survives a kill, by stream and run. */
  record Saved(Map<String, StreamState.Saved> streams) {}

  @Override
  public StagePartition open(int partition, byte[] state) {
    Map<String, StreamState> streams = new HashMap<>();
    if (state.length > 0) {
      Json.decode(state, Saved.class)
          .streams()
          .forEach((name, saved) -> streams.put(name, StreamState.of(saved)));
    }
    return new Partition(streams);
  }

  private final class Partition implements StagePartition {

    private final Map<String, StreamState> streams;

    Partition(Map<String, StreamState> streams) {
      this.streams = streams;
    }

    @Override
    public Future<Void> process(InRecord record) {
      StreamState stream;
      if (record.topic() == Topic.SEGMENTS) {
        Segment segment = record.as(Segment.class);
        stream = stream(segment.stream(), segment.run());
        stream.segment(segment);
      } else {
        StreamItem item = record.item();
        stream = stream(item.stream(), item.run());
        if (item instanceof ChunkInfo chunk) {
          stream.chunk(chunk);
        } else if (item instanceof Marker marker) {
          stream.marker(marker);
        }
      }
      // One after another: clips of a stream are announced in the order of their segments.
      Future<Void> done = Future.succeededFuture();
      for (Segment segment : stream.due()) {
        done = done.compose(before -> cutting.apply(segment));
      }
      return done;
    }

    @Override
    public byte[] state() {
      forgetOldest();
      Map<String, StreamState.Saved> saved = new TreeMap<>();
      streams.forEach((name, stream) -> saved.put(name, stream.save()));
      return Json.encode(new Saved(saved));
    }

    @Override
    public void close() {
      streams.clear();
    }

    /** An ended run is kept for its late segments; of very many, the newest are. */
    private void forgetOldest() {
      List<Map.Entry<String, StreamState>> idle =
          streams.entrySet().stream()
              .filter(entry -> entry.getValue().idle())
              .sorted(Comparator.comparing(entry -> entry.getValue().epoch()))
              .toList();
      idle.stream()
          .limit(Math.max(0, idle.size() - MAX_IDLE_RUNS))
          .forEach(entry -> streams.remove(entry.getKey()));
    }

    private StreamState stream(String name, String run) {
      return streams.computeIfAbsent(name + "/" + run, key -> new StreamState());
    }
  }
}
