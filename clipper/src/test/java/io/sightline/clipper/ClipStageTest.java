package io.sightline.clipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.bus.InRecord;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.records.Json;
import io.sightline.records.MarkMove;
import io.sightline.records.Marker;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.PluginSpec;
import io.sightline.records.Segment;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** How the stage goes on while clips are being made. */
class ClipStageTest {

  private static final String EPOCH = "1700000000000000-local";

  private final SlowClipping clipping = new SlowClipping();
  private final ClipStage stage = new ClipStage(clipping, 1);

  /** Makes clips when the test says so. */
  private static final class SlowClipping implements ClipStage.Clipping {

    final Map<String, Promise<Void>> making = new TreeMap<>();
    final Map<String, BooleanSupplier> wanted = new TreeMap<>();
    final LinkedBlockingQueue<WantedClip> begun = new LinkedBlockingQueue<>();
    final List<String> cancelled = new ArrayList<>();

    @Override
    public Future<Void> clip(WantedClip clip, BooleanSupplier stillWanted) {
      Promise<Void> made = Promise.promise();
      wanted.put(name(clip), stillWanted);
      making.put(name(clip), made);
      begun.add(clip);
      return made.future();
    }

    @Override
    public Future<Void> cancel(WantedClip clip) {
      cancelled.add(name(clip));
      return Future.succeededFuture();
    }
  }

  @Test
  void process_clipIsBeingMade_readsOnWithinItsBound() {
    StagePartition partition = stage.open(0, new byte[0]);
    partition.process(over());

    Future<Void> first = partition.process(segment("a", 1, false));
    Future<Void> second = partition.process(segment("b", 1, false));
    assertThat(first.isComplete()).isTrue();
    assertThat(second.isComplete()).isFalse();

    clipping.making.get("a.1").complete();
    assertThat(second.isComplete()).isTrue();
  }

  @Test
  void leave_somethingWaitsForRoom_waitsNoLongerAndIsKept() {
    StagePartition partition = stage.open(0, new byte[0]);
    partition.process(over());
    partition.process(segment("a", 1, false));
    Future<Void> waiting = partition.process(segment("b", 1, false));

    stage.leave();

    assertThat(waiting.succeeded()).isTrue();
    assertThat(partition.process(segment("c", 1, false)).succeeded()).isTrue();
    assertThat(making(partition)).hasSize(3);
  }

  @Test
  void state_clipIsBeingMade_isMadeAgainByWhoeverGoesOn() {
    StagePartition partition = stage.open(0, new byte[0]);
    partition.process(over());
    partition.process(segment("a", 1, false));
    byte[] state = partition.state();
    partition.close();
    assertThatThrownBy(() -> clipping.wanted.get("a.1").getAsBoolean())
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("Somebody else");
    clipping.begun.clear();

    StagePartition next = stage.open(0, state);

    assertThat(clipping.begun).extracting(clip -> clip.segment().id()).containsExactly("a");
    clipping.making.get("a.1").complete();
    assertThat(making(next)).isEmpty();
  }

  @Test
  void process_segmentRemovedMeanwhile_endsTheMaking() {
    StagePartition partition = stage.open(0, new byte[0]);
    partition.process(over());
    partition.process(segment("a", 1, false));

    partition.process(segment("a", 2, true));

    assertThat(clipping.cancelled).containsExactly("a.1");
    assertThat(clipping.wanted.get("a.1").getAsBoolean()).isFalse();
    assertThat(making(partition)).isEmpty();
  }

  @Test
  void process_segmentChangedMeanwhile_makesTheNewClipAlone() {
    StagePartition partition = stage.open(0, new byte[0]);
    partition.process(over());
    partition.process(segment("a", 1, false));

    partition.process(segment("a", 2, false));
    partition.process(segment("a", 2, false));
    partition.process(segment("a", 1, false));

    assertThat(clipping.begun).extracting(WantedClip::segmentRevision).containsExactly(1, 2);
    assertThat(clipping.cancelled).containsExactly("a.1");
    assertThat(making(partition)).extracting(Segment::revision).containsExactly(2);
  }

