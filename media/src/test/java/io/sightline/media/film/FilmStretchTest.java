package io.sightline.media.film;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import io.sightline.records.Progress;
import io.sightline.records.TrackInfo;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilmStretchTest {

  private static final Progress NOBODY = (doing, fraction) -> {};

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Container.class,
      names = {"MP4_INDEX_FIRST", "TS", "MKV", "FLV"})
  void cut_ofAFilm_showsThePicturesBetweenTheMarks(Container container) throws Exception {
    Path film = TestVideo.plain().sound().container(container).file();

    FilmStretch stretch = read(film, 3_380_000, 7_020_000, 0);
    CutResult cut = stretch.cut(true, NOBODY);

    assertThat(cut.note()).isNull();
    Path clip = mp4(stretch, cut);
    assertThat(FfmpegProgram.decodesCleanly(clip)).isEmpty();
    assertThat(TestVideo.frameNumbers(clip)).isEqualTo(range(85, 176));
  }

  @Test
  void cut_byKeyframe_beginsAtTheOneBefore() throws Exception {
    FilmStretch stretch = read(TestVideo.plain().file(), 3_380_000, 4_000_000, 0);

    CutResult cut = stretch.cut(false, NOBODY);

    assertThat(cut.note()).contains("0.38 s before the mark");
    assertThat(TestVideo.frameNumbers(mp4(stretch, cut))).isEqualTo(range(75, 100));
  }

  @Test
  void cut_ofACodecThatChunksCannotHold_isEncoded() throws Exception {
    Path film =
        TestVideo.plain().codec("mpeg2video", 2).sound("mp2", 1).container(Container.TS).file();

    FilmStretch stretch = read(film, 2_000_000, 3_500_000, 0);
    CutResult cut = stretch.cut(true, NOBODY);

    assertThat(cut.index().tracks())
        .extracting(TrackInfo::codec)
        .allMatch(codec -> codec.startsWith("avc1") || codec.startsWith("mp4a"));
    assertThat(TestVideo.frameNumbers(mp4(stretch, cut))).isEqualTo(range(50, 88));
  }

  @Test
  void read_keepsTheSoundTrackAskedFor() throws Exception {
    Path film = TestVideo.plain().sound("aac", 3).file();

    assertThat(sounds(read(film, 1_000_000, 2_000_000, 0).cut(true, NOBODY))).isEqualTo(3);
    assertThat(sounds(read(film, 1_000_000, 2_000_000, 2).cut(true, NOBODY))).isEqualTo(1);
    assertRefused(film, 0, 1_000_000, 4, "the film has 3 sound tracks");
  }

  @Test
  void read_outsideOfTheFilm_saysHowLongItIs() throws Exception {
    Path film = TestVideo.plain().file();

    assertRefused(film, 11_000_000, 12_000_000, 0, "The beginning lies outside of the film");
    assertRefused(film, 9_000_000, 11_000_000, 0, "which is 10.000 s long");
    assertThat(read(film, 9_000_000, 10_000_000, 0).cut(true, NOBODY).durationMicros())
        .isEqualTo(1_000_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"film.mp4", "film.mov", "film.ts", "film.mkv", "film.flv", "film.fragmented.mp4"})
  void cut_farInALongFilm_readsOnlyWhatLiesAroundTheMarks(String name) throws Exception {
    Path film = folder.resolve(name);
    List<String> copy = new ArrayList<>(List.of("-i", longFilm().toString(), "-c", "copy"));
    if (name.contains("fragmented")) {
      // With sound FFmpeg writes times into it that it does not find again.
      copy.addAll(List.of("-an", "-movflags", "frag_keyframe+empty_moov+default_base_moof"));
    }
    copy.add(film.toString());
    FfmpegProgram.make(copy, made -> {});
    List<Long> read = new ArrayList<>();
    Path work = Files.createDirectory(folder.resolve("long"));

    FilmStretch stretch = FilmStretch.read(film, 25_420_000, 26_000_000, 0, work, read::add);

    // What is fragmented has no index at hand: it is read from its beginning.
    long earliest = name.contains("fragmented") ? 0 : 15_000_000;
    assertThat(read.get(0)).isBetween(earliest, 25_420_000L);
    assertThat(read.get(read.size() - 1)).isBetween(26_000_000L, 29_000_000L);
    try (var files = Files.walk(work)) {
      assertThat(files.filter(file -> file.toString().matches(".*\\d+\\.mp4")).count())
          .isLessThan(8);
    }
    CutResult cut = stretch.cut(true, NOBODY);
    assertThat(cut.startMicros()).isBetween(25_420_000L, 25_460_000L);
    Path clip = mp4(stretch, cut);
    assertThat(FfmpegProgram.decodesCleanly(clip)).isEmpty();
    assertThat(TestVideo.frameNumbers(clip)).isEqualTo(range(636, 650));
  }

  @Test
  void cut_ofWhatHasToBeEncoded_tellsHowFarThatIs() throws Exception {
    FilmStretch stretch =
        read(TestVideo.plain().codec("libvpx-vp9", 0).file(), 500_000, 9_500_000, 0);
    List<Double> encoding = new ArrayList<>();

    CutResult cut =
        stretch.cut(
            true,
            (doing, fraction) -> {
              if (doing.equals("encoding")) {
                encoding.add(fraction);
              }
            });

    assertThat(cut.note()).contains("is encoded as a whole");
    // Both ends are looked at before.
    assertThat(encoding).containsSubsequence(0.8, 0.0, 0.2, 0.4, 0.6, 0.8).endsWith(0.8);
  }

  @Test
  void cut_ofWhatIsCopied_tellsOfNoEncoding() throws Exception {
    Set<String> told = new HashSet<>();

    read(TestVideo.plain().file(), 500_000, 9_500_000, 0)
        .cut(true, (doing, fraction) -> told.add(doing));

    assertThat(told).containsExactly("cutting");
  }

  private static Path longFilm() {
    return TestVideo.plain().sound("aac", 2).pictures(750).file();
  }

  private void assertRefused(Path film, long from, long to, int audio, String reason) {
    assertThatThrownBy(() -> read(film, from, to, audio))
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.NOT_FOUND))
        .hasMessageContaining(reason);
  }

  private FilmStretch read(Path film, long from, long to, int audio) throws Exception {
    Path work = Files.createTempDirectory(folder, "work-");
    return FilmStretch.read(film, from, to, audio, work, micros -> {});
  }

  private static long sounds(CutResult cut) {
    return cut.index().tracks().stream()
        .filter(track -> track.kind() == TrackInfo.Kind.AUDIO)
        .count();
  }

  private Path mp4(FilmStretch stretch, CutResult cut) throws Exception {
    Path file = Files.createTempFile(folder, "clip-", ".mp4");
    try (OutputStream out = Files.newOutputStream(file)) {
      Mp4File.write(cut.index(), stretch, out);
    }
    return file;
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
