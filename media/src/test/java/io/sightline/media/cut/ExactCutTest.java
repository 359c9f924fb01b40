package io.sightline.media.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import io.sightline.records.ClipIndex;
import io.sightline.records.Rational;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExactCutTest {

  private static final long START = Recording.START;

  @TempDir Path folder;
  private int files;

  static Stream<TestVideo> sources() {
    TestVideo plain = TestVideo.plain().sound();
    return Stream.of(
        plain,
        plain.rate("30000/1001").gop(60).pictures(300),
        plain.rate("60000/1001").gop(25).pictures(300).container(Container.TS));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void exact_atRandomMarks_showsThePicturesAskedForAndNoOthers(TestVideo video) throws Exception {
    assertExact(video, 5);
  }

  @Test
  void exact_ofBPictures_showsThePicturesAskedForAndNoOthers() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    assertExact(TestVideo.plain().sound().codec("libx264", 3).gop(40).pictures(200), 8);
  }

  @Test
  void exact_ofHevc_isEncodedAsAWhole() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    TestVideo video = TestVideo.plain().sound().codec("libx265", 2).gop(40).pictures(160);
    CutResult cut = assertExact(video, 2);
    assertThat(cut.note()).contains("is encoded as a whole: only H.264");
  }

  private CutResult assertExact(TestVideo video, int rounds) throws Exception {
    Recording recording = new Recording("cam").add(video.file());
    Random random = new Random(video.hashCode());
    CutResult cut = null;
    for (int round = 0; round < rounds; round++) {
      long length = Math.round(video.seconds() * 1e6);
      long in = START + (long) (random.nextDouble() * length * 0.8);
      long out = in + 1 + (long) (random.nextDouble() * (START + length - in));
      cut = Cut.exact("clip", recording.chunks(), in, out, recording);
      assertPlays(recording, cut, numbers(video, in, out));
    }
    return cut;
  }

  private static List<Integer> numbers(TestVideo video, long in, long out) {
    Rational rate = video.rate();
    return IntStream.range(0, video.pictures())
        .filter(
            number -> {
              long at =
                  START
                      + Rational.rescale(
                          number,
                          new Rational(rate.denominator(), rate.numerator()),
                          new Rational(1, 1_000_000));
              return at >= in && at < out;
            })
        .boxed()
        .toList();
  }

  private void assertPlays(Recording recording, CutResult cut, List<Integer> expected)
      throws Exception {
    recording.store(cut.objects());
    Path mp4 = mp4(recording, cut.index());
    Path hls = hls(recording, cut.index());
    assertThat(FfmpegProgram.decodesCleanly(mp4)).isEmpty();
    assertThat(FfmpegProgram.decodesCleanly(hls)).isEmpty();
    assertThat(TestVideo.frameNumbers(mp4)).as("MP4; %s", cut.note()).isEqualTo(expected);
    assertThat(TestVideo.frameNumbers(hls)).as("HLS; %s", cut.note()).isEqualTo(expected);
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
