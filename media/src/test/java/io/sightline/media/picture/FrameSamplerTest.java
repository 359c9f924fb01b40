package io.sightline.media.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import io.sightline.records.Rational;
import io.sightline.records.Sampling;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSamplerTest {

  private static final TestVideo VIDEO = TestVideo.plain().pictures(100);

  @Test
  void keyframes_takesEveryKeyframe() throws Exception {
    assertThat(numbers(VIDEO, "keyframes")).containsExactly(0, 25, 50, 75);
  }

  @ParameterizedTest
  @CsvSource({"5/s, 5", "1/s, 25", "2.5/s, 10", "25/s, 1", "0.5/s, 50"})
  void rate_at25_takesTheFirstPictureOfEachInstant(String sampling, int step) throws Exception {
    List<Integer> expected = multiples(step, 100);
    assertThat(numbers(VIDEO, sampling)).isEqualTo(expected);
  }

  @Test
  void rate_thatIsNoFractionOfThePictures_takesTheFirstPictureAtOrAfter() throws Exception {
    // Instants 0, 1/3, 2/3, ... at 25 pictures a second: 8.33 becomes 9, 16.67 becomes 17.
    List<Integer> expected =
        IntStream.range(0, 12)
            .map(k -> (int) Math.ceil(k * 25 / 3.0))
            .boxed()
            .collect(Collectors.toList());
    assertThat(numbers(VIDEO, "3/s")).isEqualTo(expected);
  }

  @Test
  void rate_at2997_takesTheFirstPictureAtOrAfter() throws Exception {
    TestVideo video = VIDEO.rate("30000/1001").gop(60).pictures(120);
    List<Integer> expected =
        IntStream.range(0, 21)
            .map(k -> (int) Math.ceil(k * 30_000 / 1_001.0 / 5 - 1e-9))
            .boxed()
            .filter(number -> number < 120)
            .collect(Collectors.toList());
    assertThat(numbers(video, "5/s")).isEqualTo(expected);
    assertThat(numbers(video.container(Container.MKV), "keyframes")).containsExactly(0, 60);
  }

  @Test
  void rate_belowTheKeyframes_takesKeyframesAlone() throws Exception {
    TestVideo video = VIDEO.gop(10);
    // 1/s wants 0, 25, 50, 75; keyframes are at 0, 10, 20, ...
    assertThat(numbers(video, "1/s")).containsExactly(0, 30, 50, 80);
  }

  @ParameterizedTest
  @CsvSource({"every 1 frame, 1", "every 7 frames, 7", "every 30 frames, 30"})
  void every_countsPictures(String sampling, int step) throws Exception {
    assertThat(numbers(VIDEO, sampling)).isEqualTo(multiples(step, 100));
    assertThat(numbers(VIDEO.rate("30000/1001"), sampling)).isEqualTo(multiples(step, 100));
  }

  @ParameterizedTest
  @CsvSource({"mpeg4, MP4_INDEX_FIRST", "mpeg4, MKV", "mpeg2video, TS", "mpeg4, AVI"})
  void reorderedPictures_areTakenInOrderOfShow(String codec, Container container) throws Exception {
    TestVideo video = VIDEO.codec(codec, 2).container(container);
    assertThat(numbers(video, "5/s")).isEqualTo(multiples(5, 100));
    assertThat(numbers(video, "every 7 frames")).isEqualTo(multiples(7, 100));
    assertThat(numbers(video, "every 1 frame")).isEqualTo(multiples(1, 100));
    assertThat(numbers(video, "keyframes")).contains(0).hasSizeBetween(4, 5);
  }

  @ParameterizedTest
  @CsvSource({"libsvtav1, MKV", "libvpx-vp9, MKV", "libaom-av1, MP4_INDEX_FIRST"})
  void otherCodecs_giveTheSamePictures(String codec, Container container) throws Exception {
    TestVideo video = VIDEO.codec(codec, 0).container(container).pictures(30);
    assertThat(numbers(video, "5/s")).isEqualTo(multiples(5, 30));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 160})
  void interlacedPictures_areTakenAsOthers(int maxWidth, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("interlaced.ts");
    List<String> arguments =
        List.of(
            ("-vf setfield=tff -c:v mpeg2video -flags +ildct+ilme -g 25 -q:v 3 " + file)
                .split(" "));
    List<String> all = new ArrayList<>(List.of("-i", VIDEO.file().toString()));
    all.addAll(arguments);
    FfmpegProgram.make(all, out -> {});

    List<SampledFrame> frames = sample(file, "5/s", new JpegSettings(5, maxWidth), 1);

    assertThat(frames.stream().map(frame -> TestVideo.readFrameNumber(frame.jpeg())).toList())
        .isEqualTo(multiples(5, 100));
  }

  @Test
  void transportStream_givesTheSamePictures() throws Exception {
    assertThat(numbers(VIDEO.container(Container.TS).sound(), "5/s")).isEqualTo(multiples(5, 100));
  }

  @Test
  void sameFile_givesTheSameBytesWithAnyNumberOfThreads() throws Exception {
    TestVideo video = VIDEO.codec("mpeg4", 2);
    List<SampledFrame> one = sample(video.file(), "5/s", JpegSettings.DEFAULTS, 1);
    List<SampledFrame> again = sample(video.file(), "5/s", JpegSettings.DEFAULTS, 1);
    List<SampledFrame> three = sample(video.file(), "5/s", JpegSettings.DEFAULTS, 3);

    assertThat(bytes(again)).isEqualTo(bytes(one));
    assertThat(bytes(three)).isEqualTo(bytes(one));
  }

  @Test
  void mjpeg_isPassedOnByteForByte() throws Exception {
    TestVideo video = VIDEO.codec("mjpeg", 0).container(Container.MOV);
    List<String> packets = new ArrayList<>();
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        byte[] data = new byte[packet.size()];
        packet.data().get(data);
        packets.add(Arrays.toString(data));
      }
    }
    assertThat(bytes(sample(video.file(), "every 1 frame", JpegSettings.DEFAULTS, 1)))
        .isEqualTo(packets);
    assertThat(numbers(video, "5/s")).isEqualTo(multiples(5, 100));
    assertThat(numbers(video, "keyframes")).hasSize(100);
  }

  @Test
  void mjpeg_thatIsTurnedOrResized_isEncodedAnew() throws Exception {
    TestVideo video = VIDEO.codec("mjpeg", 0).container(Container.MOV);
    List<SampledFrame> small =
        sample(video.file(), "1/s", JpegSettings.DEFAULTS.withMaxWidth(160), 1);
    assertThat(small).allMatch(frame -> frame.width() == 160 && frame.height() == 90);
    assertThat(TestVideo.readFrameNumber(small.get(1).jpeg())).isEqualTo(25);
  }

  @ParameterizedTest
  @CsvSource({"90", "180", "270"})
  void turnedVideo_isUpright(int rotation) throws Exception {
    TestVideo video = VIDEO.rotation(rotation).pictures(30);
    List<SampledFrame> frames = sample(video.file(), "5/s", JpegSettings.DEFAULTS, 1);
    assertThat(frames).allMatch(frame -> frame.width() == 320 && frame.height() == 180);
    assertThat(frameNumbers(frames)).isEqualTo(multiples(5, 30));
  }

  @Test
  void frame_hasTheColoursOfThePlayer() throws Exception {
    // Limited range 200 is 214 of 255; the red part of the box has Cr 210.
    TestVideo video = VIDEO.boxes(new TestVideo.Interval(0, 4));
    byte[] jpeg = sample(video.file(), "keyframes", JpegSettings.DEFAULTS, 1).get(0).jpeg();
    int rgb = ImageIO.read(new ByteArrayInputStream(jpeg)).getRGB(25, 120);
    assertThat(rgb >> 16 & 0xff).isGreaterThan(248);
    assertThat(rgb >> 8 & 0xff).isBetween(135, 165);
    assertThat(rgb & 0xff).isBetween(200, 226);
  }

  @Test
  void frameOfHighDefinition_hasTheColoursOfThePlayer() throws Exception {
    // By the matrix of BT.709, which players take for such sizes, the same red has more green.
    TestVideo video = VIDEO.size(1280, 720).pictures(2).boxes(new TestVideo.Interval(0, 4));
    byte[] jpeg = sample(video.file(), "keyframes", JpegSettings.DEFAULTS, 1).get(0).jpeg();
    int rgb = ImageIO.read(new ByteArrayInputStream(jpeg)).getRGB(100, 480);
    assertThat(rgb >> 16 & 0xff).isGreaterThan(248);
    assertThat(rgb >> 8 & 0xff).isBetween(164, 180);
    assertThat(rgb & 0xff).isBetween(200, 226);
  }

  @Test
  void nonSquarePixels_areMadeSquare() throws Exception {
    try (MediaSource source = MediaSource.open(VIDEO.file().toString(), SourceOptions.DEFAULTS)) {
      SourceTrack track = source.tracks().get(0);
      SourceTrack wide =
          new SourceTrack(
              track.index(),
              track.kind(),
              track.codec(),
              track.timeBase(),
              track.width(),
              track.height(),
              track.frameRate(),
              new Rational(4, 3),
              0,
              0,
              0,
              null,
              track.parameters());
      List<SampledFrame> frames = new ArrayList<>();
      try (FrameSampler sampler =
          new FrameSampler(wide, Sampling.ALL_KEYFRAMES, JpegSettings.DEFAULTS)) {
        sampler.accept(source.next(), frames::add);
      }
      assertThat(frames).hasSize(1);
      assertThat(frames.get(0).width()).isEqualTo(427);
      assertThat(frames.get(0).height()).isEqualTo(180);
      assertThat(TestVideo.readFrameNumber(frames.get(0).jpeg())).isZero();
    }
  }

  @Test
  void frames_comeWithThePacketThatCompletesThem() throws Exception {
    int given = 0;
    try (MediaSource source = MediaSource.open(VIDEO.file().toString(), SourceOptions.DEFAULTS);
        FrameSampler sampler =
            new FrameSampler(
                source.tracks().get(0), Sampling.parse("5/s"), JpegSettings.DEFAULTS)) {
      List<SampledFrame> frames = new ArrayList<>();
      for (Packet packet; (packet = source.next()) != null; given++) {
        sampler.accept(packet, frames::add);
        assertThat(frames).hasSize(given / 5 + 1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void reorderedH264_framesComeWithTheirOwnPacket(int bPictures) throws Exception {
    FfmpegProgram.assumeSystemProgram();
    TestVideo video = VIDEO.codec("libx264", bPictures).pictures(200);
    List<Integer> late = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS);
        FrameSampler sampler =
            new FrameSampler(
                source.tracks().get(0), Sampling.parse("5/s"), JpegSettings.DEFAULTS)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        long arrived = packet.pts();
        sampler.accept(
            packet,
            frame -> {
              int number = TestVideo.readFrameNumber(frame.jpeg());
              numbers.add(number);
              if (frame.pts() != arrived) {
                late.add(number);
              }
            });
      }
      sampler.finish(frame -> numbers.add(TestVideo.readFrameNumber(frame.jpeg())));
      assertThat(sampler.failures()).isZero();
    }
    assertThat(numbers).isEqualTo(multiples(5, 200));
    // How far apart pictures are must be learned first.
    assertThat(late).allMatch(number -> number < 15);
  }

  @ParameterizedTest
  @CsvSource({"libx264, 3, 3/s", "libx264, 2, 10/s", "libx264, 2, 25/s", "libx265, 3, 5/s"})
  void reorderedPictures_releasedEarly_loseNothing(String codec, int bPictures, String sampling)
      throws Exception {
    FfmpegProgram.assumeSystemProgram();
    TestVideo video = VIDEO.codec(codec, bPictures).pictures(200);
    double perSecond = Double.parseDouble(sampling.replace("/s", ""));
    List<Integer> expected = new ArrayList<>();
    for (int k = 0; Math.ceil(k * 25 / perSecond - 1e-9) < 200; k++) {
      expected.add((int) Math.ceil(k * 25 / perSecond - 1e-9));
    }
    assertThat(numbers(video, sampling)).isEqualTo(expected);
  }

  @Test
  void damagedPackets_areLeftOutUpToTheNextKeyframe() throws Exception {
    List<SampledFrame> frames = new ArrayList<>();
    try (MediaSource source = MediaSource.open(VIDEO.file().toString(), SourceOptions.DEFAULTS);
        FrameSampler sampler =
            new FrameSampler(
                source.tracks().get(0), Sampling.parse("5/s"), JpegSettings.DEFAULTS)) {
      int number = 0;
      for (Packet packet; (packet = source.next()) != null; number++) {
        boolean damaged = number == 32;
        sampler.accept(damaged ? garbage(packet) : packet, frames::add);
      }
      sampler.finish(frames::add);
      assertThat(sampler.failures()).isPositive();
    }
    List<Integer> numbers = frameNumbers(frames);
    assertThat(numbers).contains(0, 5, 10, 15, 20, 25, 30, 50, 55, 60, 95);
    assertThat(numbers).doesNotContain(35, 40, 45);
  }

  private static Packet garbage(Packet packet) {
    byte[] bytes = new byte[packet.size()];
    Arrays.fill(bytes, (byte) 0x55);
    return Packet.of(
        packet.track(),
        packet.pts(),
        packet.dts(),
        packet.duration(),
        packet.keyframe(),
        java.nio.ByteBuffer.wrap(bytes));
  }

  private static List<Integer> numbers(TestVideo video, String sampling) throws Exception {
    List<SampledFrame> frames = sample(video.file(), sampling, JpegSettings.DEFAULTS, 1);
    assertThat(frames)
        .allMatch(frame -> frame.width() == video.width() && frame.height() == video.height());
    return frameNumbers(frames);
  }

  private static List<Integer> frameNumbers(List<SampledFrame> frames) {
    return frames.stream()
        .map(frame -> TestVideo.readFrameNumber(frame.jpeg()))
        .collect(Collectors.toList());
  }

  private static List<String> bytes(List<SampledFrame> frames) {
    return frames.stream().map(frame -> Arrays.toString(frame.jpeg())).collect(Collectors.toList());
  }

  private static List<Integer> multiples(int step, int end) {
    return IntStream.iterate(0, i -> i < end, i -> i + step).boxed().collect(Collectors.toList());
  }

  private static List<SampledFrame> sample(
      Path file, String sampling, JpegSettings settings, int threads) throws Exception {
    List<SampledFrame> frames = new ArrayList<>();
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS);
        FrameSampler sampler =
            new FrameSampler(source.tracks().get(0), Sampling.parse(sampling), settings, threads)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        sampler.accept(packet, frames::add);
      }
      sampler.finish(frames::add);
    }
    return frames;
  }
}
