package io.sightline.media.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.records.PictureOptions;
import io.sightline.records.Point;
import io.sightline.records.Rational;
import io.sightline.records.Sampling;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Videos at 25 pictures a second whose cuts are known. */
class SceneSamplingTest {

  private static final int WIDTH = 320;
  private static final int HEIGHT = 180;
  private static final int RATE = 25;

  /** Looked for five times a second, a cut is seen within so many pictures. */
  private static final int LATE = RATE / 5;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "libopenh264, yuv420p, 50",
    "libopenh264, yuv420p, 1000",
    "mpeg4, yuv420p, 12",
    "ffv1, yuv420p10le, 1",
    "ffv1, gray, 1",
    "ffv1, bgr0, 1",
    "mjpeg, yuvj420p, 1"
  })
  void cuts_eachGivesOneFrame_andStillStretchesOneIn10Seconds(String codec, String format, int gop)
      throws Exception {
    List<Integer> cuts = List.of(33, 80, 81, 140, 290, 300, 480, 550);
    Path file = video(codec, format, gop, 600, (number, luma) -> shot(luma, shots(cuts, number)));

    List<Integer> frames = pictures(file, "scene");

    // 81 comes before there may be another frame after 80; 140 to 290 is shorter than 10 s.
    assertThat(frames).containsExactly(0, 35, 80, 85, 140, 290, 300, 480, 550);
  }

  @Test
  void still_givesTheStatedMinimumAndNoMore() throws Exception {
    Random noise = new Random(7);
    Path file =
        video(
            "libopenh264",
            "yuv420p",
            50,
            800,
            (number, luma) -> {
              shot(luma, 1);
              for (int i = 0; i < luma.length; i++) {
                luma[i] += (byte) (noise.nextGaussian() * 4);
              }
            });

    assertThat(pictures(file, "scene")).containsExactly(0, 250, 500, 750);
    assertThat(pictures(file, "scene 0.01")).containsExactly(0, 250, 500, 750);
  }

  @Test
  void permanentChange_givesNoMoreThanFiveASecond() throws Exception {
    Path file = video("libopenh264", "yuv420p", 25, 100, (number, luma) -> shot(luma, number));

    List<Integer> frames = pictures(file, "scene");

    assertThat(frames).hasSize(20);
    for (int i = 1; i < frames.size(); i++) {
      assertThat(frames.get(i) - frames.get(i - 1)).isGreaterThanOrEqualTo(LATE);
    }
  }

  @Test
  void slowChange_addsUp() throws Exception {
    // Everything grows brighter by 40 in four seconds.
    Path file =
        video(
            "libopenh264",
            "yuv420p",
            25,
            100,
            (number, luma) -> Arrays.fill(luma, (byte) (60 + number * 4 / 10)));

    assertThat(pictures(file, "scene")).hasSizeBetween(3, 4).startsWith(0);
  }

  @ParameterizedTest
  @CsvSource({"scene 0.3, false", "scene 0.2, true", "scene 0.05, true"})
  void sensitivity_isTheShareOfThePictureThatChanges(String sampling, boolean seen)
      throws Exception {
    // A quarter of the picture changes at picture 50.
    Path file = video("libopenh264", "yuv420p", 50, 100, SceneSamplingTest::quarter);

    assertThat(pictures(file, sampling)).isEqualTo(seen ? List.of(0, 50) : List.of(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 90, 180, 270})
  void masked_changesDoNotCount(int rotate) throws Exception {
    Path file = video("libopenh264", "yuv420p", 50, 100, SceneSamplingTest::quarter);
    // Where the lower right quarter is once it is turned.
    double x = rotate == 0 || rotate == 270 ? 0.5 : 0;
    double y = rotate == 0 || rotate == 90 ? 0.5 : 0;
    List<Point> quarter =
        List.of(
            new Point(x, y),
            new Point(x + 0.5, y),
            new Point(x + 0.5, y + 0.5),
            new Point(x, y + 0.5));

    assertThat(pictures(file, "scene 0.01", new PictureOptions(rotate, null, null, List.of())))
        .containsExactly(0, 50);
    assertThat(
            pictures(file, "scene 0.01", new PictureOptions(rotate, null, null, List.of(quarter))))
        .containsExactly(0);
  }

  @Test
  void mjpeg_framesArePassedOn() throws Exception {
    Path file =
        video("mjpeg", "yuvj420p", 1, 100, (number, luma) -> shot(luma, number < 50 ? 0 : 1));
    List<byte[]> packets = new ArrayList<>();
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        byte[] data = new byte[packet.size()];
        packet.data().get(data);
        packets.add(data);
      }
    }

    List<SampledFrame> frames = sample(file, "scene", PictureOptions.NONE);

    assertThat(frames).hasSize(2);
    assertThat(frames.get(0).jpeg()).isEqualTo(packets.get(0));
    assertThat(frames.get(1).jpeg()).isEqualTo(packets.get(50));
  }

  @Test
  void sameFile_givesTheSameBytesWithAnyNumberOfThreads() throws Exception {
    Path file = video("mpeg4", "yuv420p", 12, 200, (number, luma) -> shot(luma, number / 7));
    List<SampledFrame> one = sample(file, "scene", PictureOptions.NONE, 1);
    List<SampledFrame> three = sample(file, "scene", PictureOptions.NONE, 3);

    assertThat(three).hasSameSizeAs(one).hasSizeGreaterThan(20);
    for (int i = 0; i < one.size(); i++) {
      assertThat(three.get(i).pts()).isEqualTo(one.get(i).pts());
      assertThat(three.get(i).jpeg()).isEqualTo(one.get(i).jpeg());
    }
  }

  /** Draws the brightness of one picture. */
  private interface Drawing {
    void draw(int number, byte[] luma);
  }

  private static int shots(List<Integer> cuts, int number) {
    return (int) cuts.stream().filter(cut -> cut <= number).count();
  }

  /** A pattern of its own for each shot. */
  private static void shot(byte[] luma, int shot) {
    Random random = new Random(shot);
    byte[] tiles = new byte[16 * 9];
    for (int i = 0; i < tiles.length; i++) {
      tiles[i] = (byte) (40 + random.nextInt(160));
    }
    for (int i = 0; i < luma.length; i++) {
      luma[i] = tiles[i / WIDTH / 20 * 16 + i % WIDTH / 20];
    }
  }

  private static void quarter(int number, byte[] luma) {
    shot(luma, 3);
    for (int y = HEIGHT / 2; y < HEIGHT && number >= 50; y++) {
      for (int x = WIDTH / 2; x < WIDTH; x++) {
        luma[y * WIDTH + x] += 80;
      }
    }
  }

  private Path video(String codec, String format, int gop, int pictures, Drawing drawing)
      throws Exception {
    Path file = folder.resolve("scenes.mkv");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-f", "rawvideo", "-pix_fmt", "gray", "-s", WIDTH + "x" + HEIGHT));
    arguments.addAll(List.of("-r", "" + RATE, "-i", "pipe:0", "-c:v", codec, "-g", "" + gop));
    arguments.addAll(List.of("-pix_fmt", format));
    if (codec.equals("libopenh264")) {
      arguments.addAll(List.of("-b:v", "2M", "-rc_mode", "quality"));
    } else if (codec.equals("mpeg4")) {
      arguments.addAll(List.of("-bf", "2", "-q:v", "3", "-sc_threshold", "1000000000"));
    } else if (codec.equals("mjpeg")) {
      arguments.addAll(List.of("-q:v", "3"));
    }
    arguments.add(file.toString());
    FfmpegProgram.Result made =
        FfmpegProgram.ffmpeg(arguments, out -> writeAll(out, pictures, drawing));
    assertThat(made.exitCode()).as("%s", made.errors()).isZero();
    return file;
  }

  private static void writeAll(OutputStream out, int pictures, Drawing drawing)
      throws java.io.IOException {
    byte[] luma = new byte[WIDTH * HEIGHT];
    for (int number = 0; number < pictures; number++) {
      drawing.draw(number, luma);
      out.write(luma);
    }
  }

  private static List<Integer> pictures(Path file, String sampling) throws Exception {
    return pictures(file, sampling, PictureOptions.NONE);
  }

  /** The numbers of the pictures that became frames. */
  private static List<Integer> pictures(Path file, String sampling, PictureOptions options)
      throws Exception {
    // Matroska counts in milliseconds.
    Rational picture = new Rational(1, RATE);
    return sample(file, sampling, options).stream()
        .map(frame -> (int) Rational.rescale(frame.pts(), new Rational(1, 1_000), picture))
        .toList();
  }

  private static List<SampledFrame> sample(Path file, String sampling, PictureOptions options)
      throws Exception {
    return sample(file, sampling, options, 1);
  }

  private static List<SampledFrame> sample(
      Path file, String sampling, PictureOptions options, int threads) throws Exception {
    List<SampledFrame> frames = new ArrayList<>();
    JpegSettings settings = JpegSettings.DEFAULTS.with(options);
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS);
        FrameSampler sampler =
            new FrameSampler(source.tracks().get(0), Sampling.parse(sampling), settings, threads)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        sampler.accept(packet, frames::add);
      }
      sampler.finish(frames::add);
      assertThat(sampler.failures()).isZero();
    }
    return frames;
  }
}
