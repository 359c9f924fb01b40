package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.testing.TestVideo;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceCheckTest {

  @TempDir Path folder;

  @Test
  void open_video_tellsDurationTracksAndStart() throws Exception {
    SourceCheck check =
        SourceCheck.open(TestVideo.plain().sound("aac", 1).file().toString(), folder, true);

    assertThat(check.live()).isFalse();
    assertThat(check.hasPictures()).isTrue();
    assertThat(check.tracks()).hasSize(2);
    assertThat(check.durationMicros()).isBetween(10_000_000L, 10_100_000L);
    assertThat(check.startMicros()).isPositive();
    assertThat(check.note()).isNull();
  }

  @Test
  void open_whatCannotWork_saysWhyInOneSentence() throws Exception {
    Files.writeString(folder.resolve("text.mp4"), "This is no video.\n".repeat(100));
    Files.createFile(folder.resolve("empty.mp4"));
    byte[] video =
        Files.readAllBytes(TestVideo.plain().container(TestVideo.Container.MP4_INDEX_LAST).file());
    Files.write(folder.resolve("half.mp4"), java.util.Arrays.copyOf(video, video.length / 2));

    refuses("gone.mp4", MediaException.Reason.NOT_FOUND);
    refuses("text.mp4", MediaException.Reason.MALFORMED);
    refuses("empty.mp4", MediaException.Reason.MALFORMED);
    refuses("half.mp4", MediaException.Reason.INCOMPLETE);
    refuses("text.mp4?fast", MediaException.Reason.UNSUPPORTED);
    refuses("ftp://host/a.mp4", MediaException.Reason.UNSUPPORTED);
  }

  private void refuses(String url, MediaException.Reason reason) {
    assertThatThrownBy(() -> SourceCheck.open(url, folder, true))
        .isInstanceOfSatisfying(MediaException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("\n"));
  }
}
