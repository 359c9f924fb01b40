package io.sightline.media.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SRT with its options, from the bundled ffmpeg. */
@Execution(ExecutionMode.CONCURRENT)
class SrtSourceTest {

  private static final SourceOptions OPTIONS =
      SourceOptions.DEFAULTS.withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(20));

  private static final String SECRET = "twelve-letters-and-more";

  @ParameterizedTest
  @CsvSource({
    "mode=listener, mode=caller&connect_timeout=30000",
    "mode=caller, mode=listener",
    "mode=caller&streamid=court-1, mode=listener",
    "mode=listener&latency=300000, mode=caller&latency=100000&connect_timeout=30000",
    "mode=listener&passphrase=twelve-letters-and-more, mode=caller&passphrase=twelve-letters-and-more&connect_timeout=30000",
    "mode=caller&passphrase=twelve-letters-and-more&pbkeylen=32,"
        + "mode=listener&passphrase=twelve-letters-and-more&pbkeylen=32"
  })
  void open_withOptions_givesThePicturesThatAreSent(String ours, String theirs) throws Exception {
    int port = freePort();
    String url = "srt://127.0.0.1:" + port + "?";
    try (FfmpegProgram.Running sender = send(url + theirs);
        MediaSource source = open(url + ours)) {
      assertThat(source.tracks().get(0).codec()).isEqualTo("h264");
      List<Packet> pictures = new ArrayList<>();
      while (pictures.size() < 50) {
        Packet packet = source.next();
        assertThat(packet).isNotNull();
        pictures.add(packet.copy());
      }
      for (int n = 1; n < pictures.size(); n++) {
        // 25 pictures a second on the clock of MPEG-TS.
        assertThat(pictures.get(n).pts() - pictures.get(n - 1).pts()).isEqualTo(3_600);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "&passphrase=another-passphrase-is-right, Incorrect passphrase",
    "'', Password required or unexpected"
  })
  void open_wrongPassphrase_isToldFromAnAbsentEncoder(String theirs, String why) throws Exception {
    int port = freePort();
    String url = "srt://127.0.0.1:" + port + "?mode=";
    String ours = url + "caller&passphrase=" + SECRET;

    MediaException absent = failure(ours);
    assertThat(absent.reason()).isNotEqualTo(Reason.UNAUTHORIZED);

    try (FfmpegProgram.Running sender = send(url + "listener" + theirs)) {
      MediaException refused = absent;
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (refused.reason() == absent.reason() && System.nanoTime() < end) {
        refused = failure(ours);
      }
      assertThat(refused.reason()).isEqualTo(Reason.UNAUTHORIZED);
      assertThat(refused).hasMessage("srt://127.0.0.1:" + port + " refuses: " + why);
    }
  }

  private static MediaException failure(String url) {
    return catchThrowableOfType(MediaException.class, () -> MediaSource.open(url, OPTIONS).close());
  }

  /** The other end may not be there yet: a caller is refused then. */
  private static MediaSource open(String url) throws MediaException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      try {
        return MediaSource.open(url, OPTIONS);
      } catch (MediaException e) {
        if (!e.getMessage().contains("Input/output error") || System.nanoTime() > end) {
          throw e;
        }
      }
    }
  }

  private static FfmpegProgram.Running send(String url) {
    String film = TestVideo.plain().container(Container.TS).file().toString();
    return FfmpegProgram.start(
        List.of("-re", "-stream_loop", "-1", "-i", film, "-c", "copy", "-f", "mpegts", url));
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
