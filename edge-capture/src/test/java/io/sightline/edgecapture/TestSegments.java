package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an encoder writes: transport streams of two seconds. */
final class TestSegments {

  private final Path folder;

  /**
   * @param folder that they are made in
   * @param count how many
   * @param options of FFmpeg's for all of them
   */
  TestSegments(Path folder, int count, String... options) {
    this.folder = folder;
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "-i",
            TestVideo.plain()
                .pictures(50 * count)
                .sound()
                .container(TestVideo.Container.TS)
                .file()
                .toString(),
            "-c",
            "copy"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-f", "segment", "-segment_time", "2", "-segment_format", "mpegts"));
    arguments.add(folder.resolve("seg%d.ts").toString());
    assertThat(FfmpegProgram.ffmpeg(arguments).exitCode()).isZero();
    assertThat(file(count - 1)).exists();
    assertThat(file(count)).doesNotExist();
  }

  Path file(int number) {
    return folder.resolve("seg" + number + ".ts");
  }
}
