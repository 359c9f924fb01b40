package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.picture.FrameSampler;
import io.sightline.media.picture.JpegSettings;
import io.sightline.media.picture.SampledFrame;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.InitPart;
import io.sightline.records.InputInUse;
import io.sightline.records.InputInUse.OffsetFrom;
import io.sightline.records.InputSpec;
import io.sightline.records.InputUse;
import io.sightline.records.Marker;
import io.sightline.records.Sampling;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A camera whose main stream leaves it 700 ms after its sub-stream. The number that each picture
 * shows says where it belongs.
 */
@Execution(ExecutionMode.CONCURRENT)
class InputOffsetCaptureTest {

  /** So short GOPs that waiting for the first keyframe hardly makes up for what main is late. */
  private static final TestVideo MAIN =
      TestVideo.plain().pictures(3_000).gop(5).container(TestVideo.Container.TS);

  private static final TestVideo SUB = MAIN.size(240, 136);
  private static final long LATE_MICROS = 700_000;
  private static final long PICTURE_MICROS = 40_000;

  @TempDir Path folder;
  private Vertx vertx;
  private TestGateway gateway;
  private RtspCamera main;
  private RtspCamera sub;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    gateway = new TestGateway();
    vertx
        .deployVerticle(
            new CaptureVerticle(gateway.config().in(folder), CaptureClock.system(), Fixtures.QUICK))
        .await(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
    main.close();
    sub.close();
    assertThat(gateway.breaches()).isEmpty();
  }

  @Test
  void sendersClock_onceItIsTold_laysEachFrameWhereItIsInTheRecording() throws Exception {
    camera(0);
    assign(null);
    Eventually.until("both", () -> frames(0).size() > 5 && recorded(0) > 1);
    assertThat(inUse().offsetFrom()).isEqualTo(OffsetFrom.ARRIVAL);

    main.tellClock();
    sub.tellClock();
    Eventually.until("a new epoch", () -> frames(1).size() > 20 && recorded(1) > 2);

    Marker begin = gateway.read(() -> epoch(1).of(Marker.class).get(0));
    assertThat(begin.reason()).startsWith("what is analyzed was measured to belong");
    Eventually.until("told", () -> inUse().offsetFrom() == OffsetFrom.SENDER_CLOCK);
    assertThat(inUse().offsetMicros()).isBetween(100_000L, 5_000_000L);
    long axis = axisOfTheRecording(1);
    for (TestGateway.Received frame : frames(1)) {
      long number = TestVideo.readFrameNumber(frame.payload());
      assertThat(frame.item().positionMicros() - number * PICTURE_MICROS)
          .isBetween(axis - 5_000, axis + 5_000);
    }
    assertEvenSteps(1);
    assertRising();
  }

  @Test
  void declaredOffset_countsAlone() throws Exception {
    camera(0);
    main.tellClock();
    sub.tellClock();
    assign("700ms");

    Eventually.until("both", () -> frames(0).size() > 30 && recorded(0) > 2);

    assertThat(inUse().offsetMicros()).isEqualTo(700_000);
    assertThat(inUse().offsetFrom()).isEqualTo(OffsetFrom.CONFIGURED);
    assertThat(gateway.epochs("a")).hasSize(1);
    assertEvenSteps(0);
  }

  @Test
  void clocksThatAreNotOne_areNotBelieved() throws Exception {
    camera(3_600_000_000L);
    main.tellClock();
    sub.tellClock();
    assign(null);

    Eventually.until("both", () -> frames(0).size() > 40 && recorded(0) > 2);

    assertThat(inUse().offsetFrom()).isEqualTo(OffsetFrom.ARRIVAL);
    assertThat(inUse().offsetMicros()).isZero();
    assertThat(gateway.epochs("a")).hasSize(1);
  }

  private void camera(long clockErrorOfSub) throws Exception {
    MAIN.file();
    SUB.file();
    long born = RtspCamera.now() - 1_000_000;
    main = new RtspCamera(MAIN, born, LATE_MICROS, 0);
    sub = new RtspCamera(SUB, born, 0, clockErrorOfSub);
  }

  private void assign(String offset) {
    gateway.assign(
        Fixtures.assignment(
            "a",
            new InputSpec(main.url(), Set.of(InputUse.RECORD), null),
            new InputSpec(
                sub.url(), Set.of(InputUse.ANALYZE), null, null, null, null, null, offset)));
  }

  /** Position of the picture with the number 0, as its recording has it. */
  private long axisOfTheRecording(int number) throws Exception {
    byte[] init = null;
    for (TestGateway.Received each : gateway.read(() -> List.copyOf(epoch(number).items))) {
      if (each.item() instanceof InitPart) {
        init = each.payload();
      } else if (each.item() instanceof ChunkInfo chunk) {
        List<SampledFrame> keyframes = new ArrayList<>();
        try (MediaSource source = MediaSource.of(init, each.payload());
            FrameSampler sampler =
                new FrameSampler(
                    source.tracks().get(0), Sampling.ALL_KEYFRAMES, JpegSettings.DEFAULTS)) {
          for (Packet packet; (packet = source.next()) != null; ) {
            sampler.accept(packet, keyframes::add);
          }
          sampler.finish(keyframes::add);
        }
        int shown = TestVideo.readFrameNumber(keyframes.get(0).jpeg());
        return chunk.positionMicros() - shown * PICTURE_MICROS;
      }
    }
    throw new AssertionError("Nothing is recorded");
  }

  /** Within an epoch, positions differ as the pictures do: five a second. */
  private void assertEvenSteps(int number) {
    List<TestGateway.Received> frames = frames(number);
    for (int n = 1; n < frames.size(); n++) {
      long pictures =
          TestVideo.readFrameNumber(frames.get(n).payload())
              - TestVideo.readFrameNumber(frames.get(n - 1).payload());
      assertThat(frames.get(n).item().positionMicros() - frames.get(n - 1).item().positionMicros())
          .isEqualTo(pictures * PICTURE_MICROS);
    }
  }

  private void assertRising() {
    long last = 0;
    for (int number = 0; number < gateway.epochs("a").size(); number++) {
      for (TestGateway.Received frame : frames(number)) {
        assertThat(frame.item().positionMicros()).isGreaterThan(last);
        last = frame.item().positionMicros();
      }
    }
  }

  private InputInUse inUse() {
    return gateway.reports("a").get(gateway.reports("a").size() - 1).inputs().get(1);
  }

  private TestGateway.Epoch epoch(int number) {
    return gateway.epochs("a").get(number);
  }

  private List<TestGateway.Received> frames(int number) {
    return gateway.epochs("a").size() <= number
        ? List.of()
        : gateway.read(
            () ->
                epoch(number).items.stream()
                    .filter(each -> each.item() instanceof FrameInfo)
                    .toList());
  }

  private int recorded(int number) {
    return gateway.epochs("a").size() <= number
        ? 0
        : gateway.read(() -> epoch(number).of(ChunkInfo.class).size());
  }
}
