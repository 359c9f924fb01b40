package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.CaptureState;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What happens to sources and networks, against a camera that films on whatever happens: of what
 * reached the agent nothing is lost but the chunk being written, nothing comes twice, positions
 * tell the truth, and the camera is seen again within ten seconds. The faults last for seconds
 * here, and as long as in life with {@code -Dsightline.full=true}.
 */
@Execution(ExecutionMode.CONCURRENT)
class FaultTableTest {

  /** Pictures a second. */
  private static final int SECOND = FaultScene.RATE;

  @Test
  void sourceKilled_isSeenAgain(@TempDir Path folder) throws Exception {
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultScene scene = FaultScene.watching(folder, camera.url())) {
      scene.awaitMore(2 * SECOND);
      for (int n = 0; n < 2; n++) {
        camera.kill();
        scene.awaitState(CaptureState.RECONNECTING);
        pass(1);
        camera.comeBack();
        scene.awaitMore(3 * SECOND);
      }
      assertSeenAgain(scene, camera, 3);
    }
  }

  /** A source is looked at for a second or two before its first packet can be read. */
  @Test
  void firstPicture_liesWhereItWasFilmed_notWhereItWasRead(@TempDir Path folder) throws Exception {
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultScene scene = FaultScene.watching(folder, camera.url())) {
      scene.awaitMore(SECOND);

      Filmed.Seen first = scene.filmed().seen().get(0);
      long late = first.positionMicros() - camera.filmedMicros(first.number());
      assertThat(late).isBetween(-100_000L, 700_000L);
    }
  }

  @Test
  void networkCutForAMoment_nothingIsMissing(@TempDir Path folder) throws Exception {
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultyLink link = new FaultyLink(camera.port());
        FaultScene scene = FaultScene.watching(folder, through(link))) {
      scene.awaitMore(2 * SECOND);
      link.cut(true);
      pass(1);
      link.cut(false);
      scene.awaitMore(3 * SECOND);

      assertThat(scene.filmed().missing()).isEmpty();
      assertSeenAgain(scene, camera, 1);
    }
  }

  static int[] longCuts() {
    return FaultScene.FULL ? new int[] {60, 600} : new int[] {4};
  }

  @ParameterizedTest(name = "{0} s")
  @MethodSource("longCuts")
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void networkCutForLong_isSeenAgain(int seconds, @TempDir Path folder) throws Exception {
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultyLink link = new FaultyLink(camera.port());
        FaultScene scene = FaultScene.watching(folder, through(link))) {
      scene.awaitMore(2 * SECOND);
      link.cut(true);
      scene.awaitState(CaptureState.RECONNECTING);
      pass(seconds);
      int over = now(camera);
      link.cut(false);
      scene.awaitMore(3 * SECOND);

      assertBackWithinTenSeconds(scene, over);
      assertSeenAgain(scene, camera, 2);
    }
  }

  @Test
  void halfOpenConnection_isOpenedAgain(@TempDir Path folder) throws Exception {
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultyLink link = new FaultyLink(camera.port());
        FaultScene scene = FaultScene.watching(folder, through(link))) {
      scene.awaitMore(2 * SECOND);
      int gone = now(camera);
      link.forget();
      scene.awaitMore(3 * SECOND);

      assertBackWithinTenSeconds(scene, gone);
      assertSeenAgain(scene, camera, 2);
    }
  }

  @Test
  void sourceStalls_isAFaultToo(@TempDir Path folder) throws Exception {
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultScene scene = FaultScene.watching(folder, camera.url())) {
      scene.awaitMore(2 * SECOND);
      camera.mute(true);
      scene.awaitState(CaptureState.RECONNECTING);
      assertThat(scene.status().reason()).isNotBlank();
      int over = now(camera);
      camera.mute(false);
      scene.awaitMore(3 * SECOND);

      assertBackWithinTenSeconds(scene, over);
      assertSeenAgain(scene, camera, 2);
    }
  }

  @Test
  void segmentsLostOnTheWay_nothingIsMissing(@TempDir Path folder) throws Exception {
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultyLink link = new FaultyLink(camera.port());
        FaultScene scene = FaultScene.watching(folder, through(link))) {
      link.lose(0.05);
      scene.awaitMore(10 * SECOND);

      assertThat(scene.filmed().missing()).isEmpty();
      assertSeenAgain(scene, camera, 1);
    }
  }

  static Stream<Arguments> otherFilms() {
    TestVideo film = FaultScene.SHORT_FILM;
    return Stream.of(
        arguments("resolution", film.size(320, 180), 100_000),
        arguments("codec", film.codec("mpeg2video", 0), 100_000),
        arguments("frame rate", film.rate("20/1").gop(20), 50_000),
        arguments("audio", film.sound(), 100_000));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherFilms")
  void sourceChangesInMidStream_isRecordedAsItIsThen(
      String what, TestVideo other, int pictureMicros, @TempDir Path folder) throws Exception {
    // Its pictures have higher numbers than any that is seen of the other film.
    try (RealTimeCamera camera = RealTimeCamera.filmingFor(60, FaultScene.FILM);
        FaultScene scene = FaultScene.watching(folder, camera.url())) {
      scene.awaitMore(2 * SECOND);
      camera.film(other);
      Eventually.until("the other film", () -> !scene.filmed().ofTheOtherFilm().isEmpty());
      scene.awaitMore(4 * SECOND);
      scene.stop();

      List<Filmed.Seen> then = scene.filmed().ofTheOtherFilm();
      assertThat(then.get(0).number()).as("first seen of it").isLessThanOrEqualTo(10 * SECOND);
      for (Filmed.Seen seen : then) {
        assertThat(seen.width()).isEqualTo(other.width());
        if (seen.epoch() == then.get(0).epoch()) {
          assertThat(seen.positionMicros() - then.get(0).positionMicros())
              .isEqualTo((seen.number() - then.get(0).number()) * pictureMicros);
        }
      }
      List<TestGateway.Epoch> epochs = scene.gateway().epochs("a");
      for (TestGateway.Epoch epoch : epochs) {
        scene.filmed().checkRecorded(epoch);
        List<Integer> recorded = scene.filmed().recordedNumbers(epoch, folder);
        List<Integer> seen =
            scene.filmed().seen().stream()
                .filter(each -> each.epoch() == epoch)
                .map(Filmed.Seen::number)
                .toList();
        assertThat(recorded).containsAll(seen);
      }
      assertThat(scene.gateway().breaches()).isEmpty();
    }
  }

  static Stream<Arguments> otherTimes() {
    long hour = 3_600 * TsFilm.TICKS;
    long wrap = 1L << 33;
    return Stream.of(
        arguments("forward", 0L, hour, 2),
        arguments("backward", 2 * hour, -hour, 2),
        arguments("wrap", wrap - 12 * TsFilm.TICKS, 0L, 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherTimes")
  void timestampsJumpOrWrap_picturesStayWhereTheyAre(
      String how, long begin, long jump, int epochs, @TempDir Path folder) throws Exception {
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM, begin);
        FaultScene scene = FaultScene.watching(folder, camera.url())) {
      scene.awaitMore(3 * SECOND);
      camera.jump(jump);
      scene.awaitMore(12 * SECOND);

      assertThat(scene.filmed().missing()).hasSizeLessThanOrEqualTo(SECOND);
      assertSeenAgain(scene, camera, epochs);
    }
  }

  @Test
  void clockOfTheMachineIsSet_theAxisGoesOnAsTimePasses(@TempDir Path folder) throws Exception {
    AtomicLong step = new AtomicLong();
    Clock wall = Clock.systemUTC();
    Clock set =
        new Clock() {
          @Override
          public Instant instant() {
            return wall.instant().plusSeconds(step.get());
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    CaptureClock clock = new SteadyClock(set, System::nanoTime, () -> -1);
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultScene scene = FaultScene.watching(folder, camera.url(), clock, config -> config)) {
      scene.awaitMore(2 * SECOND);
      for (long hours : new long[] {1, -1}) {
        step.set(3_600 * hours);
        scene.awaitMore(2 * SECOND);
        camera.kill();
        scene.awaitState(CaptureState.RECONNECTING);
        camera.comeBack();
        scene.awaitMore(2 * SECOND);
      }
      assertSeenAgain(scene, camera, 3);
    }
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void gatewayAway_whatWasFilmedMeanwhileArrives(@TempDir Path folder) throws Exception {
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultScene scene = FaultScene.watching(folder, camera.url())) {
      scene.awaitMore(2 * SECOND);
      scene.gateway().goAway();
      pass(FaultScene.FULL ? 600 : 8);
      int over = now(camera);
      scene.gateway().comeBack();
      Eventually.until("all of it", () -> scene.filmed().last() > over + SECOND);

      assertThat(scene.filmed().missing()).isEmpty();
      assertSeenAgain(scene, camera, 1);
    }
  }

  @Test
  void diskFull_oldestFramesGo_andTheRecordingIsWhole(@TempDir Path folder) throws Exception {
    // Large pictures, so that a disk of some of the spool's files is soon full.
    TestVideo large = FaultScene.FILM.size(1_920, 1_080).pictures(600);
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "14m");
        RealTimeCamera camera = new RealTimeCamera(large);
        FaultScene scene =
            FaultScene.watching(
                folder,
                camera.url(),
                CaptureClock.system(),
                config ->
                    config.withSpool(
                        new SpoolSettings(disk.folder(), 500_000_000, Duration.ofHours(1))))) {
      scene.awaitMore(2 * SECOND);
      scene.gateway().goAway();
      Eventually.until("frames given up", () -> scene.status().droppedFrames() > 3 * SECOND);
      int over = now(camera);
      scene.gateway().comeBack();
      Eventually.until("what comes then", () -> scene.filmed().last() > over + 2 * SECOND);

      assertThat(scene.status().droppedChunks()).isZero();
      TreeSet<Integer> missing = scene.filmed().missing();
      assertThat(missing).as("filmed while the disk was full").isNotEmpty();
      assertThat(missing.last()).as("the newest are there").isLessThan(over);
      assertSeenAgain(scene, camera, 1);
    }
  }

  @Test
  void datagramsLost_isRecordedAsReceived_andGoesOn(@TempDir Path folder) throws Exception {
    int port = freeUdpPort();
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        LossyLink link = new LossyLink(port);
        FfmpegProgram.Running sender =
            sender(camera, "udp://127.0.0.1:" + link.port() + "?pkt_size=1316");
        FaultScene scene = FaultScene.watching(folder, "udp://127.0.0.1:" + port)) {
      scene.awaitMore(2 * SECOND);
      link.lose(0.05);
      int before = scene.filmed().last();
      Eventually.until("losses", () -> link.dropped() > 4);
      scene.awaitMore(4 * SECOND);
      link.lose(0);
      scene.awaitMore(4 * SECOND);

      assertThat(scene.filmed().last()).isGreaterThan(before + 8 * SECOND);
      assertThat(scene.status().state()).isEqualTo(CaptureState.CONNECTED);
      assertThat(scene.status().damagedPictures()).isPositive();
      assertThat(scene.gateway().epochs("a")).hasSize(1);
      scene.filmed().checkRecorded(scene.gateway().epochs("a").get(0));
      assertThat(scene.gateway().breaches()).isEmpty();
    }
  }

  @Test
  void datagramsOfSrtLost_nothingIsMissing(@TempDir Path folder) throws Exception {
    int port = freeUdpPort();
    String listening = "srt://127.0.0.1:" + port + "?mode=listener&latency=1000000";
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        LossyLink link = new LossyLink(port);
        FaultScene scene = FaultScene.watching(folder, listening);
        CallingEncoder sender = new CallingEncoder(camera, link.port())) {
      scene.awaitMore(SECOND);
      link.lose(0.05);
      Eventually.until("losses", () -> link.dropped() > 4);
      scene.awaitMore(8 * SECOND);

      assertThat(scene.filmed().missing()).isEmpty();
      assertSeenAgain(scene, camera, 1);
    }
  }

  @Test
  void senderOfSrtGone_isSeenAgain(@TempDir Path folder) throws Exception {
    int port = freeUdpPort();
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultScene scene =
            FaultScene.watching(folder, "srt://127.0.0.1:" + port + "?mode=listener")) {
      try (CallingEncoder first = new CallingEncoder(camera, port)) {
        scene.awaitMore(2 * SECOND);
      }
      scene.awaitState(CaptureState.RECONNECTING);
      int over = now(camera);
      try (CallingEncoder second = new CallingEncoder(camera, port)) {
        scene.awaitMore(2 * SECOND);
      }

      assertBackWithinTenSeconds(scene, over);
      assertThat(scene.gateway().epochs("a")).hasSize(2);
      assertThat(scene.gateway().breaches()).isEmpty();
    }
  }

  /** The libsrt at hand shuts down all connections of a process when one ends. */
  @Test
  void severalOverSrt_oneGoneAndOneNeverThere_theOtherGoesOn(@TempDir Path folder)
      throws Exception {
    int port = freeUdpPort();
    int gone = freeUdpPort();
    int never = freeUdpPort();
    Path others = folder.resolve("others");
    try (RealTimeCamera camera = new RealTimeCamera(FaultScene.FILM);
        FaultScene scene =
            FaultScene.watching(folder, "srt://127.0.0.1:" + port + "?mode=listener");
        FaultScene second =
            FaultScene.watching(others, "srt://127.0.0.1:" + gone + "?mode=listener");
        FaultScene third =
            FaultScene.watching(folder.resolve("third"), "srt://127.0.0.1:" + never);
        CallingEncoder sender = new CallingEncoder(camera, port)) {
      try (CallingEncoder other = new CallingEncoder(camera, gone)) {
        second.awaitMore(SECOND);
        scene.awaitMore(SECOND);
      }
      second.awaitState(CaptureState.RECONNECTING);
      third.awaitState(CaptureState.RECONNECTING);
      assertThat(third.status().reason()).contains("srt://127.0.0.1:" + never);
      scene.awaitMore(6 * SECOND);

      assertThat(scene.filmed().missing()).isEmpty();
      assertSeenAgain(scene, camera, 1);
    }
  }

  /**
   * Sends over SRT what the camera films, and calls again when nobody answers or the connection
   * breaks, as encoders do: where a machine is slow, who listens may give up and listen anew.
   */
  private static final class CallingEncoder implements AutoCloseable {

    private final Thread thread;
    private FfmpegProgram.Running program;
    private boolean closed;

    CallingEncoder(RealTimeCamera camera, int port) {
      String target = "srt://127.0.0.1:" + port + "?latency=1000000&connect_timeout=60000";
      thread = new Thread(() -> callAgainAndAgain(camera, target), "calling-encoder");
      thread.start();
    }

    private void callAgainAndAgain(RealTimeCamera camera, String target) {
      try {
        for (Process calling; (calling = call(camera, target)) != null; ) {
          calling.waitFor();
        }
      } catch (InterruptedException e) {
        // It is closed.
      }
    }

    private synchronized Process call(RealTimeCamera camera, String target) {
      program = closed ? null : sender(camera, target);
      return closed ? null : program.process();
    }

    /** It is killed, and calls no more. */
    @Override
    public void close() {
      synchronized (this) {
        closed = true;
        if (program != null) {
          program.close();
        }
      }
      thread.interrupt();
    }
  }

  /** All of one film, in so many epochs; what is missing was filmed while nobody could see it. */
  private static void assertSeenAgain(FaultScene scene, RealTimeCamera camera, int epochs) {
    scene.filmed().check(camera);
    assertThat(scene.gateway().epochs("a")).hasSize(epochs);
    assertThat(scene.gateway().breaches()).isEmpty();
  }

  private static void assertBackWithinTenSeconds(FaultScene scene, int over) {
    TreeSet<Integer> after = new TreeSet<>();
    scene.filmed().seen().forEach(seen -> after.add(seen.number()));
    assertThat(after.higher(over)).isLessThanOrEqualTo(over + 10 * SECOND);
  }

  /** The picture that it films now. */
  private static int now(RealTimeCamera camera) {
    long micros = CaptureClock.system().nowMicros() - camera.filmedMicros(0);
    return (int) (micros / FaultScene.PICTURE);
  }

  /** Sends on what the camera films, as it is. */
  private static FfmpegProgram.Running sender(RealTimeCamera camera, String target) {
    return FfmpegProgram.start(
        List.of("-i", camera.url(), "-c", "copy", "-copyts", "-f", "mpegts", target));
  }

  private static int freeUdpPort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String through(FaultyLink link) {
    return "http://127.0.0.1:" + link.port() + "/live.ts";
  }

  /** A fault lasts for as long as it lasts. */
  private static void pass(int seconds) {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    for (long rest; (rest = end - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(rest);
    }
  }
}
