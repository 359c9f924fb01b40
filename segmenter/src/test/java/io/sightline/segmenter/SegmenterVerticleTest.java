package io.sightline.segmenter;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.records.Json;
import io.sightline.records.Segment;
import io.sightline.records.SegmentEdit;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamItem;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage on a real broker and a real store. */
class SegmenterVerticleTest {

  private static final String LOOKS = "..xxxx.xx......xxxxxxx!!xx......xx";
  private static final String SOUNDS = "..s";

  @TempDir Path folder;
  private Vertx vertx;
  private BusConfig bus;
  private BusWriter writer;
  private RecordStore store;
  private final Checkpoints checkpoints = new MemoryCheckpoints();

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    bus = TestBroker.shared().config();
    Topics.ensure(vertx, bus).await(60, SECONDS);
    writer = BusWriter.open(vertx, bus).await(60, SECONDS);
    store = SqliteRecordStore.open(vertx, folder.resolve("records.db")).await(30, SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    writer.close().await(30, SECONDS);
    vertx.close().await(60, SECONDS);
  }

  @Test
  void detections_killedAgainAndAgain_giveTheSameSegments() throws Exception {
    Random random = new Random(23);
    List<StreamItem> items = scene("lobby").arriving(random);
    for (int i = 0; i < items.size(); i++) {
      write(items.get(i));
      if (random.nextInt(5) == 0) {
        write(items.get(Math.max(0, i - random.nextInt(5))));
      }
    }
    for (int round = 0; round < 5; round++) {
      CutOffStore doomed = new CutOffStore(store, writer, 1 + random.nextInt(12));
      String id = vertx.deployVerticle(verticle(doomed, doomed, mortal(doomed))).await(30, SECONDS);
      doomed.death().await(60, SECONDS);
      vertx.undeploy(id).await(60, SECONDS);
    }
    vertx.deployVerticle(verticle(store, writer, checkpoints)).await(30, SECONDS);
    awaitEnd("lobby");

    assertThat(text(segments("lobby"))).isEqualTo(unbroken(items));
  }

  @Test
  void detections_withPoisonBetween_goOn() throws Exception {
    SegmenterVerticle verticle = verticle(store, writer, checkpoints);
    vertx.deployVerticle(verticle).await(30, SECONDS);
    List<StreamItem> items = scene("lobby").arriving(new Random(1));
    for (StreamItem item : items) {
      write(item);
    }
    OutRecord poison =
        new OutRecord(
            Topic.DETECTIONS, "court", "{broken".getBytes(StandardCharsets.UTF_8), Map.of());
    writer.write(poison).await(30, SECONDS);
    List<StreamItem> others = scene("court").arriving(new Random(2));
    for (StreamItem item : others) {
      write(item);
    }
    awaitEnd("lobby");
    awaitEnd("court");

    assertThat(text(segments("lobby"))).isEqualTo(unbroken(items));
    assertThat(text(segments("court"))).isEqualTo(unbroken(others));
    until(() -> Future.succeededFuture(verticle.reads().setAside() == 1));
  }

  @Test
  void edits_ofPeople_areAppliedAndBadOnesSetAside() throws Exception {
    SegmenterVerticle verticle = verticle(store, writer, checkpoints);
    vertx.deployVerticle(verticle).await(30, SECONDS);
    for (StreamItem item : scene("lobby").arriving(new Random(1))) {
      write(item);
    }
    awaitEnd("lobby");
    Segment first = segments("lobby").get(0);
    SegmentEdit nonsense =
        new SegmentEdit(
            "e0",
            "lobby",
            "lobby.file.presence.0000000000000001",
            SegmentEdit.Kind.RELABEL,
            null,
            null,
            "deer",
            "somebody",
            1);
    SegmentEdit relabel =
        new SegmentEdit(
            "e1", "lobby", first.id(), SegmentEdit.Kind.RELABEL, null, null, "deer", "somebody", 1);
    writer.write(OutRecord.of(Topic.SEGMENT_EDITS, "lobby", nonsense)).await(30, SECONDS);
    writer.write(OutRecord.of(Topic.SEGMENT_EDITS, "lobby", relabel)).await(30, SECONDS);
    until(
        () ->
            Records.of(store, Segment.class)
                .find(StoreKeys.segments("lobby"), StoreKeys.sortOf(first.id()))
                .map(found -> found.orElseThrow().label().equals("deer")));

    until(() -> Future.succeededFuture(verticle.reads().setAside() == 1));
  }

