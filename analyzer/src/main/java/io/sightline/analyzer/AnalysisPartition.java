package io.sightline.analyzer;

import io.sightline.bus.InRecord;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Topic;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.Lane;
import io.sightline.records.MalformedRecordException;
import io.sightline.records.Marker;
import io.sightline.records.StreamItem;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The streams of one partition. The reader's thread. */
final class AnalysisPartition implements StagePartition {

  /** Streams that ended are remembered for late items, but not more than these. */
  private static final int MAX_IDLE = 1_000;

  private record RunKey(String stream, String run) {}

  private record LaneKey(RunKey run, Lane lane) {}

  private final Workplace place;
  private final Map<RunKey, RunProgress> progress = new LinkedHashMap<>();
  private final Map<LaneKey, LaneWork> lanes = new LinkedHashMap<>();
  private long newestMillis;

  /**
   * @throws IllegalStateException when the state is damaged
   */
  AnalysisPartition(Workplace place, int partition, byte[] state) {
    this.place = place;
    if (state.length == 0) {
      return;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      for (LaneState lane : LaneState.read(in)) {
        LaneKey key = new LaneKey(new RunKey(lane.stream(), lane.run()), lane.lane());
        lanes.put(key, LaneWork.restored(place, progress(key.run()), lane));
        newestMillis = Math.max(newestMillis, lane.arrivedMillis());
      }
    } catch (IOException | MalformedRecordException e) {
      throw new IllegalStateException(
          "The analyzer's state of partition " + partition + " is damaged: " + e.getMessage(), e);
    }
  }

  @Override
  public Future<Void> process(InRecord record) {
    StreamItem item = record.item();
    if (!item.stream().equals(record.key())) {
      throw new MalformedRecordException(
          "The record of stream '" + record.key() + "' is about '" + item.stream() + "'", null);
    }
    Lane lane = record.topic() == Topic.FRAMES ? Lane.FRAMES : Lane.CHUNKS;
    boolean late = record.headers().containsKey(Results.RETRIED);
    LaneWork work = lane(new LaneKey(new RunKey(item.stream(), item.run()), lane));
    work.arrived(record.timestampMillis());
    newestMillis = Math.max(newestMillis, record.timestampMillis());
    if (item instanceof Marker marker) {
      return work.marker(marker);
    }
    if (item instanceof FrameInfo frame && lane == Lane.FRAMES) {
      return work.frame(frame, record.value(), late);
    }
    if (item instanceof ChunkInfo chunk && lane == Lane.CHUNKS) {
      return work.chunk(chunk, late);
    }
    throw new MalformedRecordException(
        "A " + item.getClass().getSimpleName() + " does not belong on " + record.topic().id(),
        null);
  }

  @Override
  public byte[] state() {
    forget();
    List<LaneState> states =
        lanes.values().stream().filter(LaneWork::begun).map(LaneWork::state).toList();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      LaneState.write(states, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    lanes.values().forEach(LaneWork::close);
    lanes.clear();
    progress.clear();
  }

  private LaneWork lane(LaneKey key) {
    LaneWork known = lanes.get(key);
    if (known != null) {
      return known;
    }
    LaneWork opened =
        new LaneWork(place, progress(key.run()), key.run().stream(), key.run().run(), key.lane());
    lanes.put(key, opened);
    return opened;
  }

  private RunProgress progress(RunKey key) {
    return progress.computeIfAbsent(
        key,
        run -> new RunProgress(run.stream(), run.run(), place.config().progressEvery().toMillis()));
  }

  /** Drops what ended long ago, and the longest ended where there are too many. */
  private void forget() {
    long oldest = newestMillis - place.config().forgetAfter().toMillis();
    List<Map.Entry<LaneKey, LaneWork>> idle =
        new ArrayList<>(lanes.entrySet().stream().filter(lane -> lane.getValue().idle()).toList());
    idle.sort(Comparator.comparingLong(lane -> -lane.getValue().arrivedMillis()));
    for (int i = 0; i < idle.size(); i++) {
      LaneWork work = idle.get(i).getValue();
      if (i >= MAX_IDLE || work.arrivedMillis() < oldest) {
        work.close();
        lanes.remove(idle.get(i).getKey());
      }
    }
    progress
        .keySet()
        .retainAll(lanes.keySet().stream().map(LaneKey::run).collect(Collectors.toSet()));
  }
}
