package io.sightline.launcher.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.launcher.Command;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeCommandTest {

  @TempDir Path folder;

  @Test
  void probe_file_saysWhatWouldBeDoneWithIt() {
    Command.Result result = Command.run(folder, "probe", TestVideo.plain().sound().file());

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("h264 320x180, 25.00 pictures/s")
        .contains("aac 48000 Hz")
        .contains("up to 1.0 s apart")
        .contains("by copy: track 0, 1")
        .contains("of one processor")
        .contains("nothing wrong");
  }

  @Test
  void probe_json_isForPrograms() throws Exception {
    Command.Result result =
        Command.run(folder, "probe", TestVideo.plain().file(), "--json", "--seconds", "3");

    JsonNode report = Json.MAPPER.readTree(result.out());
    assertThat(report.path("tracks").get(0).path("codec").asText()).isEqualTo("h264");
    assertThat(report.path("keyframesApart").asDouble()).isEqualTo(1.0);
    assertThat(report.path("lookedAt").asDouble()).isBetween(2.9, 3.1);
  }

  @Test
  void probe_wrongRequests_areOneSentence() {
    Command.Result missing = Command.run(folder, "probe", "nothere.mp4");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.errors()).singleElement().asString().contains("nothere.mp4");

    Command.Result seconds = Command.run(folder, "probe", "x.mp4", "--seconds", "0");
    assertThat(seconds.exitCode()).isEqualTo(2);
    assertThat(seconds.errors()).singleElement().asString().contains("1 to 600");

    Command.Result password =
        Command.run(folder, "probe", "rtsp://admin:secret@127.0.0.1:1/main", "--json");
    assertThat(password.exitCode()).isEqualTo(2);
    assertThat(password.err() + password.out()).doesNotContain("secret");
  }
}
