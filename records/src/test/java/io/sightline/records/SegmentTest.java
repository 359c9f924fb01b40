package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A segment with marks for its sound tracks. */
class SegmentTest {

  private static final PluginSpec OPTIMIZER = new PluginSpec("quiet-marks");

  @Test
  void cutRevision_onlyOptimized_leavesTheClipWithItsOwnMarks() {
    Segment found = segment(2, OptimizedMarks.toCome(OPTIMIZER, 2));
    Segment optimized = segment(3, new OptimizedMarks(OPTIMIZER, 2, 3, List.of(), null));
    Segment relabelled = segment(4, optimized.optimized());
    Segment again = segment(5, new OptimizedMarks(OPTIMIZER, 4, 5, List.of(), null));

    assertThat(found.cutRevision(ClipVariant.ORIGINAL)).isEqualTo(2);
    assertThat(optimized.cutRevision(ClipVariant.ORIGINAL)).isEqualTo(2);
    assertThat(optimized.cutRevision(ClipVariant.OPTIMIZED)).isEqualTo(3);
    assertThat(relabelled.cutRevision(ClipVariant.ORIGINAL)).isEqualTo(4);
    assertThat(relabelled.cutRevision(ClipVariant.OPTIMIZED)).isEqualTo(4);
    assertThat(again.cutRevision(ClipVariant.ORIGINAL)).isEqualTo(4);
  }

  @Test
  void movedTracks_areThoseWithOtherMarks() {
    OptimizedMarks marks =
        new OptimizedMarks(OPTIMIZER, 2, 3, List.of(track(1, 100, 200), track(2, 90, 200)), null);

    assertThat(segment(3, marks).movedTracks()).extracting("audioTrack").containsExactly(2);
    assertThat(segment(2, OptimizedMarks.toCome(OPTIMIZER, 2)).movedTracks()).isEmpty();
  }

  @Test
  void read_moveOfALaterVersion_isOther() {
    String json =
        new String(Json.encode(track(1, 1, 2)), StandardCharsets.UTF_8)
            .replace("already-quiet", "fade-found");

    OptimizedTrack read = Json.decode(json.getBytes(StandardCharsets.UTF_8), OptimizedTrack.class);

    assertThat(read.start()).isEqualTo(MarkMove.OTHER);
    assertThat(read.end()).isEqualTo(MarkMove.OTHER);
  }

  @Test
  void track_thatEndsBeforeItStarts_isRefused() {
    assertThatThrownBy(() -> track(1, 2, 2)).hasMessageContaining("must lie after its mark-in");
    assertThatThrownBy(() -> track(0, 1, 2)).hasMessageContaining("from 1");
  }

  private static OptimizedTrack track(int number, long start, long end) {
    return new OptimizedTrack(
        number, start, end, MarkMove.ALREADY_QUIET, null, MarkMove.ALREADY_QUIET, null);
  }

  private static Segment segment(int revision, OptimizedMarks marks) {
    return new Segment(
        "lobby.live.presence.0000000000000100",
        "lobby",
        "live",
        "presence",
        "e",
        100,
        200L,
        "goal",
        null,
        null,
        null,
        false,
        2,
        revision,
        marks);
  }
}
