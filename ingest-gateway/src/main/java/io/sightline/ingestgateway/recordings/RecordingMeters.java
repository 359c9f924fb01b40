package io.sightline.ingestgateway.recordings;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sightline.records.RecordedBlock;
import java.util.List;
import java.util.function.Supplier;

/** What is kept and what expired, over all streams that this process owns. */
final class RecordingMeters {

  private final Counter expiredChunks;
  private final Counter expiredBytes;
  private final Counter expiredFrames;
  private final Counter removedClips;

  RecordingMeters(MeterRegistry registry, Supplier<List<StreamLedger>> ledgers) {
    Gauge.builder(
            "sightline.recordings.kept",
            () -> ledgers.get().stream().mapToDouble(StreamLedger::bytes).sum())
        .baseUnit("bytes")
        .description("Recordings that are kept by their streams' rules")
        .register(registry);
    Gauge.builder(
            "sightline.recordings.pinned",
            () -> ledgers.get().stream().mapToDouble(StreamLedger::pinnedBytes).sum())
        .baseUnit("bytes")
        .description("Recordings that are kept because clips refer to them")
        .register(registry);
    Gauge.builder(
            "sightline.recordings.kept.chunks",
            () -> ledgers.get().stream().mapToDouble(StreamLedger::chunks).sum())
        .description("Chunks that are kept by their streams' rules")
        .register(registry);
    expiredChunks =
        Counter.builder("sightline.recordings.expired.chunks")
            .description("Chunks deleted by retention")
            .register(registry);
    expiredBytes =
        Counter.builder("sightline.recordings.expired")
            .baseUnit("bytes")
            .description("Recordings deleted by retention")
            .register(registry);
    expiredFrames =
        Counter.builder("sightline.frames.expired")
            .description("Findings of frames and sound deleted by retention, with their pictures")
            .register(registry);
    removedClips =
        Counter.builder("sightline.clips.removed")
            .description("Clips deleted, with what was made of them")
            .register(registry);
  }

  void expired(RecordedBlock block, List<RecordedBlock> pinned) {
    expiredChunks.increment(
        block.chunks() - pinned.stream().mapToLong(RecordedBlock::chunks).sum());
    expiredBytes.increment(block.bytes() - pinned.stream().mapToLong(RecordedBlock::bytes).sum());
  }

  /** What clips referred to alone. */
  void released(PinnedRelease.Released released) {
    expiredChunks.increment(released.chunks());
    expiredBytes.increment(released.bytes());
  }

  void removedClips(int count) {
    removedClips.increment(count);
  }

  void expiredFrames(int count) {
    expiredFrames.increment(count);
  }
}
