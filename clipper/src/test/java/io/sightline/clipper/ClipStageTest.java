package io.sightline.clipper;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.InRecord;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.records.Json;
import io.sightline.records.Marker;
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

  private static final long LONG = 60_000_000;
  private static final String EPOCH = "1700000000000000-local";

  private final SlowClipping clipping = new SlowClipping();
  private final ClipStage stage = new ClipStage(clipping);

  /** Makes clips when the test says so. */
  private static final class SlowClipping implements ClipStage.Clipping {

    final Map<String, Promise<Void>> making = new TreeMap<>();
    final Map<String, BooleanSupplier> wanted = new TreeMap<>();
    final LinkedBlockingQueue<Segment> begun = new LinkedBlockingQueue<>();
    final List<String> cancelled = new ArrayList<>();
    int ahead = 1;

    @Override
    public Future<Void> clip(Segment segment, BooleanSupplier stillWanted) {
      Promise<Void> made = Promise.promise();
      wanted.put(name(segment), stillWanted);
      making.put(name(segment), made);
      begun.add(segment);
      return made.future();
    }

    @Override
    public Future<Void> cancel(Segment segment) {
      cancelled.add(name(segment));
      return Future.succeededFuture();
    }

    @Override
    public boolean readsOn(Segment segment) {
      return ahead > 0 || segment.endMicros() - segment.startMicros() > LONG;
    }

    @Override
    public int ahead() {
      return Math.max(1, ahead);
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
  void process_makerIsWaitedFor_goesOnWhenTheClipIsThere() {
    clipping.ahead = 0;
    StagePartition partition = stage.open(0, new byte[0]);
    partition.process(over());

    Future<Void> done = partition.process(segment("a", 1, false));
    assertThat(done.isComplete()).isFalse();

    clipping.making.get("a.1").complete();
    assertThat(done.succeeded()).isTrue();
    assertThat(making(partition)).isEmpty();
  }

  @Test
  void process_longClipIsBeingMade_holdsUpNoShortOne_andIsKept() {
    clipping.ahead = 0;
    StagePartition partition = stage.open(0, new byte[0]);
    partition.process(over());

    Future<Void> asked = partition.process(segment("a", 1, false, 1_000_000 + LONG + 1));
    Future<Void> next = partition.process(segment("b", 1, false));
    assertThat(asked.succeeded()).isTrue();
    assertThat(clipping.begun).extracting(Segment::id).containsExactly("a", "b");

    clipping.making.get("b.1").complete();
    assertThat(next.succeeded()).isTrue();
    assertThat(making(partition)).extracting(Segment::id).containsExactly("a");
  }

  @Test
  void state_clipIsBeingMade_isMadeAgainByWhoeverGoesOn() {
    StagePartition partition = stage.open(0, new byte[0]);
    partition.process(over());
    partition.process(segment("a", 1, false));
    byte[] state = partition.state();
    partition.close();
    assertThat(clipping.wanted.get("a.1").getAsBoolean()).as("by the next owner").isTrue();
    clipping.begun.clear();

    StagePartition next = stage.open(0, state);

    assertThat(clipping.begun).extracting(Segment::id).containsExactly("a");
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

    assertThat(clipping.begun).extracting(Segment::revision).containsExactly(1, 2);
    assertThat(clipping.cancelled).containsExactly("a.1");
    assertThat(making(partition)).extracting(Segment::revision).containsExactly(2);
  }

  @Test
  void begin_whatMayPassFails_isTriedAgainUntilItIsDone() throws Exception {
    ClipsInMaking making = new ClipsInMaking(clipping, Duration.ofMillis(1));
    making.begin(segment("a", 1, false).as(Segment.class));
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

  private static String name(Segment segment) {
    return segment.id() + "." + segment.revision();
  }

  private static InRecord over() {
    Marker end = Marker.end("lobby", EPOCH, "live", 9, 9_000_000, "end of file", 0);
    return record(Topic.CHUNKS, end);
  }

  private static InRecord segment(String id, int revision, boolean removed) {
    return segment(id, revision, removed, 2_000_000);
  }

  private static InRecord segment(String id, int revision, boolean removed, long endMicros) {
    return record(
        Topic.SEGMENTS,
        new Segment(
            id,
            "lobby",
            "live",
            "presence",
            EPOCH,
            1_000_000,
            endMicros,
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
