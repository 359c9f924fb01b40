package io.sightline.media.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.Rational;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExactCutTest {

  private static final long START = Recording.START;
  private static final int WIDTH = 320;
  private static final int HEIGHT = 180;

  @TempDir Path folder;
  private int files;

  /**
   * @param extension of the file
   * @param rate pictures a second
   * @param audioTracks how many
   * @param options how FFmpeg makes the pictures
   * @param note what the clips' notes contain; null when nothing may be said
   * @param dropped every n-th picture is missing; 0 when none is
   */
  private record Source(
      String name,
      String extension,
      String rate,
      int audioTracks,
      List<String> options,
      String note,
      int dropped) {

    static Source of(String name, String extension, String rate, String options, String note) {
      return new Source(name, extension, rate, 1, List.of(options.split(" ")), note, 0);
    }

    boolean needsSystemProgram() {
      return options.contains("libx264") || options.contains("libx265");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final String OPEN_H264 = "-c:v libopenh264 -b:v 800k -g 30";
  private static final String X264 = "-c:v libx264 -preset veryfast -crf 20 -threads 1 ";
  private static final String X265 = "-c:v libx265 -preset ultrafast -crf 22 -tag:v hvc1 ";
  private static final String WHOLE = "is encoded as a whole: ";

  static Stream<Source> sources() {
    String cabac = OPEN_H264 + " -profile:v high -coder cabac";
    return Stream.of(
        Source.of("without B-pictures", "mp4", "25", OPEN_H264, null),
        Source.of("CABAC in FLV", "flv", "30000/1001", cabac, null),
        Source.of("23.976 in TS", "ts", "24000/1001", OPEN_H264, null),
        Source.of("59.94", "mp4", "60000/1001", OPEN_H264, null),
        Source.of("50 in FLV, B-pictures", "flv", "50", X264 + "-g 50 -bf 3", null),
        Source.of("pyramid in TS", "ts", "30000/1001", X264 + "-g 60 -bf 8 -b_strategy 2", null),
        Source.of("many references", "mp4", "25", X264 + "-g 50 -bf 2 -refs 6 -weightp 2", null),
        Source.of("slices", "mp4", "25", X264 + "-g 25 -bf 2 -slices 4", null),
        Source.of("long GOP", "mp4", "25", X264 + "-g 200 -keyint_min 200 -bf 2", null),
        new Source("two sounds", "ts", "25", 2, List.of(OPEN_H264.split(" ")), null, 0),
        new Source(
            "uneven rate", "mp4", "25", 1, List.of((X264 + "-g 40 -bf 2").split(" ")), null, 7),
        Source.of(
            "open GOP", "mp4", "25", X264 + "-g 30 -bf 3 -slices 2 -x264-params open-gop=1", null),
        Source.of(
            "interlaced",
            "ts",
            "25",
            X264 + "-g 25 -bf 2 -flags +ilme+ildct -x264-params interlaced=1",
            WHOLE + "its pictures may be interlaced"),
        Source.of(
            "10 bits",
            "mp4",
            "25",
            X264 + "-g 25 -bf 2 -pix_fmt yuv420p10le",
            WHOLE + "its pictures are not 8-bit 4:2:0"),
        Source.of("HEVC", "mp4", "25", X265 + "-x265-params log-level=error:keyint=40", WHOLE),
        Source.of(
            "AV1",
            "mp4",
            "25",
            "-c:v libsvtav1 -preset 12 -crf 40 -g 40 -svtav1-params lp=1",
            null),
        Source.of(
            "AV1, 10 bits",
            "mkv",
            "25",
            "-c:v libsvtav1 -preset 12 -crf 40 -g 40 -pix_fmt yuv420p10le -svtav1-params lp=1",
            null));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void exact_atRandomMarks_showsThePicturesAskedForAndNoOthers(Source source) throws Exception {
    if (source.needsSystemProgram()) {
      FfmpegProgram.assumeSystemProgram();
    }
    TestVideo video = TestVideo.plain().rate(source.rate).gop(50).pictures(200).sound();
    Recording recording = new Recording("cam").add(made(source, video));
    Random random = new Random(source.name.hashCode());
    int rounds = Integer.getInteger("sightline.cuts", 5);
    for (int round = 0; round < rounds; round++) {
      long length = Math.round(video.seconds() * 1e6);
      long in = START + (long) (random.nextDouble() * length * 0.8);
      long out = in + 100_000 + (long) (random.nextDouble() * (START + length - in));

      CutResult cut = Cut.exact("clip", recording.chunks(), in, out, recording, recording);

      if (source.note == null) {
        assertThat(cut.note()).isNull();
      } else {
        assertThat(cut.note()).contains(source.note);
      }
      assertPlays(recording, cut, numbers(source, video, in, out));
    }
  }

  private Path made(Source source, TestVideo video) {
    Path file = folder.resolve("source." + source.extension);
    List<String> arguments = new ArrayList<>(List.of("-i", video.file().toString(), "-map", "0:v"));
    for (int track = 0; track < source.audioTracks; track++) {
      arguments.addAll(List.of("-map", "0:a"));
    }
    if (source.dropped > 0) {
      arguments.addAll(List.of("-vf", "select=mod(n\\," + source.dropped + ")"));
    }
    arguments.addAll(List.of("-fps_mode", "passthrough", "-c:a", "copy"));
    arguments.addAll(source.options);
    arguments.add(file.toString());
    FfmpegProgram.make(arguments, out -> {});
    return file;
  }

  private static List<Integer> numbers(Source source, TestVideo video, long in, long out) {
    Rational rate = video.rate();
    Rational each = new Rational(rate.denominator(), rate.numerator());
    Rational micros = new Rational(1, 1_000_000);
    // A container may count in milliseconds.
    Rational grid = source.extension.equals("flv") ? new Rational(1, 1_000) : micros;
    // A file's first picture lies at the start, whatever its number.
    int first = source.dropped > 0 ? 1 : 0;
    return IntStream.range(first, video.pictures())
        .filter(number -> source.dropped == 0 || number % source.dropped != 0)
        .filter(
            number -> {
              long time =
                  Rational.rescale(number, each, grid) - Rational.rescale(first, each, grid);
              long at = START + Rational.rescale(time, grid, micros);
              return at >= in && at < out;
            })
        .boxed()
        .toList();
  }

  private void assertPlays(Recording recording, CutResult cut, List<Integer> expected)
      throws Exception {
    Path mp4 = mp4(recording, cut.index());
    Path hls = hls(recording, cut.index());
    assertThat(TestVideo.cleanFrameNumbers(mp4, WIDTH, HEIGHT))
        .as("MP4; %s", cut.note())
        .isEqualTo(expected);
    assertThat(TestVideo.cleanFrameNumbers(hls, WIDTH, HEIGHT))
        .as("HLS; %s", cut.note())
        .isEqualTo(expected);
  }

  private Path mp4(Recording recording, ClipIndex index) throws Exception {
    Path file = folder.resolve("clip-" + files++ + ".mp4");
    try (OutputStream out = Files.newOutputStream(file)) {
      Mp4File.write(index, recording, out);
    }
    return file;
  }

  private Path hls(Recording recording, ClipIndex index) throws Exception {
    Path target = Files.createDirectory(folder.resolve("hls-" + files++));
    HlsExport.write(index, recording, target);
    return target.resolve("master.m3u8");
  }
}
