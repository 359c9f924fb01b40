package io.sightline.replay.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishPlaceTest {

  @TempDir Path folder;

  @Test
  void address_withoutOne_isThePath() {
    assertThat(new PublishPlace("web", null).address("a/master.m3u8")).isEqualTo("a/master.m3u8");
    assertThat(new PublishPlace("web", "https://v.example/r").address("a/master.m3u8"))
        .isEqualTo("https://v.example/r/a/master.m3u8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3:/videos",
        "s3://Videos",
        "s3://v",
        "s3://videos?region=europe",
        "s3://videos/a?key=b",
        "s3://videos/a b",
        "https://video.example/replays",
        "file:///srv/web",
      })
  void to_thatIsNeitherFolderNorBucket_isRefused(String to) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PublishPlace(to, null))
        .withMessageContaining("s3://videos/replays?region=eu-west-1")
        .withMessageContaining(to);
  }

  @ParameterizedTest
  @ValueSource(strings = {"video.example", "ftp://video.example", "https:///x", "https://v/?a=b"})
  void url_thatIsNoAddress_isRefused(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PublishPlace("web", url))
        .withMessageContaining("https://video.example/replays")
        .withMessageContaining(url);
  }

  @Test
  void to_missing_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PublishPlace(null, null));
    assertThatIllegalArgumentException().isThrownBy(() -> new PublishPlace(" ", null));
  }

  @Test
  void open_belowAFile_saysThatItCannotWrite() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> new PublishPlace(file.resolve("web").toString(), null).open())
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("cannot be published to");
  }
}
