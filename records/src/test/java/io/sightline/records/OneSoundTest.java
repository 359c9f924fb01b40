package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Media with one of its sound tracks alone. */
class OneSoundTest {

  @Test
  void chunk_withOneSound_hasItsPicturesAndThat() {
    ChunkInfo chunk = chunk(TrackInfo.Kind.VIDEO, TrackInfo.Kind.AUDIO, TrackInfo.Kind.AUDIO);

    ChunkInfo second = chunk.withSound(2).orElseThrow();
    ChunkInfo none = chunk.withSound(3).orElseThrow();

    assertThat(second.tracks()).extracting(TrackInfo::track).containsExactly(1, 3);
    assertThat(second.fragments()).extracting(Fragment::track).containsExactly(1, 3);
    assertThat(second.fragments().get(1)).isEqualTo(chunk.fragments().get(2));
    assertThat(none.tracks()).extracting(TrackInfo::track).containsExactly(1);
    assertThat(chunk(TrackInfo.Kind.AUDIO).withSound(2)).as("nothing is left").isEmpty();
  }

  @Test
  void index_withOneSound_hasItsPiecesAndConfigurations() {
    // The second sound track was recorded in two ways.
    List<TrackInfo> tracks =
        List.of(
            track(1, TrackInfo.Kind.VIDEO, "v"),
            track(2, TrackInfo.Kind.AUDIO, "a"),
            track(3, TrackInfo.Kind.AUDIO, "b"),
            track(3, TrackInfo.Kind.AUDIO, "c"));
    ClipIndex whole =
        new ClipIndex(
            "clip",
            tracks,
            5,
            List.of(piece(1, null), piece(2, null), piece(3, null), piece(3, 3)));

    ClipIndex second = whole.withSound(2);

    assertThat(second.tracks()).extracting(TrackInfo::initKey).containsExactly("v", "b", "c");
    assertThat(second.pieces()).containsExactly(piece(1, null), piece(3, null), piece(3, 2));
    assertThat(second.reorderMicros()).isEqualTo(5);
    assertThat(second.withSound(1)).as("it has no other").isEqualTo(second);
    assertThat(whole.withSound(9))
        .as("its first where there are fewer")
        .isEqualTo(whole.withSound(1));
  }

  private static ClipIndex.Piece piece(int track, Integer configuration) {
    return new ClipIndex.Piece(track, "k", 0, 1, 0, 0, 0, 1, true, configuration);
  }

  private static ChunkInfo chunk(TrackInfo.Kind... kinds) {
    return new ChunkInfo(
        "lobby",
        "e",
        "live",
        1,
        0,
        2_000_000,
        0,
        "k",
        1_000,
        IntStream.range(0, kinds.length).mapToObj(i -> track(i + 1, kinds[i], "init")).toList(),
        IntStream.range(0, kinds.length)
            .mapToObj(i -> new Fragment(i + 1, 0, 0, 100, 10L * i, 10, true))
            .toList());
  }

  private static TrackInfo track(int number, TrackInfo.Kind kind, String init) {
    return new TrackInfo(number, kind, "codec", init, 1_000, 0, 0, 0, null, 0, 0, null);
  }
}
