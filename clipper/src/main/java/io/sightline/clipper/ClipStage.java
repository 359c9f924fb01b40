package io.sightline.clipper;

import io.sightline.bus.InRecord;
import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Waits until the media of closed segments is recorded, then has clips made of it, and reads on:
 * what is not made yet is part of its state.
 */
final class ClipStage implements Stage {

  private static final int MAX_IDLE_RUNS = 1_000;

  private final Clipping clipping;
  private final int mostInMaking;
  private final Set<ClipsInMaking> open = ConcurrentHashMap.newKeySet();

  ClipStage(Clipping clipping) {
    this(clipping, ClipsInMaking.MOST);
  }

  /**
   * @param mostInMaking of one partition; while there are more, its stage waits
   */
  ClipStage(Clipping clipping, int mostInMaking) {
    this.clipping = clipping;
    this.mostInMaking = mostInMaking;
  }

  /** How clips come about. Nothing of it blocks. */
  interface Clipping {

    /**
     * @param wanted asked on another thread before the clip is made; throws {@link
     *     TransientException} when somebody else goes on with it
     * @return completes when the clip is stored and announced; fails as {@link ClipWork#clip} does
     */
    Future<Void> clip(WantedClip clip, BooleanSupplier wanted);

    /** Ends that, as well as it can; never fails. */
    Future<Void> cancel(WantedClip clip);
  }

  /**
   * What of a partition survives a kill.
   *
   * @param streams by stream and run
   * @param making segments whose clips are being made; null in what was saved before there were any
   */
  record Saved(Map<String, StreamState.Saved> streams, List<Segment> making) {}

  @Override
  public StagePartition open(int partition, byte[] state) {
    Map<String, StreamState> streams = new HashMap<>();
    ClipsInMaking making = new ClipsInMaking(clipping, mostInMaking);
    open.add(making);
    if (state.length > 0) {
      Saved saved = Json.decode(state, Saved.class);
      saved.streams().forEach((name, stream) -> streams.put(name, StreamState.of(stream)));
      if (saved.making() != null) {
        saved.making().forEach(segment -> WantedClip.of(segment).forEach(making::begin));
      }
    }
    return new Partition(streams, making);
  }

  /** The stage is about to end: what waits until fewer clips are being made waits no longer. */
  void leave() {
    open.forEach(ClipsInMaking::leave);
  }

  private final class Partition implements StagePartition {

    private final Map<String, StreamState> streams;
    private final ClipsInMaking making;

    Partition(Map<String, StreamState> streams, ClipsInMaking making) {
      this.streams = streams;
      this.making = making;
    }

    @Override
    public Future<Void> process(InRecord record) {
      StreamState stream;
      Future<Void> done = Future.succeededFuture();
      if (record.topic() == Topic.SEGMENTS) {
        Segment segment = record.as(Segment.class);
        stream = stream(segment.stream(), segment.run());
        stream.segment(segment);
        done = making.supersede(segment);
      } else {
        StreamItem item = record.item();
        stream = stream(item.stream(), item.run());
        if (item instanceof ChunkInfo chunk) {
          stream.chunk(chunk);
        } else if (item instanceof Marker marker) {
          stream.marker(marker);
        }
      }
      List<WantedClip> due = stream.due();
      due.forEach(making::begin);
      return due.isEmpty() ? done : done.compose(before -> making.room());
    }

    @Override
    public byte[] state() {
      forgetOldest();
      Map<String, StreamState.Saved> saved = new TreeMap<>();
      streams.forEach((name, stream) -> saved.put(name, stream.save()));
      return Json.encode(new Saved(saved, making.segments()));
    }

    @Override
    public void close() {
      making.close();
      open.remove(making);
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
