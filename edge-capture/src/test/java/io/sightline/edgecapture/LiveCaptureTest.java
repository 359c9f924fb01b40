package io.sightline.edgecapture;

import static io.sightline.media.testing.TestVideo.Container.MOV;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sightline.media.MediaException;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.CaptureHop;
import io.sightline.records.CaptureReport;
import io.sightline.records.CaptureState;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.InputSpec;
import io.sightline.records.InputUse;
import io.sightline.records.Marker;
import io.sightline.records.PictureOptions;
import io.sightline.records.Point;
import io.sightline.records.StreamItem;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveCaptureTest {

  private static final long START = TestClock.START;
  private static final long SECOND = 1_000_000;

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private Vertx vertx;
  private TestGateway gateway;
  private CaptureVerticle capture;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    gateway = new TestGateway();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
    assertThat(gateway.breaches()).isEmpty();
  }

  @Test
  void realtime_fileIsReadAtThePaceAtWhichItPlays() throws Exception {
    clock.limit(START + 3 * SECOND);
    deploy(config(), clock);
    gateway.assign(Fixtures.assignment("a", TestVideo.plain().file() + "?realtime"));

    Eventually.until("three seconds", () -> status("a").positionMicros() >= START + 3 * SECOND);
    assertThat(status("a").positionMicros()).isLessThan(START + 4 * SECOND);
    assertThat(status("a").state()).isEqualTo(CaptureState.CONNECTED);
    clock.limit(Long.MAX_VALUE);
    FileResult result = capture.fileDone("a").await(60, TimeUnit.SECONDS);

    assertThat(result.run()).isEqualTo("live");
    Eventually.until("ended", () -> gateway.epochs("a").get(0).end() != null);
    TestGateway.Epoch epoch = gateway.epochs("a").get(0);
    assertThat(epoch.startMicros).isEqualTo(START);
    assertThat(epoch.epoch).endsWith("-local");
    assertThat(epoch.of(FrameInfo.class))
        .hasSize(50)
        .allMatch(frame -> frame.capturedMicros() == frame.positionMicros());
    assertThat(epoch.of(ChunkInfo.class)).hasSize(5);
    assertThat(status("a").state()).isEqualTo(CaptureState.ENDED);
  }

  @Test
  void loop_eachPassIsAnEpoch_andTheAxisRunsOn() throws Exception {
    clock.limit(START + 25 * SECOND);
    deploy(config(), clock);
    gateway.assign(Fixtures.assignment("a", TestVideo.plain().file() + "?loop"));

    Eventually.until("25 seconds", () -> status("a").positionMicros() >= START + 25 * SECOND);

    Eventually.until(
        "two passes over",
        () -> gateway.epochs("a").size() == 3 && gateway.epochs("a").get(1).end() != null);
    List<TestGateway.Epoch> epochs = gateway.epochs("a");
    assertThat(epochs)
        .extracting(epoch -> epoch.startMicros)
        .containsExactly(START, START + 10 * SECOND, START + 20 * SECOND);
    assertThat(epochs.get(0).of(FrameInfo.class)).hasSize(50);
    assertThat(epochs.get(1).of(FrameInfo.class)).hasSize(50);
    assertThat(status("a").mediaSpeed()).isBetween(0.9, 1.1);
  }

  @Test
  void sourceKilled_comesBack_isANewEpochOnTheSameAxis() throws Exception {
    byte[] ts = Files.readAllBytes(ts());
    try (TsServer camera = new TsServer(ts)) {
      deploy(config(), CaptureClock.system());
      gateway.assign(Fixtures.assignment("a", camera.url()));
      Eventually.until("frames", () -> frames("a", 0) >= 40);

      camera.kill();
      Eventually.until("noticed", () -> status("a").state() == CaptureState.RECONNECTING);
      assertThat(status("a").reason()).doesNotContain("secret");
      camera.comeBack();
      Eventually.until("frames again", () -> frames("a", 1) >= 40);

      List<TestGateway.Epoch> epochs = gateway.epochs("a");
      assertThat(epochs.get(0).end().reason()).isNotBlank();
      assertThat(epochs.get(1).startMicros)
          .isGreaterThanOrEqualTo(epochs.get(0).end().positionMicros());
      assertThat(status("a").state()).isEqualTo(CaptureState.CONNECTED);
    }
  }

  @Test
  void reports_tellTheGatewayWhatTheSourceDoes_andWhere() throws Exception {
    byte[] ts = Files.readAllBytes(ts());
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Metrics.addRegistry(meters);
    try (TsServer camera = new TsServer(ts)) {
      deploy(config(), CaptureClock.system());
      gateway.assign(Fixtures.assignment("reported", camera.url()));
      Eventually.until("delivering", () -> reported().state() == CaptureState.CONNECTED);
      assertThat(reported().hop()).isNull();
      assertThat(reported().agent()).isEqualTo(TestGateway.AGENT);
      assertThat(up(meters, "connected")).isEqualTo(1);

      camera.kill();
      Eventually.until("trouble", () -> reported().hop() == CaptureHop.SOURCE);
      assertThat(reported().state()).isEqualTo(CaptureState.RECONNECTING);
      assertThat(reported().reason()).isNotBlank().doesNotContain("secret");
      assertThat(up(meters, "connected")).isZero();
      assertThat(up(meters, "reconnecting")).isEqualTo(1);

      camera.comeBack();
      Eventually.until("delivering again", () -> reported().epochs() == 2);
      Eventually.until("nothing fails", () -> reported().hop() == null);
      Eventually.until(
          "counted",
          () ->
              meters.get("sightline.capture.items").tag("type", "frame").functionCounter().count()
                  > 0);

      gateway.assign();
      Eventually.until(
          "not counted any more",
          () ->
              meters.find("sightline.capture.state").tag("stream", "reported").meters().isEmpty());
    } finally {
      Metrics.removeRegistry(meters);
    }
  }

  /** The last report. */
  private CaptureReport reported() {
    List<CaptureReport> all = gateway.reports("reported");
    return all.isEmpty()
        ? new CaptureReport(
            "reported",
            "none",
            CaptureState.STARTING,
            null,
            null,
            null,
            null,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0)
        : all.get(all.size() - 1);
  }

  private static double up(SimpleMeterRegistry meters, String state) {
    return meters
        .get("sightline.capture.state")
        .tag("stream", "reported")
        .tag("state", state)
        .gauge()
        .value();
  }

  @Test
  void wrongPassword_isToldApartFromAnAbsentCamera() throws Exception {
    try (TsServer camera = new TsServer(new byte[0]);
        TsServer absent = new TsServer(new byte[0])) {
      camera.answer("401 Unauthorized");
      absent.kill();
      deploy(config(), CaptureClock.system());
      gateway.assign(
          Fixtures.assignment("locked", camera.url()), Fixtures.assignment("absent", absent.url()));

      Eventually.until("refused", () -> status("locked").state() == CaptureState.RECONNECTING);
      Eventually.until("not there", () -> status("absent").state() == CaptureState.RECONNECTING);

      assertThat(status("locked").trouble()).isEqualTo(MediaException.Reason.UNAUTHORIZED);
      assertThat(status("absent").trouble())
          .isNotNull()
          .isNotEqualTo(MediaException.Reason.UNAUTHORIZED);
      assertThat(List.of(status("locked").reason(), status("absent").reason()))
          .noneMatch(reason -> reason.contains("secret"));
    }
  }

  @Test
  void silence_forTenSeconds_isMarkedOnceAndClosesNothing() throws Exception {
    try (TsServer camera = new TsServer(Files.readAllBytes(ts()))) {
      deploy(config(), clock);
      gateway.assign(Fixtures.assignment("a", camera.url()));
      Eventually.until("begun", () -> !gateway.epochs("a").isEmpty());
      long begun = gateway.epochs("a").get(0).startMicros;
      Eventually.until("read", () -> status("a").positionMicros() >= begun + 9_900_000);
      Eventually.until("frames", () -> frames("a", 0) >= 40);
      assertThat(markers("a", 0)).containsExactly(Marker.Kind.EPOCH_BEGIN);

      clock.advance(11 * SECOND);

      Eventually.until("marked", () -> markers("a", 0).contains(Marker.Kind.STALLED));
      assertThat(status("a").state()).isEqualTo(CaptureState.STALLED);
      assertThat(markers("a", 0)).containsExactly(Marker.Kind.EPOCH_BEGIN, Marker.Kind.STALLED);
    }
  }

  @Test
  void gatewayTooSlow_framesAreDroppedBeforeChunks_andTheRestIsGapless() throws Exception {
    gateway.holdAcknowledgements(true);
    clock.limit(START + 60 * SECOND);
    deploy(config().withBuffer(700_000, 20_000), clock);
    gateway.assign(
        Fixtures.assignment("a", TestVideo.plain().pictures(1_500).file() + "?realtime"));
    Eventually.until("all read", () -> status("a").positionMicros() >= START + 59 * SECOND);
    gateway.holdAcknowledgements(false);

    capture.fileDone("a").await(60, TimeUnit.SECONDS);
    Eventually.until("ended", () -> gateway.epochs("a").get(0).end() != null);

    TestGateway.Epoch epoch = gateway.epochs("a").get(0);
    CaptureStatus status = status("a");
    assertThat(status.droppedFrames()).isPositive();
    assertThat(epoch.of(FrameInfo.class)).hasSize((int) (300 - status.droppedFrames()));
    assertThat(epoch.of(ChunkInfo.class)).hasSize((int) (30 - status.droppedChunks()));
    assertThat(status.droppedChunks()).isLessThan(status.droppedFrames());
    assertThat(markers("a", 0)).containsExactly(Marker.Kind.EPOCH_BEGIN, Marker.Kind.EPOCH_END);
  }

  @Test
  void gatewayAway_forAWhile_whatWasCapturedArrives() throws Exception {
    clock.limit(START + 2 * SECOND);
    deploy(config(), clock);
    gateway.assign(Fixtures.assignment("a", TestVideo.plain().file() + "?loop"));
    Eventually.until("begun", () -> frames("a", 0) > 5);
    gateway.goAway();
    clock.limit(START + 15 * SECOND);
    Eventually.until("captured", () -> status("a").positionMicros() >= START + 15 * SECOND);
    assertThat(status("a").droppedFrames()).isZero();

    gateway.comeBack();

    Eventually.until("all there", () -> gateway.epochs("a").size() == 2 && frames("a", 1) >= 20);
    assertThat(frames("a", 0)).isEqualTo(50);
    assertThat(capture.statuses()).hasSize(1);
  }

  @Test
  void streams_addedChangedAndRemoved_leaveOthersAlone() throws Exception {
    String video = TestVideo.plain().pictures(1_500).file() + "?loop";
    deploy(config(), CaptureClock.system());
    gateway.assign(Fixtures.assignment("a", video));
    Eventually.until("a", () -> frames("a", 0) > 5);

    gateway.assign(Fixtures.assignment("a", video), Fixtures.assignment("b", video));
    Eventually.until("b", () -> frames("b", 0) > 5);
    gateway.assign(
        Fixtures.assignment("a", video),
        Fixtures.assignment("b", TestVideo.plain().size(160, 90).file() + "?loop"));
    Eventually.until("b changed", () -> gateway.epochs("b").size() > 1 && frames("b", 1) > 0);
    gateway.assign(Fixtures.assignment("a", video));
    Eventually.until("b removed", () -> capture.statuses().size() == 1);

    int before = frames("a", 0);
    Eventually.until("a goes on", () -> frames("a", 0) >= before + 5);
    assertThat(gateway.epochs("a")).hasSize(1);
    assertThat(gateway.epochs("a").get(0).openings).isEqualTo(1);
    for (TestGateway.Epoch epoch : gateway.epochs("b")) {
      assertThat(epoch.end().reason()).isEqualTo("the stream was stopped");
    }
  }

  @Test
  void profileChanged_isMarkedInBand_withoutANewEpoch() throws Exception {
    clock.limit(START + 3 * SECOND);
    String video = TestVideo.plain().pictures(750).file() + "?realtime";
    deploy(config(), clock);
    gateway.assign(Fixtures.assignment("a", video));
    Eventually.until("frames", () -> frames("a", 0) > 10);

    gateway.assign(Fixtures.assignment("a", Fixtures.profile("calm", "1/s"), video));
    // The change is known once the agent asks for what comes after it.
    Eventually.until("asked again", () -> gateway.asked() > 2);
    clock.limit(START + 29 * SECOND);
    Eventually.until("all read", () -> status("a").positionMicros() >= START + 29 * SECOND);

    Eventually.until("marked", () -> markers("a", 0).contains(Marker.Kind.PROFILE));
    TestGateway.Epoch epoch = gateway.epochs("a").get(0);
    Marker change =
        epoch.of(Marker.class).stream()
            .filter(marker -> marker.kind() == Marker.Kind.PROFILE)
            .findFirst()
            .get();
    assertThat(change.profile().name()).isEqualTo("calm");
    List<Long> after =
        epoch.of(FrameInfo.class).stream()
            .filter(frame -> frame.sequence() > change.sequence())
            .map(StreamItem::positionMicros)
            .toList();
    assertThat(after.get(0)).isGreaterThanOrEqualTo(change.positionMicros());
    for (int n = 1; n < after.size(); n++) {
      assertThat(after.get(n) - after.get(n - 1)).isEqualTo(SECOND);
    }
  }

  @Test
  void picturesChanged_framesAreOthersFromTheNextKeyframe_andTheRecordingIsTheSame()
      throws Exception {
    clock.limit(START + 3 * SECOND);
    String video = TestVideo.plain().pictures(750).file() + "?realtime";
    PictureOptions all =
        new PictureOptions(
            90,
            90,
            null,
            List.of(List.of(new Point(0, 0), new Point(1, 0), new Point(1, 1), new Point(0, 1))));
    deploy(config(), clock);
    gateway.assign(Fixtures.assignment("a", video));
    Eventually.until("frames", () -> frames("a", 0) > 10);

    gateway.assign(Fixtures.with(Fixtures.assignment("a", video), all));
    Eventually.until("asked again", () -> gateway.asked() > 2);
    clock.limit(START + 29 * SECOND);
    Eventually.until("all read", () -> status("a").positionMicros() >= START + 29 * SECOND);
    Eventually.until("all sent", () -> frames("a", 0) >= 145);

    assertThat(gateway.epochs("a")).hasSize(1);
    assertThat(markers("a", 0)).containsExactly(Marker.Kind.EPOCH_BEGIN);
    TestGateway.Epoch epoch = gateway.epochs("a").get(0);
    int others = 0;
    for (TestGateway.Received received : gateway.read(() -> List.copyOf(epoch.items))) {
      if (received.item() instanceof FrameInfo frame) {
        int number = (int) ((frame.positionMicros() - START) / 40_000);
        if (frame.width() == 320) {
          assertThat(others).isZero();
          assertThat(TestVideo.readFrameNumber(received.payload())).isEqualTo(number);
        } else {
          assertThat(others++ > 0 || number % 25 == 0).isTrue();
          assertThat(frame.height()).isEqualTo(160);
          assertThat(TestVideo.readFrameNumber(received.payload())).isZero();
        }
      }
    }
    assertThat(others).isGreaterThan(100);
    assertThat(epoch.of(ChunkInfo.class)).allMatch(chunk -> chunk.tracks().get(0).width() == 320);
  }

  @Test
  void scene_framesAreTakenWhenThePictureChanges() throws Exception {
    // The strip with the number is an eighth of the picture; each of its cells is 0.8%.
    String video = TestVideo.plain().file() + "?realtime";
    deploy(config(), clock);
    gateway.assign(
        Fixtures.assignment("calm", Fixtures.profile("calm", "scene 0.5"), video),
        Fixtures.assignment("keen", Fixtures.profile("keen", "scene 0.01"), video));

    capture.fileDone("calm").await(60, TimeUnit.SECONDS);
    capture.fileDone("keen").await(60, TimeUnit.SECONDS);
    Eventually.until(
        "ended", () -> gateway.epochs("calm").get(0).ended && gateway.epochs("keen").get(0).ended);

    assertThat(frames("calm", 0)).isEqualTo(1);
    assertThat(frames("keen", 0)).isGreaterThan(40);
    // It begins when it is opened, and the other film may have moved the clock by then.
    List<FrameInfo> keen = gateway.epochs("keen").get(0).of(FrameInfo.class);
    long begun = keen.get(0).positionMicros();
    assertThat(keen).allMatch(frame -> (frame.positionMicros() - begun) % 200_000 == 0);
  }

  @Test
  void fenced_theStreamGoesOnInANewEpoch() throws Exception {
    clock.limit(START + 3 * SECOND);
    deploy(config(), clock);
    gateway.assign(Fixtures.assignment("a", TestVideo.plain().file() + "?loop"));
    Eventually.until("begun", () -> frames("a", 0) > 5);

    gateway.fence(gateway.epochs("a").get(0));
    Eventually.until("noticed", () -> status("a").gatewayReason() != null);
    clock.limit(START + 8 * SECOND);

    Eventually.until("goes on", () -> gateway.epochs("a").size() == 2 && frames("a", 1) > 5);
    assertThat(gateway.epochs("a").get(1).startMicros).isBetween(START, START + 10 * SECOND);
  }

  @Test
  void mjpeg_isRecordedAsH264_andLookedAtAsItIs_andSaysWhatThatCosts() throws Exception {
    Path mjpeg = TestVideo.plain().codec("mjpeg", 0).pictures(300).container(MOV).file();
    deploy(config(), clock);
    gateway.assign(Fixtures.assignment("a", mjpeg + "?realtime"));

    capture.fileDone("a").await(60, TimeUnit.SECONDS);

    Eventually.until("ended", () -> gateway.epochs("a").get(0).end() != null);
    TestGateway.Epoch epoch = gateway.epochs("a").get(0);
    assertThat(epoch.of(FrameInfo.class)).hasSize(60);
    List<ChunkInfo> chunks = epoch.of(ChunkInfo.class);
    long recorded = START;
    for (ChunkInfo chunk : chunks) {
      assertThat(chunk.positionMicros()).isEqualTo(recorded);
      assertThat(chunk.tracks().get(0).codec()).startsWith("avc1");
      recorded += chunk.durationMicros();
    }
    assertThat(recorded).isEqualTo(START + 12 * SECOND);
    assertThat(status("a").note())
        .startsWith("To be recorded it is encoded: MJPEG to H.264; this costs about")
        .endsWith("% of a processor");
  }

  @Test
  void mjpeg_thatIsNotRecorded_isNotEncoded() throws Exception {
    Path mjpeg = TestVideo.plain().codec("mjpeg", 0).container(MOV).file();
    deploy(config(), clock);
    gateway.assign(
        Fixtures.assignment(
            "a", new InputSpec(mjpeg + "?realtime", Set.of(InputUse.ANALYZE), null)));

    capture.fileDone("a").await(60, TimeUnit.SECONDS);

    Eventually.until("frames", () -> frames("a", 0) == 50);
    assertThat(gateway.epochs("a").get(0).of(ChunkInfo.class)).isEmpty();
    assertThat(status("a").note()).isNull();
  }

  @Test
  void twoInputs_oneRecordedOneAnalyzed_shareEpochAndAxis() throws Exception {
    deploy(config(), CaptureClock.system());
    gateway.assign(
        Fixtures.assignment(
            "a",
            new InputSpec(
                TestVideo.plain().size(640, 360).file() + "?loop", Set.of(InputUse.RECORD), null),
            new InputSpec(TestVideo.plain().file() + "?loop", Set.of(InputUse.ANALYZE), null)));

    Eventually.until(
        "both",
        () ->
            !gateway.epochs("a").isEmpty()
                && frames("a", 0) > 5
                && gateway.read(() -> gateway.epochs("a").get(0).of(ChunkInfo.class).size()) > 0);

    TestGateway.Epoch epoch = gateway.epochs("a").get(0);
    List<FrameInfo> frames = gateway.read(() -> epoch.of(FrameInfo.class));
    assertThat(frames).allMatch(frame -> frame.width() == 320);
    assertThat(frames)
        .allMatch(
            frame ->
                frame.positionMicros() >= epoch.startMicros
                    && frame.positionMicros() <= epoch.startMicros + 60 * SECOND);
    assertThat(epoch.of(ChunkInfo.class)).allMatch(chunk -> chunk.tracks().get(0).width() == 640);
  }

  @Test
  void tokenRefused_saysSo_andStartsWhenItIsAccepted() throws Exception {
    gateway.answerAll(401);
    gateway.assign(Fixtures.assignment("a", TestVideo.plain().file() + "?realtime"));
    deploy(config(), clock);
    Eventually.until("refused", () -> capture.assignmentTrouble() != null);
    assertThat(capture.assignmentTrouble()).contains("token").contains("401");

    gateway.answerAll(0);

    Eventually.until("frames", () -> frames("a", 0) == 50);
    assertThat(capture.assignmentTrouble()).isNull();
  }

  @Test
  void stop_ofTheAgent_endsEpochsAndSendsWhatIsLeft() throws Exception {
    clock.limit(START + 3 * SECOND);
    deploy(config(), clock);
    gateway.assign(Fixtures.assignment("a", TestVideo.plain().file() + "?loop"));
    Eventually.until("read", () -> status("a").positionMicros() >= START + 3 * SECOND);

    vertx.undeploy(vertx.deploymentIDs().iterator().next()).await(30, TimeUnit.SECONDS);

    TestGateway.Epoch epoch = gateway.epochs("a").get(0);
    assertThat(epoch.end().reason()).isEqualTo("the stream was stopped");
    long covered =
        epoch.of(ChunkInfo.class).stream().mapToLong(ChunkInfo::endMicros).max().getAsLong();
    assertThat(covered).isBetween(START + 3 * SECOND, START + 4 * SECOND);
  }

  private Path ts() {
    return TestVideo.plain().container(TestVideo.Container.TS).file();
  }

  private CaptureConfig config() {
    return gateway.config().in(folder);
  }

  private void deploy(CaptureConfig config, CaptureClock time) throws Exception {
    capture = new CaptureVerticle(config, time, Fixtures.QUICK);
    vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
  }

  private CaptureStatus status(String stream) {
    return capture.statuses().stream()
        .filter(status -> status.stream().equals(stream))
        .findFirst()
        .orElseGet(() -> new StreamMeter(stream, clock).snapshot());
  }

  private int frames(String stream, int epoch) {
    List<TestGateway.Epoch> epochs = gateway.epochs(stream);
    return epochs.size() <= epoch
        ? 0
        : gateway.read(() -> epochs.get(epoch).of(FrameInfo.class).size());
  }

  private List<Marker.Kind> markers(String stream, int epoch) {
    return gateway.read(
        () ->
            gateway.epochs(stream).get(epoch).of(Marker.class).stream().map(Marker::kind).toList());
  }
}
