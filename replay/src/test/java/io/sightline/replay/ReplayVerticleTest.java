package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.LiveReader;
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
import io.sightline.records.EpochInfo;
import io.sightline.records.Feedback;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.ReelDecisions;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.SegmentMatch;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.Vote;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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

  private static final ReplayRules FEATURES =
      new ReplayRules(
          ReplayRules.Mode.FEATURES,
          SegmentMatch.between(SegmentMatch.What.DURATION_SECONDS, null, 1.5, null),
          null,
          null,
          false,
          false,
          null);

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
  private final Recording recording = new Recording("lobby");
  private BusConfig bus;
  private BusWriter writer;
  private ObjectStore objects;
  private RecordStore records;
  private LiveReader reader;

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
    if (reader != null) {
      await(reader.close());
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
  void delete_leavesNothingOfIt_andARequestThatComesAgainMakesNothing() throws Exception {
    start();
    clip(2, 4);
    order(ReplayRequest.Kind.CREATE, 1);
    await(replay -> replay.segments() == 1);
    order(ReplayRequest.Kind.DELETE, 2);
    Replay gone = await(replay -> replay.state() == MediaState.GONE);

    order(ReplayRequest.Kind.CREATE, 1);
    order("another", ReplayRequest.Kind.CREATE, 1);
    await("another", replay -> replay.segments() == 1);

    assertThat(await(replay -> true)).isEqualTo(gone);
    assertThat(gone.indexKey()).isNull();
    assertThat(await(objects.list("replays/reel/", null, 10)).objects()).isEmpty();
    assertThat(
            await(
                Records.of(records, ReplayItem.class)
                    .all(StoreKeys.replayItems("reel"), null, null)))
        .isEmpty();
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

  @Test
  void rulesThatChange_makeANewVersionAtOnce() throws Exception {
    start();
    clip(1, 3);
    clip(4, 5);
    clip(6, 9);
    order(ReplayRequest.Kind.CREATE, 1);
    Replay all = await(replay -> replay.segments() == 3);

    change(2, FEATURES);
    Replay longer = await(replay -> replay.requestRevision() == 2);

    assertThat(longer.version()).isEqualTo(all.version() + 1);
    assertThat(longer.segments()).isEqualTo(2);
    assertThat(longer.durationMicros()).isEqualTo(5_000_000);
    List<ReplayItem> items = items(longer);
    assertThat(items).hasSize(3);
    assertThat(items)
        .filteredOn(item -> !item.included())
        .extracting(ReplayItem::reason)
        .containsExactly("it does not meet: durationSeconds at least 1.5");
    // The items of the version before are still there for who reads its next page.
    assertThat(items(all)).hasSize(3);
  }

  @Test
  void rulesThatChangeAfterTheEnd_giveWhatAskingAfterItGives() throws Exception {
    start();
    clip(1, 3);
    clip(4, 5);
    ended();
    order(ReplayRequest.Kind.CREATE, 1);
    Replay all = await(Replay::complete);

    change(2, FEATURES);
    Replay changed = await(replay -> replay.requestRevision() == 2);
    change("late", 1, FEATURES);
    Replay late = await("late", Replay::complete);

    assertThat(changed.complete()).isTrue();
    assertThat(changed.version()).isEqualTo(all.version() + 1);
    assertThat(clips(changed)).isEqualTo(clips(late));
    assertThat(changed.mp4Key()).isNotEqualTo(all.mp4Key());
  }

  @Test
  void feedback_onASegment_choosesAnew() throws Exception {
    start();
    Segment first = clip(1, 3);
    Segment second = clip(4, 5);
    change(1, new ReplayRules(ReplayRules.Mode.ALL, null, null, null, true, false, null));
    Replay both = await(replay -> replay.segments() == 2);

    say(first, Vote.DISLIKE);
    Replay without = await(replay -> replay.segments() == 1);
    say(first, Vote.LIKE);
    Replay again = await(replay -> replay.segments() == 2);

    assertThat(without.version()).isEqualTo(both.version() + 1);
    assertThat(items(without))
        .extracting(ReplayItem::segment, ReplayItem::included)
        .containsExactlyInAnyOrder(tuple(first.id(), false), tuple(second.id(), true));
    // It belongs before the other, so it is no append.
    assertThat(again.version()).isEqualTo(without.version() + 1);
  }

  @Test
  void lockSwapAndTrim_stayWhenTheReplayGrows() throws Exception {
    start();
    Segment first = clip(1, 3);
    Segment second = clip(4, 5);
    BlockingQueue<Segment> cuts = cuts();
    ReelDecisions decisions =
        ReelDecisions.NONE
            .swap(first.id(), second.id(), List.of(first.id(), second.id()))
            .trim(
                new ReelDecisions.Trim(
                    first.id(), Recording.START + 2_000_000, Recording.START + 3_000_000));
    change(1, ReplayRules.ALL.with(decisions));
    Segment cut = cuts.poll(60, TimeUnit.SECONDS);
    assertThat(cut.epoch()).isEqualTo(first.epoch());
    assertThat(cut.startMicros()).isEqualTo(Recording.START + 2_000_000);
    cutFor(cut);
    await(replay -> replay.durationMicros() == 2_000_000);

    Segment third = clip(6, 9);
    Replay grown = await(replay -> replay.segments() == 3);

    assertThat(clips(grown).get(0)).startsWith(second.id());
    assertThat(clips(grown).get(1)).startsWith(cut.id());
    assertThat(clips(grown).get(2)).startsWith(third.id());
    assertThat(grown.durationMicros()).isEqualTo(5_000_000);
  }

  @Test
  void timestamps_becomeAReelInTheirOrder() throws Exception {
    start();
    clip(1, 3);
    BlockingQueue<Segment> cuts = cuts();
    await(
        Records.of(records, EpochInfo.class)
            .put(
                StoreKeys.epochs("lobby"),
                EPOCH,
                new EpochInfo(
                    "lobby", EPOCH, "file", "local", Recording.START, null, 1, 0, false, null, 0),
                null));
    change(
        1,
        new ReplayRules(
            ReplayRules.Mode.TIMESTAMPS,
            null,
            null,
            List.of(stretch(6, 8), stretch(2, 3)),
            false,
            false,
            null));
    Segment early = cuts.poll(60, TimeUnit.SECONDS);
    Segment late = cuts.poll(60, TimeUnit.SECONDS);
    assertThat(List.of(late.epoch(), early.epoch())).containsOnly(EPOCH);
    cutFor(early);
    cutFor(late);

    Replay replay = await(Replay::complete);

    List<Integer> pictures = TestVideo.frameNumbers(objects.file(replay.mp4Key()).orElseThrow());
    assertThat(pictures).hasSize(75);
    assertThat(pictures.get(0)).isEqualTo(150);
    assertThat(pictures.get(50)).isEqualTo(50);
    assertThat(items(replay)).extracting(ReplayItem::reason).containsOnly("it was asked for");
  }

  private static ReplayRules.Stretch stretch(int fromSecond, int toSecond) {
    return new ReplayRules.Stretch(
        "lobby",
        Recording.START + fromSecond * 1_000_000L,
        Recording.START + toSecond * 1_000_000L);
  }

  /** What the clipper is asked for. */
  private BlockingQueue<Segment> cuts() throws Exception {
    BlockingQueue<Segment> cuts = new LinkedBlockingQueue<>();
    reader =
        LiveReader.start(
            vertx,
            bus,
            Set.of(Topic.SEGMENTS),
            record -> {
              Segment segment = record.as(Segment.class);
              if (Ids.namesCut(segment.classifier())) {
                cuts.add(segment);
              }
            });
    await(reader.ready());
    return cuts;
  }

  private void say(Segment segment, Vote vote) throws Exception {
    await(
        Records.of(records, Feedback.class)
            .put(
                StoreKeys.feedback("lobby"),
                StoreKeys.feedbackSort(segment.id(), "ana"),
                new Feedback(segment.id(), "lobby", "ana", vote, null, 1),
                null));
    await(writer.write(OutRecord.of(Topic.SEGMENTS, "lobby", segment)));
  }

  private List<ReplayItem> items(Replay replay) throws Exception {
    String first = String.format("%06d.", replay.version());
    return await(
        Records.of(records, ReplayItem.class)
            .all(StoreKeys.replayItems(replay.id()), first, first.replace('.', '/')));
  }

  private List<String> clips(Replay replay) throws Exception {
    return items(replay).stream()
        .filter(ReplayItem::included)
        .sorted(Comparator.comparingInt(ReplayItem::order))
        .map(ReplayItem::clip)
        .toList();
  }

  private void change(int revision, ReplayRules rules) throws Exception {
    change("reel", revision, rules);
  }

  private void change(String id, int revision, ReplayRules rules) throws Exception {
    ReplayRequest request =
        new ReplayRequest(
            id,
            revision == 1 ? ReplayRequest.Kind.CREATE : ReplayRequest.Kind.CHANGE,
            "All",
            new ReplayRequest.Selection(List.of("lobby"), "file", null, null, List.of()),
            true,
            "somebody",
            1,
            revision,
            rules);
    await(writer.write(OutRecord.of(Topic.REPLAY_REQUESTS, id, request)));
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
  private Segment clip(int fromSecond, int toSecond) throws Exception {
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
    await(
        Records.of(records, Segment.class)
            .put(StoreKeys.segments("lobby"), StoreKeys.sortOf(segment.id()), segment, null));
    cutFor(segment);
    return segment;
  }

  /** Does what the clipper does. */
  private void cutFor(Segment segment) throws Exception {
    long start = segment.startMicros();
    long end = segment.endMicros();
    String id = Ids.clip(segment.id(), ClipVariant.ORIGINAL, 0, segment.revision(), "source");
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
            segment.revision(),
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
