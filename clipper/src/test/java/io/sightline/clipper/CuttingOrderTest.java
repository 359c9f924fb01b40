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
import io.sightline.media.encode.VideoEncoder;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.Ids;
import io.sightline.records.MediaState;
import io.sightline.records.Progress;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which clips are made before which, on a real broker, by the maker that cuts here. */
class CuttingOrderTest {

  private static final int PATIENCE_SECONDS = 60;

  /** One thread for clips of segments, one for what takes long. */
  private static final ClipperConfig NARROW =
      new ClipperConfig(ClipAccuracy.FRAME, 1, false, 480, List.of(), VideoEncoder.OPENH264);

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
  private final List<HeldMaker> makers = new CopyOnWriteArrayList<>();
  private BusConfig bus;
  private BusWriter writer;
  private ObjectStore objects;
  private RecordStore records;

  /** Cuts, but not before the test lets it. */
  private static final class HeldMaker implements ClipMaker {

    final List<ClipOrder> begun = new CopyOnWriteArrayList<>();
    final CountDownLatch let = new CountDownLatch(1);
    private final ClipMaker maker;
    private final Predicate<ClipOrder> held;

    HeldMaker(ClipMaker maker, Predicate<ClipOrder> held) {
      this.maker = maker;
      this.held = held;
    }

