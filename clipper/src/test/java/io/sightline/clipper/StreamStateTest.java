package io.sightline.clipper;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.ChunkInfo;
import io.sightline.records.ClipVariant;
import io.sightline.records.Fragment;
import io.sightline.records.Json;
import io.sightline.records.MarkMove;
import io.sightline.records.Marker;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.PluginSpec;
import io.sightline.records.Segment;
import io.sightline.records.TrackInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamStateTest {

  private static final String EPOCH = "1700000000000000-local";
  private static final String LATER_EPOCH = "1700000100000000-local";

  private final StreamState state = new StreamState();

  @Test
  void due_mediaUpToMarkOutNotRecorded_nothing() {
    state.chunk(chunk(EPOCH, 0, 2_000_000));
    state.segment(segment(500_000, 2_500_000L, 2, false));

    assertThat(state.due()).isEmpty();
  }

  @Test
  void due_mediaRecordedUpToMarkOut_givesTheSegmentOnce() {
    state.segment(segment(500_000, 2_500_000L, 2, false));
    state.chunk(chunk(EPOCH, 0, 2_000_000));
    state.chunk(chunk(EPOCH, 2_000_000, 2_000_000));

    assertThat(state.due()).hasSize(1);
    assertThat(state.due()).isEmpty();
  }

  @Test
  void due_openSegment_nothing() {
    state.chunk(chunk(EPOCH, 0, 9_000_000));
    state.segment(segment(500_000, null, 1, false));

    assertThat(state.due()).isEmpty();
  }

  @Test
  void due_epochEndedBeforeMarkOutWasRecorded_givesTheSegment() {
    state.segment(segment(500_000, 2_500_000L, 2, false));
    state.chunk(chunk(EPOCH, 0, 2_000_000));
    state.marker(Marker.end("lobby", EPOCH, "live", 9, 2_000_000, "end of file", 0));

    assertThat(state.due()).hasSize(1);
  }

  @Test
  void due_laterEpochBegan_givesTheSegment() {
    state.segment(segment(500_000, 2_500_000L, 2, false));
    state.chunk(chunk(LATER_EPOCH, 100_000_000, 0));

    assertThat(state.due()).hasSize(1);
  }

  @Test
  void due_closedSegmentOfAnEpochThatIsLongOver_givesItAtOnce() {
    state.marker(Marker.end("lobby", EPOCH, "live", 9, 2_000_000, "end of file", 0));
    state.segment(segment(500_000, 2_500_000L, 2, false));

    assertThat(state.due()).hasSize(1);
  }

  @Test
  void segment_removedWhileItWaits_isForgotten() {
    state.segment(segment(500_000, 2_500_000L, 2, false));
    state.segment(segment(500_000, 2_500_000L, 3, true));
    state.chunk(chunk(EPOCH, 0, 9_000_000));

    assertThat(state.due()).isEmpty();
  }

  @Test
  void segment_editedWhileItWaits_newestRevisionIsCut() {
    state.segment(segment(500_000, 2_500_000L, 3, false));
    state.segment(segment(500_000, 2_500_000L, 2, false));
    state.chunk(chunk(EPOCH, 0, 9_000_000));

    assertThat(state.due()).extracting(WantedClip::segmentRevision).containsExactly(3);
  }

  @Test
  void save_whileASegmentWaits_goesOnAfterAKill() {
    state.segment(segment(500_000, 2_500_000L, 2, false));
    state.chunk(chunk(EPOCH, 0, 2_000_000));

    byte[] saved = Json.encode(state.save());
    StreamState restored = StreamState.of(Json.decode(saved, StreamState.Saved.class));
    restored.chunk(chunk(EPOCH, 2_000_000, 2_000_000));

    assertThat(restored.due()).hasSize(1);
  }

  @Test
  void due_optimizedBeyondWhatIsRecorded_givesTheOriginalFirst() {
    Segment segment = segment(500_000, 2_500_000L, 2, false);
    OptimizedTrack later =
        new OptimizedTrack(
            1, 500_000, 4_500_000, MarkMove.ALREADY_QUIET, null, MarkMove.MOVED, null);
    state.segment(
        segment.with(
            new OptimizedMarks(new PluginSpec("quiet-marks"), 2, 3, List.of(later), null), 3));
    state.chunk(chunk(EPOCH, 0, 3_000_000));

    assertThat(state.due()).extracting(WantedClip::variant).containsExactly(ClipVariant.ORIGINAL);
    assertThat(state.due()).isEmpty();
    StreamState restored = StreamState.of(state.save());
    restored.chunk(chunk(EPOCH, 3_000_000, 2_000_000));
    assertThat(restored.due())
        .extracting(WantedClip::id)
        .containsExactly(
            segment.id() + ".original.a0.r2.source", segment.id() + ".optimized.a1.r3.source");
  }

  static Segment segment(long start, Long end, int revision, boolean removed) {
    return new Segment(
        "lobby.live.presence.0000000000500000",
        "lobby",
        "live",
        "presence",
        EPOCH,
        start,
        end,
        "person",
        null,
        Map.of(),
        null,
        removed,
        revision,
        revision);
  }

  static ChunkInfo chunk(String epoch, long position, long duration) {
    return new ChunkInfo(
        "lobby",
        epoch,
        "live",
        1,
        position,
        duration,
        position,
        "streams/lobby/" + epoch + "/0000000001.mp4",
        100,
        List.of(
            new TrackInfo(
                1,
                TrackInfo.Kind.VIDEO,
                "avc1.42c01f",
                "streams/lobby/" + epoch + "/init-1-abc.mp4",
                90_000,
                0,
                640,
                360,
                null,
                0,
                0,
                null)),
        List.of(new Fragment(1, position, 90_000, 180_000, 0, 100, true)));
  }
}
