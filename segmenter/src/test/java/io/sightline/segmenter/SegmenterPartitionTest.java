package io.sightline.segmenter;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.bus.InRecord;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.records.Feedback;
import io.sightline.records.FrameInfo;
import io.sightline.records.Json;
import io.sightline.records.Kept;
import io.sightline.records.Lane;
import io.sightline.records.MalformedRecordException;
import io.sightline.records.Marker;
import io.sightline.records.Positions;
import io.sightline.records.Segment;
import io.sightline.records.SegmentEdit;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamItem;
import io.sightline.records.Vote;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partition's work on a real store, record by record. */
class SegmenterPartitionTest {

  private static final String LOOKS = "..xxxx.xx......xxxxxxx!!xx......xx";
  private static final String SOUNDS = "..s";

  @TempDir Path folder;
  private Vertx vertx;
  private RecordStore store;
  private final Topics published = new Topics();
  private int stores;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    store = fresh();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, SECONDS);
  }

  @Test
  void process_ofARun_storesAndPublishesSegments() throws Exception {
    run(partition(store, published, new byte[0]), scene().frames());

    List<Segment> segments = segments(store);
    assertThat(segments).hasSize(3);
    assertThat(segments)
        .allSatisfy(
            segment -> {
              assertThat(segment.open()).isFalse();
              assertThat(segment.revision()).isEqualTo(2);
              assertThat(segment.why().opened()).isNotEmpty();
            });
    assertThat(published.latest().values()).containsExactlyElementsOf(segments);
    assertThat(
            Records.of(store, Segment.class)
                .all(StoreKeys.segmentsOfDay(Positions.day(Scene.START)), null, null)
                .await(30, SECONDS))
        .containsExactlyElementsOf(segments);
  }

  @Test
  void process_endOfEpoch_reportsItAfterItsSegments() throws Exception {
    run(partition(store, published, new byte[0]), scene().frames());

    StageProgress progress = progress();
    assertThat(progress.ended()).isTrue();
    assertThat(progress.positionMicros()).isEqualTo(Scene.START + LOOKS.length() * Scene.STEP);
  }

  /** A segment opens once it was seen for long enough, and begins where it was seen first. */
  @Test
  void process_whatMayBecomeASegment_isNotSettled() throws Exception {
    Scene scene = new Scene("lobby", "file").epoch(0, Scene.LOOKING, "....xxxxxx......", "");
    SegmenterConfig telling =
        new SegmenterConfig(
            SegmenterConfig.BUILT_IN_LANES, Duration.ofMinutes(2), 100, Duration.ZERO);
    SegmenterPartition partition = partition(store, published, new byte[0], telling);
    boolean waits = false;
    for (StreamItem item : scene.frames()) {
      List<Long> before = segments(store).stream().map(Segment::foundStartMicros).toList();
      Long settled = reported().map(StageProgress::settledMicros).orElse(0L);
      run(partition, List.of(item));
      for (Segment segment : segments(store)) {
        if (!before.contains(segment.foundStartMicros())) {
          assertThat(segment.foundStartMicros()).isGreaterThanOrEqualTo(settled);
          waits = segment.foundStartMicros() < item.positionMicros();
        }
      }
    }
    assertThat(waits).as("it was found after it began").isTrue();
    assertThat(segments(store)).hasSize(1);
    assertThat(progress().settledMicros()).isEqualTo(progress().positionMicros());
  }

  private Optional<StageProgress> reported() throws Exception {
    return Records.of(store, StageProgress.class)
        .find(StoreKeys.progress("lobby"), "file.segmenter")
        .await(30, SECONDS);
  }

  @Test
  void process_ofAStreamThatWasGivenUp_reportsThatNothingIsWaitedFor() throws Exception {
    SegmenterPartition partition = partition(store, published, new byte[0]);
    List<StreamItem> items = scene().frames();
    run(partition, items.subList(0, items.size() - 3));
    assertThat(progress().ended()).isFalse();
    StreamItem last = items.get(items.size() - 4);
    Marker lost =
        new Marker(
            Marker.Kind.LOST,
            "lobby",
            last.epoch(),
            last.run(),
            last.sequence(),
            last.positionMicros(),
            Lane.FRAMES,
            null,
            "given up",
            0);

    run(partition, List.of(lost));

    assertThat(progress().ended()).isTrue();
    run(partition, items.subList(items.size() - 3, items.size() - 2));
    assertThat(progress().ended()).as("it came back").isFalse();
  }

  private StageProgress progress() throws Exception {
    return reported().orElseThrow();
  }

  @Test
  void process_killedAtEachWrite_leavesTheSame() throws Exception {
    List<StreamItem> items = both().arriving(new Random(7));
    run(partition(store, published, new byte[0]), items);
    String expected = text(segments(store));
    Random random = new Random(11);
    int kills = 0;

    for (int writes = 0; ; writes++) {
      RecordStore attempt = fresh();
      Topics topics = new Topics();
      CutOffStore doomed = new CutOffStore(attempt, topics, writes);
      int checkpoint = 0;
      byte[] state = new byte[0];
      SegmenterPartition first = partition(doomed, doomed, state);
      boolean killed = false;
      for (int i = 0; i < items.size() && !killed; i++) {
        try {
          first.process(in(items.get(i))).await(30, SECONDS);
          if (random.nextInt(8) == 0) {
            checkpoint = i + 1;
            state = first.state();
          }
        } catch (TransientException e) {
          killed = true;
        }
      }
      if (!killed) {
        break;
      }
      kills++;
      run(partition(attempt, topics, state), items.subList(checkpoint, items.size()));
      assertThat(text(segments(attempt))).as("killed after %s writes", writes).isEqualTo(expected);
      assertThat(topics.latest().values()).containsExactlyElementsOf(segments(attempt));
    }
    assertThat(kills).isGreaterThan(20);
  }

  @Test
  void edit_thenFoundChange_keepsWhatPeopleDecided() throws Exception {
    SegmenterPartition partition = partition(store, published, new byte[0]);
    List<StreamItem> items = scene().frames();
    run(partition, items.subList(0, 8));
    Segment open = segments(store).get(0);
    assertThat(open.open()).isTrue();
    SegmentEdit relabel = edit("e1", open.id(), null, null, "deer");
    SegmentEdit trim = edit("e2", open.id(), open.startMicros() - 1_000_000, null, null);
    partition.process(in(relabel)).await(30, SECONDS);
    partition.process(in(trim)).await(30, SECONDS);
    run(partition, items.subList(8, items.size()));

    Segment segment = segments(store).get(0);
    assertThat(segment.label()).isEqualTo("deer");
    assertThat(segment.foundLabel()).isEqualTo("motion");
    assertThat(segment.startMicros()).isEqualTo(open.startMicros() - 1_000_000);
    assertThat(segment.endMicros()).isEqualTo(segment.foundEndMicros());
    assertThat(segment.revision()).isEqualTo(4);
    assertThat(published.latest().get(segment.id())).isEqualTo(segment);
  }

  @Test
  void edit_repeatedInOrder_changesNothing() throws Exception {
    SegmenterPartition partition = partition(store, published, new byte[0]);
    run(partition, scene().frames());
    String id = segments(store).get(0).id();
    List<SegmentEdit> edits =
        List.of(edit("e1", id, null, null, "deer"), edit("e2", id, null, null, "fox"));
    for (SegmentEdit edit : edits) {
      partition.process(in(edit)).await(30, SECONDS);
    }
    Segment once = segments(store).get(0);
    int publications = published.written.size();
    SegmenterPartition again = partition(store, published, new byte[0]);
    for (SegmentEdit edit : edits) {
      again.process(in(edit)).await(30, SECONDS);
    }

    assertThat(segments(store).get(0)).isEqualTo(once);
    assertThat(once.label()).isEqualTo("fox");
    assertThat(published.written).hasSize(publications);
  }

  @Test
  void edit_killedAtEachWrite_isAppliedOnce() throws Exception {
    for (int writes = 0; writes < 4; writes++) {
      RecordStore attempt = fresh();
      Topics topics = new Topics();
      run(partition(attempt, topics, new byte[0]), scene().frames());
      Segment found = segments(attempt).get(0);
      SegmentEdit edit = edit("e1", found.id(), null, null, "deer");
      CutOffStore doomed = new CutOffStore(attempt, topics, writes);
      assertThatThrownBy(
              () -> partition(doomed, doomed, new byte[0]).process(in(edit)).await(30, SECONDS))
          .isInstanceOf(TransientException.class);
      partition(attempt, topics, new byte[0]).process(in(edit)).await(30, SECONDS);

      Segment edited = segments(attempt).get(0);
      assertThat(edited.label()).isEqualTo("deer");
      assertThat(edited.revision()).isEqualTo(found.revision() + 1);
      assertThat(topics.latest().get(found.id())).isEqualTo(edited);
    }
  }

  @Test
  void feedback_ofReviewers_isKeptBesideTheSegment() throws Exception {
    SegmenterPartition partition = partition(store, published, new byte[0]);
    run(partition, scene().frames());
    Segment segment = segments(store).get(0);
    int publications = published.written.size();

    for (SegmentEdit edit :
        List.of(
            feedback("f1", segment.id(), "ana", Vote.LIKE, "what a deer"),
            feedback("f2", segment.id(), "ben", Vote.LIKE, null),
            feedback("f3", segment.id(), "ana", Vote.DISLIKE, "blurred"),
            feedback("f4", segment.id(), "ben", Vote.CLEAR, null),
            // The first comes again, late: it was applied, so the last word stands.
            feedback("f1", segment.id(), "ana", Vote.LIKE, "what a deer"))) {
      partition.process(in(edit)).await(30, SECONDS);
    }

    assertThat(feedback(store))
        .containsExactly(new Feedback(segment.id(), "lobby", "ana", Vote.DISLIKE, "blurred", 1));
    // No new revision: nothing is cut anew. Published all the same: replays look again.
    assertThat(segments(store).get(0)).isEqualTo(segment);
    assertThat(published.written.subList(publications, published.written.size()))
        .containsExactly(segment, segment, segment, segment);
  }

  @Test
  void feedback_killedAtEachWrite_isThereOnce() throws Exception {
    for (int writes = 0; writes < 3; writes++) {
      RecordStore attempt = fresh();
      Topics topics = new Topics();
      run(partition(attempt, topics, new byte[0]), scene().frames());
      SegmentEdit edit = feedback("f1", segments(attempt).get(0).id(), "ana", Vote.LIKE, null);
      CutOffStore doomed = new CutOffStore(attempt, topics, writes);
      assertThatThrownBy(
              () -> partition(doomed, doomed, new byte[0]).process(in(edit)).await(30, SECONDS))
          .isInstanceOf(TransientException.class);
      partition(attempt, topics, new byte[0]).process(in(edit)).await(30, SECONDS);

      assertThat(feedback(attempt)).hasSize(1);
    }
  }

  @Test
  void edit_thatCannotBe_failsForGoodAndChangesNothing() throws Exception {
    SegmenterPartition partition = partition(store, published, new byte[0]);
    run(partition, scene().frames());
    List<Segment> before = segments(store);
    Segment first = before.get(0);
    Map<String, SegmentEdit> wrong = new HashMap<>();
    wrong.put(
        "There is no segment",
        edit("w1", first.id().replaceAll("\\d{16}", "0000000000000001"), null, null, "deer"));
    wrong.put("must lie after its mark-in", edit("w2", first.id(), first.endMicros(), null, null));
    wrong.put("longer than a day", edit("w3", first.id(), 1_000L, null, null));
    wrong.put(
        "is none of the stream",
        edit("w4", first.id().replace("lobby", "court"), null, null, "deer"));
    wrong.put(
        "no segment lobby.file.presence.0000000000000001",
        feedback(
            "w5", first.id().replaceAll("\\d{16}", "0000000000000001"), "ana", Vote.LIKE, null));

    wrong.forEach(
        (message, edit) ->
            assertThatThrownBy(() -> partition.process(in(edit)).await(30, SECONDS))
                .isNotInstanceOf(TransientException.class)
                .hasMessageContaining(message));
    assertThat(segments(store)).isEqualTo(before);
  }

  @Test
  void process_poison_failsForGoodAndTheRestGoesOn() throws Exception {
    SegmenterPartition partition = partition(store, published, new byte[0]);
    List<StreamItem> items = scene().frames();
    FrameInfo frame =
        new FrameInfo("lobby", items.get(0).epoch(), "file", 3, 5, 0, 640, 360, 10, true);
    List<InRecord> poison =
        List.of(
            in("lobby", Topic.DETECTIONS, "{".getBytes(StandardCharsets.UTF_8)),
            in("lobby", Topic.DETECTIONS, "null".getBytes(StandardCharsets.UTF_8)),
            in("lobby", Topic.DETECTIONS, Json.encode(frame)),
            in("court", Topic.DETECTIONS, Json.encode(items.get(1))),
            in("lobby", Topic.SEGMENT_EDITS, "{}".getBytes(StandardCharsets.UTF_8)));
    for (int i = 0; i < items.size(); i++) {
      InRecord bad = poison.get(i % poison.size());
      assertThatThrownBy(() -> partition.process(bad)).isInstanceOf(MalformedRecordException.class);
      partition.process(in(items.get(i))).await(30, SECONDS);
    }

    assertThat(segments(store)).hasSize(3);
  }

  @Test
  void process_shortened_isRemoved() throws Exception {
    io.sightline.records.Profile strict =
        new io.sightline.records.Profile(
            "strict",
            null,
            null,
            List.of(new io.sightline.records.PluginSpec("motion")),
            List.of(new io.sightline.records.PluginSpec("presence", Map.of("minLength", "1s"))));
    Scene scene = new Scene("lobby", "file").epoch(0, strict, "..xx.......xxxxxxx.......", "");
    run(partition(store, published, new byte[0]), scene.frames());

    assertThat(segments(store)).extracting(Segment::removed).containsExactly(true, false);
  }

  @Test
  void remove_byAPerson_staysSoWhateverIsFoundLater() throws Exception {
    SegmenterPartition partition = partition(store, published, new byte[0]);
    List<StreamItem> items = scene().frames();
    int opened = 0;
    while (segments(store).isEmpty()) {
      partition.process(in(items.get(opened++))).await(30, SECONDS);
    }
    Segment open = segments(store).get(0);
    assertThat(open.open()).isTrue();

    SegmentEdit remove =
        new SegmentEdit(
            "r1", "lobby", open.id(), SegmentEdit.Kind.REMOVE, null, null, null, "ana", 1);
    partition.process(in(remove)).await(30, SECONDS);
    run(partition, items.subList(opened, items.size()));
    partition.process(in(remove)).await(30, SECONDS);

    Segment first = segments(store).get(0);
    assertThat(first.removed()).isTrue();
    assertThat(first.edit().by()).isEqualTo("ana");
    assertThat(first.open()).isFalse();
    assertThat(published.latest().get(open.id()).removed()).isTrue();
    assertThat(segments(store)).extracting(Segment::removed).containsExactly(true, false, false);
    SegmentEdit late = edit("r2", open.id(), null, null, "deer");
    assertThatThrownBy(() -> partition.process(in(late)).await(30, SECONDS))
        .hasMessageContaining("none any more");
  }

  @Test
  void keep_standsBesideTheSegment_untilItIsTakenBack() throws Exception {
    SegmenterPartition partition = partition(store, published, new byte[0]);
    run(partition, scene().frames());
    Segment segment = segments(store).get(0);

    partition.process(in(keep("k1", segment.id(), true))).await(30, SECONDS);
    List<Kept> held = kept();
    partition.process(in(keep("k2", segment.id(), false))).await(30, SECONDS);

    assertThat(held).extracting(Kept::segment).containsExactly(segment.id());
    assertThat(held).extracting(Kept::by).containsExactly("ana");
    assertThat(kept()).isEmpty();
    assertThat(segments(store).get(0)).isEqualTo(segment);
  }

  private static SegmentEdit keep(String id, String segment, boolean keep) {
    return new SegmentEdit(
        id, "lobby", segment, SegmentEdit.Kind.KEEP, null, null, null, "ana", 1, null, null, keep);
  }

  private List<Kept> kept() throws Exception {
    return Records.of(store, Kept.class)
        .all(StoreKeys.kept("lobby"), null, null)
        .await(30, SECONDS);
  }

  private static Scene scene() {
    return new Scene("lobby", "file").epoch(0, Scene.LOOKING, LOOKS, "");
  }

  private static Scene both() {
    return new Scene("lobby", "file")
        .epoch(0, Scene.BOTH, LOOKS, SOUNDS)
        .epoch(10, Scene.BOTH, LOOKS, SOUNDS);
  }

  private RecordStore fresh() {
    try {
      return SqliteRecordStore.open(vertx, folder.resolve("records-" + stores++ + ".db"))
          .await(30, SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static SegmenterPartition partition(RecordStore store, Writer writer, byte[] state) {
    return partition(store, writer, state, SegmenterConfig.defaults());
  }

  private static SegmenterPartition partition(
      RecordStore store, Writer writer, byte[] state, SegmenterConfig config) {
    return (SegmenterPartition)
        new SegmenterStage(config, SegmenterPlugins.installed(), store, writer, Clock.systemUTC())
            .open(0, state);
  }

  private static void run(SegmenterPartition partition, List<StreamItem> items) throws Exception {
    for (StreamItem item : items) {
      partition.process(in(item)).await(30, SECONDS);
    }
  }

  private static List<Segment> segments(RecordStore store) throws Exception {
    return Records.of(store, Segment.class)
        .all(StoreKeys.segments("lobby"), null, null)
        .await(30, SECONDS);
  }

  private static String text(List<Segment> segments) {
    return new String(Json.encode(segments), StandardCharsets.UTF_8);
  }

  private static SegmentEdit edit(String id, String segment, Long start, Long end, String label) {
    SegmentEdit.Kind kind = label == null ? SegmentEdit.Kind.TRIM : SegmentEdit.Kind.RELABEL;
    return new SegmentEdit(id, "lobby", segment, kind, start, end, label, "somebody", 1);
  }

  private static SegmentEdit feedback(
      String id, String segment, String by, Vote vote, String note) {
    return new SegmentEdit(
        id, "lobby", segment, SegmentEdit.Kind.FEEDBACK, null, null, null, by, 1, vote, note, null);
  }

  private static List<Feedback> feedback(RecordStore store) throws Exception {
    return Records.of(store, Feedback.class)
        .all(StoreKeys.feedback("lobby"), null, null)
        .await(30, SECONDS);
  }

  private static InRecord in(StreamItem item) {
    return in(item.stream(), Topic.DETECTIONS, Json.encode(item));
  }

  private static InRecord in(SegmentEdit edit) {
    return in(edit.stream(), Topic.SEGMENT_EDITS, Json.encode(edit));
  }

  private static InRecord in(String key, Topic topic, byte[] value) {
    return new InRecord(topic, 0, 0, key, value, Map.of(), 0);
  }

  /** What has been published, as a reader sees it that ignores revisions it knows. */
  private static final class Topics implements Writer {
    private final List<Segment> written = new ArrayList<>();

    @Override
    public synchronized Future<Void> write(OutRecord record) {
      written.add(Json.decode(record.value(), Segment.class));
      return Future.succeededFuture();
    }

    synchronized Map<String, Segment> latest() {
      Map<String, Segment> latest =
          new TreeMap<>(java.util.Comparator.comparing(StoreKeys::sortOf));
      written.forEach(
          segment ->
              latest.merge(
                  segment.id(),
                  segment,
                  (held, next) -> next.revision() > held.revision() ? next : held));
      return latest;
    }

    @Override
    public boolean full() {
      return false;
    }

    @Override
    public Future<Void> drained() {
      return Future.succeededFuture();
    }
  }
}