    @Override
    public Future<ClipMedia> make(ClipOrder order, Progress progress) {
      begun.add(order);
      if (held.test(order)) {
        try {
          assertThat(let.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return maker.make(order, progress);
    }

    @Override
    public int atOnce() {
      return maker.atOnce();
    }

    @Override
    public boolean takesLong(WantedClip clip) {
      return maker.takesLong(clip);
    }

    @Override
    public void close() {
      maker.close();
      let.countDown();
    }
  }

  @BeforeEach
  void open() throws Exception {
    bus = TestBroker.shared().config(1);
    await(Topics.ensure(vertx, bus));
    writer = await(BusWriter.open(vertx, bus));
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
  }

  @AfterEach
  void close() throws Exception {
    makers.forEach(maker -> maker.let.countDown());
    for (String deployment : vertx.deploymentIDs()) {
      await(vertx.undeploy(deployment));
    }
    await(writer.close());
    await(records.close());
    await(objects.close());
    await(vertx.close());
  }

  @Test
  void fiftyCutsOfAReplay_holdUpNoClipOfASegment_norTheReadingOfItsMedia() throws Exception {
    List<ChunkInfo> chunks = recorded("lobby", TestVideo.plain());
    ChunkInfo last = chunks.get(chunks.size() - 1);
    List<Segment> ordered = cuts(50);
    start(ClipperConfig.DEFAULT, order -> order.clip().isOrdered());
    announce(chunks.subList(0, chunks.size() - 1));
    write(ordered);
    until(() -> makers.get(0).begun.size() == 2);

    write(List.of(segment("lobby", 7_000_000, 9_500_000)));
    announce(List.of(last));

    until(() -> clips("lobby").size() == 1);
    assertThat(clips("lobby").get(0).segment())
        .isEqualTo(segment("lobby", 7_000_000, 9_500_000).id());
    assertThat(makers.get(0).begun).hasSize(3);

    makers.get(0).let.countDown();
    until(() -> clips("lobby").size() == 51);
    assertThat(clips("lobby")).allMatch(clip -> clip.state() == MediaState.READY);
  }

  @Test
  void cutsThatWait_areMadeByWhoeverGoesOn() throws Exception {
    String first = start(NARROW, order -> order.clip().isOrdered());
    announce(recorded("lobby", TestVideo.plain()));
    List<Segment> ordered = cuts(10);
    write(ordered);
    until(() -> makers.get(0).begun.size() == 1);
    write(List.of(segment("lobby", 7_000_000, 8_000_000)));
    until(() -> clips("lobby").size() == 1);

    makers.get(0).let.countDown();
    await(vertx.undeploy(first));
    start(NARROW, order -> false);

    until(() -> clips("lobby").size() == 11);
    assertThat(clips("lobby").stream().map(Clip::segment))
        .containsAll(ordered.stream().map(Segment::id).toList());
  }

  @Test
  void whatTurnsOutToNeedEncodingAsAWhole_givesWay() throws Exception {
    start(NARROW, ClipOrder::mayTakeLong);
    announce(recorded("gate", TestVideo.plain().codec("libvpx-vp9", 0)));
    announce(recorded("lobby", TestVideo.plain()));
    write(List.of(segment("gate", 1_000_000, 3_000_000), segment("gate", 4_000_000, 6_000_000)));
    HeldMaker maker = makers.get(0);
    until(() -> maker.begun.stream().anyMatch(ClipOrder::mayTakeLong));

    write(List.of(segment("lobby", 1_000_000, 3_000_000)));

    until(() -> !clips("lobby").isEmpty());
    assertThat(clips("gate")).isEmpty();
    maker.let.countDown();
    until(() -> clips("gate").size() == 2);
    assertThat(clips("gate")).allSatisfy(clip -> assertThat(clip.note()).contains("encoded"));
    assertThat(maker.begun.stream().map(ClipOrder::mayTakeLong))
        .containsExactlyInAnyOrder(false, true, false, true, false);
  }

  @Test
  void twoStreamsWithABacklog_takeTurns() throws Exception {
    start(NARROW, order -> true);
    announce(recorded("gate", TestVideo.plain()));
    announce(recorded("lobby", TestVideo.plain()));
    List<Segment> backlog = new ArrayList<>();
    for (int one = 0; one < 40; one++) {
      backlog.add(segment("lobby", 1_000_000 + one * 100_000, 2_000_000 + one * 100_000));
    }
    for (int one = 0; one < 3; one++) {
      backlog.add(segment("gate", 1_000_000 + one * 100_000, 2_000_000 + one * 100_000));
    }
    write(backlog);
    HeldMaker maker = makers.get(0);
    // What is written last is begun, in a lane of its own, when all else is read.
    write(cuts(1));
    until(() -> maker.begun.size() == 2);
    maker.let.countDown();

    until(() -> clips("lobby").size() == 41 && clips("gate").size() == 3);

    List<String> order =
        maker.begun.stream()
            .filter(one -> !one.clip().isOrdered())
            .map(one -> one.clip().segment().stream())
            .toList();
    assertThat(order).startsWith("lobby", "lobby", "gate", "lobby", "gate", "lobby", "gate");
  }

  private String start(ClipperConfig config, Predicate<ClipOrder> held) throws Exception {
    return await(
        vertx.deployVerticle(
            new ClipperVerticle(
                config,
                bus,
                objects,
                records,
                checkpoints,
                writer,
                (anyVertx, anyObjects, anyConfig) -> {
                  ClipMaker local = ClipMaker.local(anyVertx, anyObjects, anyConfig);
                  makers.add(new HeldMaker(local, held));
                  return makers.get(makers.size() - 1);
                })));
  }

  private List<ChunkInfo> recorded(String stream, TestVideo video) throws Exception {
    Recording recording = new Recording(stream).add(video.file());
    recording.writeTo(folder.resolve("objects"));
    return recording.chunks();
  }

  private void announce(List<ChunkInfo> chunks) throws Exception {
    for (ChunkInfo chunk : chunks) {
      await(
          Records.of(records, ChunkInfo.class)
              .put(
                  StoreKeys.chunks(chunk.stream()),
                  StoreKeys.sort(chunk.positionMicros(), chunk.run()),
                  chunk,
                  null));
      await(writer.write(OutRecord.of(Topic.CHUNKS, chunk)));
    }
  }

  private void write(List<Segment> segments) throws Exception {
    for (Segment segment : segments) {
      await(writer.write(OutRecord.of(Topic.SEGMENTS, segment.stream(), segment)));
    }
  }

  private List<Clip> clips(String stream) throws Exception {
    return await(Records.of(records, Clip.class).all(StoreKeys.clips(stream), null, null));
  }

  /** As replays order them. */
  private static List<Segment> cuts(int count) {
    List<Segment> cuts = new ArrayList<>();
    for (int one = 0; one < count; one++) {
      long start = Recording.START + 500_000 + one * 40_000;
      long end = start + 5_000_000;
      cuts.add(segment("lobby", Ids.classifierOfCut(start, end), start, end));
    }
    return cuts;
  }

  private static Segment segment(String stream, long start, long end) {
    return segment(stream, "presence", Recording.START + start, Recording.START + end);
  }

  private static Segment segment(String stream, String classifier, long start, long end) {
    return new Segment(
        Ids.segment(stream, "live", classifier, start),
        stream,
        "live",
        classifier,
        Ids.epoch(Recording.START, "local"),
        start,
        end,
        "motion",
        null,
        Map.of(),
        null,
        false,
        1,
        1);
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.yield();
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
