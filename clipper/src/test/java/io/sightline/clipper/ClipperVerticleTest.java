package io.sightline.clipper;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Lane;
import io.sightline.records.MarkMove;
import io.sightline.records.Marker;
import io.sightline.records.MediaState;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Pin;
import io.sightline.records.PluginSpec;
import io.sightline.records.RecordedBlock;
import io.sightline.records.RecordingLedger;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage on a real broker and real stores, with a recording of known content. */
class ClipperVerticleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
    recording.add(TestVideo.plain().sound("aac", 2).file());
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
  void segmentWithItsMediaRecorded_becomesAPlayableClip() throws Exception {
    start();
    record();
    write(segment(3_500_000, 6_200_000L, 2));

    Clip clip = clipOf(segment(3_500_000, 6_200_000L, 2));

    assertThat(clip.state()).isEqualTo(MediaState.READY);
    assertThat(clip.startMicros()).isEqualTo(Recording.START + 3_520_000);
    assertThat(clip.accuracy()).isEqualTo("frame");
    assertThat(clip.note()).isNull();
    Path mp4 = objects.file(clip.mp4Key()).orElseThrow();
    assertThat(FfmpegProgram.decodesCleanly(mp4)).isEmpty();
    assertThat(TestVideo.frameNumbers(mp4)).isEqualTo(IntStream.range(88, 155).boxed().toList());
    assertThat(TestVideo.readFrameNumber(bytes(clip.thumbnailKey()))).isBetween(88, 100);
  }

  @Test
  void accuracyOfKeyframes_copiesFromTheKeyframeBefore() throws Exception {
    start(ClipperConfig.DEFAULT.with(ClipAccuracy.KEYFRAME));
    record();
    write(segment(3_500_000, 6_200_000L, 2));

    Clip clip = clipOf(segment(3_500_000, 6_200_000L, 2));

    assertThat(clip.startMicros()).isEqualTo(Recording.START + 3_000_000);
    assertThat(clip.accuracy()).isEqualTo("keyframe");
    assertThat(clip.note()).contains("0.50 s before the mark");
    List<Integer> pictures = TestVideo.frameNumbers(objects.file(clip.mp4Key()).orElseThrow());
    assertThat(pictures).startsWith(75).contains(154).doesNotContain(160);
  }

  @Test
  void clip_pinsTheChunksItRefersTo_andNoOthers() throws Exception {
    start();
    record();
    write(segment(3_500_000, 6_200_000L, 2));
    Clip clip = clipOf(segment(3_500_000, 6_200_000L, 2));

    List<Pin> pins = pins();

    ClipIndex index = Json.decode(bytes(clip.indexKey()), ClipIndex.class);
    List<String> referred =
        index.pieces().stream()
            .map(ClipIndex.Piece::key)
            .filter(key -> key.startsWith("streams/"))
            .distinct()
            .toList();
    assertThat(pins).allMatch(pin -> pin.clip().equals(clip.id()));
    assertThat(
            recording.chunks().stream()
                .filter(chunk -> pins.stream().anyMatch(pin -> pin.holds(chunk)))
                .map(ChunkInfo::key))
        .containsAll(referred)
        .hasSizeLessThan(recording.chunks().size());
  }

  @Test
  void chunksAboutToBeDeleted_areNeitherCutNorPinned() throws Exception {
    ChunkInfo first = recording.chunks().get(0);
    RecordingLedger.Expiring going =
        new RecordingLedger.Expiring(RecordedBlock.of(first, first.capturedMicros()), 0);
    RecordingLedger ledger =
        new RecordingLedger("lobby", 0, 0, 0, 0, null, null, null, List.of(going));
    await(Records.of(records, RecordingLedger.class).put(StoreKeys.LEDGERS, "lobby", ledger, null));
    start();
    record();
    write(segment(500_000, 4_200_000L, 2));
    write(segment(600_000, 900_000L, 2));

    Clip clip = clipOf(segment(500_000, 4_200_000L, 2));
    Clip nothing = clipOf(segment(600_000, 900_000L, 2));

    assertThat(clip.startMicros()).isEqualTo(first.endMicros());
    assertThat(nothing.error()).contains("Nothing was recorded");
    assertThat(pins()).isNotEmpty().allMatch(pin -> pin.clip().equals(clip.id()));
    assertThat(pins()).noneMatch(pin -> pin.holds(first));
  }

  private List<Pin> pins() throws Exception {
    return await(Records.of(records, Pin.class).all(StoreKeys.pins("lobby"), null, null));
  }

  @Test
  void segmentClosedBeforeItsMediaIsRecorded_waitsForIt() throws Exception {
    start();
    write(segment(1_000_000, 9_500_000L, 2));
    List<ChunkInfo> chunks = recording.chunks();
    for (ChunkInfo chunk : chunks.subList(0, chunks.size() - 1)) {
      record(chunk);
    }
    write(segment(1_200_000, 1_900_000L, 2));
    clipOf(segment(1_200_000, 1_900_000L, 2));
    assertThat(clips()).hasSize(1);

    record(chunks.get(chunks.size() - 1));

    assertThat(clipOf(segment(1_000_000, 9_500_000L, 2)).endMicros())
        .isGreaterThanOrEqualTo(Recording.START + 9_500_000);
  }

  @Test
  void nothingRecorded_failsWithItsReasonOnceTheEpochHasEnded() throws Exception {
    start();
    write(segment(1_000_000, 2_000_000L, 2));
    String epoch = Ids.epoch(Recording.START, "local");
    await(
        writer.write(
            OutRecord.of(
                Topic.CHUNKS,
                Marker.end(
                        "lobby", epoch, "live", 9, Recording.START + 2_000_000, "it has ended", 0)
                    .on(Lane.CHUNKS))));

    Clip clip = clipOf(segment(1_000_000, 2_000_000L, 2));

    assertThat(clip.state()).isEqualTo(MediaState.FAILED);
    assertThat(clip.error()).contains("Nothing was recorded");
  }

  @Test
  void stageStartedAgainWithoutItsCheckpoint_changesNothing() throws Exception {
    String first = start();
    record();
    write(segment(3_500_000, 6_200_000L, 2));
    Clip before = clipOf(segment(3_500_000, 6_200_000L, 2));
    Instant stored = modified(before.mp4Key());
    await(vertx.undeploy(first));

    // A checkpoint that was lost has the stage read everything again.
    await(
        vertx.deployVerticle(
            new ClipperVerticle(
                ClipperConfig.DEFAULT, bus, objects, records, new MemoryCheckpoints(), writer)));
    write(segment(7_000_000, 8_000_000L, 2));
    clipOf(segment(7_000_000, 8_000_000L, 2));

    assertThat(clips()).hasSize(2);
    assertThat(clipOf(segment(3_500_000, 6_200_000L, 2))).isEqualTo(before);
    assertThat(modified(before.mp4Key())).isEqualTo(stored);
  }

  @Test
  void editedSegment_getsAClipOfItsOwnBesideTheOldOne() throws Exception {
    start();
    record();
    write(segment(3_500_000, 6_200_000L, 2));
    clipOf(segment(3_500_000, 6_200_000L, 2));
    Segment found = segment(3_500_000, 6_200_000L, 2);
    Segment trimmed =
        new Segment(
            found.id(),
            found.stream(),
            found.run(),
            found.classifier(),
            found.epoch(),
            found.foundStartMicros(),
            found.foundEndMicros(),
            found.foundLabel(),
            new Segment.Edit(Recording.START + 5_000_000, null, "goal", "somebody", 0, "e1", null),
            found.features(),
            found.why(),
            false,
            2,
            3);
    write(trimmed);

    Clip clip = clipOf(trimmed);

    assertThat(clip.startMicros()).isEqualTo(Recording.START + 5_000_000);
    assertThat(clip.label()).isEqualTo("goal");
    assertThat(clips()).hasSize(2);
  }

  @Test
  void optimizedSegment_getsAClipForEachTrackThatMoved_andItsOriginalStays() throws Exception {
    start();
    record();
    Segment found = segment(3_500_000, 6_200_000L, 2);
    write(found);
    Clip original = clipOf(found);
    Instant stored = modified(original.mp4Key());
    OptimizedTrack as = track(1, 3_500_000, 6_200_000);
    OptimizedTrack moved = track(2, 3_100_000, 6_600_000);
    Segment optimized =
        found.with(
            new OptimizedMarks(new PluginSpec("quiet-marks"), 2, 3, List.of(as, moved), null), 3);

    write(optimized);

    Clip clip = clipOf(optimized);
    assertThat(clip.id()).isEqualTo(found.id() + ".optimized.a2.r3.source");
    assertThat(clip.shows(moved)).isTrue();
    assertThat(clip.state()).isEqualTo(MediaState.READY);
    Path mp4 = objects.file(clip.mp4Key()).orElseThrow();
    assertThat(FfmpegProgram.decodesCleanly(mp4)).isEmpty();
    assertThat(TestVideo.frameNumbers(mp4)).isEqualTo(IntStream.range(78, 165).boxed().toList());
    assertThat(TestVideo.readFrameNumber(bytes(clip.thumbnailKey()))).isBetween(78, 100);
    ClipIndex index = Json.decode(bytes(clip.indexKey()), ClipIndex.class);
    ClipIndex whole = Json.decode(bytes(original.indexKey()), ClipIndex.class);
    assertThat(index.tracks()).extracting(TrackInfo::track).containsExactly(1, 3);
    assertThat(index.tracks().get(1)).isEqualTo(whole.tracks().get(2));
    assertThat(pins()).extracting(Pin::clip).contains(clip.id(), original.id());
    assertThat(clips()).containsExactlyInAnyOrder(original, clip);
    assertThat(modified(original.mp4Key())).isEqualTo(stored);
  }

  private static OptimizedTrack track(int number, long start, long end) {
    return new OptimizedTrack(
        number,
        Recording.START + start,
        Recording.START + end,
        MarkMove.MOVED,
        null,
        MarkMove.MOVED,
        null);
  }

  private String start() throws Exception {
    return start(ClipperConfig.DEFAULT);
  }

  private String start(ClipperConfig config) throws Exception {
    return await(
        vertx.deployVerticle(
            new ClipperVerticle(config, bus, objects, records, checkpoints, writer)));
  }

  private void record() throws Exception {
    for (ChunkInfo chunk : recording.chunks()) {
      record(chunk);
    }
  }

  private void record(ChunkInfo chunk) throws Exception {
    for (Map.Entry<String, byte[]> object : recording.objects().entrySet()) {
      if (object.getKey().equals(chunk.key()) || object.getKey().contains("/init-")) {
        await(objects.put(object.getKey(), Buffer.buffer(object.getValue()), "video/mp4"));
      }
    }
    await(
        Records.of(records, ChunkInfo.class)
            .put(
                StoreKeys.chunks("lobby"),
                StoreKeys.sort(chunk.positionMicros(), chunk.run()),
                chunk,
                null));
    await(writer.write(OutRecord.of(Topic.CHUNKS, chunk)));
  }

  private void write(Segment segment) throws Exception {
    await(writer.write(OutRecord.of(Topic.SEGMENTS, segment.stream(), segment)));
  }

  private Clip clipOf(Segment segment) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (Clip clip : clips()) {
        if (clip.segment().equals(segment.id()) && clip.segmentRevision() == segment.revision()) {
          return clip;
        }
      }
      Thread.yield();
    }
    throw new AssertionError("No clip of " + segment.id() + " after " + PATIENCE);
  }

  private List<Clip> clips() throws Exception {
    return await(Records.of(records, Clip.class).all(StoreKeys.clips("lobby"), null, null));
  }

  private byte[] bytes(String key) throws Exception {
    return await(objects.get(key)).getBytes();
  }

  private Instant modified(String key) throws Exception {
    return await(objects.head(key)).modified();
  }

  private static Segment segment(long start, Long end, int revision) {
    return new Segment(
        Ids.segment("lobby", "live", "presence", Recording.START + start),
        "lobby",
        "live",
        "presence",
        Ids.epoch(Recording.START, "local"),
        Recording.START + start,
        Recording.START + end,
        "motion",
        null,
        Map.of(),
        null,
        false,
        revision,
        revision);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }
}
