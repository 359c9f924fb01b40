package io.sightline.media.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be known without a camera. */
class DeviceTest {

  @Test
  void parse_options_becomeTheDemuxersOwn() {
    DeviceAddress device =
        DeviceAddress.parse(
            "device:/dev/v4l/by-id/usb-Cam_01:a.b?size=1280x720&rate=30&format=mjpeg");

    assertThat(device.path()).isEqualTo("/dev/v4l/by-id/usb-Cam_01:a.b");
    assertThat(device.settings())
        .isEqualTo(Map.of("video_size", "1280x720", "framerate", "30", "input_format", "mjpeg"));
    assertThat(DeviceAddress.parse("device:/dev/video0").settings()).isEmpty();
    assertThat(DeviceAddress.parse("device:/dev/video0?rate=30000/1001").settings())
        .containsEntry("framerate", "30000/1001");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "device:video0",
        "device:/dev/../etc/passwd",
        "device:/dev/",
        "device:/etc/passwd",
        "device:/dev/video0,x",
        "device:lavfi",
        "device:",
        "device:/dev/video0?size=9000x720",
        "device:/dev/video0?size=1280",
        "device:/dev/video0?size=0x0",
        "device:/dev/video0?rate=0",
        "device:/dev/video0?rate=1000",
        "device:/dev/video0?rate=30/0",
        "device:/dev/video0?format=lavfi",
        "device:/dev/video0?size=1x1&size=2x2",
        "device:/dev/video0?size=640x480&size=640x480",
        "device:/dev/video0?channel=1",
        "device:/dev/video0?"
      })
  void parse_whatIsNone_isRefusedWithASentence(String url) {
    assertThatThrownBy(() -> DeviceAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("[A-Z'].{20,}");
    assertThatThrownBy(() -> MediaSource.open(url, SourceOptions.DEFAULTS))
        .isInstanceOf(MediaException.class);
  }

  @Test
  void open_whatIsNoCamera_saysSo() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/null")), "Skipped: devices are of Linux");
    fails("device:/dev/video99", Reason.NOT_FOUND, "There is no device /dev/video99");
    fails("device:/dev/null", Reason.UNSUPPORTED, "/dev/null is no camera");
    fails("device:/dev/shm", Reason.UNSUPPORTED, "/dev/shm is no camera");
  }

  @ParameterizedTest
  @CsvSource({
    "-2, NOT_FOUND, plugged in",
    "-19, NOT_FOUND, plugged in",
    "-13, UNAUTHORIZED, group",
    "-1, UNAUTHORIZED, group",
    "-16, UNAVAILABLE, in use by another program",
    "-25, UNSUPPORTED, is no camera",
    "-22, UNSUPPORTED, does not do what is asked",
    "-5, UNAVAILABLE, cannot be opened"
  })
  void failures_areToldApart(int code, Reason reason, String words) {
    SourceAddress camera =
        new SourceAddress(SourceKind.DEVICE, "device:/dev/video0", "/dev/video0", null);

    MediaException failure = camera.openFailure(code, false, Duration.ofSeconds(5));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.getMessage()).contains("/dev/video0", words).doesNotContain("\n");
  }

  @Test
  void unplugged_isSaidWhileReading() {
    SourceAddress camera =
        new SourceAddress(SourceKind.DEVICE, "device:/dev/video0", "/dev/video0", null);

    MediaException failure =
        camera.readFailure(FfmpegError.NO_DEVICE, false, Duration.ofSeconds(5));

    assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(failure.getMessage()).contains("unplugged");
  }

  @Test
  void otherKinds_reachNoDevice_andDevicesNothingElse() {
    Set<String> devices = new HashSet<>(Set.of("v4l2", "video4linux2", "lavfi", "x11grab"));
    devices.addAll(Set.of("alsa", "pulse", "fbdev", "kmsgrab", "oss"));
    for (SourceKind kind : SourceKind.values()) {
      if (kind == SourceKind.DEVICE) {
        assertThat(kind.formats()).isEqualTo("v4l2");
        assertThat(kind.protocols()).isEqualTo("none");
      } else {
        assertThat(kind.formats().split(",")).doesNotContainAnyElementsOf(devices);
      }
    }
  }

  private static void fails(String url, Reason reason, String words) {
    assertThatThrownBy(() -> MediaSource.open(url, SourceOptions.DEFAULTS))
        .isInstanceOfSatisfying(MediaException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(words);
  }
}
