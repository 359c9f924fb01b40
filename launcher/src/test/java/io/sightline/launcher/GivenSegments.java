package io.sightline.launcher;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.broker.BrokerProcess;
import io.sightline.launcher.installation.Folders;
import io.sightline.media.cmaf.Recording;
import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.Segment;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What capture and segmenter would hand on in an installation that has neither: a recording, and
 * segments of it, of which the n-th is always the same. One thread.
 */
final class GivenSegments implements AutoCloseable {

  static final String RUN = "live";

  private static final String CLASSIFIER = "given";
  private static final String EPOCH = Ids.epoch(Recording.START, "local");

  /** Marks lie on no keyframe, and on other places of a GOP each time. */
  private static final long STEP_MICROS = 470_000;

  private static final long SHORTEST_MICROS = 1_300_000;

  private final Recording recording;
  private final String stream;
  private final Vertx vertx = Vertx.vertx();
  private final RecordStore records;
  private final BusWriter writer;
  private final long endMicros;
  private int given;

  /** Hands the recording on; the installation's broker runs. */
  GivenSegments(Path data, Recording recording) throws Exception {
    Folders folders = new Folders(data);
    this.recording = recording;
    this.stream = recording.chunks().get(0).stream();
    this.endMicros = recording.chunks().get(recording.chunks().size() - 1).endMicros();
    this.records = await(SqliteRecordStore.open(vertx, folders.records()));
    String bootstrap = BrokerProcess.bootstrapOf(folders.broker());
    this.writer = await(BusWriter.open(vertx, BusConfig.of(bootstrap)));
    recording.writeTo(folders.objects());
    put(
        StoreKeys.epochs(stream),
        EPOCH,
        new EpochInfo(
            stream, EPOCH, RUN, "local", Recording.START, endMicros, 1, 1, true, "it ended", 0));
    for (ChunkInfo chunk : recording.chunks()) {
      put(StoreKeys.chunks(stream), StoreKeys.sort(chunk.positionMicros(), RUN), chunk);
      await(writer.write(OutRecord.of(Topic.CHUNKS, chunk)));
    }
  }

  /** How many there can be. */
  int most() {
    return (int) ((endMicros - Recording.START - 2 * SHORTEST_MICROS) / STEP_MICROS);
  }

  int given() {
    return given;
  }

  /** Where the recording ends. */
  long endMicros() {
    return endMicros;
  }

  /** Stores and announces further segments. */
  void give(int more) throws Exception {
    for (int end = given + more; given < end; given++) {
      long start = Recording.START + 130_000 + given * STEP_MICROS;
      String id = Ids.segment(stream, RUN, CLASSIFIER, start);
      Segment segment =
          new Segment(
              id,
              stream,
              RUN,
              CLASSIFIER,
              EPOCH,
              start,
              start + SHORTEST_MICROS + given % 5 * 170_000,
              "goal",
              null,
              Map.of(),
              null,
              false,
              1,
              1);
      put(StoreKeys.segments(stream), StoreKeys.sortOf(id), segment);
      await(writer.write(OutRecord.of(Topic.SEGMENTS, stream, segment)));
    }
  }

  /** The last segments: nothing can come after them. */
  void giveLast(int more) throws Exception {
    put(
        StoreKeys.progress(stream),
        RUN + ".segmenter",
        new StageProgress("segmenter", stream, RUN, EPOCH, endMicros, true, given + more, 0));
    give(more);
  }

  @SuppressWarnings("unchecked")
  private <T> void put(String partition, String sort, T record) throws Exception {
    await(Records.of(records, (Class<T>) record.getClass()).put(partition, sort, record, null));
  }

  @Override
  public void close() throws Exception {
    await(writer.close().eventually(records::close));
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }
}
