package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sightline.edgecapture.mjpeg.TestPictures;
import io.sightline.media.MediaException;
import io.sightline.media.testing.MediaLiveServer;
import io.sightline.records.CaptureState;
import io.sightline.records.FrameInfo;
import io.sightline.records.InputSpec;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MediaLive's thumbnails through the whole agent, found by the standard settings of the SDK. */
class ThumbnailCaptureTest {

  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final List<byte[]> PICTURES = TestPictures.jpegs(3);
  private static final String URL = "medialive://11/0?region=eu-west-1";
  private static final Map<String, String> SETTINGS =
      Map.of("aws.accessKeyId", "AKIDEXAMPLE", "aws.secretAccessKey", "secret");
  private static final String ENDPOINT = "aws.endpointUrlMediaLive";

  /** One for all, as the agent's client is. */
  private static MediaLiveServer server;

  @TempDir Path folder;
  private Vertx vertx;
  private TestGateway gateway;
  private CaptureVerticle capture;

  @BeforeAll
  static void set() {
    server = new MediaLiveServer("eu-west-1");
    SETTINGS.forEach(System::setProperty);
    System.setProperty(ENDPOINT, server.url().toString());
  }

  @AfterAll
  static void reset() {
    SETTINGS.keySet().forEach(System::clearProperty);
    System.clearProperty(ENDPOINT);
    server.close();
    assertThat(server.breaches()).isEmpty();
  }

  @BeforeEach
  void open() throws Exception {
    server.channel("11", "News", false, Map.of());
    vertx = Vertx.vertx();
    gateway = new TestGateway();
    capture =
        new CaptureVerticle(gateway.config().in(folder), CaptureClock.system(), Fixtures.QUICK);
    vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
    assertThat(gateway.breaches()).isEmpty();
  }

  @Test
  void pipeline_framesAreItsThumbnails_eachOnce_andWhenItStops_itIsWaitedFor() throws Exception {
    server.start("11", "0").show("11", "0", PICTURES.get(0), NOON);
    gateway.assign(
        Fixtures.assignment(
            "a",
            Fixtures.profile("looks", "every 1 frames"),
            new InputSpec(URL, null, null, "1s")));
    Eventually.until("first", () -> frames().size() == 1);
    long asked = server.asked("thumbnails");
    Eventually.until("asked again", () -> server.asked("thumbnails") >= asked + 2);
    server.show("11", "0", PICTURES.get(1), NOON.plusSeconds(2));
    Eventually.until("second", () -> frames().size() == 2);

    server.stop("11");

    Eventually.until("waiting", () -> status().state() == CaptureState.WAITING);
    assertThat(status().reason())
        .isEqualTo(
            "Waiting for pipeline 0 of the MediaLive channel 11 in eu-west-1 ('News'), which is"
                + " idle");
    assertThat(frames().get(0).payload()).isEqualTo(PICTURES.get(0));
    assertThat(frames().get(1).payload()).isEqualTo(PICTURES.get(1));
    Eventually.until("ended", () -> gateway.read(() -> gateway.epochs("a").get(0).end()) != null);
    assertThat(gateway.epochs("a").get(0).end().reason()).contains("which is idle");
  }

  @Test
  void report_ofAPipeline_saysWhatItIs() throws Exception {
    server.start("11", "0").show("11", "0", PICTURES.get(0), NOON);

    SourceReport report = SourceReport.of(URL, folder, Duration.ofSeconds(1));

    assertThat(report.container())
        .startsWith("Thumbnails of pipeline 0 of the MediaLive channel 11 in eu-west-1");
    assertThat(report.live()).isTrue();
    assertThat(report.tracks().get(0).codec()).isEqualTo("mjpeg");
    assertThat(report.url()).isEqualTo("medialive://11/0");
  }

  @Test
  void report_ofAChannelThatIsIdle_saysSoAtOnce() {
    MediaException idle =
        catchThrowableOfType(
            MediaException.class, () -> SourceReport.of(URL, folder, Duration.ofSeconds(1)));

    assertThat(idle.reason()).isEqualTo(MediaException.Reason.UNAVAILABLE);
    assertThat(idle).hasMessageContaining("('News'), which is idle");
  }

  private CaptureStatus status() {
    return capture.statuses().stream()
        .filter(status -> status.stream().equals("a"))
        .findFirst()
        .orElseGet(() -> new StreamMeter("a", CaptureClock.system()).snapshot());
  }

  private List<TestGateway.Received> frames() {
    List<TestGateway.Epoch> epochs = gateway.epochs("a");
    return epochs.isEmpty()
        ? List.of()
        : gateway.read(
            () ->
                epochs.get(0).items.stream()
                    .filter(received -> received.item() instanceof FrameInfo)
                    .toList());
  }
}
