package io.sightline.media.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CutTest {

  private static final long START = Recording.START;

  @TempDir Path folder;
  private int files;

  @Test
  void copy_betweenKeyframes_startsAtTheOneBefore() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound().file());

    CutResult cut =
        Cut.copy(
            "clip", recording.chunks(), START + 2_400_000, START + 5_500_000, recording, recording);

    assertThat(cut.startMicros()).isEqualTo(START + 2_000_000);
    assertThat(cut.endMicros()).isEqualTo(START + 5_520_000);
    assertThat(cut.durationMicros()).isEqualTo(3_520_000);
    assertThat(cut.gaps()).isEmpty();
    assertThat(cut.note()).isEqualTo("starts 0.40 s before the mark, at the keyframe");
    assertPlays(recording, cut, range(50, 138));
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 180, 270})
  void clipOfATurnedCamera_isTurnedByPlayersAsItsRecordingIs(int degrees) throws Exception {
    TestVideo film = TestVideo.plain().pictures(50).rotation(degrees);
    Recording recording = new Recording("cam").add(film.file());

    CutResult cut =
        Cut.exact(
            "clip", recording.chunks(), START + 400_000, START + 1_400_000, recording, recording);

    Path mp4 = mp4(recording, cut.index());
    try (MediaSource source = MediaSource.open(mp4.toString(), SourceOptions.DEFAULTS)) {
      assertThat(source.tracks().get(0).rotation()).isEqualTo(degrees);
    }
    byte[] init = recording.read(cut.index().tracks().get(0).initKey(), 0, -1);
    ClipIndex.Piece first = cut.index().pieces().get(0);
    byte[] fragment = recording.read(first.key(), first.offset(), first.length());
    try (MediaSource source = MediaSource.of(init, fragment)) {
      assertThat(source.tracks().get(0).rotation()).isEqualTo(degrees);
    }
  }

  @Test
  void copy_onKeyframes_isWhatWasAskedFor() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound().file());

    CutResult cut =
        Cut.copy(
            "clip", recording.chunks(), START + 3_000_000, START + 6_000_000, recording, recording);

    assertThat(cut.note()).isNull();
    assertThat(recording.objects().entrySet())
        .filteredOn(object -> object.getKey().startsWith("clips/"))
        .allSatisfy(object -> assertThat(object.getValue().length).isLessThan(80_000));
    assertPlays(recording, cut, range(75, 150));
  }

  @Test
  void copy_atRandomMarks_holdsExactlyThePicturesAskedFor() throws Exception {
    TestVideo video = TestVideo.plain().sound().rate("30000/1001").gop(37).pictures(300);
    Recording recording = new Recording("cam").add(video.file());
    Random random = new Random(7);
    for (int round = 0; round < 12; round++) {
      long in = START + random.nextInt(8_000_000);
      long out = in + 1 + random.nextInt(2_000_000);

      CutResult cut = Cut.copy("clip", recording.chunks(), in, out, recording, recording);

      int first = (int) ((in - START) * 30 / 1_001_000) / 37 * 37;
      int last = 0;
      while (START + Math.round(last * 1_001_000_000.0 / 30_000) < out) {
        last++;
      }
      assertPlays(recording, cut, range(first, last));
    }
  }

  @Test
  void copy_insideGopsLongerThanChunks_startsChunksEarlier() throws Exception {
    TestVideo video = TestVideo.plain().sound().gop(225).pictures(450);
    Recording recording = new Recording("cam").add(video.file());
    Random random = new Random(19);
    for (int round = 0; round < 6; round++) {
      int first = random.nextInt(440);
      int last = first + 1 + random.nextInt(450 - first);

      CutResult cut =
          Cut.copy(
              "clip",
              recording.chunks(),
              START + first * 40_000L,
              START + last * 40_000L,
              recording,
              recording);

      assertPlays(recording, cut, range(first / 225 * 225, last));
    }
  }

  @Test
  void copy_ofPicturesAndSound_hasSoundToTheEndAndHardlyMore() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound().file());
    Random random = new Random(29);
    for (int round = 0; round < 5; round++) {
      long in = START + random.nextInt(8_000_000);
      CutResult cut =
          Cut.copy(
              "clip",
              recording.chunks(),
              in,
              in + 300_000 + random.nextInt(1_500_000),
              recording,
              recording);

      String[] durations =
          FfmpegProgram.ffprobe(
                  "-show_entries",
                  "stream=duration",
                  "-of",
                  "csv=p=0",
                  mp4(recording, cut.index()).toString())
              .text()
              .strip()
              .split("\\s+");
      double pictures = Double.parseDouble(durations[0].replace(",", ""));
      double sound = Double.parseDouble(durations[1].replace(",", ""));
      assertThat(pictures).isCloseTo(cut.durationMicros() / 1e6, within(0.001));
      // As much as goes on until a next clip's sound begins, which may be half a frame late.
      assertThat(sound - pictures).isBetween(-0.001, 2 * 1024 / 48_000.0);
    }
  }

  @Test
  void copy_acrossEpochsAndGap_joinsThem() throws Exception {
    Recording recording =
        new Recording("cam")
            .add(TestVideo.plain().sound().file(), START)
            .add(TestVideo.plain().sound().file(), START + 15_000_000);

    CutResult cut =
        Cut.copy(
            "clip",
            recording.chunks(),
            START + 8_000_000,
            START + 17_000_000,
            recording,
            recording);

    assertThat(cut.gaps())
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.startMicros()).isEqualTo(START + 10_000_000);
              assertThat(gap.endMicros()).isEqualTo(START + 15_000_000);
            });
    assertThat(cut.durationMicros()).isEqualTo(4_000_000);
    assertThat(cut.note()).isEqualTo("leaves out 5.00 s that were not recorded");
    List<Integer> expected = new ArrayList<>(range(200, 250));
    expected.addAll(range(0, 50));
    assertPlays(recording, cut, expected);
  }

  @Test
  void copy_ofSoundAlone_cutsToFrames() throws Exception {
    TestVideo video = TestVideo.plain().sound().container(TestVideo.Container.MKV);
    Path sound = folder.resolve("sound.m4a");
    FfmpegProgram.ffmpeg(
        List.of("-i", video.file().toString(), "-vn", "-c:a", "copy", sound.toString()));
    Recording recording = new Recording("mic").add(sound);

    CutResult cut =
        Cut.copy(
            "clip", recording.chunks(), START + 1_000_000, START + 4_000_000, recording, recording);

    assertThat(cut.durationMicros()).isBetween(2_970_000L, 3_030_000L);
    assertThat(FfmpegProgram.decodesCleanly(mp4(recording, cut.index()))).isEmpty();
    assertThat(FfmpegProgram.decodesCleanly(hls(recording, cut.index()))).isEmpty();
  }

  @Test
  void copy_whereNothingWasRecorded_saysSo() {
    Recording recording = new Recording("cam").add(TestVideo.plain().file());

    assertThatThrownBy(
            () ->
                Cut.copy(
                    "clip",
                    recording.chunks(),
                    START + 20_000_000,
                    START + 21_000_000,
                    recording,
                    recording))
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.NOT_FOUND));
  }

  @Test
  void join_ofManyClips_playsEveryPictureOnOneTimeline() throws Exception {
    Recording recording =
        new Recording("cam").add(TestVideo.plain().sound().gop(10).pictures(500).file());
    Random random = new Random(3);
    List<ClipIndex> clips = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int clip = 0; clip < 12; clip++) {
      int first = random.nextInt(40) * 10;
      int last = first + 1 + random.nextInt(70);
      CutResult cut =
          Cut.copy(
              "clip" + clip,
              recording.chunks(),
              START + first * 40_000L,
              START + last * 40_000L,
              recording,
              recording);
      clips.add(cut.index());
      expected.addAll(range(first, last));
    }
    ClipIndex reel = Reel.join("reel", clips);

    assertThat(TestVideo.frameNumbers(mp4(recording, reel))).isEqualTo(expected);
    assertThat(FfmpegProgram.decodesCleanly(mp4(recording, reel))).isEmpty();
    Path master = hls(recording, reel);
    assertThat(FfmpegProgram.decodesCleanly(master)).isEmpty();
    assertThat(TestVideo.frameNumbers(master)).isEqualTo(expected);
    // What is appended changes nothing before it.
    ClipIndex shorter = Reel.join("reel", clips.subList(0, 7));
    assertThat(reel.pieces().subList(0, shorter.pieces().size())).isEqualTo(shorter.pieces());
  }

  @Test
  void copy_withReorderedPictures_keepsAllBeforeTheMark() throws Exception {
    Path visits = Path.of("../../shared/media/visits.mp4");
    assumeThat(visits).as("a real recording with reordered pictures").exists();
    Recording recording = new Recording("cam").add(visits);
    long delay = recording.chunks().get(0).tracks().get(0).reorderTicks();
    assertThat(delay).isPositive();
    Random random = new Random(5);
    List<ClipIndex> clips = new ArrayList<>();
    int pictures = 0;
    for (int round = 0; round < 8; round++) {
      long in = START + random.nextInt(120_000_000);
      long out = in + 500_000 + random.nextInt(4_000_000);
      CutResult cut = Cut.copy("clip" + round, recording.chunks(), in, out, recording, recording);
      assertThat(cut.startMicros()).isLessThanOrEqualTo(in);
      Path master = hls(recording, cut.index());
      assertThat(FfmpegProgram.decodesCleanly(master)).isEmpty();
      Path mp4 = mp4(recording, cut.index());
      assertThat(FfmpegProgram.decodesCleanly(mp4)).isEmpty();
      List<Long> shown = times(mp4);
      assertThat(times(master)).hasSameSizeAs(shown);
      pictures += shown.size();
      clips.add(cut.index());
    }
    ClipIndex reel = Reel.join("reel", clips);
    assertThat(FfmpegProgram.decodesCleanly(hls(recording, reel))).isEmpty();
    assertThat(times(hls(recording, reel))).hasSize(pictures).isSorted().doesNotHaveDuplicates();
    assertThat(FfmpegProgram.decodesCleanly(mp4(recording, reel))).isEmpty();
    assertThat(times(mp4(recording, reel))).hasSize(pictures).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void json_ofAnIndex_isReadBack() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().file());
    ClipIndex index =
        Cut.copy("clip", recording.chunks(), START, START + 1_000_000, recording, recording)
            .index();

    assertThat(Json.decode(Json.encode(index), ClipIndex.class)).isEqualTo(index);
  }

  private void assertPlays(Recording recording, CutResult cut, List<Integer> pictures)
      throws Exception {
    Path mp4 = mp4(recording, cut.index());
    assertThat(TestVideo.cleanFrameNumbers(mp4, 320, 180)).hasToString(pictures.toString());
    Path master = hls(recording, cut.index());
    assertThat(TestVideo.cleanFrameNumbers(master, 320, 180)).hasToString(pictures.toString());
  }

  private Path mp4(Recording recording, ClipIndex index) throws Exception {
    Path file = folder.resolve("clip-" + files++ + ".mp4");
    try (OutputStream out = Files.newOutputStream(file)) {
      Mp4File.write(index, recording, out);
    }
    return file;
  }

  private Path hls(Recording recording, ClipIndex index) throws Exception {
    Path made = folder.resolve("hls-" + files++);
    HlsExport.write(index, recording, made);
    return made.resolve("master.m3u8");
  }

  /** Presentation times of all decoded pictures, in microseconds. */
  private static List<Long> times(Path file) {
    return FfmpegProgram.ffprobe(
            "-select_streams",
            "v:0",
            "-show_entries",
            "frame=pts_time",
            "-of",
            "csv=p=0",
            file.toString())
        .text()
        .lines()
        .map(line -> line.replace(",", ""))
        .filter(line -> !line.isBlank())
        .map(line -> Math.round(Double.parseDouble(line) * 1_000_000))
        .toList();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
