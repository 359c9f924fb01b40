package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.edgecapture.mjpeg.CameraServer;
import io.sightline.edgecapture.mjpeg.TestPictures;
import io.sightline.media.MediaException;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.CaptureState;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.InputSpec;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cameras that send JPEG over HTTP, through the whole agent. */
class MjpegCaptureTest {

  private static final List<byte[]> PICTURES = TestPictures.jpegs(40);

  @TempDir Path folder;
  private Vertx vertx;
  private TestGateway gateway;
  private CaptureVerticle capture;
  private CameraServer camera;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    gateway = new TestGateway();
    camera = new CameraServer();
    capture =
        new CaptureVerticle(gateway.config().in(folder), CaptureClock.system(), Fixtures.QUICK);
    vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    camera.close();
    gateway.close();
    assertThat(gateway.breaches()).isEmpty();
  }

  @Test
  void camera_framesAreItsOwnBytes_inOrder_atTheirArrival() throws Exception {
    camera.endless("/mjpeg", PICTURES, 10).digest("/mjpeg", "SHA-256");
    assign("every 1 frames", InputSpec.of(camera.lockedUrl("/mjpeg")));

    Eventually.until("frames", () -> frames(0).size() >= 60);

    List<TestGateway.Received> frames = frames(0);
    for (int i = 0; i < 60; i++) {
      assertThat(frames.get(i).payload()).isEqualTo(PICTURES.get(i % PICTURES.size()));
      FrameInfo info = (FrameInfo) frames.get(i).item();
      assertThat(info.width()).isEqualTo(160);
      assertThat(Math.abs(info.capturedMicros() - info.positionMicros())).isLessThan(500_000);
    }
    TestGateway.Epoch epoch = gateway.epochs("a").get(0);
    Eventually.until("recorded", () -> !gateway.read(() -> epoch.of(ChunkInfo.class)).isEmpty());
    assertThat(status().note()).contains("encoded").contains("MJPEG to H.264");
    assertThat(status().damagedPictures()).isZero();
    assertThat(gateway.epochs("a")).hasSize(1);
  }

  @Test
  void camera_killedAndRestarted_isANewEpoch() throws Exception {
    camera.endless("/mjpeg", PICTURES, 10);
    assign("every 1 frames", InputSpec.of(camera.url("/mjpeg")));
    Eventually.until("frames", () -> frames(0).size() >= 10);

    camera.kill();
    Eventually.until("noticed", () -> status().state() == CaptureState.RECONNECTING);
    camera.comeBack();

    Eventually.until("frames again", () -> frames(1).size() >= 10);
    assertThat(gateway.epochs("a").get(1).startMicros)
        .isGreaterThanOrEqualTo(gateway.epochs("a").get(0).end().positionMicros());
    assertThat(frames(1).get(0).payload()).isEqualTo(PICTURES.get(0));
  }

  @Test
  void camera_changesItsResolution_isANewEpoch() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    byte[] large = TestPictures.jpeg(3, 320, 180);
    camera.at(
        "/mjpeg",
        request -> {
          boolean first = connections.getAndIncrement() == 0;
          CameraServer.send(
              CameraServer.begin(request, "b"),
              CameraServer.parts(
                  first ? List.of(PICTURES.get(0), PICTURES.get(1), large) : List.of(large)));
        });
    assign("every 1 frames", InputSpec.of(camera.url("/mjpeg")));

    Eventually.until("both", () -> frames(1).size() == 1);

    assertThat(frames(0)).hasSize(2);
    assertThat(gateway.epochs("a").get(0).end().reason()).contains("320x180 now");
    assertThat(frames(1).get(0).payload()).isEqualTo(large);
    assertThat(((FrameInfo) frames(1).get(0).item()).width()).isEqualTo(320);
  }

  @Test
  void camera_damagedParts_areCounted_andTheEpochGoesOn() throws Exception {
    byte[] cut = java.util.Arrays.copyOf(PICTURES.get(1), 200);
    camera.endless("/mjpeg", List.of(PICTURES.get(0), cut), 10);
    assign("every 1 frames", InputSpec.of(camera.url("/mjpeg")));

    Eventually.until("counted", () -> status().damagedPictures() >= 5 && frames(0).size() >= 5);

    assertThat(frames(0))
        .allMatch(frame -> java.util.Arrays.equals(frame.payload(), PICTURES.get(0)));
    assertThat(gateway.epochs("a")).hasSize(1);
  }

  @Test
  void camera_wrongPassword_isToldApart() throws Exception {
    camera.endless("/mjpeg", PICTURES, 10).digest("/mjpeg", "MD5");
    assign("5/s", InputSpec.of(camera.url("/mjpeg").replace("//", "//admin:guess@")));

    Eventually.until("refused", () -> status().state() == CaptureState.RECONNECTING);

    assertThat(status().trouble()).isEqualTo(MediaException.Reason.UNAUTHORIZED);
    assertThat(status().reason()).doesNotContain("guess");
  }

  @Test
  void snapshot_isAskedForAsOftenAsSaid_andChangesAlonePassOn() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    camera.at(
        "/snap.jpg",
        request ->
            request
                .response()
                .putHeader("Content-Type", "image/jpeg")
                .end(Buffer.buffer(PICTURES.get(asked.getAndIncrement() / 3 % 40))));
    assign("every 1 frames", new InputSpec(camera.url("/snap.jpg"), null, null, "100ms"));

    Eventually.until("frames", () -> frames(0).size() >= 4);

    for (int i = 0; i < 4; i++) {
      assertThat(frames(0).get(i).payload()).isEqualTo(PICTURES.get(i));
    }
    assertThat(asked.get()).isGreaterThanOrEqualTo(10);
    assertThat(gateway.epochs("a")).hasSize(1);
  }

  @Test
  void transportStreamOverHttp_isLeftToFfmpeg() throws Exception {
    byte[] ts = Files.readAllBytes(TestVideo.plain().container(TestVideo.Container.TS).file());
    camera.at(
        "/live.ts",
        request ->
            request.response().putHeader("Content-Type", "video/mp2t").end(Buffer.buffer(ts)));
    assign("5/s", InputSpec.of(camera.url("/live.ts")));

    Eventually.until("frames", () -> frames(0).size() >= 40);
    // Known by then: it is not asked what it is again.
    Eventually.until("opened again", () -> camera.asked().size() >= 4);
    assertThat(gateway.epochs("a").size()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void report_ofACamera_saysWhatItIs() throws Exception {
    camera.endless("/mjpeg", PICTURES, 20).basic("/mjpeg");

    SourceReport report =
        SourceReport.of(camera.lockedUrl("/mjpeg"), folder, Duration.ofSeconds(1));

    assertThat(report.container()).isEqualTo("MJPEG over HTTP");
    assertThat(report.live()).isTrue();
    assertThat(report.durationMicros()).isEqualTo(-1);
    assertThat(report.tracks().get(0).codec()).isEqualTo("mjpeg");
    assertThat(report.sampled()).isZero();
    assertThat(report.recorded()).containsExactly(0);
    assertThat(report.picturesPerSecond()).isPositive();
    assertThat(report.findings()).hasSize(1).first().asString().contains("encoded");
    assertThat(report.url()).doesNotContain("@");
  }

  private void assign(String sample, InputSpec input) {
    gateway.assign(Fixtures.assignment("a", Fixtures.profile("looks", sample), input));
  }

  private CaptureStatus status() {
    return capture.statuses().stream()
        .filter(status -> status.stream().equals("a"))
        .findFirst()
        .orElseGet(() -> new StreamMeter("a", CaptureClock.system()).snapshot());
  }

  private List<TestGateway.Received> frames(int epoch) {
    List<TestGateway.Epoch> epochs = gateway.epochs("a");
    return epochs.size() <= epoch
        ? List.of()
        : gateway.read(
            () ->
                epochs.get(epoch).items.stream()
                    .filter(received -> received.item() instanceof FrameInfo)
                    .toList());
  }
}
