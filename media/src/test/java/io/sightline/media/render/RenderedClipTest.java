package io.sightline.media.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Interval;
import io.sightline.records.ClipIndex;
import io.sightline.records.Point;
import io.sightline.records.RenditionSpec;
import io.sightline.records.RenditionSpec.Aspect;
import io.sightline.records.RenditionSpec.Fit;
import io.sightline.records.TrackInfo;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenderedClipTest {

  private static final long START = Recording.START;
  private static final int WIDTH = 960;
  private static final int HEIGHT = 540;

  /** Pictures 30 to 109. */
  private static final long MARK_IN = START + 1_200_000;

  private static final long MARK_OUT = START + 4_400_000;
  private static final List<Integer> NUMBERS = IntStream.range(30, 110).boxed().toList();

  private static final Interval[] BEEPS = {new Interval(2, 2.6), new Interval(3.2, 4)};

  @TempDir Path folder;
  private final Recording recording = new Recording("cam");

  @Test
  void smaller_showsTheSamePicturesAtTheSameTimes_withTheSameSound() throws Exception {
    ClipIndex clip = clip(film().sound());

    ClipIndex rendered = render(clip, new RenditionSpec("360p", 360, null, null));

    assertThat(size(rendered)).containsExactly(640, 360);
    assertThat(TestVideo.cleanFrameNumbers(mp4(rendered), 640, 360)).isEqualTo(NUMBERS);
    Path hls = folder.resolve("hls");
    HlsExport.write(rendered, recording, Files.createDirectory(hls));
    assertThat(TestVideo.cleanFrameNumbers(hls.resolve("master.m3u8"), 640, 360))
        .isEqualTo(NUMBERS);
    assertThat(times(mp4(rendered))).isEqualTo(times(mp4(clip)));
    assertThat(rendered.pieces().stream().filter(piece -> piece.track() != 1).toList())
        .isEqualTo(clip.pieces().stream().filter(piece -> piece.track() != 1).toList())
        .isNotEmpty();
    assertThat(rendered.pieces().get(0).positionMicros()).isEqualTo(MARK_IN);
  }

  @Test
  void withBPictures_keepsTheirTimes() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    ClipIndex clip = clip(film().codec("libx264", 3));

    ClipIndex rendered = render(clip, new RenditionSpec("360p", 360, null, null));

    assertThat(TestVideo.cleanFrameNumbers(mp4(rendered), 640, 360)).isEqualTo(NUMBERS);
    assertThat(times(mp4(rendered))).isEqualTo(times(mp4(clip)));
    assertThat(rendered.reorderMicros()).isEqualTo(clip.reorderMicros()).isPositive();
  }

  @Test
  void covering_showsTheMiddle() throws Exception {
    ClipIndex clip = clip(film());

    ClipIndex rendered = render(clip, new RenditionSpec("tall", 360, Aspect.VERTICAL, Fit.COVER));

    assertThat(size(rendered)).containsExactly(360, 640);
    byte[] expected = luma(mp4(clip), "crop=302:540,scale=360:640:flags=bicubic");
    byte[] seen = luma(mp4(rendered), "null");
    assertThat(seen).hasSize(NUMBERS.size() * 360 * 640);
    assertThat(difference(seen, expected)).isLessThan(4);
  }

  @Test
  void coveringAlongAPath_showsWhatItNames_andNothingOutsideThePicture() throws Exception {
    ClipIndex clip = clip(film());
    // From beyond the left edge to beyond the right one within the clip.
    CropPath path =
        position -> new Point((position - MARK_IN) / (double) (MARK_OUT - MARK_IN), 0.5);

    ClipIndex rendered =
        RenderedClip.render(
            "rendered",
            clip,
            new RenditionSpec("tall", 360, Aspect.VERTICAL, Fit.COVER),
            path,
            recording,
            recording);

    // FFmpeg's own crop, moved by the number of the picture: n of 80, each 40 ms.
    String x = "floor(max(0\\,min(960-302\\,n/80*960-151))/2)*2";
    byte[] expected =
        luma(mp4(clip), "crop=302:540:" + x + ":0:exact=1,scale=360:640:flags=bicubic");
    assertThat(difference(luma(mp4(rendered), "null"), expected)).isLessThan(4);
  }

  @Test
  void containing_showsAllOfIt_betweenBlackBars() throws Exception {
    ClipIndex clip = clip(film());

    ClipIndex rendered = render(clip, new RenditionSpec("square", 540, Aspect.SQUARE, Fit.CONTAIN));

    assertThat(size(rendered)).containsExactly(540, 540);
    byte[] expected = luma(mp4(clip), "scale=540:304:flags=bicubic,pad=540:540:0:118");
    assertThat(difference(luma(mp4(rendered), "null"), expected)).isLessThan(4);
    byte[] bars = luma(mp4(rendered), "crop=540:110:0:0");
    assertThat(difference(bars, new byte[bars.length])).isBetween(0.0, 20.0);
  }

  @Test
  void stretched_fillsTheShape() throws Exception {
    ClipIndex rendered =
        render(clip(film()), new RenditionSpec("portrait", 360, Aspect.PORTRAIT, Fit.STRETCH));

    assertThat(size(rendered)).containsExactly(360, 450);
    assertThat(TestVideo.cleanFrameNumbers(mp4(rendered), 360, 450)).isEqualTo(NUMBERS);
  }

  @Test
  void largerThanTheRecording_isNotEnlarged() throws Exception {
    ClipIndex rendered = render(clip(film()), new RenditionSpec("2160p", 2160, null, null));

    assertThat(size(rendered)).containsExactly(WIDTH, HEIGHT);
  }

  @Test
  void turnedCamera_hasTheShapeAsItIsShown() throws Exception {
    ClipIndex clip = clip(film().rotation(90));

    ClipIndex rendered = render(clip, new RenditionSpec("tall", 360, Aspect.VERTICAL, Fit.COVER));

    // As coded; a player turns it.
    assertThat(size(rendered)).containsExactly(640, 360);
  }

  @Test
  void twoEpochsOfDifferentEncoders_areOne() throws Exception {
    recording.add(film().pictures(75).file());
    recording.add(film().pictures(75).gop(10).file(), START + 3_000_000);
    ClipIndex clip =
        Cut.exact("clip", recording.chunks(), MARK_IN, MARK_OUT, recording, recording).index();

    ClipIndex rendered = render(clip, new RenditionSpec("360p", 360, null, null));

    assertThat(TestVideo.cleanFrameNumbers(mp4(rendered), 640, 360))
        .isEqualTo(
            IntStream.concat(IntStream.range(30, 75), IntStream.range(0, 35)).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-30, -23, -18})
  void loudness_ofAllOfItIsWhatWasAskedFor_atTheSameTimes(double lufs) throws Exception {
    ClipIndex clip = clip(film().sound("aac", 2).beeps(BEEPS));

    ClipIndex rendered = render(clip, loud(lufs));

    assertThat(rendered.tracks()).hasSize(3);
    for (int track = 0; track < 2; track++) {
      assertThat(loudness(mp4(rendered), track)).isCloseTo(lufs, within(0.3));
      assertThat(onsets(mp4(rendered), track))
          .hasSameSizeAs(onsets(mp4(clip), track))
          .hasSize(2)
          .zipSatisfy(
              onsets(mp4(clip), track),
              (now, before) -> assertThat(now).isCloseTo(before, within(0.01)));
    }
    assertThat(TestVideo.cleanFrameNumbers(mp4(rendered), 640, 360)).isEqualTo(NUMBERS);
  }

  @Test
  void loudness_isLowerWherePeaksWouldBeCutOff() throws Exception {
    // So short that a meter's blocks of 400 ms hear a quarter of it.
    ClipIndex clip = clip(film().sound().beeps(new Interval(2, 2.1)));

    Path mp4 = mp4(render(clip, loud(-5)));

    assertThat(truePeak(mp4, 0)).isBetween(-1.6, -0.8);
    assertThat(loudness(mp4, 0)).isGreaterThan(loudness(mp4(clip), 0));
  }

  @Test
  void silence_staysSilent() throws Exception {
    ClipIndex clip = clip(film().sound().beeps(new Interval[0]));

    Path mp4 = mp4(render(clip, loud(-16)));

    assertThat(loudness(mp4, 0)).isLessThan(-69);
  }

  @Test
  void soundAlone_isRefused() throws Exception {
    ClipIndex clip = clip(film().sound());
    List<TrackInfo> sound = clip.tracks().stream().filter(info -> info.track() != 1).toList();
    ClipIndex silent =
        new ClipIndex(
            "clip", sound, 0, clip.pieces().stream().filter(piece -> piece.track() != 1).toList());

    assertThatThrownBy(() -> render(silent, new RenditionSpec("360p", 360, null, null)))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("no pictures");
  }

  private static TestVideo film() {
    return TestVideo.plain().size(WIDTH, HEIGHT).pictures(150).gop(25);
  }

  private ClipIndex clip(TestVideo film) throws Exception {
    recording.add(film.file());
    CutResult cut = Cut.exact("clip", recording.chunks(), MARK_IN, MARK_OUT, recording, recording);
    return cut.index();
  }

  private ClipIndex render(ClipIndex clip, RenditionSpec wanted) throws Exception {
    return RenderedClip.render("rendered", clip, wanted, CropPath.MIDDLE, recording, recording);
  }

  private static RenditionSpec loud(double lufs) {
    return new RenditionSpec("360p", 360, null, null, false, lufs);
  }

  /** Integrated, in LUFS, by FFmpeg's own meter. */
  private static double loudness(Path file, int track) {
    List<Double> all = metered(file, track, "lavfi.r128.I=");
    return all.get(all.size() - 1);
  }

  /** In dBTP. */
  private static double truePeak(Path file, int track) {
    double peak =
        metered(file, track, "lavfi.r128.true_peak=").stream()
            .mapToDouble(Double::doubleValue)
            .max()
            .orElseThrow();
    return 20 * Math.log10(peak);
  }

  private static List<Double> metered(Path file, int track, String what) {
    return FfmpegProgram.ffmpeg(
            List.of(
                "-i",
                file.toString(),
                "-map",
                "0:a:" + track,
                "-af",
                "ebur128=metadata=1:peak=true:framelog=quiet,ametadata=print:file=-",
                "-f",
                "null",
                "-"))
        .text()
        .lines()
        .filter(line -> line.startsWith(what))
        .map(line -> Double.valueOf(line.substring(what.length())))
        .toList();
  }

  /** When it becomes loud, in seconds. */
  private static List<Double> onsets(Path file, int track) {
    byte[] pcm =
        FfmpegProgram.ffmpeg(
                List.of(
                    "-i",
                    file.toString(),
                    "-map",
                    "0:a:" + track,
                    "-ac",
                    "1",
                    "-ar",
                    "48000",
                    "-f",
                    "s16le",
                    "-"))
            .output();
    short[] samples = new short[pcm.length / 2];
    ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
    int loudest = 0;
    for (short sample : samples) {
      loudest = Math.max(loudest, Math.abs(sample));
    }
    List<Double> onsets = new ArrayList<>();
    int quietSince = -48_000;
    for (int at = 0; at < samples.length; at++) {
      if (Math.abs(samples[at]) > loudest / 4) {
        if (at - quietSince > 12_000) {
          onsets.add(at / 48_000.0);
        }
        quietSince = at;
      }
    }
    return onsets;
  }

  private static List<Integer> size(ClipIndex index) {
    return List.of(index.tracks().get(0).width(), index.tracks().get(0).height());
  }

  private Path mp4(ClipIndex index) throws Exception {
    Path file = folder.resolve(index.clip() + ".mp4");
    try (OutputStream out = Files.newOutputStream(file)) {
      Mp4File.write(index, recording, out);
    }
    return file;
  }

  /** When each picture is shown. */
  private static List<String> times(Path file) {
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
        .toList();
  }

  private static byte[] luma(Path file, String filter) {
    return FfmpegProgram.ffmpeg(
            List.of(
                "-i", file.toString(), "-vf", filter, "-f", "rawvideo", "-pix_fmt", "gray", "-"))
        .output();
  }

  /** The mean of all pixels. */
  private static double difference(byte[] one, byte[] other) {
    assertThat(one).hasSameSizeAs(other);
    long sum = 0;
    for (int at = 0; at < one.length; at++) {
      sum += Math.abs((one[at] & 0xff) - (other[at] & 0xff));
    }
    return (double) sum / one.length;
  }
}
