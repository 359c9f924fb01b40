package io.sightline.media.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.picture.FrameSampler;
import io.sightline.media.picture.JpegSettings;
import io.sightline.media.picture.SampledFrame;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import io.sightline.records.Rational;
import io.sightline.records.Sampling;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NetworkSourceTest {

  private static final SourceOptions PATIENT =
      SourceOptions.DEFAULTS.withTimeouts(Duration.ofMinutes(5), Duration.ofMinutes(5));
  private static final SourceOptions HASTY =
      SourceOptions.DEFAULTS.withTimeouts(Duration.ofMillis(300), Duration.ofMillis(300));

  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void next_ofHttpStream_deliversEveryPicture() throws Exception {
    give("/video.ts", Files.readAllBytes(TestVideo.plain().container(Container.TS).file()));
    try (MediaSource source = MediaSource.open(url("/video.ts"), SourceOptions.DEFAULTS)) {
      assertThat(count(source)).isEqualTo(250);
    }
  }

  @Test
  void next_ofHls_deliversEveryPicture() throws Exception {
    give("/video.ts", Files.readAllBytes(TestVideo.plain().container(Container.TS).file()));
    give(
        "/list.m3u8",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nvideo.ts\n#EXT-X-ENDLIST\n".getBytes());
    try (MediaSource source = MediaSource.open(url("/list.m3u8"), SourceOptions.DEFAULTS)) {
      assertThat(source.container()).isEqualTo("hls");
      assertThat(count(source)).isEqualTo(250);
    }
  }

  @Test
  void next_ofMjpegCamera_isTimedByArrivalAndPassedOn() throws Exception {
    List<byte[]> pictures = new ArrayList<>();
    TestVideo video = TestVideo.plain().pictures(20).codec("mjpeg", 0).container(Container.MOV);
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        byte[] picture = new byte[packet.size()];
        packet.data().get(picture);
        pictures.add(picture);
      }
    }
    server.createContext("/camera", exchange -> sendPictures(exchange, pictures));
    List<SampledFrame> frames = new ArrayList<>();
    try (MediaSource source = MediaSource.open(url("/camera"), SourceOptions.DEFAULTS)) {
      SourceTrack track = source.tracks().get(0);
      assertThat(source.container()).isEqualTo("mpjpeg");
      assertThat(track.timeBase()).isEqualTo(new Rational(1, 1_000_000));
      try (FrameSampler sampler =
          new FrameSampler(track, Sampling.ALL_KEYFRAMES, JpegSettings.DEFAULTS)) {
        for (Packet packet; (packet = source.next()) != null; ) {
          sampler.accept(packet, frames::add);
        }
      }
    }
    assertThat(frames).hasSize(20);
    assertThat(frames).extracting(SampledFrame::pts).isSorted().doesNotHaveDuplicates();
    assertThat(frames.get(7).jpeg()).isEqualTo(pictures.get(7));
  }

  @Test
  void open_playlistThatNamesFiles_opensNone() {
    String file = TestVideo.plain().container(Container.TS).file().toUri().toString();
    for (String target :
        new String[] {file, file.replace("file:///", "file:/"), "concat:" + file}) {
      give(
          "/evil.m3u8",
          ("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n" + target + "\n#EXT-X-ENDLIST\n")
              .getBytes());
      MediaException failure = failure(url("/evil.m3u8"), SourceOptions.DEFAULTS);
      assertThat(failure.reason()).isIn(Reason.MALFORMED, Reason.UNSUPPORTED);
    }
  }

  @Test
  void open_masterThatNamesFiles_opensNone() {
    String file = TestVideo.plain().container(Container.TS).file().toUri().toString();
    give("/evil.m3u8", ("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n" + file + "\n").getBytes());
    assertThat(failure(url("/evil.m3u8"), SourceOptions.DEFAULTS).reason())
        .isEqualTo(Reason.MALFORMED);
  }

  @Test
  void open_unauthorized_saysSoWithoutThePassword() {
    answer("/secret.ts", 401);
    MediaException failure =
        failure(url("/secret.ts?token=hush").replace("//", "//me:hidden@"), SourceOptions.DEFAULTS);
    assertThat(failure.reason()).isEqualTo(Reason.UNAUTHORIZED);
    assertThat(failure).hasMessageContaining("/secret.ts");
    assertThat(failure.getMessage()).doesNotContain("hidden").doesNotContain("hush");
    answer("/forbidden.ts", 403);
    assertThat(failure(url("/forbidden.ts"), SourceOptions.DEFAULTS).reason())
        .isEqualTo(Reason.UNAUTHORIZED);
  }

  @Test
  void open_notFound_saysSo() {
    answer("/none.ts", 404);
    assertThat(failure(url("/none.ts"), SourceOptions.DEFAULTS).reason())
        .isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void open_serverError_isUnavailable() {
    answer("/broken.ts", 500);
    assertThat(failure(url("/broken.ts"), SourceOptions.DEFAULTS).reason())
        .isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void open_webPage_isMalformed() {
    give("/page", "<html><body>Welcome</body></html>".repeat(50).getBytes());
    assertThat(failure(url("/page"), SourceOptions.DEFAULTS).reason()).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void open_unknownHost_isNotFound() {
    MediaException failure = failure("http://no-such-host.invalid/x.ts", SourceOptions.DEFAULTS);
    assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void open_closedPort_isUnavailable() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    MediaException failure = failure("rtsp://127.0.0.1:" + port + "/x", SourceOptions.DEFAULTS);
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void open_silentServer_timesOut() throws Exception {
    try (StallingServer stalling = new StallingServer(new byte[0])) {
      MediaException failure = failure(stalling.url(), HASTY);
      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure).hasMessageContaining("did not answer within 0.3 s");
    }
  }

  @Test
  void next_stalledServer_timesOut() throws Exception {
    byte[] video = Files.readAllBytes(TestVideo.plain().container(Container.TS).file());
    SourceOptions options =
        SourceOptions.DEFAULTS.withTimeouts(Duration.ofSeconds(30), Duration.ofMillis(300));
    try (StallingServer stalling = new StallingServer(video);
        MediaSource source = MediaSource.open(stalling.url(), options)) {
      MediaException failure = catchThrowableOfType(MediaException.class, () -> count(source));
      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure).hasMessageContaining("sent nothing for 0.3 s");
    }
  }

  @Test
  void interrupt_duringStall_endsNextAtOnce() throws Exception {
    byte[] video = Files.readAllBytes(TestVideo.plain().container(Container.TS).file());
    try (StallingServer stalling = new StallingServer(video);
        MediaSource source = MediaSource.open(stalling.url(), PATIENT)) {
      CompletableFuture<MediaException> end =
          CompletableFuture.supplyAsync(
              () -> catchThrowableOfType(MediaException.class, () -> count(source)),
              task -> new Thread(task).start());
      assertThat(stalling.sent.await(30, TimeUnit.SECONDS)).isTrue();
      source.interrupt();
      MediaException failure = end.get(30, TimeUnit.SECONDS);
      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure).hasMessageContaining("interrupted");
    }
  }

  @Test
  void stop_duringOpen_endsIt() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (StallingServer stalling = new StallingServer(new byte[0])) {
      CompletableFuture<MediaException> end =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowableOfType(
                      MediaException.class,
                      () -> MediaSource.open(stalling.url(), PATIENT, stop::get)),
              task -> new Thread(task).start());
      assertThat(stalling.sent.await(30, TimeUnit.SECONDS)).isTrue();
      stop.set(true);
      assertThat(end.get(30, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
    }
  }

  @Test
  void open_rtspWithWrongPassword_isUnauthorized() throws Exception {
    try (RtspRefusal camera = new RtspRefusal("401 Unauthorized")) {
      MediaException failure =
          failure("rtsp://me:wrong@127.0.0.1:" + camera.port() + "/main", SourceOptions.DEFAULTS);
      assertThat(failure.reason()).isEqualTo(Reason.UNAUTHORIZED);
      assertThat(failure.getMessage()).doesNotContain("wrong");
    }
    try (RtspRefusal camera = new RtspRefusal("404 Not Found")) {
      assertThat(
              failure("rtsp://127.0.0.1:" + camera.port() + "/x", SourceOptions.DEFAULTS).reason())
          .isEqualTo(Reason.NOT_FOUND);
    }
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void give(String path, byte[] content) {
    handle(path, 200, content);
  }

  private void answer(String path, int status) {
    handle(path, status, "no".getBytes());
  }

  private void handle(String path, int status, byte[] content) {
    try {
      server.removeContext(path);
    } catch (IllegalArgumentException e) {
      // It was not there yet.
    }
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(status, content.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(content);
          }
        });
  }

  private static void sendPictures(HttpExchange exchange, List<byte[]> pictures)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "multipart/x-mixed-replace; boundary=next");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (byte[] picture : pictures) {
        String header =
            "--next\r\nContent-Type: image/jpeg\r\nContent-Length: " + picture.length + "\r\n\r\n";
        out.write(header.getBytes(StandardCharsets.US_ASCII));
        out.write(picture);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private static MediaException failure(String url, SourceOptions options) {
    return catchThrowableOfType(MediaException.class, () -> MediaSource.open(url, options).close());
  }

  private static int count(MediaSource source) throws MediaException {
    int packets = 0;
    while (source.next() != null) {
      packets++;
    }
    return packets;
  }

  /** Answers each RTSP request with one status. */
  private static final class RtspRefusal implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0);

    RtspRefusal(String status) throws IOException {
      Thread thread = new Thread(() -> serve(status));
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return socket.getLocalPort();
    }

    private void serve(String status) {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept()) {
          BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream()));
          String sequence = "1";
          for (String line; (line = in.readLine()) != null; ) {
            if (line.startsWith("CSeq:")) {
              sequence = line.substring(5).strip();
            } else if (line.isEmpty()) {
              String answer =
                  "RTSP/1.0 "
                      + status
                      + "\r\nCSeq: "
                      + sequence
                      + "\r\nWWW-Authenticate: Basic realm=\"cam\"\r\n\r\n";
              client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
          }
        } catch (IOException e) {
          // The client went away, or the test is over.
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Sends the beginning of an endless answer and then nothing more. */
  private static final class StallingServer implements AutoCloseable {

    final CountDownLatch sent = new CountDownLatch(1);
    private final ServerSocket socket = new ServerSocket(0);
    private volatile Socket client;

    StallingServer(byte[] content) throws IOException {
      Thread thread = new Thread(() -> serve(content));
      thread.setDaemon(true);
      thread.start();
    }

    String url() {
      return "http://127.0.0.1:" + socket.getLocalPort() + "/live.ts";
    }

    private void serve(byte[] content) {
      try {
        client = socket.accept();
        client.getInputStream().read(new byte[4096]);
        if (content.length > 0) {
          String header = "HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\n\r\n";
          client.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
          client.getOutputStream().write(content);
          client.getOutputStream().flush();
        }
        sent.countDown();
      } catch (IOException e) {
        // The test is over.
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
      if (client != null) {
        client.close();
      }
    }
  }
}
