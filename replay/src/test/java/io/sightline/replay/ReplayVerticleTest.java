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
import io.sightline.media.cut.NewObject;
import io.sightline.media.testing.FfmpegProgram;
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
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage on a real broker and real stores, with clips of known content. */
class ReplayVerticleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String EPOCH = Ids.epoch(Recording.START, "local");

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
  private final Recording recording = new Recording("lobby");
  private BusConfig bus;
  private BusWriter writer;
  private ObjectStore objects;
  private RecordStore records;

  @BeforeEach
  void open() throws Exception {
    bus = TestBroker.shared().config(1);
    await(Topics.ensure(vertx, bus));
    writer = await(BusWriter.open(vertx, bus));
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    recording.add(TestVideo.plain().sound().file());
    for (Map.Entry<String, byte[]> object : recording.objects().entrySet()) {
      await(objects.put(object.getKey(), Buffer.buffer(object.getValue()), "video/mp4"));
    }
  }

  @AfterEach
  void close() throws Exception {
    for (String deployment : vertx.deploymentIDs()) {
      await(vertx.undeploy(deployment));
    }
    await(writer.close());
    await(records.close());
    await(objects.close());
    await(vertx.close());
  }

  @Test
  void runThatHasEnded_becomesACompleteReplayInOrder() throws Exception {
    start();
    clip(6, 8);
    clip(2, 4);
    ended();
    order(ReplayRequest.Kind.CREATE, 1);

    Replay replay = await(Replay::complete);

    assertThat(replay.segments()).isEqualTo(2);
    assertThat(replay.durationMicros()).isEqualTo(4_000_000);
    Path mp4 = objects.file(replay.mp4Key()).orElseThrow();
    assertThat(FfmpegProgram.decodesCleanly(mp4)).isEmpty();
    List<Integer> pictures = TestVideo.frameNumbers(mp4);
    assertThat(pictures).hasSize(100);
    assertThat(pictures.get(0)).isEqualTo(50);
    assertThat(pictures.get(50)).isEqualTo(150);
  }

  @Test
  void segmentAfterTheOthers_isAppendedUnderTheSameVersion() throws Exception {
    start();
    clip(2, 4);
    order(ReplayRequest.Kind.CREATE, 1);
    Replay first = await(replay -> replay.segments() == 1);

    clip(6, 8);
    Replay second = await(replay -> replay.segments() == 2);

    assertThat(second.version()).isEqualTo(first.version());
    assertThat(second.complete()).isFalse();
    assertThat(second.indexKey()).isNotEqualTo(first.indexKey());
  }

  @Test
  void segmentBetweenTheOthers_makesANewVersion() throws Exception {
    start();
    clip(1, 2);
    clip(8, 9);
    order(ReplayRequest.Kind.CREATE, 1);
    Replay first = await(replay -> replay.segments() == 2);

    clip(4, 6);
    Replay second = await(replay -> replay.segments() == 3);

    assertThat(second.version()).isEqualTo(first.version() + 1);
  }

  @Test
  void replayThatGrows_goesOnAfterItsOwnerIsGone() throws Exception {
    String first = start();
    clip(2, 4);
    order(ReplayRequest.Kind.CREATE, 1);
    await(replay -> replay.segments() == 1);
    await(vertx.undeploy(first));
    clip(6, 8);

    start();

    assertThat(await(replay -> replay.segments() == 2).state()).isEqualTo(MediaState.READY);
  }

  @Test
  void requestThatIsRepeated_changesNothing() throws Exception {
    start();
    clip(2, 4);
    ended();
    order(ReplayRequest.Kind.CREATE, 1);
    Replay before = await(Replay::complete);
    order(ReplayRequest.Kind.CREATE, 1);
    order("another", ReplayRequest.Kind.CREATE, 1);
    await("another", Replay::complete);

    assertThat(await(Replay::complete)).isEqualTo(before);
  }

  @Test
  void cancel_endsTheGrowingAndKeepsWhatIsThere() throws Exception {
    start();
    clip(2, 4);
    order(ReplayRequest.Kind.CREATE, 1);
    Replay before = await(replay -> replay.segments() == 1);
    order(ReplayRequest.Kind.CANCEL, 2);

    Replay cancelled = await(replay -> replay.state() == MediaState.CANCELLED);

    assertThat(cancelled.indexKey()).isEqualTo(before.indexKey());
    assertThat(cancelled.revision()).isGreaterThan(before.revision());
  }

  @Test
  void runWithoutSegments_isCompleteAndEmpty() throws Exception {
    start();
    ended();
    order(ReplayRequest.Kind.CREATE, 1);

    Replay replay = await(Replay::complete);

    assertThat(replay.segments()).isZero();
    assertThat(replay.indexKey()).isNull();
    assertThat(replay.error()).isNull();
  }

  private String start() throws Exception {
    return await(
        vertx.deployVerticle(new ReplayVerticle(bus, objects, records, checkpoints, writer)));
  }

  private void order(ReplayRequest.Kind kind, int revision) throws Exception {
    order("reel", kind, revision);
  }

  private void order(String id, ReplayRequest.Kind kind, int revision) throws Exception {
    ReplayRequest request =
        new ReplayRequest(
            id,
            kind,
            "All",
            new ReplayRequest.Selection(List.of("lobby"), "file", null, null, List.of()),
            true,
            "somebody",
            1,
            revision);
    await(writer.write(OutRecord.of(Topic.REPLAY_REQUESTS, id, request)));
  }

  /** A closed segment of the recording with its clip, stored and announced. */
  private void clip(int fromSecond, int toSecond) throws Exception {
    long start = Recording.START + fromSecond * 1_000_000L;
    long end = Recording.START + toSecond * 1_000_000L;
    Segment segment =
        new Segment(
            Ids.segment("lobby", "file", "presence", start),
            "lobby",
            "file",
            "presence",
            EPOCH,
            start,
            end,
            "motion",
            null,
            Map.of(),
            null,
            false,
            2,
            2);
    String id = Ids.clip(segment.id(), ClipVariant.ORIGINAL, 0, 2, "source");
    CutResult cut = Cut.copy(id, recording.chunks(), start, end, recording, this::put);
    String indexKey = "clips/" + id + "/index.json";
    await(objects.put(indexKey, Buffer.buffer(Json.encode(cut.index())), "application/json"));
    Clip clip =
        new Clip(
            id,
            segment.id(),
            "lobby",
            "file",
            "motion",
            ClipVariant.ORIGINAL,
            0,
            "source",
            2,
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
            1);
    await(
        Records.of(records, Segment.class)
            .put(StoreKeys.segments("lobby"), StoreKeys.sortOf(segment.id()), segment, null));
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
                "file.segmenter",
                new StageProgress(
                    "segmenter", "lobby", "file", EPOCH, Recording.START, true, 50, 1),
                null));
  }

  private Replay await(Predicate<Replay> condition) throws Exception {
    return await("reel", condition);
  }

  private Replay await(String id, Predicate<Replay> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Optional<Replay> held = Optional.empty();
    while (System.nanoTime() < deadline) {
      held = await(Records.of(records, Replay.class).find(StoreKeys.REPLAYS, id));
      if (held.isPresent() && condition.test(held.get())) {
        return held.get();
      }
      Thread.yield();
    }
    throw new AssertionError("The replay " + id + " is " + held + " after " + PATIENCE);
  }

  private void put(NewObject made) throws IOException {
    try {
      await(objects.put(made.key(), Buffer.buffer(made.content()), "video/mp4"));
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }
}
