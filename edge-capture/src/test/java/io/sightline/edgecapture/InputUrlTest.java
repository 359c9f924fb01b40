package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputUrlTest {

  private static final Path FOLDER = Path.of("/data").toAbsolutePath();

  @ParameterizedTest
  @CsvSource({
    "a.mp4, /data/a.mp4",
    "clips/../a b.mp4, /data/a b.mp4",
    "/media/a.mp4, /media/a.mp4",
    "file:a.mp4, /data/a.mp4",
    "file:/media/a.mp4, /media/a.mp4",
    "file:///media/a%20b%3F.mp4, /media/a b?.mp4"
  })
  void parse_file_isFoundFromTheWorkingDirectory(String url, String path) {
    InputUrl input = InputUrl.parse(url, FOLDER);

    assertThat(input.file()).isEqualTo(Path.of(path));
    assertThat(input.live()).isFalse();
  }

  @Test
  void parse_options_makeAFileLive() {
    assertThat(InputUrl.parse("a.mp4?realtime", FOLDER))
        .matches(InputUrl::live)
        .matches(InputUrl::realtime)
        .matches(input -> !input.loop());
    assertThat(InputUrl.parse("a.mp4?loop", FOLDER))
        .matches(InputUrl::live)
        .matches(InputUrl::realtime)
        .matches(InputUrl::loop);
    assertThat(InputUrl.parse("file:a.mp4?realtime&loop", FOLDER)).matches(InputUrl::loop);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.mp4?", "a.mp4?fast", "a.mp4?loop=2", "a.mp4?loop&", "a.mp4?Realtime"})
  void parse_unknownOption_saysWhichThereAre(String url) {
    assertThatThrownBy(() -> InputUrl.parse(url, FOLDER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown option")
        .hasMessageContaining("?realtime and ?loop");
  }

  @Test
  void parse_watch_isLive_andIsNotPlayed() {
    assertThat(InputUrl.parse("file:in?watch", FOLDER))
        .matches(InputUrl::watch)
        .matches(InputUrl::live)
        .matches(input -> !input.realtime());
    assertThatThrownBy(() -> InputUrl.parse("in?watch&loop", FOLDER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not both");
  }

  @Test
  void parse_device_isLive_andItsOptionsAreChecked() {
    InputUrl input = InputUrl.parse("device:/dev/video0?size=1280x720&rate=30", FOLDER);

    assertThat(input.live()).isTrue();
    assertThat(input.file()).isNull();
    assertThat(input.toString()).isEqualTo("device:/dev/video0");
    assertThatThrownBy(() -> InputUrl.parse("device:/dev/video0?size=big", FOLDER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1280x720");
  }

  @Test
  void parse_network_keepsItsQueryAndHidesItsPassword() {
    InputUrl input = InputUrl.parse("rtsp://user:p@ss?w@10.0.0.7/main?channel=1", FOLDER);

    assertThat(input.live()).isTrue();
    assertThat(input.url()).endsWith("?channel=1");
    assertThat(input.toString()).doesNotContain("p@ss");
  }

  @Test
  void parse_cloud_isLive_isOpenedByItsKind_andItsOptionsAreNotShown() {
    InputUrl stream = InputUrl.parse("kvs://lobby?region=eu-west-1", FOLDER);
    InputUrl bucket = InputUrl.parse("s3://my-video/live/?region=eu-west-1", FOLDER);

    assertThat(stream).matches(InputUrl::live).matches(input -> !input.inPieces());
    assertThat(stream.kind().scheme()).isEqualTo("kvs");
    assertThat(stream).hasToString("kvs://lobby");
    assertThat(bucket).matches(InputUrl::live).matches(InputUrl::inPieces);
    assertThat(bucket).hasToString("s3://my-video/live/");
    assertThatThrownBy(() -> InputUrl.parse("s3://my-video/live/?queue=video", FOLDER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("given by its URL");
  }

  @Test
  void parse_otherKind_saysWhichThereAre() {
    assertThatThrownBy(() -> InputUrl.parse("ftp://host/a.mp4", FOLDER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'ftp:'")
        .hasMessageContaining("files, folders, device")
        .hasMessageContaining("kvs")
        .hasMessageContaining("rtsp");
  }
}
