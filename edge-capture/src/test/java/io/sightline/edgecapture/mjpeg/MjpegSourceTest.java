package io.sightline.edgecapture.mjpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sightline.edgecapture.CaptureClock;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.picture.JpegHeader;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MjpegSourceTest {

  private static final List<byte[]> PICTURES = TestPictures.jpegs(5);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration OFTEN = Duration.ofMillis(100);

  private final CameraServer camera = new CameraServer();

  @AfterEach
  void close() {
    camera.close();
  }

  @Test
  void next_multipart_givesTheCamerasOwnBytes() throws Exception {
    camera.pictures("/mjpeg", PICTURES);
    try (PacketSource source = open(camera.url("/mjpeg"))) {
      assertThat(source.tracks()).hasSize(1);
      assertThat(source.tracks().get(0).codec()).isEqualTo("mjpeg");
      assertThat(source.tracks().get(0).width()).isEqualTo(160);
      assertThat(source.container()).isEqualTo("MJPEG over HTTP");
      long last = Long.MIN_VALUE;
      for (byte[] picture : PICTURES) {
        Packet packet = source.next();
        assertThat(bytes(packet)).isEqualTo(picture);
        assertThat(packet.keyframe()).isTrue();
        assertThat(packet.pts()).isGreaterThan(last).isEqualTo(packet.dts());
        last = packet.pts();
      }
    }
    assertThat(camera.asked()).containsExactly("/mjpeg");
  }

  @Test
  void next_connectionEndsProperly_isTheEnd() throws Exception {
    camera.at(
        "/mjpeg",
        request -> {
          var response = CameraServer.begin(request, "\"b\"");
          CameraServer.send(response, CameraServer.parts(PICTURES));
          response.end("--b--\r\n");
        });
    try (PacketSource source = open(camera.url("/mjpeg"))) {
      assertThat(pictures(source, 5)).hasSize(5);
      assertThat(source.next()).isNull();
    }
  }

  @Test
  void next_rawSocketWithLfAlone_givesEveryPicture() throws Exception {
    Buffer answer =
        Buffer.buffer("HTTP/1.0 200 OK\nContent-Type: multipart/x-mixed-replace;boundary=--b\n\n");
    for (byte[] picture : PICTURES) {
      answer
          .appendString("--b\nContent-Type: image/jpeg\n\n")
          .appendBytes(picture)
          .appendString("\n");
    }
    try (RawServer raw = new RawServer(answer);
        PacketSource source = open(raw.url())) {
      List<byte[]> found = pictures(source, 5);
      for (int i = 0; i < 5; i++) {
        assertThat(found.get(i)).isEqualTo(PICTURES.get(i));
      }
    }
  }

  @Test
  void next_damagedPart_costsOnePictureAndIsCounted() throws Exception {
    byte[] cut = java.util.Arrays.copyOf(PICTURES.get(0), 300);
    byte[] huge = PICTURES.get(0).clone();
    tooWide(huge);
    camera.pictures(
        "/mjpeg",
        List.of(cut, PICTURES.get(1), cut, "not a picture".getBytes(), huge, PICTURES.get(2)));
    try (PacketSource source = open(camera.url("/mjpeg"))) {
      List<byte[]> found = pictures(source, 2);
      assertThat(found.get(0)).isEqualTo(PICTURES.get(1));
      assertThat(found.get(1)).isEqualTo(PICTURES.get(2));
      assertThat(source.damaged()).isEqualTo(4);
    }
  }

  @Test
  void open_nothingButDamage_saysSo() {
    byte[] huge = PICTURES.get(0).clone();
    tooWide(huge);
    camera.pictures("/mjpeg", java.util.Collections.nCopies(30, huge));
    MediaException failure = failure(camera.url("/mjpeg"), LONG);
    assertThat(failure.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(failure).hasMessageContaining("too large");
  }

  @Test
  void next_picturesWithoutTables_getTheStandardOnes() throws Exception {
    byte[] bare = TestPictures.withoutTables(PICTURES.get(0));
    camera.pictures("/mjpeg", List.of(bare, bare));
    try (PacketSource source = open(camera.url("/mjpeg"))) {
      for (byte[] found : pictures(source, 2)) {
        assertThat(JpegHeader.read(ByteBuffer.wrap(found)).hasTables()).isTrue();
        assertThat(found.length).isEqualTo(bare.length + 420);
      }
    }
  }

  @Test
  void next_otherSize_endsWithAReason() throws Exception {
    camera.pictures("/mjpeg", List.of(PICTURES.get(0), TestPictures.jpeg(1, 320, 180)));
    try (PacketSource source = open(camera.url("/mjpeg"))) {
      source.next();
      MediaException failure = catchThrowableOfType(MediaException.class, source::next);
      assertThat(failure).hasMessageContaining("320x180 now, no longer of 160x90");
    }
  }

  // ---- Who may look.

  @ParameterizedTest
  @ValueSource(
      strings = {"basic", "MD5", "SHA-256", "SHA-256,MD5", "MD5,SHA-256", "SHA-512-256,MD5"})
  void open_locked_answersTheChallenge(String lock) throws Exception {
    camera.pictures("/mjpeg", PICTURES);
    lock(lock, "/mjpeg");
    try (PacketSource source = open(camera.lockedUrl("/mjpeg?x=%C3%A4&y=1"))) {
      assertThat(pictures(source, 5)).hasSize(5);
    }
    assertThat(camera.asked()).hasSize(2);
  }

  @Test
  void open_lockedForPlainUser_isOpenedWithAnyPassword() throws Exception {
    for (String password : List.of("p@ss", "a:b c", "100%", "\"q\\", "{x}|^`", "pässwörd")) {
      camera.pictures("/mjpeg", PICTURES).digestFor("/mjpeg", "ad min@home", password, "MD5");
      String url = camera.url("/mjpeg").replace("//", "//ad min%40home:" + password + "@");
      try (PacketSource source = open(url)) {
        assertThat(pictures(source, 5)).hasSize(5);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic", "MD5", "SHA-256"})
  void open_wrongPassword_isUnauthorized(String lock) {
    camera.pictures("/mjpeg", PICTURES);
    lock(lock, "/mjpeg");
    for (String who : new String[] {"admin:wr%20ong@", ""}) {
      MediaException failure = failure(camera.url("/mjpeg").replace("//", "//" + who), LONG);
      assertThat(failure.reason()).isEqualTo(Reason.UNAUTHORIZED);
      assertThat(failure.getMessage())
          .doesNotContain("ong")
          .contains(who.isEmpty() ? "wants a user" : "refuses these credentials");
    }
  }

  @Test
  void open_whatIsNotThere_saysWhat() throws Exception {
    camera.status("/forbidden", 403).status("/broken", 503);
    assertThat(failure(camera.url("/none"), LONG).reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(failure(camera.url("/forbidden"), LONG).reason()).isEqualTo(Reason.UNAUTHORIZED);
    assertThat(failure(camera.url("/broken"), LONG).reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure("http://no-such-host.invalid/a", LONG).reason()).isEqualTo(Reason.NOT_FOUND);
    camera.kill();
    MediaException failure = failure(camera.url("/mjpeg?pwd=SECRET"), LONG);
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure.getMessage()).contains("nobody answers").doesNotContain("SECRET");
    camera.comeBack();
  }

  // ---- Where it leads.

  @Test
  void open_redirectToTheSameHost_isFollowedWithCredentials() throws Exception {
    camera.pictures("/mjpeg", PICTURES).basic("/mjpeg").redirect("/old", "/mjpeg");
    try (PacketSource source = open(camera.lockedUrl("/old"))) {
      assertThat(pictures(source, 5)).hasSize(5);
    }
  }

  @Test
  void open_redirectToAnotherHost_getsNoCredentials() throws Exception {
    try (CameraServer other = new CameraServer()) {
      other.pictures("/mjpeg", PICTURES).basic("/mjpeg");
      camera.redirect("/mjpeg", other.url("/mjpeg")).basic("/mjpeg");
      for (String target :
          List.of(other.url("/mjpeg"), other.url("/mjpeg").replace("127.0.0.1", "localhost"))) {
        camera.redirect("/mjpeg", target).basic("/mjpeg");
        assertThat(failure(camera.lockedUrl("/mjpeg"), LONG).reason())
            .isEqualTo(Reason.UNAUTHORIZED);
      }
      assertThat(other.asked()).isNotEmpty();
      assertThat(other.authorizations()).containsOnly("null");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/hostname",
        "ftp://127.0.0.1/a",
        "rtsp://127.0.0.1/a",
        "http:",
        "http://a b/"
      })
  void open_redirectElsewhere_isRefused(String target) {
    camera.redirect("/mjpeg", target);
    MediaException failure = failure(camera.url("/mjpeg"), LONG);
    assertThat(failure.reason()).isEqualTo(Reason.MALFORMED);
    assertThat(failure.getMessage()).contains("leads to").doesNotContain("hostname");
  }

  @Test
  void open_redirectsWithoutEnd_areRefused() {
    camera.redirect("/a", "/b").redirect("/b", "/a");
    for (int i = 0; i < 10; i++) {
      camera.redirect("/" + i, "/" + (i + 1));
    }
    assertThat(failure(camera.url("/a"), LONG)).hasMessageContaining("on and on");
    assertThat(failure(camera.url("/0"), LONG)).hasMessageContaining("on and on");
    assertThat(camera.asked()).hasSizeLessThan(20);
  }

  // ---- How long it may take.

  @Test
  void open_silentServer_timesOut() throws Exception {
    camera.at("/mjpeg", request -> {});
    MediaException failure = failure(camera.url("/mjpeg"), SHORT);
    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failure).hasMessageContaining("did not answer within 0.4 s");
  }

  @Test
  void next_stalled_timesOut() throws Exception {
    camera.pictures("/mjpeg", PICTURES);
    try (PacketSource source = open(camera.url("/mjpeg"), LONG, SHORT, () -> false).get()) {
      pictures(source, 5);
      MediaException failure = catchThrowableOfType(MediaException.class, source::next);
      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure).hasMessageContaining("no whole picture for 0.4 s");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "X: y\r\n", "\r\n"})
  void next_dripWithoutEnd_timesOut(String drip) throws Exception {
    Vertx vertx = Vertx.vertx();
    camera.at(
        "/mjpeg",
        request -> {
          var response = CameraServer.begin(request, "b");
          CameraServer.send(response, CameraServer.parts(PICTURES.subList(0, 1)));
          CameraServer.send(response, "--b\r\nContent-Type: text/plain\r\n".getBytes());
          vertx.setPeriodic(
              5, timer -> CameraServer.send(response, drip.getBytes(StandardCharsets.US_ASCII)));
        });
    try (PacketSource source = open(camera.url("/mjpeg"), LONG, SHORT, () -> false).get()) {
      source.next();
      MediaException failure = catchThrowableOfType(MediaException.class, () -> source.next());
      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void open_headersOfTheAnswerWithoutEnd_isRefused() throws Exception {
    for (String endless : new String[] {"X: " + "y".repeat(100_000), "X: y\r\n".repeat(10_000)}) {
      try (RawServer raw = new RawServer(Buffer.buffer("HTTP/1.1 200 OK\r\n" + endless))) {
        MediaException failure = failure(raw.url(), LONG);
        assertThat(failure.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(failure).hasMessageContaining("headers that are too large");
      }
    }
    try (RawServer raw = new RawServer(Buffer.buffer("no HTTP at all\r\n\r\n".repeat(200)))) {
      assertThat(failure(raw.url(), LONG).reason()).isIn(Reason.MALFORMED, Reason.UNAVAILABLE);
    }
  }

  @Test
  void open_stopped_endsSoon() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    camera.at("/mjpeg", request -> stop.set(true));
    MediaException failure =
        catchThrowableOfType(
            MediaException.class, () -> open(camera.url("/mjpeg"), LONG, LONG, stop::get));
    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failure).hasMessageContaining("interrupted");
  }

  @Test
  void next_stopped_endsSoon() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    camera.pictures("/mjpeg", PICTURES);
    try (PacketSource source = open(camera.url("/mjpeg"), LONG, LONG, stop::get).get()) {
      pictures(source, 5);
      stop.set(true);
      MediaException failure = catchThrowableOfType(MediaException.class, source::next);
      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    }
  }

  // ---- What else answers to HTTP.

  @ParameterizedTest
  @ValueSource(strings = {"application/vnd.apple.mpegurl", "video/mp2t", "text/html", ";;=", ""})
  void open_otherContent_isLeftToOthers(String type) throws Exception {
    camera.at("/x", request -> request.response().putHeader("Content-Type", type).end("#EXTM3U"));
    assertThat(open(camera.url("/x"), LONG, LONG, () -> false)).isEmpty();
  }

  // ---- Snapshots.

  @Test
  void next_snapshotWithETag_isFetchedWhenItHasChanged() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    List<String> conditions = new ArrayList<>();
    camera.at(
        "/snap.jpg",
        request -> {
          int number = asked.getAndIncrement() / 3;
          String tag = "\"p" + number + "\"";
          conditions.add(request.getHeader("If-None-Match"));
          var response = request.response().putHeader("ETag", tag);
          if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
          } else {
            response.putHeader("Content-Type", "image/jpeg").end(jpeg(number));
          }
        });
    lock("SHA-256", "/snap.jpg");
    try (PacketSource source = open(camera.lockedUrl("/snap.jpg"))) {
      List<byte[]> found = pictures(source, 3);
      for (int i = 0; i < 3; i++) {
        assertThat(found.get(i)).isEqualTo(TestPictures.jpeg(i));
      }
      assertThat(source.container()).contains("snapshots").contains("0.1 s");
    }
    assertThat(conditions.subList(0, 5))
        .containsExactly(null, "\"p0\"", "\"p0\"", "\"p0\"", "\"p1\"");
    // One challenge alone: what it said is remembered.
    assertThat(camera.authorizations()).filteredOn("null"::equals).hasSize(1);
  }

  @Test
  void next_snapshotThatSaysNothing_isNotRepeated() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    camera.at(
        "/snap.jpg",
        request ->
            request
                .response()
                .putHeader("Content-Type", "image/jpg; charset=binary")
                .end(jpeg(asked.getAndIncrement() / 4)));
    try (PacketSource source = open(camera.url("/snap.jpg"))) {
      int empty = 0;
      List<byte[]> found = new ArrayList<>();
      while (found.size() < 2) {
        Packet packet = source.next();
        if (packet.size() == 0) {
          empty++;
          assertThat(packet.keyframe()).isFalse();
        } else {
          found.add(bytes(packet));
        }
      }
      assertThat(found.get(1)).isEqualTo(TestPictures.jpeg(1));
      assertThat(empty).isEqualTo(3);
    }
  }

  @Test
  void next_snapshotWithDateAlone_isAskedForByIt() throws Exception {
    String date = "Fri, 27 Nov 2026 10:00:00 GMT";
    AtomicInteger conditional = new AtomicInteger();
    camera.at(
        "/snap.jpg",
        request -> {
          var response = request.response().putHeader("Last-Modified", date);
          if (date.equals(request.getHeader("If-Modified-Since"))) {
            conditional.incrementAndGet();
            response.setStatusCode(304).end();
          } else {
            response.putHeader("Content-Type", "image/jpeg").end(jpeg(0));
          }
        });
    try (PacketSource source =
        MjpegSource.open(
                camera.url("/snap.jpg"),
                Duration.ofSeconds(1),
                LONG,
                LONG,
                CaptureClock.system(),
                () -> false)
            .get()) {
      assertThat(source.next().size()).isPositive();
      assertThat(source.next().size()).isZero();
      assertThat(conditional.get()).isEqualTo(1);
    }
  }

  @Test
  void next_snapshotAskedForSeldom_givesSignsOfLife() throws Exception {
    long[] now = {1_790_000_000_000_000L};
    List<Long> waits = new ArrayList<>();
    CaptureClock clock =
        new CaptureClock() {
          @Override
          public long nowMicros() {
            return now[0];
          }

          @Override
          public void awaitMicros(long micros) {
            waits.add(micros - now[0]);
            now[0] = Math.max(now[0], micros);
          }
        };
    AtomicInteger asked = new AtomicInteger();
    camera.at(
        "/snap.jpg",
        request ->
            request
                .response()
                .putHeader("Content-Type", "image/jpeg")
                .end(jpeg(asked.getAndIncrement())));
    try (PacketSource source =
        MjpegSource.open(
                camera.url("/snap.jpg"), Duration.ofSeconds(12), LONG, LONG, clock, () -> false)
            .get()) {
      long first = source.next().pts();
      assertThat(source.next().size()).isZero();
      assertThat(source.next().size()).isZero();
      Packet second = source.next();
      assertThat(second.size()).isPositive();
      assertThat(second.pts() - first).isBetween(12_000_000L, 12_000_010L);
      assertThat(waits).containsExactly(5_000_000L, 5_000_000L, 2_000_000L);
    }
  }

  @Test
  void next_snapshotThatDiesBetweenTwoRequests_isAskedOnceMore() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    camera.at(
        "/snap.jpg",
        request -> {
          int number = asked.getAndIncrement();
          if (number % 2 == 1) {
            request.connection().close();
            return;
          }
          request.response().putHeader("Content-Type", "image/jpeg").end(jpeg(number));
        });
    try (PacketSource source = open(camera.url("/snap.jpg"))) {
      assertThat(pictures(source, 3).get(2)).isEqualTo(TestPictures.jpeg(4));
    }
  }

  @Test
  void next_snapshotWithoutEnd_timesOut() throws Exception {
    camera.at(
        "/snap.jpg",
        request -> {
          var response =
              request.response().setChunked(true).putHeader("Content-Type", "image/jpeg");
          response.write(Buffer.buffer(new byte[1_000]));
        });
    MediaException failure =
        catchThrowableOfType(
            MediaException.class, () -> open(camera.url("/snap.jpg"), LONG, SHORT, () -> false));
    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
  }

  // ---- Reading.

  private void lock(String lock, String path) {
    if (lock.equals("basic")) {
      camera.basic(path);
    } else {
      camera.digest(path, lock.split(","));
    }
  }

  private static PacketSource open(String url) throws Exception {
    return open(url, LONG, LONG, () -> false).get();
  }

  private static Optional<PacketSource> open(
      String url, Duration open, Duration read, java.util.function.BooleanSupplier stop)
      throws Exception {
    return MjpegSource.open(url, OFTEN, open, read, CaptureClock.system(), stop);
  }

  private static MediaException failure(String url, Duration openTimeout) {
    return catchThrowableOfType(
        MediaException.class, () -> open(url, openTimeout, openTimeout, () -> false));
  }

  private static List<byte[]> pictures(PacketSource source, int count) throws Exception {
    List<byte[]> found = new ArrayList<>();
    while (found.size() < count) {
      Packet packet = source.next();
      if (packet.size() > 0) {
        found.add(bytes(packet));
      }
    }
    return found;
  }

  private static byte[] bytes(Packet packet) {
    byte[] bytes = new byte[packet.size()];
    packet.data().get(bytes);
    return bytes;
  }

  private static Buffer jpeg(int number) {
    return Buffer.buffer(TestPictures.jpeg(number));
  }

  /** Claims to be 50,000 pixels wide. */
  private static void tooWide(byte[] jpeg) {
    for (int i = 0; i + 9 < jpeg.length; i++) {
      if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xc0) {
        ByteBuffer.wrap(jpeg).putShort(i + 7, (short) 50_000);
        return;
      }
    }
  }

  /** Says one thing to whoever connects, whatever is asked, and is silent then. */
  private static final class RawServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final NetServer server;

    RawServer(Buffer answer) throws Exception {
      server =
          vertx
              .createNetServer()
              .connectHandler(socket -> socket.handler(asked -> socket.write(answer)))
              .listen(0, "127.0.0.1")
              .await(10, TimeUnit.SECONDS);
    }

    String url() {
      return "http://127.0.0.1:" + server.actualPort() + "/";
    }

    @Override
    public void close() throws Exception {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }
}
