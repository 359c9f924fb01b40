package io.sightline.analyzer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.analyzer.audiolevel.AudioLevelPlugin;
import io.sightline.analyzer.models.ModelFolder;
import io.sightline.analyzer.motion.MotionPlugin;
import io.sightline.bus.InRecord;
import io.sightline.bus.OutRecord;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.records.AudioDetections;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Detection;
import io.sightline.records.FrameDetections;
import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.KeepFrames;
import io.sightline.records.Lane;
import io.sightline.records.MalformedRecordException;
import io.sightline.records.Marker;
import io.sightline.records.PluginSpec;
import io.sightline.records.Point;
import io.sightline.records.Profile;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamItem;
import io.sightline.records.Zone;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.SqliteRecordStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalysisPartitionTest {

  private static final long START = 1_700_000_000_000_000L;
  private static final String EPOCH = "e1";

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final CollectingWriter writer = new CollectingWriter();
  private final AnalyzerPlugins plugins =
      new AnalyzerPlugins(
          List.of(
              TestAnalyzers.reader(),
              TestAnalyzers.tally(),
              TestAnalyzers.together(4),
              new MotionPlugin(),
              new AudioLevelPlugin()));
  private ObjectStore objects;
  private RecordStore records;
  private AnalysisStage stage;
  private StagePartition partition;
  private String run = "live";
  private long sequence;

  @BeforeEach
  void open() throws Exception {
    objects = DiskObjectStore.open(vertx, folder.resolve("objects")).await(30, SECONDS);
    records = SqliteRecordStore.open(vertx, folder.resolve("records.db")).await(30, SECONDS);
    open(records);
  }

  @AfterEach
  void close() throws Exception {
    partition.close();
    stage.close();
    plugins.close();
    objects.close().await(30, SECONDS);
    records.close().await(30, SECONDS);
    vertx.close().await(30, SECONDS);
  }

  @Test
  void process_framesOfSlowAnalyzers_runTogetherAndComeOutInOrder() throws Exception {
    begin(profile(KeepFrames.NONE, "together", "tally"));
    List<Future<Void>> all = frames(IntStream.range(0, 40).mapToObj(i -> "frame").toList());

    Future.join(all).await(60, SECONDS);

    List<FrameDetections> found = found();
    assertThat(found).hasSize(40).allMatch(frame -> frame.error() == null);
    assertThat(found).extracting(FrameDetections::sequence).isSorted().doesNotHaveDuplicates();
    assertThat(counts(found)).isEqualTo(IntStream.rangeClosed(1, 40).boxed().toList());
  }

  @Test
  void process_markers_passInOrderWithTheirSequences() throws Exception {
    begin(profile(KeepFrames.NONE, "reader"));
    frames(List.of("a", "b"));
    marker(Marker.Kind.STALLED);
    frames(List.of("c"));
    end().await(30, SECONDS);

    assertThat(writer.items())
        .extracting(StreamItem::sequence)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(writer.items())
        .filteredOn(Marker.class::isInstance)
        .extracting(item -> ((Marker) item).kind())
        .containsExactly(Marker.Kind.EPOCH_BEGIN, Marker.Kind.STALLED, Marker.Kind.EPOCH_END);
    assertThat(writer.items()).allMatch(item -> item.lane() == Lane.FRAMES);
  }

  @Test
  void process_failingAnalyzer_isTheErrorOfThatFrameAlone() throws Exception {
    begin(profile(KeepFrames.ALL, "reader", "tally"));

    Future.join(frames(List.of("good", "bad", "worse", "good"))).await(30, SECONDS);

    assertThat(found())
        .extracting(FrameDetections::error)
        .containsExactly(null, "reader: this frame is bad", "reader: this frame is worse", null);
    assertThat(counts(found())).as("the other analyzer goes on").containsExactly(1, 2, 3, 4);
  }

  @Test
  void process_garbageForJpeg_isAnErrorAndTheStreamGoesOn() throws Exception {
    begin(profile(KeepFrames.ALL, "motion"));

    Future.join(frames(List.of("no jpeg", "", "neither"))).await(30, SECONDS);

    assertThat(found())
        .hasSize(3)
        .allMatch(frame -> frame.error().startsWith("motion: The picture"));
    assertThat(found()).as("what is no picture is not kept").allMatch(f -> f.pictureKey() == null);
  }

  @Test
  void process_unknownPlugin_isAnErrorOfEachFrame() throws Exception {
    begin(profile(KeepFrames.ALL, "magic", "reader"));

    Future.join(frames(List.of("a"))).await(30, SECONDS);

    assertThat(found().get(0).error()).contains("no analyzer 'magic'");
    assertThat(found().get(0).detections()).hasSize(1);
  }

  @Test
  void process_keepFrames_storesPicturesAsAsked() throws Exception {
    for (KeepFrames keep : KeepFrames.values()) {
      begin(profile(keep, "reader"));
      Future.join(frames(List.of("something", "nothing"))).await(30, SECONDS);
    }

    List<Boolean> kept = found().stream().map(frame -> frame.pictureKey() != null).toList();
    assertThat(kept).containsExactly(true, true, true, false, false, false);
    FrameDetections first = found().get(0);
    assertThat(first.pictureKey()).isEqualTo(Ids.frameKey("lobby", first.positionMicros()));
    assertThat(objects.get(first.pictureKey()).await(30, SECONDS).toString())
        .isEqualTo("something");
  }

  @Test
  void process_whatIsPublished_isStored() throws Exception {
    begin(profile(KeepFrames.ALL, "reader"));
    Future.join(frames(List.of("a", "bad", "c"))).await(30, SECONDS);

    for (FrameDetections frame : found()) {
      byte[] stored =
          records
              .get(StoreKeys.frames("lobby"), StoreKeys.sort(frame.positionMicros(), frame.run()))
              .await(30, SECONDS)
              .value();
      assertThat(Json.decode(stored, FrameDetections.class)).isEqualTo(frame);
    }
  }

  @Test
  void process_frameThatWasTurned_saysSoWithWhatWasSeen() throws Exception {
    begin(profile(KeepFrames.ALL, "reader"));
    partition.process(record(frame("a", 90), "a")).await(30, SECONDS);
    partition.process(record(frame("b"), "b")).await(30, SECONDS);

    assertThat(found()).extracting(FrameDetections::turned).containsExactly(90, null);
  }

  @Test
  void process_zones_areThoseTheFeetStandIn() throws Exception {
    begin(profile(KeepFrames.NONE, "reader", "tally"));

    Future.join(frames(List.of("a"))).await(30, SECONDS);

    assertThat(found().get(0).detections())
        .extracting(Detection::zones)
        .containsExactly(List.of("left"), List.of());
  }

  @Test
  void process_killedAnywhere_goesOnAsIfNothingHappened() throws Exception {
    List<String> words = IntStream.range(0, 30).mapToObj(i -> "w" + i).toList();
    begin(profile(KeepFrames.NONE, "tally", "reader"));
    Future.join(frames(words.subList(0, 11))).await(30, SECONDS);
    byte[] checkpoint = partition.state();
    final long at = sequence;
    Future.join(frames(words.subList(11, 30))).await(30, SECONDS);
    List<FrameDetections> expected = found();

    writer.written.clear();
    partition.close();
    partition = stage.open(0, checkpoint);
    sequence = at;
    Future.join(frames(words.subList(11, 30))).await(30, SECONDS);

    assertThat(found()).isEqualTo(expected.subList(11, 30));
  }

  @Test
  void process_nextLiveEpoch_keepsWhatWasLearned() throws Exception {
    begin(profile(KeepFrames.NONE, "tally"));
    frames(List.of("a", "b"));
    end();
    begin(profile(KeepFrames.NONE, "tally"));
    Future.join(frames(List.of("c"))).await(30, SECONDS);

    assertThat(counts(found())).containsExactly(1, 2, 3);
  }

  @Test
  void process_nextEpochOfAnotherRun_beginsWithNothing() throws Exception {
    run = "trial";
    begin(profile(KeepFrames.NONE, "tally"));
    frames(List.of("a", "b"));
    end();
    begin(profile(KeepFrames.NONE, "tally"));
    Future.join(frames(List.of("c"))).await(30, SECONDS);

    assertThat(counts(found())).containsExactly(1, 2, 1);
  }

  @Test
  void process_changedProfile_holdsFromThereOn() throws Exception {
    begin(profile(KeepFrames.NONE, "tally"));
    frames(List.of("a", "b"));
    Profile next = profile(KeepFrames.NONE, "reader", "tally");
    send(new Marker(
            Marker.Kind.PROFILE,
            "lobby",
            EPOCH,
            run,
            sequence,
            position(),
            Lane.FRAMES,
            next,
            null,
            0))
        .await(30, SECONDS);
    Future.join(frames(List.of("c"))).await(30, SECONDS);

    assertThat(counts(found())).as("what has the same settings goes on").containsExactly(1, 2, 3);
    assertThat(found()).extracting(frame -> frame.detections().size()).containsExactly(1, 1, 2);
  }

  @Test
  void process_frameOfUnknownEpoch_isAnError() throws Exception {
    Future.join(frames(List.of("a"))).await(30, SECONDS);

    assertThat(found().get(0).error()).contains("its begin was not read");
    assertThat(partition.state()).isNotNull();
  }

  @Test
  void process_retriedFrame_isLateAndNotForThoseInOrder() throws Exception {
    begin(profile(KeepFrames.NONE, "reader", "tally"));
    frames(List.of("a", "b"));
    InRecord again = record(frame("again"), "again");
    Map<String, byte[]> headers = new HashMap<>(again.headers());
    headers.put("retried", new byte[] {'1'});
    partition
        .process(new InRecord(Topic.FRAMES, 0, 0, again.key(), again.value(), headers, 0))
        .await(30, SECONDS);

    FrameDetections late = found().get(2);
    assertThat(late.late()).isTrue();
    assertThat(late.detections()).extracting(Detection::label).containsExactly("again");
    assertThat(writer.written.get(3).headers()).containsKey("retried");
  }

  @Test
  void process_storeAway_failsForAWhileAndPublishesNothingBehind() throws Exception {
    AtomicInteger failures = new AtomicInteger(1);
    partition.close();
    stage.close();
    open(failingPuts(failures));
    begin(profile(KeepFrames.NONE, "tally"));

    List<Future<Void>> all = frames(List.of("a", "b", "c"));

    // Which of the three is stored first is open; from the one that failed on, all fail.
    int published = 0;
    while (published < all.size() && succeeds(all.get(published))) {
      published++;
    }
    assertThat(published).isLessThan(all.size());
    for (Future<Void> behind : all.subList(published, all.size())) {
      assertThatThrownBy(() -> behind.await(30, SECONDS)).isInstanceOf(TransientException.class);
    }
    assertThat(found()).hasSize(published);
  }

  private static boolean succeeds(Future<Void> one) throws Exception {
    return one.map(true).otherwise(false).await(30, SECONDS);
  }

  @Test
  void process_recordsOfNoSense_areRefused() {
    FrameInfo frame = frame("a");

    assertThatThrownBy(() -> partition.process(in(Topic.FRAMES, "elsewhere", frame, "a")))
        .isInstanceOf(MalformedRecordException.class);
    assertThatThrownBy(
            () ->
                partition.process(
                    new InRecord(Topic.CHUNKS, 0, 0, "lobby", new byte[] {1}, Map.of(), 0)))
        .isInstanceOf(MalformedRecordException.class);
    assertThatThrownBy(
            () ->
                partition.process(
                    new InRecord(Topic.CHUNKS, 0, 0, "lobby", Json.encode(frame), Map.of(), 0)))
        .isInstanceOf(MalformedRecordException.class);
    assertThatThrownBy(() -> stage.open(0, new byte[] {9, 9, 9}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void process_chunkWithoutListener_publishesNothing() throws Exception {
    chunkMarker(Marker.Kind.EPOCH_BEGIN, profile(KeepFrames.NONE, "reader"));
    partition.process(chunk()).await(30, SECONDS);

    assertThat(writer.items()).hasSize(1).allMatch(Marker.class::isInstance);
  }

  @Test
  void process_chunkWhoseMediaIsGone_isAnError() throws Exception {
    chunkMarker(Marker.Kind.EPOCH_BEGIN, profile(KeepFrames.NONE, "audio-level"));
    partition.process(chunk()).await(30, SECONDS);

    AudioDetections heard = (AudioDetections) writer.items().get(1);
    assertThat(heard.error()).contains("cannot be read");
    assertThat(heard.lane()).isEqualTo(Lane.CHUNKS);
  }

  @Test
  void process_bothLanesEnded_isStoredAsProgress() throws Exception {
    begin(profile(KeepFrames.NONE, "reader"));
    chunkMarker(Marker.Kind.EPOCH_BEGIN, profile(KeepFrames.NONE, "reader"));
    frames(List.of("a", "b"));
    end().await(30, SECONDS);
    assertThat(progress().ended()).isFalse();
    chunkMarker(Marker.Kind.EPOCH_END, null);

    assertThat(progress().ended()).isTrue();
    assertThat(progress().items()).isEqualTo(2);
    assertThat(progress().epoch()).isEqualTo(EPOCH);
    assertThat(progress().positionMicros()).isEqualTo(START + 4_000_000);
  }

  @Test
  void state_streamEndedLongAgo_isForgotten() throws Exception {
    begin(profile(KeepFrames.NONE, "tally"));
    end().await(30, SECONDS);
    int before = partition.state().length;
    Marker elsewhere =
        Marker.begin("yard", "e9", "live", 0, START, profile(KeepFrames.NONE, "tally"));
    OutRecord out = OutRecord.frame(elsewhere.on(Lane.FRAMES), new byte[0]);
    long later = 2 * 86_400_000L;
    partition
        .process(new InRecord(Topic.FRAMES, 0, 0, "yard", out.value(), out.headers(), later))
        .await(30, SECONDS);

    byte[] after = partition.state();

    assertThat(before).isGreaterThan(100);
    assertThat(new String(after, StandardCharsets.ISO_8859_1))
        .contains("yard")
        .doesNotContain("lobby");
  }

  @Test
  void check_pluginsOfTheClassPath_openHere() {
    try (AnalyzerPlugins all = AnalyzerPlugins.load(new ModelFolder(folder))) {
      assertThat(all.open(new PluginSpec("motion")).inOrder()).isTrue();
    }
  }

  private void open(RecordStore store) {
    Zone left =
        new Zone(
            "left",
            List.of(new Point(0, 0), new Point(0.5, 0), new Point(0.5, 1), new Point(0, 1)));
    AnalyzerConfig defaults = AnalyzerConfig.DEFAULTS;
    AnalyzerConfig config =
        new AnalyzerConfig(
            4,
            defaults.maxInFlight(),
            defaults.maxInFlightBytes(),
            defaults.progressEvery(),
            defaults.forgetAfter());
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    stage =
        new AnalysisStage(config, plugins, objects, store, writer, stream -> List.of(left), clock);
    partition = stage.open(0, new byte[0]);
  }

  private static Profile profile(KeepFrames keep, String... analyzers) {
    List<PluginSpec> specs = List.of(analyzers).stream().map(PluginSpec::new).toList();
    return new Profile("p", null, keep, specs, List.of());
  }

  private void begin(Profile profile) throws Exception {
    send(Marker.begin("lobby", EPOCH, run, sequence, position(), profile)).await(30, SECONDS);
  }

  private Future<Void> end() {
    return send(Marker.end("lobby", EPOCH, run, sequence, position(), "over", 0));
  }

  private void marker(Marker.Kind kind) {
    send(new Marker(kind, "lobby", EPOCH, run, sequence, position(), null, null, "why", 0));
  }

  private Future<Void> send(Marker marker) {
    sequence++;
    OutRecord out = OutRecord.frame(marker.on(Lane.FRAMES), new byte[0]);
    return partition.process(
        new InRecord(Topic.FRAMES, 0, 0, "lobby", out.value(), out.headers(), 0));
  }

  private void chunkMarker(Marker.Kind kind, Profile profile) throws Exception {
    Marker marker =
        new Marker(
            kind, "lobby", EPOCH, run, sequence++, position(), Lane.CHUNKS, profile, null, 0);
    OutRecord out = OutRecord.of(Topic.CHUNKS, marker);
    partition
        .process(new InRecord(Topic.CHUNKS, 0, 0, "lobby", out.value(), out.headers(), 0))
        .await(30, SECONDS);
  }

  private InRecord chunk() {
    ChunkInfo chunk = SoundOf.chunk(0, 2);
    ChunkInfo ours =
        new ChunkInfo(
            "lobby",
            EPOCH,
            run,
            sequence++,
            chunk.positionMicros(),
            chunk.durationMicros(),
            0,
            "streams/lobby/e1/0.mp4",
            chunk.sizeBytes(),
            chunk.tracks(),
            chunk.fragments());
    OutRecord out = OutRecord.of(Topic.CHUNKS, ours);
    return new InRecord(Topic.CHUNKS, 0, 0, "lobby", out.value(), out.headers(), 0);
  }

  private List<Future<Void>> frames(List<String> words) {
    List<Future<Void>> all = new ArrayList<>();
    for (String word : words) {
      all.add(partition.process(record(frame(word), word)));
    }
    return all;
  }

  private FrameInfo frame(String words) {
    return frame(words, null);
  }

  private FrameInfo frame(String words, Integer turned) {
    int size = Math.max(1, words.length());
    long position = position();
    return new FrameInfo("lobby", EPOCH, run, sequence++, position, 0, 64, 36, size, false, turned);
  }

  private long position() {
    return START + sequence * 1_000_000;
  }

  private static InRecord record(FrameInfo frame, String words) {
    return in(Topic.FRAMES, "lobby", frame, words);
  }

  private static InRecord in(Topic topic, String key, StreamItem item, String words) {
    OutRecord out = OutRecord.frame(item, words.getBytes(StandardCharsets.UTF_8));
    return new InRecord(topic, 0, 0, key, out.value(), out.headers(), 0);
  }

  private List<FrameDetections> found() {
    return writer.items().stream()
        .filter(FrameDetections.class::isInstance)
        .map(FrameDetections.class::cast)
        .toList();
  }

  private static List<Integer> counts(List<FrameDetections> found) {
    return found.stream()
        .flatMap(frame -> frame.detections().stream())
        .filter(detection -> detection.label().equals("count"))
        .map(detection -> (Integer) detection.attributes().get("count"))
        .toList();
  }

  private StageProgress progress() throws Exception {
    byte[] stored =
        records.get(StoreKeys.progress("lobby"), run + ".analyzer").await(30, SECONDS).value();
    return Json.decode(stored, StageProgress.class);
  }

  /** The real store, but for the first writes of frames. */
  private RecordStore failingPuts(AtomicInteger failures) {
    return (RecordStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {RecordStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("put")
                  && arguments[0].toString().startsWith("frames/")
                  && failures.getAndDecrement() > 0) {
                return Future.failedFuture(
                    new StorageException(StorageException.Reason.UNAVAILABLE, "the disk is away"));
              }
              try {
                return method.invoke(records, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
