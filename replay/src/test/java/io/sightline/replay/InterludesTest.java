package io.sightline.replay;

import static io.sightline.replay.StoredEvent.PICTURE_MICROS;
import static io.sightline.replay.StoredEvent.STREAM;
import static io.sightline.replay.StoredEvent.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.cut.Reel;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.Rational;
import io.sightline.records.ReelFill;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.SegmentMatch;
import io.sightline.records.TrackInfo;
import io.sightline.records.Transitions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reels of a given length with clips before, between and after their items. */
class InterludesTest {

  private static final Transitions ALL_THREE = new Transitions(null, "sting", "opener", "opener");

  @TempDir Path folder;
  private StoredEvent event;

  @BeforeEach
  void open() throws Exception {
    event = new StoredEvent(folder);
  }

  @AfterEach
  void close() throws Exception {
    event.close();
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true"})
  void build_ofAGivenLength_countsWhatPlaysBesideItsItems(boolean exact, boolean alike)
      throws Exception {
    String epoch = event.open(STREAM, 0);
    for (int i = 0; i < 10; i++) {
      event.clip(24 * i, 24 * i + 20);
    }
    event.segmented(STREAM, epoch, 250, false);
    TestVideo video = TestVideo.plain().size(160, 90);
    ReplayBuilder builder =
        event.builder(
            TransitionFiles.read(
                Map.of("sting", video.pictures(10).file(), "opener", video.pictures(25).file()),
                Map.of()));
    ReplayRequest request = request(fill(6_000_000, exact, alike));
    builder.build(request);
    event.makeParts();

    Replay replay = builder.build(request);

    // 1 s before and after leave 4 s: 0.8 s, and 1.2 s for each further item, make 3.2 s; not 4.4.
    assertThat(replay.segments()).isEqualTo(3);
    assertThat(replay.complete()).isTrue();
    assertThat(replay.durationMicros()).isEqualTo((50 + 60 + 20) * PICTURE_MICROS);
    assertThat(Reel.lengthMicros(event.index(replay))).isEqualTo(replay.durationMicros());
    assertThat(event.items(replay))
        .filteredOn(item -> !item.included())
        .hasSize(7)
        .extracting(ReplayItem::reason)
        .allMatch(
            reason ->
                reason.contains(
                    "0.8 s do not fit beside what comes before it and the clips of the"
                        + " transitions: 0.4 s of 6.0 s are left"));
  }

  @Test
  void build_whenIntroAndOutroAloneAreTooLong_isEmptyAndSaysWhy() throws Exception {
    String epoch = event.open(STREAM, 0);
    event.clip(10, 30);
    event.segmented(STREAM, epoch, 250, false);
    ReplayBuilder builder =
        event.builder(
            TransitionFiles.read(
                Map.of(
                    "sting", TestVideo.plain().pictures(10).file(),
                    "opener", TestVideo.plain().pictures(50).file()),
                Map.of()));
    ReplayRequest request = request(fill(3_000_000, false, false));
    builder.build(request);
    event.makeParts();

    Replay replay = builder.build(request);

    assertThat(replay.segments()).isZero();
    assertThat(replay.complete()).isTrue();
    assertThat(event.items(replay).get(0).reason()).endsWith("0.0 s of 3.0 s are left");
  }

  /** With less chosen the first item is of another stream, beside which a clip lasts longer. */
  @Test
  void choose_whenTheFirstItemChangesItsForm_countsTheLonger() throws Exception {
    Joins joins = new Joins(null, null, "inserts/file-sting", null, null);
    HeldParts held = new HeldParts(event.records, Clock.systemUTC());
    Clip early = form("early", joins, held, 1_000);
    Clip late = form("late", joins, held, 3_000);
    List<Interludes> asked = new ArrayList<>();

    Interludes.choose(
        beside -> {
          asked.add(beside);
          Clip first = beside.equals(Interludes.NONE) ? early : late;
          Segment segment = Scene.segment(0, 1.0, "goal", Map.of());
          ReplaySelection.Choice choice =
              new ReplaySelection.Choice(segment, first, segment.startMicros(), "it fits");
          return new ReplaySelection(List.of(choice), List.of(), 0);
        },
        joins,
        null,
        new ClipIndexes(event::read),
        new ReelParts(event.objects, held));

    assertThat(asked)
        .containsExactly(
            Interludes.NONE, new Interludes(0, 1_000_000, 0), new Interludes(0, 3_000_000, 0));
  }

  /** A clip of a form of its own, beside which the sting lasts so long. */
  private Clip form(String name, Joins joins, HeldParts held, long millis) throws Exception {
    Segment segment = Scene.segment(millis, millis + 1.0, name, Map.of());
    Clip clip = Scene.clip(segment);
    ClipIndex index = index(name, 500);
    event.put(clip.indexKey(), Json.encode(index));
    for (ReelPartOrder order : joins.files(index, clip.indexKey(), null).values()) {
      ClipIndex sting = index(name, millis);
      String key = held.hold("reel", List.of(order.key()), begun -> {}).get(order.key());
      event.put(key, Json.encode(new ReelPart(sting, sting, sting, null, null)));
    }
    return clip;
  }

  private static ClipIndex index(String form, long millis) {
    TrackInfo track =
        new TrackInfo(
            1,
            TrackInfo.Kind.VIDEO,
            "avc1.64001f",
            "streams/court/init-" + form + ".mp4",
            1_000,
            0,
            320,
            180,
            new Rational(25, 1),
            0,
            0,
            null);
    return new ClipIndex(
        "clip",
        List.of(track),
        0,
        List.of(new ClipIndex.Piece(1, "streams/court/1.mp4", 0, 100, 0, 0, 0, millis, true)));
  }

  private static ReplayRules fill(long targetMicros, boolean exact, boolean alike) {
    ReelFill.Weight goals = new ReelFill.Weight(SegmentMatch.label("goal"), 50, null);
    return new ReplayRules(
        ReplayRules.Mode.DURATION,
        null,
        new ReelFill(targetMicros, 0L, List.of(goals), exact, alike, false, null),
        null,
        false,
        false,
        null);
  }

  private static ReplayRequest request(ReplayRules rules) {
    return new ReplayRequest(
        "reel",
        ReplayRequest.Kind.CREATE,
        "Goals",
        new ReplayRequest.Selection(List.of(STREAM), "live", null, at(250), List.of()),
        false,
        "test",
        1,
        1,
        rules,
        false,
        null,
        ALL_THREE);
  }
}
