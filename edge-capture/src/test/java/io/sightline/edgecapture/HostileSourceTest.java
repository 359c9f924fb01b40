package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sightline.edgecapture.HostileServer.Answer;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.CaptureState;
import io.vertx.core.Vertx;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sources that mean no good get nothing, hold nothing up, and are named; the stream beside them
 * goes on.
 */
@Execution(ExecutionMode.CONCURRENT)
class HostileSourceTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  static Stream<Arguments> servers() {
    return Stream.of(
        arguments("redirect to a file", "/live.ts", redirect("file://" + secret())),
        arguments("redirect to a file, short form", "/live.ts", redirect("file:" + secret())),
        arguments("redirect to itself for ever", "/live.ts", redirect("/live.ts")),
        arguments("playlist of local files", "/live.m3u8", playlist("file://" + secret())),
        arguments("playlist of paths", "/live.m3u8", playlist(secret().toString())),
        arguments(
            "playlist through another protocol", "/live.m3u8", playlist("concat:" + secret())),
        arguments("playlist of itself", "/live.m3u8", playlist("live.m3u8")),
        arguments("key in a local file", "/live.m3u8", keyInFile()),
        arguments("playlist without end", "/live.m3u8", endlessPlaylist()),
        arguments("header without end", "/live.ts", endlessHeader()),
        arguments("header line without end", "/live.ts", endlessHeaderLine()),
        arguments("nothing but padding", "/live.ts", padding()),
        arguments("one byte a second", "/live.ts", drip()),
        arguments("a huge picture", "/snapshot.jpg", hugePicture()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("servers")
  void hostileServer_getsNothing_holdsNothingUp_andIsNamed(
      String what, String path, Answer answer, @TempDir Path folder) throws Exception {
    Vertx vertx = Vertx.vertx();
    try (HostileServer server = new HostileServer(answer);
        TestGateway gateway = new TestGateway()) {
      CaptureVerticle capture =
          new CaptureVerticle(
              FaultScene.config(gateway.uri(), folder, TIMEOUT, TIMEOUT),
              CaptureClock.system(),
              Fixtures.QUICK);
      vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
      gateway.assign(
          Fixtures.assignment("hostile", server.url(path)),
          Fixtures.assignment("good", TestVideo.plain().file() + "?loop"));

      Eventually.until("it was asked twice", () -> server.requests().size() >= 2);
      Eventually.until("trouble", () -> status(capture, "hostile").reason() != null);
      Eventually.until("the stream beside it", () -> status(capture, "good").frames() > 20);
      CaptureStatus status = status(capture, "hostile");
      assertThat(status.state()).isIn(CaptureState.RECONNECTING, CaptureState.STARTING);
      assertThat(status.reason()).contains("127.0.0.1:" + server.port());
      assertThat(status.frames()).isZero();
      assertThat(status.chunks()).isZero();
      assertThat(gateway.epochs("hostile")).isEmpty();
      assertThat(gateway.breaches()).isEmpty();
    } finally {
      vertx.close().await(30, TimeUnit.SECONDS);
    }
  }

  private static CaptureStatus status(CaptureVerticle capture, String stream) {
    return capture.statuses().stream()
        .filter(status -> status.stream().equals(stream))
        .findFirst()
        .orElseThrow();
  }

  /** A video on this machine that is nobody's business. */
  private static Path secret() {
    return TestVideo.plain().container(TestVideo.Container.TS).file().toAbsolutePath();
  }

  private static Answer redirect(String target) {
    return (request, out) ->
        write(
            out,
            "HTTP/1.1 302 Found\r\nLocation: "
                + target
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }

  private static Answer playlist(String media) {
    return (request, out) -> {
      HostileServer.header(out, "application/vnd.apple.mpegurl");
      write(out, "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n" + media + "\n");
    };
  }

  private static Answer keyInFile() {
    return (request, out) -> {
      if (request.startsWith("GET /live.m3u8")) {
        HostileServer.header(out, "application/vnd.apple.mpegurl");
        write(
            out,
            "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXT-X-KEY:METHOD=AES-128,URI=\"file://"
                + secret()
                + "\"\n#EXTINF:10,\nmedia.ts\n#EXT-X-ENDLIST\n");
      } else {
        HostileServer.header(out, "video/mp2t");
        out.write(Files.readAllBytes(secret()));
      }
    };
  }

  private static Answer endlessPlaylist() {
    return (request, out) -> {
      HostileServer.header(out, "application/vnd.apple.mpegurl");
      write(out, "#EXTM3U\n#EXT-X-TARGETDURATION:10\n");
      while (true) {
        write(out, "#EXTINF:10,\nhttp://127.0.0.1:9/none.ts\n".repeat(100));
      }
    };
  }

  private static Answer endlessHeader() {
    return (request, out) -> {
      write(out, "HTTP/1.1 200 OK\r\n");
      for (int n = 0; ; n++) {
        write(out, "X-Field-" + n + ": " + "a".repeat(1_000) + "\r\n");
      }
    };
  }

  private static Answer endlessHeaderLine() {
    return (request, out) -> {
      write(out, "HTTP/1.1 200 OK\r\nX-Field: ");
      while (true) {
        write(out, "a".repeat(10_000));
      }
    };
  }

  private static Answer padding() {
    byte[] packet = new byte[188];
    Arrays.fill(packet, (byte) 0xff);
    packet[0] = 0x47;
    packet[1] = 0x1f;
    packet[3] = 0x10;
    return (request, out) -> {
      HostileServer.header(out, "video/mp2t");
      while (true) {
        out.write(packet);
      }
    };
  }

  private static Answer drip() {
    return (request, out) -> {
      HostileServer.header(out, "video/mp2t");
      while (true) {
        out.write(0x47);
        TimeUnit.SECONDS.sleep(1);
      }
    };
  }

  /** A small JPEG that claims to be as large as a JPEG can be (ITU-T T.81, B.2.2). */
  private static Answer hugePicture() {
    byte[] jpeg = {
      (byte) 0xff,
      (byte) 0xd8,
      (byte) 0xff,
      (byte) 0xc0,
      0,
      11,
      8,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      (byte) 0xff,
      1,
      1,
      0x11,
      0,
      (byte) 0xff,
      (byte) 0xda,
      0,
      8,
      1,
      1,
      0,
      0,
      63,
      0,
      0,
      (byte) 0xff,
      (byte) 0xd9
    };
    return (request, out) -> {
      HostileServer.header(out, "image/jpeg");
      out.write(jpeg);
    };
  }

  private static void write(OutputStream out, String text) throws java.io.IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
