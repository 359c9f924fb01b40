package io.sightline.media.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import io.sightline.records.PictureOptions;
import io.sightline.records.Point;
import io.sightline.records.Sampling;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream's picture options do to its frames. */
class FrameOptionsTest {

  private static final TestVideo VIDEO =
      TestVideo.plain().pictures(30).boxes(new TestVideo.Interval(0, 4));

  /** A slanted quarter in the middle; none of its sides lies on the edge of a pixel. */
  private static final List<Point> MASK =
      List.of(
          new Point(0.301, 0.203),
          new Point(0.703, 0.303),
          new Point(0.651, 0.8),
          new Point(0.25, 0.7));

  /** JPEG works in blocks of 8x8, chroma of 4:2:0 in blocks of 16x16. */
  private static final int BLOCK = 16;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0, 90", "0, 180", "0, 270", "90, 90", "90, 270", "180, 90", "270, 180"})
  void rotate_isAddedToWhatTheSourceAsksFor(int declared, int asked) throws Exception {
    TestVideo video = VIDEO.rotation(declared);

    List<SampledFrame> frames = sample(video.file(), rotated(asked), "5/s");

    boolean sideways = asked % 180 != 0;
    assertThat(frames)
        .hasSize(6)
        .allMatch(frame -> frame.width() == (sideways ? 180 : 320))
        .allMatch(frame -> frame.height() == (sideways ? 320 : 180));
    for (int i = 0; i < frames.size(); i++) {
      assertThat(number(turned(image(frames.get(i)), 360 - asked))).isEqualTo(i * 5);
    }
  }

  @ParameterizedTest
  @CsvSource({"160, 160, 90", "100, 100, 56", "16, 16, 9", "320, 320, 180", "8192, 320, 180"})
  void width_makesWiderFramesSmallerAndNoneLarger(int asked, int width, int height)
      throws Exception {
    SampledFrame frame =
        sample(VIDEO.file(), new PictureOptions(null, asked, null, null), "keyframes").get(0);

    assertThat(frame.width()).isEqualTo(width);
    assertThat(frame.height()).isEqualTo(height);
    assertThat(image(frame).getWidth()).isEqualTo(width);
  }

  @Test
  void width_ofTurnedFrame_isThatOfTheFrameAsItIsShown() throws Exception {
    SampledFrame frame =
        sample(VIDEO.file(), new PictureOptions(90, 90, null, null), "keyframes").get(0);

    assertThat(frame.width()).isEqualTo(90);
    assertThat(frame.height()).isEqualTo(160);
  }

  @Test
  void quality_changesTheSize() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    for (int quality : new int[] {100, 90, 50, 10}) {
      sizes.add(frame(new PictureOptions(null, null, quality, null)).jpeg().length);
    }