  @Test
  void process_optimizedWhileItsClipIsBeingMade_makesTheOtherBesideIt() {
    StagePartition partition = stage.open(0, new byte[0]);
    partition.process(over());
    partition.process(segment("a", 1, false));

    partition.process(optimized("a", 2, 500_000));

    assertThat(clipping.cancelled).isEmpty();
    assertThat(clipping.wanted.get("a.1").getAsBoolean()).isTrue();
    assertThat(clipping.begun)
        .extracting(ClipStageTest::name)
        .containsExactly("a.1", "a.2.track-2");
    StagePartition next = stage.open(0, partition.state());
    assertThat(clipping.begun)
        .extracting(ClipStageTest::name)
        .containsExactly("a.1", "a.2.track-2", "a.1", "a.2.track-2");
    clipping.making.values().forEach(Promise::complete);
    assertThat(making(next)).isEmpty();
  }

  @Test
  void process_optimizedAnew_makesOnlyWhatIsNew() {
    StagePartition partition = stage.open(0, new byte[0]);
    partition.process(over());
    partition.process(segment("a", 1, false));
    partition.process(optimized("a", 2, 500_000));

    partition.process(optimized("a", 3, 600_000));

    assertThat(clipping.cancelled).containsExactly("a.2.track-2");
    assertThat(clipping.begun)
        .extracting(ClipStageTest::name)
        .containsExactly("a.1", "a.2.track-2", "a.3.track-2");
  }

  @Test
  void begin_whatMayPassFails_isTriedAgainUntilItIsDone() throws Exception {
    ClipsInMaking making = new ClipsInMaking(clipping, 1, Duration.ofMillis(1));
    making.begin(WantedClip.original(segment("a", 1, false).as(Segment.class)));
    clipping.begun.clear();
    clipping.making.get("a.1").fail(new TransientException("busy", null));

    assertThat(clipping.begun.poll(30, TimeUnit.SECONDS)).isNotNull();
    assertThat(making.segments()).hasSize(1);
    clipping.making.get("a.1").fail(new IllegalStateException("broken"));
    assertThat(making.segments()).isEmpty();
  }

  private static List<Segment> making(StagePartition partition) {
    return Json.decode(partition.state(), ClipStage.Saved.class).making();
  }

  private static String name(WantedClip clip) {
    String track = clip.audioTrack() == 0 ? "" : ".track-" + clip.audioTrack();
    return clip.segment().id() + "." + clip.segmentRevision() + track;
  }

  /** Of two sound tracks the second is best cut elsewhere. */
  private static InRecord optimized(String id, int revision, long startMicros) {
    Segment segment = segment(id, revision, false).as(Segment.class);
    OptimizedTrack as =
        new OptimizedTrack(
            1,
            segment.startMicros(),
            segment.endMicros(),
            MarkMove.ALREADY_QUIET,
            null,
            MarkMove.ALREADY_QUIET,
            null);
    OptimizedTrack earlier =
        new OptimizedTrack(
            2,
            startMicros,
            segment.endMicros(),
            MarkMove.MOVED,
            null,
            MarkMove.ALREADY_QUIET,
            null);
    return record(
        Topic.SEGMENTS,
        segment.with(
            new OptimizedMarks(
                new PluginSpec("quiet-marks"), 1, revision, List.of(as, earlier), null),
            revision));
  }

  private static InRecord over() {
    Marker end = Marker.end("lobby", EPOCH, "live", 9, 9_000_000, "end of file", 0);
    return record(Topic.CHUNKS, end);
  }

  private static InRecord segment(String id, int revision, boolean removed) {
    return record(
        Topic.SEGMENTS,
        new Segment(
            id,
            "lobby",
            "live",
            "presence",
            EPOCH,
            1_000_000,
            2_000_000L,
            "person",
            null,
            Map.of(),
            null,
            removed,
            revision,
            revision));
  }

  private static InRecord record(Topic topic, Object value) {
    return new InRecord(topic, 0, 0, "lobby", Json.encode(value), Map.of(), 0);
  }
}
