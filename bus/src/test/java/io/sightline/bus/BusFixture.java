package io.sightline.bus;

import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.records.FrameDetections;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker, topics of the test's own, a writer; closes what the test started. */
final class BusFixture implements AutoCloseable {

  static final String EPOCH = "1700000000000000-cam";
  static final String LATER_EPOCH = "1700000900000000-cam";

  final Vertx vertx = Vertx.vertx();
  final BusConfig config;
  final BusWriter writer;
  final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
  private final List<StageReader> readers = new ArrayList<>();

  BusFixture() {
    this(TestBroker.shared(), 2);
  }

  BusFixture(TestBroker broker, int partitions) {
    config = broker.config(partitions);
    await(Topics.ensure(vertx, config));
    writer = await(BusWriter.open(vertx, config));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("Not complete after 60 s", e);
    }
  }

  static FrameDetections item(String stream, String epoch, long sequence) {
    return new FrameDetections(
        stream,
        epoch,
        "live",
        sequence,
        1_700_000_000_000_000L + sequence,
        0,
        1,
        1,
        List.of(),
        null,
        null,
        false);
  }

  /** Writes items of a stream with sequences from..to-1. */
  Future<Void> writeItems(String stream, long from, long to) {
    List<Future<Void>> all = new ArrayList<>();
    for (long sequence = from; sequence < to; sequence++) {
      all.add(writer.write(OutRecord.of(Topic.DETECTIONS, item(stream, EPOCH, sequence))));
    }
    return Future.all(all).mapEmpty();
  }

  /** Quick checkpoints, short memberships. */
  static StageReaderConfig quick(String group) {
    return StageReaderConfig.of(group, Topic.DETECTIONS)
        .withCheckpoints(Duration.ofMillis(200), 50)
        .withRetries(Duration.ofMillis(10), Duration.ofMillis(100))
        .withMembership(
            Duration.ofMillis(2_000),
            Duration.ofMillis(300),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10));
  }

  StageReader read(StageReaderConfig stage, Stage what) {
    return read(stage, what, checkpoints);
  }

  StageReader read(StageReaderConfig stage, Stage what, Checkpoints where) {
    StageReader reader = StageReader.start(vertx, config, stage, what, where, writer);
    readers.add(reader);
    return reader;
  }

  @Override
  public void close() {
    readers.forEach(reader -> await(reader.stop()));
    await(writer.close());
    await(vertx.close());
  }
}