    assertThat(sizes).isSortedAccordingTo((a, b) -> b - a).doesNotHaveDuplicates();
    assertThat(frame(PictureOptions.NONE).jpeg()).hasSize(sizes.get(1));
  }

  @Test
  void quality_ofMjpeg_isWhatIsAskedFor() throws Exception {
    TestVideo video = VIDEO.codec("mjpeg", 0).container(Container.MOV);
    byte[] passedOn = sample(video.file(), PictureOptions.NONE, "1/s").get(0).jpeg();

    byte[] asked =
        sample(video.file(), new PictureOptions(null, null, 20, null), "1/s").get(0).jpeg();

    assertThat(asked).hasSizeLessThan(passedOn.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yuv420p",
        "yuv422p",
        "yuv444p",
        "yuvj420p",
        "gray",
        "yuv420p10le",
        "yuv422p10le",
        "nv12",
        "bgr0"
      })
  void mask_ofAnyPixelFormat_isBlackInsideAndLeavesTheRest(String format) throws Exception {
    boolean mjpeg = format.startsWith("yuvj");
    boolean raw = format.equals("nv12");
    Path file = folder.resolve(format + ".mkv");
    FfmpegProgram.Result made =
        FfmpegProgram.ffmpeg(
            List.of(
                "-i",
                VIDEO.file().toString(),
                "-frames:v",
                "2",
                "-pix_fmt",
                format,
                "-c:v",
                mjpeg ? "mjpeg" : raw ? "rawvideo" : "ffv1",
                file.toString()));
    assertThat(made.exitCode()).as("%s", made.errors()).isZero();

    SampledFrame plain = sample(file, PictureOptions.NONE, "keyframes").get(0);
    SampledFrame masked = sample(file, masked(0), "keyframes").get(0);

    assertMasked(image(plain), image(masked));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 90, 180, 270})
  void mask_liesInThePictureAsPeopleSeeIt(int rotate) throws Exception {
    SampledFrame plain = frame(rotated(rotate));
    SampledFrame masked = frame(masked(rotate));

    assertMasked(image(plain), image(masked));
  }

  @Test
  void mask_doesNotReachThePicturesThatOthersReferTo() throws Exception {
    // One coded keyframe; what is masked in a frame must not show in those that follow.
    List<SampledFrame> frames = sample(VIDEO.gop(100).file(), masked(0), "every 1 frame");
    List<SampledFrame> plain = sample(VIDEO.gop(100).file(), PictureOptions.NONE, "every 1 frame");

    assertThat(frames).hasSize(30);
    for (int i : new int[] {0, 1, 15, 29}) {
      assertMasked(image(plain.get(i)), image(frames.get(i)));
      assertThat(TestVideo.readFrameNumber(frames.get(i).jpeg())).isEqualTo(i);
    }
  }

  @Test
  void mask_ofSmallerFrame_liesAtTheSamePlace() throws Exception {
    SampledFrame plain = frame(new PictureOptions(null, 160, null, null));
    SampledFrame masked = frame(new PictureOptions(null, 160, null, List.of(MASK)));

    assertMasked(image(plain), image(masked));
  }

  private static void assertMasked(BufferedImage plain, BufferedImage masked) {
    int width = plain.getWidth();
    int height = plain.getHeight();
    assertThat(masked.getWidth()).isEqualTo(width);
    java.awt.geom.Path2D mask = new java.awt.geom.Path2D.Double();
    mask.moveTo(MASK.get(0).x() * width, MASK.get(0).y() * height);
    MASK.forEach(corner -> mask.lineTo(corner.x() * width, corner.y() * height));
    mask.closePath();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = masked.getRGB(x, y);
        if (mask.contains(x - 2, y - 2, 5, 5)) {
          // What is left is the ringing of JPEG near a hard edge.
          assertThat(brightest(rgb)).as("inside, at %d, %d", x, y).isLessThan(40);
        }
        if (mask.contains(x - BLOCK, y - BLOCK, 2 * BLOCK, 2 * BLOCK)) {
          assertThat(brightest(rgb)).as("deep inside, at %d, %d", x, y).isZero();
        }
        // Chroma is smoothed over the edges of blocks when it is made larger.
        int left = (x - 1) / BLOCK * BLOCK;
        int top = (y - 1) / BLOCK * BLOCK;
        int right = ((x + 1) / BLOCK + 1) * BLOCK;
        int bottom = ((y + 1) / BLOCK + 1) * BLOCK;
        if (!mask.intersects(left - 2, top - 2, right - left + 4, bottom - top + 4)) {
          assertThat(rgb).as("outside, at %d, %d", x, y).isEqualTo(plain.getRGB(x, y));
        }
      }
    }
  }

  private static int brightest(int rgb) {
    return Math.max(rgb & 0xff, Math.max(rgb >> 8 & 0xff, rgb >> 16 & 0xff));
  }

  private static PictureOptions rotated(int degrees) {
    return new PictureOptions(degrees, null, null, null);
  }

  private static PictureOptions masked(int rotate) {
    return new PictureOptions(rotate, null, null, List.of(MASK));
  }

  private static BufferedImage turned(BufferedImage image, int clockwise) {
    boolean sideways = clockwise % 180 != 0;
    int width = sideways ? image.getHeight() : image.getWidth();
    int height = sideways ? image.getWidth() : image.getHeight();
    BufferedImage turned = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        switch (clockwise % 360) {
          case 90 -> turned.setRGB(width - 1 - y, x, rgb);
          case 180 -> turned.setRGB(width - 1 - x, height - 1 - y, rgb);
          case 270 -> turned.setRGB(y, height - 1 - x, rgb);
          default -> turned.setRGB(x, y, rgb);
        }
      }
    }
    return turned;
  }

  private static int number(BufferedImage image) {
    byte[] luma = new byte[image.getWidth() * image.getHeight()];
    for (int i = 0; i < luma.length; i++) {
      luma[i] = (byte) (image.getRGB(i % image.getWidth(), i / image.getWidth()) >> 8);
    }
    return TestVideo.readFrameNumber(luma, image.getWidth(), image.getHeight());
  }

  private static BufferedImage image(SampledFrame frame) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(frame.jpeg()));
  }

  private static SampledFrame frame(PictureOptions options) throws Exception {
    return sample(VIDEO.file(), options, "keyframes").get(0);
  }

  private static List<SampledFrame> sample(Path file, PictureOptions options, String sampling)
      throws Exception {
    List<SampledFrame> frames = new ArrayList<>();
    JpegSettings settings = JpegSettings.DEFAULTS.with(options);
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS);
        FrameSampler sampler =
            new FrameSampler(source.tracks().get(0), Sampling.parse(sampling), settings)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        sampler.accept(packet, frames::add);
      }
      sampler.finish(frames::add);
      assertThat(sampler.failures()).isZero();
    }
    return frames;
  }
}
