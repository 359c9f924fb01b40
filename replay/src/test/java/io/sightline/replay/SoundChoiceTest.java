package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.MarkMove;
import io.sightline.records.MediaState;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.PluginSpec;
import io.sightline.records.ReelDecisions;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which marks a replay with one sound track shows. */
class SoundChoiceTest {

  private static final PluginSpec OPTIMIZER = new PluginSpec("quiet-marks");

  private final Scene scene = new Scene();
  private final Segment plain = scene.add(10, 20, "goal");

  @Test
  void choose_withoutATrack_showsTheOriginalAndSaysNothing() {
    optimize(2, 9, 22);
    cut(2, MediaState.READY);

    ReplayItem item = items(null).get(0);

    assertThat(item.clip()).contains(".original.a0.");
    assertThat(item.variant()).isNull();
    assertThat(item.audioTrack()).isNull();
    assertThat(item.reason()).isEqualTo("it lies in the window");
  }

  @Test
  void choose_clipForTheTrackIsThere_showsThat() {
    optimize(2, 9, 22);
    cut(2, MediaState.READY);

    ReplaySelection selection = select(2);
    ReplayItem item = selection.items("r", 1, 2).get(0);

    assertThat(item.clip()).isEqualTo(plain.id() + ".optimized.a2.r2.source");
    assertThat(item.variant()).isEqualTo(ClipVariant.OPTIMIZED);
    assertThat(item.audioTrack()).isEqualTo(2);
    assertThat(item.startMicros()).isEqualTo(at(9));
    assertThat(item.durationMicros()).isEqualTo(13_000_000);
    assertThat(item.reason()).isEqualTo("it lies in the window; with the marks for sound track 2");
    assertThat(selection.waiting()).isZero();
  }

  @Test
  void choose_marksOrClipAreToCome_waitsForThem() {
    replace(plain.with(OptimizedMarks.toCome(OPTIMIZER, 1), 1));
    ReplaySelection toCome = select(2);
    optimize(2, 9, 22);
    ReplaySelection beingCut = select(2);

    assertThat(toCome.included()).isEmpty();
    assertThat(toCome.waiting()).isEqualTo(1);
    assertThat(beingCut.included()).isEmpty();
    assertThat(beingCut.waiting()).isEqualTo(1);
    assertThat(select(null).included()).as("nobody waits who asks for no track").hasSize(1);
    assertThat(select(null).waiting()).isZero();
  }

  @Test
  void choose_trimmedSegmentThatWasShown_isShownAsItWasUntilItIsCutAnew() {
    optimize(2, 9, 22);
    cut(2, MediaState.READY);
    Segment optimized = scene.segments.get(0);
    replace(optimized.with(OptimizedMarks.toCome(OPTIMIZER, 3), 3));

    ReplaySelection selection = select(2);

    assertThat(selection.clipIds()).containsExactly(plain.id() + ".optimized.a2.r2.source");
    assertThat(selection.waiting()).isEqualTo(1);
  }

  @Test
  void choose_nothingBetterForTheTrack_showsTheOriginalAndSaysWhy() {
    assertThat(reason(1)).endsWith("; its marks are not optimized");
    optimize(2, 10, 20);
    assertThat(reason(2)).endsWith("; its own marks are the best for sound track 2");
    assertThat(reason(3)).endsWith("; there are no marks for sound track 3");
    assertThat(items(2).get(0).variant()).isEqualTo(ClipVariant.ORIGINAL);
    assertThat(items(2).get(0).audioTrack()).isEqualTo(2);
  }

  @Test
  void choose_clipForTheTrackFailedOrHasGone_showsTheOriginal() {
    optimize(2, 9, 22);
    cut(2, MediaState.FAILED);
    assertThat(reason(2)).endsWith("; its clip for sound track 2 cannot be made: it broke");
    optimize(2, 8, 22);
    cut(2, MediaState.GONE);
    assertThat(reason(2)).endsWith("; its clip for sound track 2 is no longer kept");
    assertThat(items(2).get(0).clip()).contains(".original.a0.");
  }

  @Test
  void choose_trimmedForThisReplay_itsMarksHold() {
    optimize(2, 9, 22);
    cut(2, MediaState.READY);
    ReelDecisions.Trim trim = new ReelDecisions.Trim(plain.id(), at(12), at(15));
    Segment cut = Cuts.of(plain, trim);
    scene.clips.put(cut.id(), List.of(Scene.clip(cut)));

    ReplaySelection selection =
        ReplaySelection.of(
            Scene.SELECTION,
            ReplayRules.ALL.with(ReelDecisions.NONE.trim(trim)),
            new ReplayMaterial(scene.segments, scene.clips, scene.feedback),
            2,
            Interludes.NONE);

    assertThat(selection.clipIds()).allMatch(clip -> clip.startsWith(cut.id()));
    assertThat(selection.included().get(0).reason()).endsWith("trimmed for this replay");
  }

  private static long at(double second) {
    return Scene.START + Math.round(second * 1e6);
  }

  private void optimize(int track, double from, double to) {
    OptimizedTrack marks =
        new OptimizedTrack(track, at(from), at(to), MarkMove.MOVED, null, MarkMove.MOVED, null);
    replace(plain.with(new OptimizedMarks(OPTIMIZER, 1, 2, List.of(marks), null), 2));
  }

  private void replace(Segment segment) {
    scene.segments.clear();
    scene.segments.add(segment);
  }

  /** A clip with the marks that the segment has now. */
  private void cut(int track, MediaState state) {
    Segment segment = scene.segments.get(0);
    OptimizedTrack marks = segment.optimized().of(track).orElseThrow();
    Clip clip = Scene.optimized(segment, track, marks.startMicros(), marks.endMicros(), state);
    List<Clip> all = new ArrayList<>(scene.clips.get(segment.id()));
    all.removeIf(other -> other.id().equals(clip.id()));
    all.add(clip);
    scene.clips.putAll(Map.of(segment.id(), all));
  }

  private ReplaySelection select(Integer track) {
    return ReplaySelection.of(
        Scene.SELECTION,
        ReplayRules.ALL,
        new ReplayMaterial(scene.segments, scene.clips, scene.feedback),
        track,
        Interludes.NONE);
  }

  private List<ReplayItem> items(Integer track) {
    return select(track).items("r", 1, track);
  }

  private String reason(int track) {
    return items(track).get(0).reason();
  }
}
