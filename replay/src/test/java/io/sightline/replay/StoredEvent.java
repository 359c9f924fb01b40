package io.sightline.replay;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.EncodedPart;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipVariant;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.Segment;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.sightline.storage.testing.MovableClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A live stream whose epochs, segments and clips lie in real stores, as the other stages leave them
 * there. Positions are pictures of a recording with 25 a second; the clock moves by hand.
 */
final class StoredEvent implements Writer, AutoCloseable {

  static final String STREAM = "lobby";
  static final long PICTURE_MICROS = 40_000;

  final MovableClock clock = clockAt(0);
  final RecordStore records;
  final ObjectStore objects;

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, ReelPartOrder> asked = new HashMap<>();
  private final Recording recording = new Recording(STREAM).add(TestVideo.plain().sound().file());

  StoredEvent(Path folder) throws Exception {
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    for (Map.Entry<String, byte[]> object : recording.objects().entrySet()) {
      put(object.getKey(), object.getValue());
    }
  }

  static long at(int picture) {
    return Recording.START + picture * PICTURE_MICROS;
  }

  private static MovableClock clockAt(int picture) {
    return new MovableClock(Positions.instant(at(picture)));
  }

  /** One that remembers nothing, as after a kill. */
  ReplayBuilder builder() throws Exception {
    return builder(TransitionFiles.NONE);
  }

  /** One whose requests may name files. */
  ReplayBuilder builder(TransitionFiles files) throws Exception {
    HeldParts held = new HeldParts(records, clock);
    StoredFiles stored = new StoredFiles(objects, held, files);
    stored.store();
    return new ReplayBuilder(vertx, objects, records, this, stored, held, clock);
  }

  /** The gateway opens an epoch. */
  String open(String stream, int picture) throws Exception {
    String epoch = Ids.epoch(at(picture), "local");
    note(new EpochInfo(stream, epoch, "live", "local", at(picture), null, 1, 0, false, null, 0));
    return epoch;
  }

  /** The gateway has its end. */
  void end(String stream, String epoch, int picture) throws Exception {
    note(
        new EpochInfo(
            stream, epoch, "live", "local", 0, at(picture), 1, 9, true, "The source ended", 0));
  }

  private void note(EpochInfo info) throws Exception {
    await(
        Records.of(records, EpochInfo.class)
            .put(StoreKeys.epochs(info.stream()), info.epoch(), info, null));
  }

  /** How far the segmenter has come. */
  void segmented(String stream, String epoch, int picture, boolean ended) throws Exception {
    segmented(stream, epoch, picture, ended, picture);
  }

  /**
   * @param settled before which it will find no more
   */
  void segmented(String stream, String epoch, int picture, boolean ended, int settled)
      throws Exception {
    StageProgress progress =
        new StageProgress(
            "segmenter", stream, "live", epoch, at(picture), ended, 1, 1, at(settled));
    await(
        Records.of(records, StageProgress.class)
            .put(StoreKeys.progress(stream), "live.segmenter", progress, null));
  }

  /** A segment that has begun. */
  void segment(int from) throws Exception {
    store(segment(from, null, 1));
  }

  /** A closed segment with its clip. */
  void clip(int from, int to) throws Exception {
    Segment segment = segment(from, at(to), 2);
    store(segment);
    String id = Ids.clip(segment.id(), ClipVariant.ORIGINAL, 0, 2, "source");
    CutResult cut =
        Cut.exact(
            id,
            recording.chunks(),
            at(from),
            at(to),
            recording,
            made -> put(made.key(), made.content()));
    String indexKey = "clips/" + id + "/index.json";
    put(indexKey, Json.encode(cut.index()));
    Clip clip =
        new Clip(
            id,
            segment.id(),
            STREAM,
            "live",
            "goal",
            ClipVariant.ORIGINAL,
            0,
            "source",
            2,
            MediaState.READY,
            at(from),
            at(to),
            cut.startMicros(),
            cut.endMicros(),
            cut.durationMicros(),
            "frame",
            null,
            List.of(),
            indexKey,
            null,
            null,
            null,
            null,
            1);
    await(
        Records.of(records, Clip.class)
            .put(StoreKeys.clips(STREAM), StoreKeys.sortOf(id), clip, null));
  }

  private static Segment segment(int from, Long endMicros, int revision) {
    return new Segment(
        Ids.segment(STREAM, "live", "presence", at(from)),
        STREAM,
        "live",
        "presence",
        Ids.epoch(at(0), "local"),
        at(from),
        endMicros,
        "goal",
        null,
        Map.of(),
        null,
        false,
        revision,
        revision);
  }

  private void store(Segment segment) throws Exception {
    await(
        Records.of(records, Segment.class)
            .put(StoreKeys.segments(STREAM), StoreKeys.sortOf(segment.id()), segment, null));
  }

  /** Does what the clipper does with what it was asked for. */
  void makeParts() throws Exception {
    for (ReelPartOrder order : asked.values()) {
      byte[] part =
          Json.encode(EncodedPart.make(order, this::read, made -> put(made.key(), made.content())));
      put(order.key(), part);
    }
    asked.clear();
  }

  Optional<Replay> replay(String id) throws Exception {
    return await(Records.of(records, Replay.class).find(StoreKeys.REPLAYS, id));
  }

  /** In order of position. */
  List<ReplayItem> items(Replay replay) throws Exception {
    return await(
        Records.of(records, ReplayItem.class)
            .all(
                StoreKeys.replayItems(replay.id()),
                ReplayItem.fromSort(replay.version()),
                ReplayItem.toSort(replay.version())));
  }

  ClipIndex index(Replay replay) throws Exception {
    return Json.decode(read(replay.indexKey(), 0, -1), ClipIndex.class);
  }

  byte[] mp4(Replay replay) throws Exception {
    return Files.readAllBytes(objects.file(replay.mp4Key()).orElseThrow());
  }

  /** The numbers of the pictures of its MP4. */
  List<Integer> pictures(Replay replay) throws Exception {
    return TestVideo.frameNumbers(objects.file(replay.mp4Key()).orElseThrow());
  }

  byte[] read(String key, long offset, long length) throws IOException {
    try {
      return await(objects.get(key, offset, length)).getBytes();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  void put(String key, byte[] content) throws IOException {
    try {
      await(objects.put(key, Buffer.buffer(content), "video/mp4"));
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public Future<Void> write(OutRecord record) {
    if (record.topic() == Topic.REEL_PARTS) {
      ReelPartOrder order = Json.decode(record.value(), ReelPartOrder.class);
      asked.put(order.key(), order);
    }
    return Future.succeededFuture();
  }

  @Override
  public boolean full() {
    return false;
  }

  @Override
  public Future<Void> drained() {
    return Future.succeededFuture();
  }

  @Override
  public void close() throws Exception {
    await(records.close().eventually(objects::close));
    await(vertx.close());
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }
}
