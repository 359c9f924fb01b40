package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.MediaState;
import io.sightline.records.ReelDecisions;
import io.sightline.records.ReelFill;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.SegmentMatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplaySelectionTest {

  private static final ReplayRequest.Selection ALL =
      new ReplayRequest.Selection(List.of("lobby"), "live", null, null, List.of());

  @Test
  void of_segmentsInAnyOrder_playInOrderOfPosition() {
    Segment late = segment(9_000_000, 12_000_000L, "person", 2, false);
    Segment early = segment(1_000_000, 3_000_000L, "person", 2, false);

    ReplaySelection selection =
        select(
            ALL,
            List.of(late, early),
            Map.of(
                late.id(), List.of(clip(late, 2, MediaState.READY)),
                early.id(), List.of(clip(early, 2, MediaState.READY))));

    assertThat(selection.included())
        .extracting(choice -> choice.segment().id())
        .containsExactly(early.id(), late.id());
    assertThat(selection.waiting()).isZero();
  }

  @Test
  void of_openSegment_waits() {
    ReplaySelection selection =
        select(ALL, List.of(segment(1_000_000, null, "person", 1, false)), Map.of());

    assertThat(selection.included()).isEmpty();
    assertThat(selection.waiting()).isEqualTo(1);
  }

  @Test
  void of_editedSegmentWhoseNewClipIsBeingCut_showsTheOldOneAndWaits() {
    Segment edited = segment(1_000_000, 3_000_000L, "person", 3, false);

    ReplaySelection selection =
        select(
            ALL, List.of(edited), Map.of(edited.id(), List.of(clip(edited, 2, MediaState.READY))));

    assertThat(selection.included()).hasSize(1);
    assertThat(selection.waiting()).isEqualTo(1);
  }

  @Test
  void of_failedClip_isOutWithItsReasonAndNotWaitedFor() {
    Segment segment = segment(1_000_000, 3_000_000L, "person", 2, false);

    ReplaySelection selection =
        select(
            ALL,
            List.of(segment),
            Map.of(segment.id(), List.of(clip(segment, 2, MediaState.FAILED))));

    assertThat(selection.included()).isEmpty();
    assertThat(selection.waiting()).isZero();
    assertThat(selection.excluded().get(0).reason()).contains("nothing was recorded");
  }

  @Test
  void of_removedSegment_isNotEvenLookedAt() {
    ReplaySelection selection =
        select(ALL, List.of(segment(1_000_000, 3_000_000L, "person", 3, true)), Map.of());

    assertThat(selection.included()).isEmpty();
    assertThat(selection.excluded()).isEmpty();
  }

  @Test
  void of_labelsAskedFor_leavesOthersOut() {
    ReplayRequest.Selection dogs =
        new ReplayRequest.Selection(List.of("lobby"), "live", null, null, List.of("dog"));
    Segment person = segment(1_000_000, 3_000_000L, "person", 2, false);

    ReplaySelection selection =
        select(
            dogs, List.of(person), Map.of(person.id(), List.of(clip(person, 2, MediaState.READY))));

    assertThat(selection.included()).isEmpty();
    assertThat(selection.excluded()).hasSize(1);
    assertThat(selection.waiting()).isZero();
  }

  @Test
  void items_ofAReel_lieEndToEnd() {
    Segment first = segment(1_000_000, 3_000_000L, "person", 2, false);
    Segment second = segment(9_000_000, 12_000_000L, "person", 2, false);
    ReplaySelection selection =
        select(
            ALL,
            List.of(first, second),
            Map.of(
                first.id(), List.of(clip(first, 2, MediaState.READY)),
                second.id(), List.of(clip(second, 2, MediaState.READY))));

    List<ReplayItem> items = selection.items("all", 1, null);

    assertThat(items).extracting(ReplayItem::offsetMicros).containsExactly(0L, 2_000_000L);
    assertThat(selection.durationMicros()).isEqualTo(5_000_000);
  }

  @Test
  void of_segmentOfAFillWithoutClip_keepsItsPlace() {
    Scene scene = new Scene();
    Segment first = scene.add(0, 6, "goal");
    Segment second = scene.add(10, 16, "save");
    List<Clip> late = scene.clips.remove(first.id());
    ReplayRules rules =
        new ReplayRules(
            ReplayRules.Mode.DURATION,
            null,
            new ReelFill(
                8_000_000,
                0L,
                List.of(
                    new ReelFill.Weight(SegmentMatch.label("goal"), 90, null),
                    new ReelFill.Weight(SegmentMatch.label("save"), 10, null)),
                false,
                false,
                false,
                null),
            null,
            false,
            false,
            null);

    ReplaySelection before = scene.choose(rules);
    scene.clips.put(first.id(), late);
    ReplaySelection after = scene.choose(rules);

    assertThat(before.included()).isEmpty();
    assertThat(before.waiting()).isEqualTo(1);
    assertThat(Scene.reason(before, first)).endsWith("; its clip is being cut");
    assertThat(Scene.seconds(after)).containsExactly(0L);
    assertThat(Scene.reason(before, second)).isEqualTo(Scene.reason(after, second));
  }

  @Test
  void of_manualOrder_playsExactlyThat() {
    Scene scene = new Scene();
    Segment a = scene.add(0, 5, "goal");
    Segment b = scene.add(10, 15, "save");
    Segment c = scene.add(20, 25, "pass");

    ReplaySelection selection =
        scene.choose(
            new ReplayRules(
                ReplayRules.Mode.MANUAL,
                null,
                null,
                null,
                false,
                false,
                ReelDecisions.NONE.order(List.of(c.id(), a.id()))));

    assertThat(Scene.seconds(selection)).containsExactly(20L, 0L);
    assertThat(Scene.reason(selection, b)).isEqualTo("nobody chose it");
  }

  @Test
  void of_orderOfSome_theOthersKeepTheirPlaces() {
    Scene scene = new Scene();
    Segment a = scene.add(0, 5, "goal");
    scene.add(10, 15, "save");
    Segment c = scene.add(20, 25, "pass");
    ReplayRules swapped = ReplayRules.ALL.with(ReelDecisions.NONE.order(List.of(c.id(), a.id())));

    assertThat(Scene.seconds(scene.choose(swapped))).containsExactly(20L, 10L, 0L);
    scene.add(5, 9, "goal");
    scene.add(30, 35, "goal");
    assertThat(Scene.seconds(scene.choose(swapped))).containsExactly(20L, 5L, 10L, 0L, 30L);
  }

  @Test
  void of_trimmedSegment_playsItsOwnClipUntilTheOtherIsCut() {
    Scene scene = new Scene();
    Segment segment = scene.add(0, 10, "goal");
    ReelDecisions.Trim trim =
        new ReelDecisions.Trim(segment.id(), Scene.START + 2_000_000, Scene.START + 5_000_000);
    ReplayRules rules = ReplayRules.ALL.with(ReelDecisions.NONE.trim(trim));

    ReplaySelection before = scene.choose(rules);
    Segment cut = Cuts.of(segment, trim);
    scene.clips.put(cut.id(), List.of(Scene.clip(cut)));
    ReplaySelection after = scene.choose(rules);

    assertThat(before.durationMicros()).isEqualTo(10_000_000);
    assertThat(before.waiting()).isEqualTo(1);
    assertThat(after.durationMicros()).isEqualTo(3_000_000);
    assertThat(after.waiting()).isZero();
    ReplayItem item = after.items("r", 1, null).get(0);
    assertThat(item.segment()).isEqualTo(segment.id());
    assertThat(item.clip()).startsWith(cut.id());
    assertThat(item.startMicros()).isEqualTo(Scene.START + 2_000_000);
    assertThat(item.reason()).endsWith("trimmed for this replay");
    ReplayItem waiting = before.items("r", 1, null).get(0);
    assertThat(waiting.reason())
        .isEqualTo("it lies in the window; it is being cut with its new marks");
    assertThat(waiting.startMicros()).isEqualTo(Scene.START);
  }

  @Test
  void of_segmentThatCannotBeTrimmed_playsAsItWasAndSaysWhy() {
    Scene scene = new Scene();
    Segment segment = scene.add(0, 10, "goal");
    ReelDecisions.Trim trim =
        new ReelDecisions.Trim(segment.id(), Scene.START + 2_000_000, Scene.START + 5_000_000);
    Segment cut = Cuts.of(segment, trim);
    ReplayRules rules = ReplayRules.ALL.with(ReelDecisions.NONE.trim(trim));
    for (Clip clip :
        List.of(
            Scene.failed(Scene.clip(cut), "Nothing was recorded there"),
            Scene.clip(cut).withoutMedia())) {
      scene.clips.put(cut.id(), List.of(clip));

      ReplaySelection selection = scene.choose(rules);

      assertThat(selection.waiting()).isZero();
      ReplayItem item = selection.items("r", 1, null).get(0);
      assertThat(item.durationMicros()).isEqualTo(10_000_000);
      assertThat(item.startMicros()).isEqualTo(Scene.START);
      assertThat(item.reason())
          .isEqualTo(
              "it lies in the window; it cannot be trimmed for this replay and plays as it was: "
                  + (clip.error() == null ? "it is no longer kept" : clip.error()));
    }
  }

  @Test
  void of_timestamps_playInTheOrderGiven() {
    Scene scene = new Scene();
    scene.add(0, 10, "goal");
    ReplayRules.Stretch late =
        new ReplayRules.Stretch("court", Scene.START + 60_000_000, Scene.START + 65_500_000);
    ReplayRules.Stretch early =
        new ReplayRules.Stretch("court", Scene.START + 3_000_000, Scene.START + 4_000_000);
    ReplayRules rules =
        new ReplayRules(
            ReplayRules.Mode.TIMESTAMPS, null, null, List.of(late, early), false, false, null);

    ReplaySelection before = scene.choose(rules);
    for (ReplayRules.Stretch stretch : rules.stretches()) {
      Segment cut = Cuts.of(stretch, "live");
      scene.clips.put(cut.id(), List.of(Scene.clip(cut)));
    }
    ReplaySelection after = scene.choose(rules);

    assertThat(before.waiting()).isEqualTo(2);
    assertThat(Scene.seconds(after)).containsExactly(60L, 3L);
    assertThat(after.durationMicros()).isEqualTo(6_500_000);
    assertThat(after.items("r", 1, null)).hasSize(2);
  }

  private static ReplaySelection select(
      ReplayRequest.Selection selection, List<Segment> segments, Map<String, List<Clip>> clips) {
    return ReplaySelection.of(
        selection,
        ReplayRules.ALL,
        new ReplayMaterial(segments, clips, Map.of()),
        null,
        Interludes.NONE);
  }

  private static Segment segment(
      long start, Long end, String label, int revision, boolean removed) {
    return new Segment(
        Ids.segment("lobby", "live", "presence", start),
        "lobby",
        "live",
        "presence",
        "1700000000000000-local",
        start,
        end,
        label,
        null,
        Map.of(),
        null,
        removed,
        revision,
        revision);
  }

  private static Clip clip(Segment segment, int segmentRevision, MediaState state) {
    boolean ready = state == MediaState.READY;
    return new Clip(
        Ids.clip(segment.id(), ClipVariant.ORIGINAL, 0, segmentRevision, "source"),
        segment.id(),
        segment.stream(),
        segment.run(),
        segment.label(),
        ClipVariant.ORIGINAL,
        0,
        "source",
        segmentRevision,
        state,
        segment.startMicros(),
        segment.endMicros(),
        segment.startMicros(),
        segment.endMicros(),
        segment.endMicros() - segment.startMicros(),
        "keyframe",
        null,
        List.of(),
        ready ? "clips/x/index.json" : null,
        null,
        null,
        ready ? null : "nothing was recorded",
        null,
        1);
  }
}
