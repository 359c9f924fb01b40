package io.sightline.bench.stages;

import io.sightline.bench.BenchException;
import io.sightline.bus.InRecord;
import io.sightline.bus.Topic;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Positions;
import io.sightline.records.StreamItem;
import io.sightline.records.TrackInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The chunks of the stream as they are announced. For any thread. */
final class Recorded {

  private static final long PATIENCE_MILLIS = 60_000;

  // Guarded by this.
  private final List<ChunkInfo> chunks = new ArrayList<>();

  Recorded(Stages stages) throws Exception {
    stages.follow(Topic.CHUNKS, this::seen);
  }

  private synchronized void seen(InRecord record) {
    StreamItem item = record.item();
    if (item instanceof ChunkInfo chunk) {
      chunks.add(chunk);
      notifyAll();
    }
  }

  /** The first chunk that reaches a position; waits for it. */
  synchronized ChunkInfo reaching(long positionMicros) throws Exception {
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (chunks.isEmpty() || last().endMicros() < positionMicros) {
      long left = end - System.currentTimeMillis();
      if (left <= 0) {
        throw new BenchException("The stream is not recorded");
      }
      wait(left);
    }
    return chunks.stream()
        .filter(chunk -> chunk.endMicros() >= positionMicros)
        .findFirst()
        .orElseThrow();
  }

  /** Waits until so much is recorded. */
  void await(int seconds) throws Exception {
    long first = reaching(0).positionMicros();
    reaching(first + seconds * Positions.MICROS_PER_SECOND);
  }

  synchronized ChunkInfo last() {
    return chunks.get(chunks.size() - 1);
  }

  /** Position of the last keyframe at or before a position; empty when none is known. */
  synchronized OptionalLong keyframe(long positionMicros) {
    return chunks.stream()
        .flatMap(
            chunk ->
                chunk.fragments().stream()
                    .filter(fragment -> fragment.independent() && isVideo(chunk, fragment.track()))
                    .map(fragment -> fragment.positionMicros()))
        .mapToLong(position -> position)
        .filter(position -> position <= positionMicros)
        .max();
  }

  private static boolean isVideo(ChunkInfo chunk, int track) {
    return chunk.tracks().stream()
        .anyMatch(info -> info.track() == track && info.kind() == TrackInfo.Kind.VIDEO);
  }
}
