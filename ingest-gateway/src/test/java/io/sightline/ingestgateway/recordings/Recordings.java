package io.sightline.ingestgateway.recordings;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.OutRecord;
import io.sightline.bus.StageReader;
import io.sightline.bus.StageReaderConfig;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.Ids;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.Pin;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.RecordedBlock;
import io.sightline.records.RecordingLedger;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamItem;
import io.sightline.records.TrackInfo;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.sightline.storage.testing.MovableClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Real Kafka, SQLite and disk, and what intake writes to them. */
final class Recordings implements AutoCloseable {

  /** Blocks of two chunks; a grace of a minute; six chunks a turn. */
  static final RetentionLimits LIMITS =
      new RetentionLimits(
          2,
          Long.MAX_VALUE,
          Duration.ofMinutes(10),
          Duration.ofDays(30),
          Duration.ofMinutes(1),
          Duration.ofMillis(10),
          6);

  static final Profile PROFILE =
      new Profile("visits", null, null, List.of(new PluginSpec("motion")), List.of());

  final Vertx vertx = Vertx.vertx();
  final Path folder;
  final BusConfig bus = TestBroker.shared().config();
  final Checkpoints checkpoints = new MemoryCheckpoints();
  final ObjectStore objects;
  final SqliteRecordStore records;
  final BusWriter writer;
  final MovableClock clock = new MovableClock(Instant.now());
  private final List<StageReader> readers = new ArrayList<>();

  Recordings() {
    this((vertx, folder) -> DiskObjectStore.open(vertx, folder.resolve("objects")));
  }

  Recordings(BiFunction<Vertx, Path, Future<? extends ObjectStore>> objectStore) {
    try {
      folder = Files.createTempDirectory("sightline-recordings-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    objects = await(objectStore.apply(vertx, folder));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.db")));
    await(Topics.ensure(vertx, bus));
    writer = await(BusWriter.open(vertx, bus));
  }

  /**
   * An epoch whose chunks of two seconds have the even sequences from 2, as with frames between.
   */
  record Epoch(String stream, String run, long start) {

    String id() {
      return Ids.epoch(start, "local");
    }

    String initKey() {
      return Ids.initKey(stream, id(), 1, "0123456789ab");
    }

    Marker begin() {
      return Marker.begin(stream, id(), run, 0, start, PROFILE).on(Lane.CHUNKS);
    }

    Marker end(int chunks) {
      return Marker.end(
              stream, id(), run, 2L * chunks + 2, start + 2_000_000L * chunks, "It ended.", 0)
          .on(Lane.CHUNKS);
    }

    ChunkInfo chunk(int number, long sizeBytes) {
      long position = start + 2_000_000L * number;
      TrackInfo track =
          new TrackInfo(
              1,
              TrackInfo.Kind.VIDEO,
              "avc1.64001f",
              initKey(),
              90_000,
              0,
              64,
              48,
              null,
              0,
              0,
              null);
      long sequence = 2L * number + 2;
      return new ChunkInfo(
          stream,
          id(),
          run,
          sequence,
          position,
          2_000_000,
          start,
          Ids.chunkKey(stream, id(), sequence),
          sizeBytes,
          List.of(track),
          List.of(new Fragment(1, position, 90_000, 180_000, 0, 16, true)));
    }
  }

  /** Stores a chunk as intake does, but does not announce it. */
  void store(ChunkInfo chunk) {
    await(objects.put(chunk.key(), Buffer.buffer(new byte[16]), "video/mp4"));
    await(objects.put(chunk.tracks().get(0).initKey(), Buffer.buffer("init"), "video/mp4"));
    await(
        Records.of(records, ChunkInfo.class)
            .put(
                StoreKeys.chunks(chunk.stream()),
                StoreKeys.sort(chunk.positionMicros(), chunk.run()),
                chunk,
                null));
  }

  void announce(StreamItem item) {
    await(writer.write(OutRecord.of(Topic.CHUNKS, item)));
  }

  /** A begun epoch with its first chunks, stored and announced. */
  void record(Epoch epoch, int chunks, long sizeBytes) {
    announce(epoch.begin());
    for (int i = 0; i < chunks; i++) {
      store(epoch.chunk(i, sizeBytes));
      announce(epoch.chunk(i, sizeBytes));
    }
  }

  /** A stage in the group of all others, with frequent checkpoints. */
  Running start() {
    return start(checkpoints);
  }

  Running start(Checkpoints from) {
    RecordingsStage stage = new RecordingsStage(records, LIMITS, stream -> true);
    StageReaderConfig config =
        StageReaderConfig.of("recordings", Topic.CHUNKS)
            .withCheckpoints(Duration.ofMillis(20), 100)
            .withMembership(
                Duration.ofSeconds(6),
                Duration.ofMillis(500),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10));
    StageReader reader = StageReader.start(vertx, bus, config, stage, from, writer);
    readers.add(reader);
    return new Running(stage, reader);
  }

  record Running(RecordingsStage stage, StageReader reader) {}

  RecordingLedger ledger(String stream) {
    return await(Records.of(records, RecordingLedger.class).find(StoreKeys.LEDGERS, stream))
        .orElse(RecordingLedger.empty(stream));
  }

  void awaitCounted(String stream, int chunks) {
    until(() -> ledger(stream).chunks() == chunks, () -> stream + ": " + ledger(stream));
  }

  List<RecordedBlock> blocks(String stream) {
    return await(
        Records.of(records, RecordedBlock.class).all(StoreKeys.recordings(stream), null, null));
  }

  List<ChunkInfo> chunks(String stream) {
    return await(Records.of(records, ChunkInfo.class).all(StoreKeys.chunks(stream), null, null));
  }

  List<String> keys(String stream) {
    return await(objects.list("streams/" + stream + "/", null, 1000)).objects().stream()
        .map(ObjectInfo::key)
        .toList();
  }

  void pin(ChunkInfo from, ChunkInfo to, String clip) {
    Pin pin =
        new Pin(
            clip, from.run(), from.positionMicros(), to.positionMicros(), clock.millis() * 1_000);
    for (ChunkInfo chunk : List.of(from, to)) {
      await(
          Records.of(records, Pin.class)
              .put(StoreKeys.pins(chunk.stream()), pin.sortAt(chunk.positionMicros()), pin, null));
    }
  }

  static void until(BooleanSupplier condition, java.util.function.Supplier<String> otherwise) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(otherwise.get());
      }
      Thread.yield();
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("Nothing came within a minute", e);
    }
  }

  @Override
  public void close() {
    readers.forEach(reader -> await(reader.stop()));
    await(writer.close());
    await(records.close());
    await(objects.close());
    await(vertx.close());
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
