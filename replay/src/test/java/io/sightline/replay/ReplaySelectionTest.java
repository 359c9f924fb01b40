package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.MediaState;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
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
        ReplaySelection.of(
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
        ReplaySelection.of(ALL, List.of(segment(1_000_000, null, "person", 1, false)), Map.of());

    assertThat(selection.included()).isEmpty();
    assertThat(selection.waiting()).isEqualTo(1);
  }

  @Test
  void of_editedSegmentWhoseNewClipIsBeingCut_showsTheOldOneAndWaits() {
    Segment edited = segment(1_000_000, 3_000_000L, "person", 3, false);

    ReplaySelection selection =
        ReplaySelection.of(
            ALL, List.of(edited), Map.of(edited.id(), List.of(clip(edited, 2, MediaState.READY))));

    assertThat(selection.included()).hasSize(1);
    assertThat(selection.waiting()).isEqualTo(1);
  }

  @Test
  void of_failedClip_isOutWithItsReasonAndNotWaitedFor() {
    Segment segment = segment(1_000_000, 3_000_000L, "person", 2, false);

    ReplaySelection selection =
        ReplaySelection.of(
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
        ReplaySelection.of(
            ALL, List.of(segment(1_000_000, 3_000_000L, "person", 3, true)), Map.of());

    assertThat(selection.included()).isEmpty();
    assertThat(selection.excluded()).isEmpty();
  }

  @Test
  void of_labelsAskedFor_leavesOthersOut() {
    ReplayRequest.Selection dogs =
        new ReplayRequest.Selection(List.of("lobby"), "live", null, null, List.of("dog"));
    Segment person = segment(1_000_000, 3_000_000L, "person", 2, false);

    ReplaySelection selection =
        ReplaySelection.of(
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
        ReplaySelection.of(
            ALL,
            List.of(first, second),
            Map.of(
                first.id(), List.of(clip(first, 2, MediaState.READY)),
                second.id(), List.of(clip(second, 2, MediaState.READY))));

    List<ReplayItem> items = selection.items("all", 1);

    assertThat(items).extracting(ReplayItem::offsetMicros).containsExactly(0L, 2_000_000L);
    assertThat(selection.durationMicros()).isEqualTo(5_000_000);
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
        1);
  }
}
