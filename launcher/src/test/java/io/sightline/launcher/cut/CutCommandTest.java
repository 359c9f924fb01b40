package io.sightline.launcher.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.launcher.Command;
import io.sightline.launcher.RequestException;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutCommandTest {

  @TempDir Path folder;

  @Test
  void cut_byTimecode_writesAnMp4OfThosePictures() {
    Path film = TestVideo.plain().sound().file();

    Command.Result result =
        Command.run(
            folder, "cut", film, "--from", "00:00:02:10", "--to", "00:00:04:03", "--out", "a.mp4");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("a.mp4: 1.720 s, from 2.400 to 4.120 s of the film");
    assertThat(TestVideo.frameNumbers(folder.resolve("a.mp4")))
        .isEqualTo(IntStream.range(60, 103).boxed().toList());
    assertThat(folder.toFile().list()).containsExactly("a.mp4");

    Command.Result again =
        Command.run(folder, "cut", film, "--from", "1", "--to", "2", "--out", "a.mp4");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.errors()).singleElement().asString().contains("--force replaces it");
  }

  @Test
  void cut_intoAFolder_writesHls() {
    Command.Result result =
        Command.run(
            folder,
            "cut",
            TestVideo.plain().sound().file(),
            "--from",
            "1.5",
            "--to",
            "3",
            "--out",
            "clip");

    assertThat(result.exitCode()).as(result.err()).isZero();
    Path playlist = folder.resolve("clip/master.m3u8");
    assertThat(FfmpegProgram.decodesCleanly(playlist)).isEmpty();
    assertThat(TestVideo.frameNumbers(playlist))
        .isEqualTo(IntStream.range(38, 75).boxed().toList());
  }

  @Test
  void cut_outsideOfTheFilm_saysWhatIsPossibleAndLeavesNothingBehind() throws Exception {
    Command.Result result =
        Command.run(folder, "cut", TestVideo.plain().file(), "--from", "9", "--to", "12");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.errors()).singleElement().asString().contains("10.000 s long");
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, --to must lie after --from",
    "2, 2, nothing is between",
    "-1, 2, takes seconds such as 12.345",
    "x, 2, not 'x'",
    "1e9, 2, takes seconds",
    "0, 00:00:01:25, frames of a timecode are 0 to 24",
    "0, 1:2:3, such as 10:59:59:24",
  })
  void times_thatAreNone_sayWhatWouldBeOne(String from, String to, String reason) {
    assertThatThrownBy(() -> CutTimes.read(TestVideo.plain().file(), from, to))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining(reason);
  }
}
