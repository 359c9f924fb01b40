package io.sightline.media.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestVideoTest {

  private static final List<Integer> ALL =
      IntStream.range(0, 60).boxed().collect(Collectors.toList());

  @ParameterizedTest
  @EnumSource(TestVideo.Container.class)
  void file_ofEachContainer_holdsEveryPictureAndDecodesCleanly(TestVideo.Container container) {
    TestVideo video = TestVideo.plain().pictures(60).container(container).sound();

    assertThat(FfmpegProgram.decodesCleanly(video.file())).isEmpty();
    assertThat(TestVideo.frameNumbers(video.file())).isEqualTo(ALL);
  }

  @Test
  void file_withBPictures_holdsEveryPicture() {
    TestVideo video = TestVideo.plain().pictures(60).codec("mpeg4", 2);

    assertThat(TestVideo.frameNumbers(video.file())).isEqualTo(ALL);
  }

  @Test
  void file_ofMjpeg_holdsEveryPicture() {
    TestVideo video =
        TestVideo.plain().pictures(60).codec("mjpeg", 0).container(TestVideo.Container.AVI);

    assertThat(TestVideo.frameNumbers(video.file())).isEqualTo(ALL);
  }

  @Test
  void decodesCleanly_ofGarbage_saysWhatIsWrong() {
    assertThat(FfmpegProgram.decodesCleanly("/dev/null")).isNotEmpty();
  }
}
