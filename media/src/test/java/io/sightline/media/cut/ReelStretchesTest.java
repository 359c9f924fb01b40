package io.sightline.media.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.encode.Backdrop;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.TrackInfo;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReelStretchesTest {

  private static final long START = Recording.START;

  @TempDir Path folder;

  private final Recording one = new Recording("one").add(TestVideo.plain().sound().file());
  private final Recording other =
      new Recording("other").add(TestVideo.plain().size(320, 240).sound().file());
  private int files;

  @Test
  void of_clipsOfOneEncoder_isOneStretchThatShowsAll() throws Exception {
    ClipIndex reel =
        Reel.join(
            "reel",
            List.of(
                clip(one, 400_000, 2_200_000),
                clip(one, 4_120_000, 5_000_000),
                clip(one, 1_000_000, 1_360_000)));

    List<ClipIndex> stretches = ReelStretches.of(reel);

    assertThat(stretches).hasSize(1);
    List<ClipIndex.Piece> pieces = stretches.get(0).pieces();
    assertThat(pieces.subList(0, 3))
        .as("pictures and sound lie beside each other")
        .extracting(ClipIndex.Piece::track)
        .contains(1, 2);
    List<Integer> shown = new ArrayList<>(pictures(10, 55));
    shown.addAll(pictures(103, 125));
    shown.addAll(pictures(25, 34));
    assertThat(TestVideo.frameNumbers(file(stretches.get(0)))).isEqualTo(shown);
  }

  @Test
  void of_clipsOfSeveralCameras_isAStretchForEachChange() throws Exception {
    ClipIndex reel =
        Reel.join(
            "reel",
            List.of(
                clip(one, 400_000, 2_200_000),
                clip(one, 4_120_000, 5_000_000),
                clip(other, 3_000_000, 4_000_000),
                clip(one, 1_000_000, 1_360_000)));

    List<ClipIndex> stretches = ReelStretches.of(reel);

    assertThat(stretches).hasSize(3);
    List<Integer> first = new ArrayList<>(pictures(10, 55));
    first.addAll(pictures(103, 125));
    List<List<Integer>> shown = List.of(first, pictures(75, 100), pictures(25, 34));
    for (int number = 0; number < 3; number++) {
      ClipIndex stretch = stretches.get(number);
      assertThat(stretch.tracks()).hasSize(2);
      Path file = file(stretch);
      assertThat(TestVideo.frameNumbers(file)).isEqualTo(shown.get(number));
      assertThat(FfmpegProgram.decodesCleanly(file)).isEmpty();
      // Sound begins with the pictures, within half a frame of it.
      assertThat(soundStart(stretch)).isBetween(-11_000L, 11_000L);
    }
    assertThat(stretches.get(1).tracks().get(0).height()).isEqualTo(240);
  }

  @Test
  void of_soundOfAnotherKind_isAStretchOfItsOwn() throws Exception {
    Recording other44 = new Recording("mono").add(TestVideo.plain().sound("mp3", 1).file());
    ClipIndex reel =
        Reel.join("reel", List.of(clip(one, 0, 1_000_000), copy(other44, 2_000_000, 3_000_000)));

    assertThat(ReelStretches.of(reel))
        .extracting(stretch -> stretch.tracks().get(1).codec())
        .containsExactly("mp4a.40.2", codecOfSound(other44));
  }

  @Test
  void of_itemsThatFadeAroundAVideo_isOneStretchThatShowsAndSoundsAsTheReelDoes() throws Exception {
    ClipIndex first = clip(one, 400_000, 3_200_000);
    Fade fade = new Fade("black", 400_000, Backdrop.of(0));
    Path sting = TestVideo.plain().size(160, 90).pictures(30).sound().file();
    ClipIndex reel =
        Reel.join(
            "reel",
            List.of(
                FadedClip.of(first, null, fade, "clips/first/", one, one).joined(),
                InsertedClip.of(sting, first, "inserts/sting/", 1, one, one),
                FadedClip.of(clip(one, 4_120_000, 7_000_000), fade, null, "clips/second/", one, one)
                    .last()));
    List<Integer> expected = TestVideo.frameNumbers(file(reel));

    List<ClipIndex> stretches = ReelStretches.of(reel);

    assertThat(stretches).hasSize(1);
    Path file = file(stretches.get(0));
    assertThat(FfmpegProgram.decodesCleanly(file)).isEmpty();
    assertThat(TestVideo.frameNumbers(file)).isEqualTo(expected);
    assertThat(soundStart(stretches.get(0))).isBetween(-11_000L, 11_000L);
    assertThat(soundMicros(stretches.get(0))).isGreaterThan(Reel.lengthMicros(reel) - 11_000);
  }

  @Test
  void of_soundAlone_isNothing() throws Exception {
    ClipIndex clip = clip(one, 0, 1_000_000);
    int sound = clip.tracks().get(1).track();
    ClipIndex reel =
        new ClipIndex(
            "reel",
            List.of(clip.tracks().get(1)),
            0,
            clip.pieces().stream().filter(piece -> piece.track() == sound).toList());

    assertThat(ReelStretches.of(reel)).isEmpty();
  }

  @Test
  void halves_areTakenAtTheJoinNearestToTheMiddle() throws Exception {
    ClipIndex reel =
        Reel.join(
            "reel",
            List.of(
                clip(one, 0, 1_000_000),
                clip(one, 4_000_000, 5_000_000),
                clip(one, 2_000_000, 3_000_000)));

    List<ClipIndex> halves = ReelStretches.halves(ReelStretches.of(reel).get(0)).orElseThrow();

    List<Integer> shown = new ArrayList<>(TestVideo.frameNumbers(file(halves.get(0))));
    assertThat(shown).isNotEmpty();
    shown.addAll(TestVideo.frameNumbers(file(halves.get(1))));
    List<Integer> all = new ArrayList<>(pictures(0, 25));
    all.addAll(pictures(100, 125));
    all.addAll(pictures(50, 75));
    assertThat(shown).isEqualTo(all);
  }

  @Test
  void halves_ofWhatWasRecordedAsOne_areNone() throws Exception {
    ClipIndex clip = copy(one, 0, 8_000_000);

    assertThat(ReelStretches.halves(ReelStretches.of(clip).get(0))).isEmpty();
  }

  private static ClipIndex clip(Recording recording, long in, long out) throws Exception {
    String id = recording.chunks().get(0).stream() + "-" + in;
    return Cut.exact(id, recording.chunks(), START + in, START + out, recording, recording).index();
  }

  private static ClipIndex copy(Recording recording, long in, long out) throws Exception {
    return Cut.copy("copy", recording.chunks(), START + in, START + out, recording, recording)
        .index();
  }

  private static String codecOfSound(Recording recording) {
    return recording.chunks().get(0).tracks().stream()
        .filter(track -> track.kind() == TrackInfo.Kind.AUDIO)
        .findFirst()
        .orElseThrow()
        .codec();
  }

  private static long soundStart(ClipIndex stretch) {
    TrackInfo sound = stretch.tracks().get(1);
    ClipIndex.Piece first =
        stretch.pieces().stream()
            .filter(piece -> piece.track() == sound.track())
            .findFirst()
            .orElseThrow();
    return first.clipTicks() * 1_000_000L / sound.timescale() - stretch.reorderMicros();
  }

  private static long soundMicros(ClipIndex stretch) {
    TrackInfo sound = stretch.tracks().get(1);
    long ticks =
        stretch.pieces().stream()
            .filter(piece -> piece.track() == sound.track())
            .mapToLong(ClipIndex.Piece::durationTicks)
            .sum();
    return ticks * 1_000_000 / sound.timescale();
  }

  /** As one file; objects of both recordings are found. */
  private Path file(ClipIndex stretch) throws Exception {
    Path file = folder.resolve(files++ + ".mp4");
    ByteSource bytes =
        (key, offset, length) ->
            (one.objects().containsKey(key) ? one : other).read(key, offset, length);
    try (OutputStream out = Files.newOutputStream(file)) {
      Mp4File.write(stretch, bytes, out);
    }
    return file;
  }

  private static List<Integer> pictures(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
