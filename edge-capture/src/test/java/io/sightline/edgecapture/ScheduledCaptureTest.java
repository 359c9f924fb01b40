package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.TestVideo;
import io.sightline.records.CaptureState;
import io.sightline.records.FrameInfo;
import io.sightline.records.ScheduleTime;
import io.sightline.records.StreamAssignment;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock starts on Monday, 21 September 2026, at 16:13:20 in Zurich. */
class ScheduledCaptureTest {

  private static final long START = TestClock.START;
  private static final long SECOND = 1_000_000;
  private static final ScheduleTime UP_TO_16_14 =
      new ScheduleTime(List.of("mon-fri"), "16:00", "16:14");
  private static final ScheduleTime MORNING = new ScheduleTime(null, "08:00", "12:00");

  /** A minute long. */
  private static final String CAMERA = TestVideo.plain().pictures(1_500).file() + "?loop";

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private Vertx vertx;
  private TestGateway gateway;
  private CaptureVerticle capture;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    gateway = new TestGateway();
    capture = new CaptureVerticle(gateway.config().in(folder), clock, Fixtures.QUICK);
    vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
    assertThat(gateway.breaches()).isEmpty();
  }

  @Test
  void scheduleEnds_theEpochEndsWithTheReason_andTheNextBeginsWithTheNextTime() throws Exception {
    try (TsServer other = new TsServer(ts())) {
      clock.limit(START + 5 * SECOND);
      gateway.assign(
          Fixtures.with(Fixtures.assignment("a", CAMERA), UP_TO_16_14),
          Fixtures.assignment("other", other.url()));
      Eventually.until("other", () -> frames("other", 0) >= 40);
      Eventually.until("read", () -> position("a") >= START + 5 * SECOND);
      assertThat(status("a").state()).isEqualTo(CaptureState.CONNECTED);

      int served = other.served();
      clock.limit(START + 50 * SECOND);

      Eventually.until("ended", () -> gateway.epochs("a").get(0).end() != null);
      String sentence =
          "outside its schedule; captured again from Tuesday 22 September 16:00 (Europe/Zurich)";
      assertThat(gateway.epochs("a").get(0).end().reason()).isEqualTo(sentence);
      Eventually.until("waits", () -> status("a").state() == CaptureState.WAITING);
      assertThat(status("a").reason()).isEqualTo(sentence);
      assertThat(gateway.epochs("other").get(0).end()).isNull();
      assertThat(other.served()).isEqualTo(served);

      long tomorrow = START + 24 * 3_600 * SECOND;
      clock.limit(tomorrow);
      clock.advance(tomorrow - 13 * 60 * SECOND - clock.nowMicros());

      Eventually.until("captured again", () -> frames("a", 1) > 5);
      assertThat(gateway.epochs("a").get(1).startMicros)
          .isGreaterThanOrEqualTo(tomorrow - 13 * 60 * SECOND);
      Eventually.until("connected", () -> status("a").state() == CaptureState.CONNECTED);
    }
  }

  @Test
  void outsideItsSchedule_theSourceIsNotOpened() throws Exception {
    try (TsServer camera = new TsServer(ts())) {
      clock.limit(START + 5 * SECOND);
      gateway.assign(
          Fixtures.with(Fixtures.assignment("a", camera.url()), MORNING),
          Fixtures.assignment("other", CAMERA));

      Eventually.until("other", () -> frames("other", 0) >= 20);
      Eventually.until("waits", () -> status("a").state() == CaptureState.WAITING);

      assertThat(status("a").reason())
          .contains("captured again from Tuesday 22 September 08:00 (Europe/Zurich)");
      assertThat(gateway.epochs("a")).isEmpty();
      assertThat(camera.served()).isZero();
    }
  }

  @Test
  void scheduleChanged_holdsAtOnce_andTheAxisGoesOn() throws Exception {
    clock.limit(START + 5 * SECOND);
    StreamAssignment always = Fixtures.assignment("a", CAMERA);
    gateway.assign(always);
    Eventually.until("read", () -> position("a") >= START + 5 * SECOND);

    gateway.assign(Fixtures.with(always, MORNING));
    Eventually.until("ended", () -> gateway.epochs("a").get(0).end() != null);
    Eventually.until("waits", () -> status("a").state() == CaptureState.WAITING);
    long end = gateway.epochs("a").get(0).end().positionMicros();

    gateway.assign(Fixtures.with(always, MORNING, UP_TO_16_14));
    clock.limit(START + 10 * SECOND);
    Eventually.until("captured again", () -> frames("a", 1) > 5);

    assertThat(gateway.epochs("a").get(1).startMicros).isGreaterThanOrEqualTo(end);
    assertThat(status("a").epochs()).isEqualTo(2);
  }

  @Test
  void silentSource_doesNotHoldUpTheEndOfTheSchedule() throws Exception {
    try (TsServer camera = new TsServer(ts())) {
      gateway.assign(Fixtures.with(Fixtures.assignment("a", camera.url()), UP_TO_16_14));
      Eventually.until("read", () -> position("a") >= START + 9 * SECOND);

      clock.advance(45 * SECOND);

      Eventually.until("ended", () -> gateway.epochs("a").get(0).end() != null);
      assertThat(gateway.epochs("a").get(0).end().reason()).startsWith("outside its schedule");
    }
  }

  @Test
  void fileThatIsProcessed_withASchedule_isRefusedWithASentence() throws Exception {
    gateway.assign(
        Fixtures.with(Fixtures.assignment("a", TestVideo.plain().file().toString()), MORNING));

    Eventually.until("refused", () -> status("a").state() == CaptureState.FAILED);
    assertThat(status("a").reason()).contains("a schedule is for live inputs");
  }

  private static byte[] ts() throws Exception {
    return Files.readAllBytes(TestVideo.plain().container(TestVideo.Container.TS).file());
  }

  private CaptureStatus status(String stream) {
    return capture.statuses().stream()
        .filter(status -> status.stream().equals(stream))
        .findFirst()
        .orElseGet(() -> new StreamMeter(stream, clock).snapshot());
  }

  private long position(String stream) {
    return status(stream).positionMicros();
  }

  private int frames(String stream, int epoch) {
    List<TestGateway.Epoch> epochs = gateway.epochs(stream);
    return epochs.size() <= epoch
        ? 0
        : gateway.read(() -> epochs.get(epoch).of(FrameInfo.class).size());
  }
}
