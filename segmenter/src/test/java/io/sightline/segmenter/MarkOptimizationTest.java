package io.sightline.segmenter;

import static io.sightline.segmenter.TalkScene.at;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.bus.InRecord;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.records.AudioDetections;
import io.sightline.records.ClipVariant;
import io.sightline.records.Json;
import io.sightline.records.Lane;
import io.sightline.records.MarkMove;
import io.sightline.records.Marker;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Segment;
import io.sightline.records.SegmentEdit;
import io.sightline.records.Settings;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamItem;
import io.sightline.records.plugin.Classifier;
import io.sightline.records.plugin.ClassifierPlugin;
import io.sightline.records.plugin.Observation;
import io.sightline.records.plugin.Optimizer;
import io.sightline.records.plugin.OptimizerPlugin;
import io.sightline.records.plugin.SegmentOutput;
import io.sightline.records.plugin.Surroundings;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Marks of segments are optimized: a partition's work on a real store. */
class MarkOptimizationTest {

  private static final Map<String, Object> DEFAULTS = Map.of();

  @TempDir Path folder;
  private Vertx vertx;
  private RecordStore store;
  private final List<Segment> published = new ArrayList<>();
  private int stores;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    store = fresh();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, SECONDS);
  }

  @Test
  void process_segmentOfTwoTracks_isOptimizedForEachInOneChange() throws Exception {
    TalkScene scene = talk();
    run(store, partition(store), scene.arriving(new Random(1)));

    Segment segment = segments(store).get(0);
    assertThat(segment.startMicros()).isEqualTo(at(9.9));
    assertThat(segment.endMicros()).isEqualTo(at(14.9));
    assertThat(segment.revision()).isEqualTo(3);
    assertThat(segment.cutRevision(ClipVariant.ORIGINAL)).isEqualTo(2);
    assertThat(segment.optimized().revision()).isEqualTo(3);
    assertThat(segment.optimized().optimizer().use()).isEqualTo("quiet-marks");
    OptimizedTrack first = segment.optimized().of(1).orElseThrow();
    assertThat(first.startMicros()).isEqualTo(at(8.4));
    assertThat(first.endMicros()).isEqualTo(at(16.1));
    OptimizedTrack second = segment.optimized().of(2).orElseThrow();
    assertThat(second.startMicros()).isEqualTo(at(9.9));
    assertThat(second.start()).isEqualTo(MarkMove.ALREADY_QUIET);
    assertThat(second.end()).isEqualTo(MarkMove.NOTHING_FOUND);
    assertThat(published)
        .extracting(one -> one.optimized() == null ? null : one.optimized().toCome())
        .containsExactly(null, true, false);
  }

  @Test
  void process_live_waitsUntilTheWindowIsHeard_andNotLonger() throws Exception {
    TalkScene scene = talk();
    List<StreamItem> frames = scene.frames();
    List<StreamItem> chunks = scene.chunks();
    SegmenterPartition partition = partition(store);
    run(store, partition, chunks.subList(0, 10)); // up to 18 s
    run(store, partition, frames.subList(0, 1 + 90));
    assertThat(segments(store).get(0).optimized().toCome()).isTrue();

    run(
        store,
        partition,
        chunks.subList(10, 11)); // up to 20 s: the window ends at 17.9 s, and a pause
    run(store, partition, frames.subList(91, 1 + 96)); // within it is known at 18.9 s
    assertThat(segments(store).get(0).optimized().toCome()).isFalse();
  }

  @Test
  void process_anyArrivalWithKills_givesTheSame() throws Exception {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      TalkScene scene = TalkScene.random(random);
      RecordStore whole = fresh();
      run(whole, partition(whole), scene.arriving(new Random(0)));
      RecordStore killed = fresh();
      SegmenterPartition partition = partition(killed);
      for (StreamItem item : scene.arriving(random)) {
        heard(killed, item);
        partition.process(in(item)).await(30, SECONDS);
        if (random.nextInt(6) == 0) {
          byte[] state = partition.state();
          partition = partition(killed, writer(), SegmenterPlugins.installed(), state);
        }
      }

      assertThat(text(segments(killed))).as("seed %s", seed).isEqualTo(text(segments(whole)));
    }
  }

  @Test
  void process_soundIsFarAhead_isNotHeardFurtherThanTheWindow() throws Exception {
    TalkScene scene =
        new TalkScene("file", 40, DEFAULTS).moving(10, 15).pause(1, 8, 9).pause(1, 14, 35);
    List<StreamItem> ahead = new ArrayList<>(scene.chunks());
    ahead.addAll(scene.frames());
    run(store, partition(store), ahead);
    RecordStore other = fresh();
    run(other, partition(other), inStep(scene));

    assertThat(text(segments(store))).isEqualTo(text(segments(other)));
    assertThat(segments(store).get(0).optimized().of(1).orElseThrow().endWhy())
        .as("as far as it was heard: the chunk that begins at 18 s")
        .isEqualTo("It stays: it lies in a pause of 6 s");
  }

  @Test
  void process_killedAtEachWrite_leavesTheSame() throws Exception {
    TalkScene scene = TalkScene.random(new Random(3));
    List<StreamItem> items = scene.arriving(new Random(7));
    run(store, partition(store), items);
    String expected = text(segments(store));
    int kills = 0;

    for (int writes = 0; ; writes++) {
      published.clear();
      RecordStore attempt = fresh();
      CutOffStore doomed = new CutOffStore(attempt, writer(), writes);
      SegmenterPartition first =
          partition(doomed, doomed, SegmenterPlugins.installed(), new byte[0]);
      int checkpoint = 0;
      byte[] state = new byte[0];
      boolean killed = false;
      for (int i = 0; i < items.size() && !killed; i++) {
        try {
          heard(attempt, items.get(i));
          first.process(in(items.get(i))).await(30, SECONDS);
          if (i % 9 == 0) {
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
      run(
          attempt,
          partition(attempt, writer(), SegmenterPlugins.installed(), state),
          items.subList(checkpoint, items.size()));
      assertThat(text(segments(attempt))).as("killed after %s writes", writes).isEqualTo(expected);
      assertThat(latestPublished())
          .as("told, killed after %s writes", writes)
          .containsExactlyInAnyOrderElementsOf(segments(attempt));
    }
    assertThat(kills).isGreaterThan(15);
  }

  @Test
  void trim_killedAtEachWrite_isToldAsItIsStored() throws Exception {
    TalkScene scene =
        new TalkScene("file", 40, DEFAULTS)
            .moving(10, 15)
            .moving(20, 25)
            .pause(1, 17, 17.5)
            .pause(1, 27, 28);
    for (int writes = 0; writes < 25; writes++) {
      published.clear();
      RecordStore attempt = fresh();
      SegmenterPartition before = partition(attempt);
      run(attempt, before, scene.arriving(new Random(1)));
      byte[] state = before.state();
      CutOffStore doomed = new CutOffStore(attempt, writer(), writes);
      SegmentEdit trim = trim("e1", segments(attempt).get(0).id(), null, at(18));
      try {
        edit(partition(doomed, doomed, SegmenterPlugins.installed(), state), trim);
      } catch (TransientException e) {
        edit(partition(attempt, writer(), SegmenterPlugins.installed(), state), trim);
      }

      assertThat(latestPublished())
          .as("killed after %s writes", writes)
          .containsExactlyInAnyOrderElementsOf(segments(attempt));
      assertThat(segments(attempt)).noneMatch(segment -> segment.optimized().toCome());
    }
  }

  /** As a reader sees them that ignores revisions it knows. */
  private Collection<Segment> latestPublished() {
    Map<String, Segment> latest = new HashMap<>();
    published.forEach(
        segment ->
            latest.merge(
                segment.id(),
                segment,
                (held, next) -> next.revision() > held.revision() ? next : held));
    return latest.values();
  }

  @Test
  void process_anyScene_neverOverlapsNeighbours_norLeavesTheWindow() throws Exception {
    int moved = 0;
    for (int seed = 100; seed < 125; seed++) {
      TalkScene scene = TalkScene.random(new Random(seed));
      RecordStore one = fresh();
      run(one, partition(one), scene.arriving(new Random(seed)));
      List<Segment> segments =
          segments(one).stream().filter(segment -> !segment.removed()).toList();
      moved += segments.stream().mapToInt(segment -> segment.movedTracks().size()).sum();
      requireApart(segments, seed);
    }
    assertThat(moved).isGreaterThan(50);
  }

  private static void requireApart(List<Segment> segments, int seed) {
    for (Segment segment : segments) {
      assertThat(segment.optimized().revision()).as("seed %s", seed).isEqualTo(3);
      for (OptimizedTrack track : segment.optimized().tracks()) {
        assertThat(track.startMicros())
            .as("seed %s", seed)
            .isBetween(segment.startMicros() - 3_000_000, segment.startMicros());
        assertThat(track.endMicros())
            .as("seed %s", seed)
            .isBetween(segment.endMicros(), segment.endMicros() + 3_000_000);
        for (Segment other : segments) {
          if (!other.id().equals(segment.id())) {
            OptimizedTrack of = other.optimized().of(track.audioTrack()).orElseThrow();
            boolean apart =
                track.endMicros() <= of.startMicros() || of.endMicros() <= track.startMicros();
            assertThat(apart).as("seed %s: %s and %s", seed, track, of).isTrue();
          }
        }
      }
    }
  }

  @Test
  void trim_whileTheRunGoesOn_optimizesAnewFromTheNewMarks_onceTheyAreHeard() throws Exception {
    TalkScene scene = talk().pause(1, 21, 22);
    List<StreamItem> items = inStep(scene);
    SegmenterPartition partition = partition(store);
    int until = items.size() - 60;
    run(store, partition, items.subList(0, until));
    Segment before = segments(store).get(0);
    assertThat(before.revision()).isEqualTo(3);

    edit(partition, trim("e1", before.id(), at(9), at(20.5)));
    Segment trimmed = segments(store).get(0);
    assertThat(trimmed.revision()).isEqualTo(4);
    assertThat(trimmed.optimized().toCome()).isTrue();
    assertThat(trimmed.movedTracks()).isEmpty();
    byte[] state = partition.state();
    run(
        store,
        partition(store, writer(), SegmenterPlugins.installed(), state),
        items.subList(until, items.size()));

    Segment anew = segments(store).get(0);
    assertThat(anew.revision()).isEqualTo(5);
    assertThat(anew.cutRevision(ClipVariant.ORIGINAL)).isEqualTo(4);
    OptimizedTrack first = anew.optimized().of(1).orElseThrow();
    assertThat(first.startMicros()).isEqualTo(at(8.4));
    assertThat(first.endMicros()).isEqualTo(at(21.1));
  }

  @Test
  void trim_afterTheEnd_optimizesAtOnce_andARepeatChangesNothing() throws Exception {
    TalkScene scene = talk();
    SegmenterPartition partition = partition(store);
    run(store, partition, scene.arriving(new Random(1)));
    String id = segments(store).get(0).id();

    edit(partition, trim("e1", id, at(11), null));
    Segment anew = segments(store).get(0);
    edit(partition, trim("e1", id, at(11), null));

    assertThat(anew.revision()).isEqualTo(5);
    assertThat(anew.optimized().of(1).orElseThrow().startMicros()).isEqualTo(at(8.4));
    assertThat(anew.optimized().of(1).orElseThrow().start()).isEqualTo(MarkMove.MOVED);
    assertThat(segments(store)).containsExactly(anew);
  }

  @Test
  void trim_afterAKillWhileNothingComes_optimizesWhatIsKnown() throws Exception {
    TalkScene scene = talk();
    List<StreamItem> items = inStep(scene);
    SegmenterPartition partition = partition(store);
    run(store, partition, items.subList(0, items.size() - 10));
    SegmenterPartition next =
        partition(store, writer(), SegmenterPlugins.installed(), partition.state());
    String id = segments(store).get(0).id();

    edit(next, trim("e1", id, at(11), null));
    Segment anew = segments(store).get(0);
    edit(next, trim("e2", id, null, at(27)));
    Segment waits = segments(store).get(0);
    StreamItem last = items.get(items.size() - 12);
    Marker given =
        new Marker(
            Marker.Kind.LOST,
            "lobby",
            last.epoch(),
            last.run(),
            last.sequence() + 1,
            last.positionMicros(),
            null,
            null,
            "given up",
            0,
            null);
    next.process(in(given.on(Lane.FRAMES))).await(30, SECONDS);
    next.process(in(given.on(Lane.CHUNKS))).await(30, SECONDS);
    Segment lost = segments(store).get(0);
    edit(next, trim("e3", id, null, at(28)));

    assertThat(anew.optimized().toCome()).isFalse();
    assertThat(waits.optimized().toCome()).isTrue();
    assertThat(lost.optimized().toCome()).isFalse();
    assertThat(segments(store).get(0).optimized().toCome()).isFalse();
  }

  @Test
  void relabel_keepsTheMarks() throws Exception {
    TalkScene scene = talk();
    SegmenterPartition partition = partition(store);
    run(store, partition, scene.arriving(new Random(1)));
    Segment before = segments(store).get(0);

    edit(
        partition,
        new SegmentEdit(
            "e1", "lobby", before.id(), SegmentEdit.Kind.RELABEL, null, null, "goal", "ana", 1));

    Segment after = segments(store).get(0);
    assertThat(after.optimized()).isEqualTo(before.optimized());
    assertThat(after.cutRevision(ClipVariant.ORIGINAL)).isEqualTo(4);
  }

  @Test
  void trim_intoWhatANeighbourWasOptimizedTo_movesTheNeighbourBack() throws Exception {
    TalkScene scene =
        new TalkScene("file", 40, DEFAULTS)
            .moving(10, 15)
            .moving(20, 25)
            .pause(1, 17, 17.5)
            .pause(1, 27, 28);
    SegmenterPartition partition = partition(store);
    run(store, partition, scene.arriving(new Random(1)));
    List<Segment> before = segments(store);
    assertThat(before.get(1).optimized().of(1).orElseThrow().startMicros()).isEqualTo(at(17.4));

    edit(partition, trim("e1", before.get(0).id(), null, at(18)));

    Segment later = segments(store).get(1);
    assertThat(later.optimized().of(1).orElseThrow().start()).isEqualTo(MarkMove.NEIGHBOUR);
    assertThat(later.optimized().of(1).orElseThrow().startMicros()).isEqualTo(later.startMicros());
    assertThat(later.cutRevision(ClipVariant.ORIGINAL)).isEqualTo(2);
  }

  @Test
  void process_segmentThatIsFoundLaterThanItsBeginning_isHeeded() throws Exception {
    // The second begins where the first was optimized to, and is said only long after.
    Profile profile =
        new Profile(
            "late",
            null,
            null,
            List.of(
                new PluginSpec("motion"),
                new PluginSpec("audioLevel", Map.of("pauseFor", "200ms"))),
            List.of(new PluginSpec("late")),
            new PluginSpec("quietMarks"));
    TalkScene scene = new TalkScene("file", 40, profile).pause(1, 16, 16.5);
    SegmenterPlugins late =
        new SegmenterPlugins(new Classifiers(List.of(new Late())), Optimizers.installed());
    run(store, partition(store, writer(), late, new byte[0]), scene.arriving(new Random(2)));

    Segment first = segments(store).get(0);
    assertThat(first.optimized().of(1).orElseThrow().endMicros()).isEqualTo(at(15));
    assertThat(first.optimized().of(1).orElseThrow().end()).isEqualTo(MarkMove.NEIGHBOUR);
    assertThat(first.optimized().revision()).as("decided twice").isEqualTo(3);
    assertThat(first.cutRevision(ClipVariant.ORIGINAL)).isEqualTo(1);
  }

  /** Says at 25 s that something began at 15.5 s, which is before it knew. */
  private static final class Late implements ClassifierPlugin {
    @Override
    public String name() {
      return "late";
    }

    @Override
    public Classifier open(Settings settings) {
      return new Classifier() {
        @Override
        public void observe(Observation seen, SegmentOutput output) {
          if (seen.positionMicros() == at(15)) {
            output.close(at(10), at(15), "first", Map.of(), null);
          } else if (seen.positionMicros() == at(25)) {
            output.close(at(15.5), at(24), "second", Map.of(), null);
          }
        }

        @Override
        public byte[] state() {
          return new byte[0];
        }

        @Override
        public void restore(byte[] state) {}
      };
    }
  }

  @Test
  void process_endOfEpoch_isReportedOnceAllIsOptimized() throws Exception {
    TalkScene scene = new TalkScene("file", 15, DEFAULTS).moving(10, 14).pause(1, 8, 9);
    SegmenterPartition partition = partition(store);
    List<StreamItem> items = inStep(scene);
    run(store, partition, items.subList(0, items.size() - 1));
    run(store, partition, items.subList(items.size() - 1, items.size()));

    assertThat(segments(store).get(0).optimized().toCome()).isFalse();
    StageProgress progress =
        Records.of(store, StageProgress.class)
            .find(StoreKeys.progress("lobby"), "file.segmenter")
            .await(30, SECONDS)
            .orElseThrow();
    assertThat(progress.ended()).isTrue();
  }

  @Test
  void open_checkpointOfBeforeThereWereOptimizers_goesOn() throws Exception {
    TalkScene scene = talk();
    List<StreamItem> items = inStep(scene);
    SegmenterPartition partition = partition(store);
    run(store, partition, items.subList(0, 70));
    ObjectNode saved = (ObjectNode) Packed.unpack(partition.state(), JsonNode.class);
    saved.remove("awaited");
    saved.path("runs").forEach(run -> ((ObjectNode) run).remove("optimizing"));
    saved.findParents("optimizer").forEach(node -> ((ObjectNode) node).remove("optimizer"));

    SegmenterPartition next =
        partition(store, writer(), SegmenterPlugins.installed(), Packed.pack(saved));
    run(store, next, items.subList(70, items.size()));

    assertThat(segments(store)).hasSize(1);
    assertThat(segments(store).get(0).open()).isFalse();
    assertThat(segments(store).get(0).optimized()).as("by a profile without one").isNull();
  }

  @Test
  void process_optimizerThatIsNotInstalled_leavesSegmentsAsTheyAre() throws Exception {
    TalkScene scene = talk();
    SegmenterPlugins none =
        new SegmenterPlugins(Classifiers.installed(), new Optimizers(List.of()));
    run(store, partition(store, writer(), none, new byte[0]), scene.arriving(new Random(1)));

    assertThat(segments(store)).hasSize(1);
    assertThat(segments(store).get(0).revision()).isEqualTo(2);
    assertThat(segments(store).get(0).optimized()).isNull();
  }

  @Test
  void process_optimizerThatThrows_isSaid_andStopsNothing() throws Exception {
    Segment segment =
        optimizedBy(
            around -> {
              throw new IllegalStateException("broken on purpose");
            });

    assertThat(segment.optimized().note()).isEqualTo("Its optimizer failed");
    assertThat(segment.optimized().tracks()).isEmpty();
    assertThat(segment.optimized().toCome()).isFalse();
  }

  @Test
  void process_optimizerThatOversteps_itsMarksAreNotTaken() throws Exception {
    Segment segment =
        optimizedBy(
            around ->
                List.of(
                    marks(3, around.everywhere().fromMicros() - 1, at(15)),
                    marks(2, at(9), at(16)),
                    marks(1, at(8), at(15)),
                    marks(2, at(8), at(15))));

    assertThat(segment.optimized().tracks())
        .containsExactly(marks(1, at(8), at(15)), marks(2, at(9), at(16)));
  }

  private static OptimizedTrack marks(int track, long start, long end) {
    return new OptimizedTrack(track, start, end, MarkMove.MOVED, "so", MarkMove.MOVED, "so");
  }

  private Segment optimizedBy(Function<Surroundings, List<OptimizedTrack>> rule) throws Exception {
    OptimizerPlugin plugin =
        new OptimizerPlugin() {
          @Override
          public String name() {
            return "quiet-marks";
          }

          @Override
          public Optimizer open(Settings settings) {
            return new Optimizer() {
              @Override
              public long beforeMicros() {
                return -5;
              }

              @Override
              public long afterMicros() {
                return Long.MAX_VALUE;
              }

              @Override
              public List<OptimizedTrack> optimize(Surroundings around) {
                return rule.apply(around);
              }
            };
          }
        };
    TalkScene scene = new TalkScene("file", 30, DEFAULTS).moving(2, 4).moving(10, 15);
    SegmenterPlugins plugins =
        new SegmenterPlugins(Classifiers.installed(), new Optimizers(List.of(plugin)));
    run(store, partition(store, writer(), plugins, new byte[0]), scene.arriving(new Random(1)));
    return segments(store).get(1);
  }

  @Test
  void process_nothingWasHeard_saysSo() throws Exception {
    TalkScene scene = new TalkScene("file", 30, DEFAULTS).silent().moving(10, 15);
    run(store, partition(store), scene.arriving(new Random(1)));

    Segment segment = segments(store).get(0);
    assertThat(segment.optimized().tracks()).isEmpty();
    assertThat(segment.optimized().note()).isEqualTo("Nothing was heard around its marks");
    assertThat(segment.optimized().toCome()).isFalse();
  }

  /** Something moves from 10 s to 15 s: the marks are 9.9 s and 14.9 s. */
  private static TalkScene talk() {
    return new TalkScene("file", 30, DEFAULTS)
        .moving(10, 15)
        .pause(1, 8, 8.5)
        .pause(1, 16, 17)
        .pause(2, 9.5, 10.5)
        .pause(2, 19, 20);
  }

  /** Both lanes as fast as each other. */
  private static List<StreamItem> inStep(TalkScene scene) {
    List<StreamItem> all = new ArrayList<>(scene.frames());
    all.addAll(scene.chunks());
    all.sort(Comparator.comparingLong(StreamItem::positionMicros));
    return all;
  }

  private static SegmentEdit trim(String id, String segment, Long start, Long end) {
    return new SegmentEdit(id, "lobby", segment, SegmentEdit.Kind.TRIM, start, end, null, "ana", 1);
  }

  private static void edit(SegmenterPartition partition, SegmentEdit edit) throws Exception {
    partition
        .process(
            new InRecord(Topic.SEGMENT_EDITS, 0, 0, edit.stream(), Json.encode(edit), Map.of(), 0))
        .await(30, SECONDS);
  }

  private static void run(RecordStore on, SegmenterPartition partition, List<StreamItem> items)
      throws Exception {
    for (StreamItem item : items) {
      heard(on, item);
      partition.process(in(item)).await(30, SECONDS);
    }
  }

  /** What was heard is stored before it is published, and not earlier. */
  private static void heard(RecordStore on, StreamItem item) throws Exception {
    if (item instanceof AudioDetections sound) {
      Records.of(on, AudioDetections.class)
          .put(
              StoreKeys.sounds(sound.stream()),
              StoreKeys.sort(sound.positionMicros(), sound.run()),
              sound,
              null)
          .await(30, SECONDS);
    }
  }

  private static InRecord in(StreamItem item) {
    return new InRecord(Topic.DETECTIONS, 0, 0, item.stream(), Json.encode(item), Map.of(), 0);
  }

  private SegmenterPartition partition(RecordStore on) {
    return partition(on, writer(), SegmenterPlugins.installed(), new byte[0]);
  }

  private static SegmenterPartition partition(
      RecordStore on, Writer writer, SegmenterPlugins plugins, byte[] state) {
    return (SegmenterPartition)
        new SegmenterStage(SegmenterConfig.defaults(), plugins, on, writer, Clock.systemUTC())
            .open(0, state);
  }

  private static List<Segment> segments(RecordStore store) throws Exception {
    return Records.of(store, Segment.class)
        .all(StoreKeys.segments("lobby"), null, null)
        .await(30, SECONDS);
  }

  private static String text(List<Segment> segments) {
    return new String(Json.encode(segments), StandardCharsets.UTF_8);
  }

  private RecordStore fresh() throws Exception {
    return SqliteRecordStore.open(vertx, folder.resolve("records-" + stores++ + ".db"))
        .await(30, SECONDS);
  }

  private synchronized void publish(Segment segment) {
    published.add(segment);
  }

  private Writer writer() {
    return new Writer() {
      @Override
      public Future<Void> write(OutRecord record) {
        publish(Json.decode(record.value(), Segment.class));
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
    };
  }
}
