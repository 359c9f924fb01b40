package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Replay;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectPage;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.ObjectStream;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on while the MP4 of a replay takes long to write. */
class ReplayMp4Test {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String EPOCH = Ids.epoch(Recording.START, "local");

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
  private final Recording recording = new Recording("lobby").add(TestVideo.plain().file());
  private BusConfig bus;
  private BusWriter writer;
  private ObjectStore objects;
  private SlowMedia slow;
  private RecordStore records;

  /** Gives what was recorded, which only MP4s are made of, when the test lets it. */
  private record SlowMedia(
      ObjectStore store, Promise<Void> let, Promise<Void> asked, AtomicInteger reads)
      implements ObjectStore {

    SlowMedia(ObjectStore store) {
      this(store, Promise.promise(), Promise.promise(), new AtomicInteger());
    }

    @Override
    public Future<Buffer> get(String key, long offset, long length) {
      if (!key.startsWith("streams/")) {
        return store.get(key, offset, length);
      }
      reads.incrementAndGet();
      asked.tryComplete();
      return let.future().compose(now -> store.get(key, offset, length));
    }

    @Override
    public Future<Void> put(String key, Buffer content, String contentType) {
      return store.put(key, content, contentType);
    }

    @Override
    public Future<Long> put(String key, ReadStream<Buffer> content, String contentType) {
      return store.put(key, content, contentType);
    }

    @Override
    public Future<ObjectStream> read(String key, long offset, long length) {
      return store.read(key, offset, length);
    }

    @Override
    public Future<ObjectInfo> head(String key) {
      return store.head(key);
    }

    @Override
    public Future<Void> delete(String key) {
      return store.delete(key);
    }

    @Override
    public Future<ObjectPage> list(String prefix, String after, int limit) {
      return store.list(prefix, after, limit);
    }

    @Override
    public Future<Void> close() {
      return store.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    bus = TestBroker.shared().config(1);
    await(Topics.ensure(vertx, bus));
    writer = await(BusWriter.open(vertx, bus));
    Path bucket = folder.resolve("objects");
    objects = await(DiskObjectStore.open(vertx, bucket));
    slow = new SlowMedia(objects);
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    recording.writeTo(bucket);
  }

  @AfterEach
  void close() throws Exception {
    slow.let().tryComplete();
    for (String deployment : vertx.deploymentIDs()) {
      await(vertx.undeploy(deployment));
    }
    await(writer.close());
    await(records.close());
    await(objects.close());
    await(vertx.close());
  }

  @Test
  void mp4ThatTakesLong_holdsUpNoOtherReplay() throws Exception {
    start(slow);
    clip("film", 2);
    ended();
    order("long", ReplayRequest.Kind.CREATE, "film", true, 1);
    await(slow.asked().future());

    clip("live", 2);
    order("catch-up", ReplayRequest.Kind.CREATE, "live", false, 1);
    assertThat(await("catch-up", replay -> replay.segments() == 1).complete()).isFalse();
    clip("live", 4);
    await("catch-up", replay -> replay.segments() == 2);

    assertThat(replay("long")).isEmpty();
    slow.let().complete();
    Replay written = await("long", Replay::complete);
    assertThat(TestVideo.frameNumbers(objects.file(written.mp4Key()).orElseThrow())).hasSize(25);
  }

  @Test
  void newsWhileTheMp4IsWritten_haveItWrittenOnce_andAChangeComesAfterIt() throws Exception {
    start(slow);
    clip("film", 2);
    ended();
    order("long", ReplayRequest.Kind.CREATE, "film", true, 1);
    await(slow.asked().future());

    clip("film", 4);
    // Its request is worked off after all hints of the clip before.
    clip("live", 2);
    order("catch-up", ReplayRequest.Kind.CREATE, "live", false, 1);
    await("catch-up", replay -> replay.segments() == 1);

    assertThat(slow.reads()).as("one reads, and waits").hasValue(1);
    slow.let().complete();
    await("long", Replay::complete);
    order("long", ReplayRequest.Kind.CHANGE, "film", true, 2);
    Replay both = await("long", replay -> replay.segments() == 2);
    assertThat(both.complete()).isTrue();
    assertThat(TestVideo.frameNumbers(objects.file(both.mp4Key()).orElseThrow())).hasSize(50);
  }

  @Test
  void stoppedWhileItsMp4IsWritten_hasItOfWhatThereIs() throws Exception {
    start(slow);
    clip("film", 2);
    order("long", ReplayRequest.Kind.CREATE, "film", true, 1);
    Replay growing = await("long", replay -> replay.segments() == 1);
    ended();
    await(slow.asked().future());

    order("long", ReplayRequest.Kind.CANCEL, "film", true, 2);
    clip("live", 2);
    order("catch-up", ReplayRequest.Kind.CREATE, "live", false, 1);
    slow.let().complete();

    Replay cancelled = await("long", replay -> replay.state() == MediaState.CANCELLED);
    await("catch-up", replay -> replay.segments() == 1);
    assertThat(cancelled.segments()).isEqualTo(growing.segments());
    assertThat(TestVideo.frameNumbers(objects.file(cancelled.mp4Key()).orElseThrow())).hasSize(25);
  }

  @Test
  void stageThatEndsWhileTheMp4IsWritten_writesItAfterTheNextStart() throws Exception {
    String first = start(slow);
    clip("film", 2);
    ended();
    order("long", ReplayRequest.Kind.CREATE, "film", true, 1);
    await(slow.asked().future());

    Future<Void> stopped = vertx.undeploy(first);
    slow.let().complete();
    await(stopped);
    assertThat(replay("long")).isEmpty();

    start(objects);

    Replay written = await("long", Replay::complete);
    assertThat(TestVideo.frameNumbers(objects.file(written.mp4Key()).orElseThrow())).hasSize(25);
  }

  private String start(ObjectStore store) throws Exception {
    return await(
        vertx.deployVerticle(new ReplayVerticle(bus, store, records, checkpoints, writer)));
  }

  private void order(String id, ReplayRequest.Kind kind, String run, boolean mp4, int revision)
      throws Exception {
    ReplayRequest request =
        new ReplayRequest(
            id,
            kind,
            "All",
            new ReplayRequest.Selection(List.of("lobby"), run, null, null, List.of()),
            mp4,
            "somebody",
            1,
            revision);
    await(writer.write(OutRecord.of(Topic.REPLAY_REQUESTS, id, request)));
  }

  /** A segment of a second with its clip, stored and announced. */
  private void clip(String run, int second) throws Exception {
    long start = Recording.START + second * 1_000_000L;
    long end = start + 1_000_000;
    Segment segment =
        new Segment(
            Ids.segment("lobby", run, "presence", start),
            "lobby",
            run,
            "presence",
            EPOCH,
            start,
            end,
            "motion",
            null,
            Map.of(),
            null,
            false,
            1,
            1);
    await(
        Records.of(records, Segment.class)
            .put(StoreKeys.segments("lobby"), StoreKeys.sortOf(segment.id()), segment, null));
    String id = Ids.clip(segment.id(), ClipVariant.ORIGINAL, 0, 1, "source");
    CutResult cut =
        Cut.copy(
            id,
            recording.chunks(),
            start,
            end,
            recording,
            made -> objects.put(made.key(), Buffer.buffer(made.content()), "video/mp4").await());
    String indexKey = "clips/" + id + "/index.json";
    await(objects.put(indexKey, Buffer.buffer(Json.encode(cut.index())), "application/json"));
    Clip clip =
        new Clip(
            id,
            segment.id(),
            "lobby",
            run,
            "motion",
            ClipVariant.ORIGINAL,
            0,
            "source",
            1,
            MediaState.READY,
            start,
            end,
            cut.startMicros(),
            cut.endMicros(),
            cut.durationMicros(),
            "keyframe",
            cut.note(),
            cut.gaps(),
            indexKey,
            null,
            null,
            null,
            null,
            1);
    await(
        Records.of(records, Clip.class)
            .put(StoreKeys.clips("lobby"), StoreKeys.sortOf(id), clip, null));
    await(writer.write(OutRecord.of(Topic.CLIPS, "lobby", clip)));
  }

  private void ended() throws Exception {
    await(
        Records.of(records, StageProgress.class)
            .put(
                StoreKeys.progress("lobby"),
                "film.segmenter",
                new StageProgress(
                    "segmenter", "lobby", "film", EPOCH, Recording.START, true, 50, 1),
                null));
  }

  private Replay await(String id, Predicate<Replay> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Optional<Replay> held = Optional.empty();
    while (System.nanoTime() < deadline) {
      held = replay(id);
      if (held.isPresent() && condition.test(held.get())) {
        return held.get();
      }
      Thread.yield();
    }
    throw new AssertionError("The replay " + id + " is " + held + " after " + PATIENCE);
  }

  private Optional<Replay> replay(String id) throws Exception {
    return await(Records.of(records, Replay.class).find(StoreKeys.REPLAYS, id));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }
}