  private static Scene scene(String stream) {
    return new Scene(stream, "file")
        .epoch(0, Scene.BOTH, LOOKS, SOUNDS)
        .epoch(10, Scene.BOTH, LOOKS, SOUNDS)
        .epoch(20, Scene.LOOKING, LOOKS, SOUNDS);
  }

  private SegmenterVerticle verticle(RecordStore records, Writer topics, Checkpoints positions) {
    return new SegmenterVerticle(
        SegmenterConfig.defaults(),
        SegmenterPlugins.installed(),
        bus,
        SegmenterVerticle.reading()
            .withCheckpoints(Duration.ofMillis(200), 20)
            .withRetries(Duration.ofMillis(20), Duration.ofMillis(100))
            // What was killed cannot store its last checkpoint, however long it is given.
            .withMembership(
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                Duration.ofSeconds(1)),
        records,
        topics,
        positions,
        Clock.systemUTC());
  }

  /** A dead process stores no checkpoint. */
  private Checkpoints mortal(CutOffStore process) {
    return new Checkpoints() {
      @Override
      public Optional<Stored> load(String group, int partition) {
        return checkpoints.load(group, partition);
      }

      @Override
      public long save(String group, int partition, byte[] content, long version) {
        if (process.dead()) {
          throw new TransientException("This process was killed", null);
        }
        return checkpoints.save(group, partition, content, version);
      }
    };
  }

  private void write(StreamItem item) throws Exception {
    writer.write(OutRecord.of(Topic.DETECTIONS, item)).await(30, SECONDS);
  }

  private String unbroken(List<StreamItem> items) throws Exception {
    RecordStore other =
        SqliteRecordStore.open(vertx, folder.resolve("unbroken-" + items.get(0).stream() + ".db"))
            .await(30, SECONDS);
    SegmenterPartition partition =
        (SegmenterPartition)
            new SegmenterStage(
                    SegmenterConfig.defaults(),
                    SegmenterPlugins.installed(),
                    other,
                    writer,
                    Clock.systemUTC())
                .open(0, new byte[0]);
    for (StreamItem item : items) {
      partition
          .process(
              new io.sightline.bus.InRecord(
                  Topic.DETECTIONS, 0, 0, item.stream(), Json.encode(item), Map.of(), 0))
          .await(30, SECONDS);
    }
    return text(
        Records.of(other, Segment.class)
            .all(StoreKeys.segments(items.get(0).stream()), null, null)
            .await(30, SECONDS));
  }

  private void awaitEnd(String stream) throws Exception {
    String last = scene(stream).frames().get(scene(stream).frames().size() - 1).epoch();
    until(
        () ->
            Records.of(store, StageProgress.class)
                .find(StoreKeys.progress(stream), "file.segmenter")
                .map(
                    found ->
                        found
                            .filter(report -> report.ended() && report.epoch().equals(last))
                            .isPresent()));
  }

  private interface Question {
    Future<Boolean> ask();
  }

  private void until(Question question) throws Exception {
    ask(question).await(60, SECONDS);
  }

  private Future<Void> ask(Question question) {
    return question
        .ask()
        .compose(
            yes ->
                yes ? Future.succeededFuture() : vertx.timer(50).compose(again -> ask(question)));
  }

  private List<Segment> segments(String stream) throws Exception {
    return Records.of(store, Segment.class)
        .all(StoreKeys.segments(stream), null, null)
        .await(30, SECONDS);
  }

  private static String text(List<Segment> segments) {
    return new String(Json.encode(segments), StandardCharsets.UTF_8);
  }
}
