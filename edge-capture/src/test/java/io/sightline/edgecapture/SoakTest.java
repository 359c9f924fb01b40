package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.TestVideo;
import io.sightline.records.Positions;
import io.sightline.records.StreamAssignment;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three streams with faults at random: what is missing was filmed during one of them, or in the ten
 * seconds within which it must be over. The report stands in {@code target/soak.txt}. {@code
 * -Dsightline.full=true} for an hour, with a fault every 20 to 60 seconds.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class SoakTest {

  private static final long SECONDS = Long.getLong("sightline.soak", FaultScene.FULL ? 3_600 : 25);
  private static final boolean LONG = SECONDS >= 600;
  private static final long SECOND = Positions.MICROS_PER_SECOND;
  private static final String[] STREAMS = {"north", "south", "yard"};

  /** Something that goes wrong for a while. */
  private enum Kind {
    CAMERA_KILLED,
    NETWORK_CUT,
    HALF_OPEN,
    RESET,
    SILENT,
    GATEWAY_AWAY
  }

  /** One fault as it happened; of all streams, where that is null. */
  private record Fault(Kind kind, String stream, long fromMicros, long toMicros) {

    /** Whether it can be why something is missing. */
    boolean explains(String of, long from, long to) {
      return (stream == null || stream.equals(of))
          // What was on its way in that moment is lost, too.
          && to >= fromMicros - SECOND
          && from <= toMicros + FaultScene.BACK;
    }
  }

  private record Gap(String stream, long fromMicros, long toMicros) {}

  @TempDir Path folder;
  private final Random random = new Random(Long.getLong("sightline.seed", 7));
  private final CaptureClock clock = CaptureClock.system();
  private final List<Fault> faults = new ArrayList<>();
  private final List<RealTimeCamera> cameras = new ArrayList<>();
  private final List<FaultyLink> links = new ArrayList<>();

  @Test
  void randomFaults_everyGapHasItsFault() throws Exception {
    TestVideo film = FaultScene.FILM.pictures((int) ((SECONDS + 120) * FaultScene.RATE));
    Vertx vertx = Vertx.vertx();
    try (TestGateway gateway = new TestGateway()) {
      CaptureVerticle capture =
          new CaptureVerticle(
              FaultScene.config(
                  gateway.uri(),
                  folder,
                  CaptureConfig.DEFAULT_OPEN_TIMEOUT,
                  FaultScene.READ_TIMEOUT),
              clock,
              Timing.DEFAULT);
      vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
      List<StreamAssignment> assigned = new ArrayList<>();
      for (String stream : STREAMS) {
        RealTimeCamera camera = new RealTimeCamera(film);
        FaultyLink link = new FaultyLink(camera.port());
        cameras.add(camera);
        links.add(link);
        assigned.add(
            Fixtures.assignment(
                stream,
                Fixtures.profile("all", "every 1 frames"),
                "http://127.0.0.1:" + link.port() + "/live.ts"));
      }
      gateway.assign(assigned.toArray(StreamAssignment[]::new));
      List<Filmed> filmed = new ArrayList<>();
      for (String stream : STREAMS) {
        Filmed seen = new Filmed(gateway, stream, FaultScene.PICTURE);
        Eventually.until("the first picture of " + stream, () -> seen.last() >= 0);
        filmed.add(seen);
      }
      long end = clock.nowMicros() + SECONDS * SECOND;
      while (clock.nowMicros() < end) {
        pass(LONG ? 20 + random.nextInt(41) : 2 + random.nextInt(3));
        fault(gateway);
      }
      long over = clock.nowMicros();
      for (int n = 0; n < STREAMS.length; n++) {
        Filmed seen = filmed.get(n);
        int wanted =
            (int) ((over + FaultScene.BACK - cameras.get(n).filmedMicros(0)) / FaultScene.PICTURE);
        Eventually.until("the last of " + STREAMS[n], () -> seen.last() >= wanted);
      }
      vertx.close().await(60, TimeUnit.SECONDS);
      check(filmed);
      assertThat(gateway.breaches()).isEmpty();
    } finally {
      vertx.close().await(60, TimeUnit.SECONDS);
      for (RealTimeCamera camera : cameras) {
        camera.close();
      }
      for (FaultyLink link : links) {
        link.close();
      }
    }
  }

  /** One of them, for some seconds, at one of the streams or at what all have. */
  private void fault(TestGateway gateway) throws Exception {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    int which = random.nextInt(STREAMS.length);
    RealTimeCamera camera = cameras.get(which);
    FaultyLink link = links.get(which);
    int seconds = 1 + random.nextInt(LONG ? 20 : 5);
    long from = clock.nowMicros();
    switch (kind) {
      case CAMERA_KILLED -> {
        camera.kill();
        link.reset();
        pass(seconds);
        camera.comeBack();
      }
      case NETWORK_CUT -> {
        link.cut(true);
        pass(seconds);
        link.cut(false);
      }
      case HALF_OPEN -> {
        link.forget();
        // It is noticed by the silence alone.
        pass((int) FaultScene.READ_TIMEOUT.toSeconds());
      }
      case RESET -> link.reset();
      case SILENT -> {
        camera.mute(true);
        pass(seconds);
        camera.mute(false);
      }
      case GATEWAY_AWAY -> {
        gateway.goAway();
        pass(seconds);
        gateway.comeBack();
      }
    }
    Fault over =
        new Fault(kind, kind == Kind.GATEWAY_AWAY ? null : STREAMS[which], from, clock.nowMicros());
    faults.add(over);
    if (LONG) {
      long began = cameras.get(0).filmedMicros(0);
      System.out.println("FAULT " + line(began, from, over.toMicros(), over.stream(), kind + ""));
    }
  }

  private void check(List<Filmed> filmed) throws Exception {
    List<Gap> gaps = new ArrayList<>();
    for (int n = 0; n < STREAMS.length; n++) {
      filmed.get(n).check(cameras.get(n));
      gaps.addAll(gaps(STREAMS[n], filmed.get(n).missing(), cameras.get(n)));
    }
    List<String> report = new ArrayList<>();
    List<Gap> unexplained = new ArrayList<>();
    long began = cameras.get(0).filmedMicros(0);
    for (Fault fault : faults) {
      report.add(
          line(began, fault.fromMicros(), fault.toMicros(), fault.stream(), fault.kind() + ""));
    }
    for (Gap gap : gaps) {
      List<Fault> why =
          faults.stream()
              .filter(each -> each.explains(gap.stream(), gap.fromMicros(), gap.toMicros()))
              .toList();
      report.add(
          line(
              began,
              gap.fromMicros(),
              gap.toMicros(),
              gap.stream(),
              "missing; " + (why.isEmpty() ? "UNEXPLAINED" : why.get(0).kind())));
      // Nothing is lost by a gateway that is away: that explains no gap.
      if (why.stream().noneMatch(fault -> fault.kind() != Kind.GATEWAY_AWAY)) {
        unexplained.add(gap);
      }
    }
    report.sort(null);
    Files.write(Path.of("target", "soak.txt"), report);
    assertThat(faults).isNotEmpty();
    assertThat(unexplained).as("of %s", report).isEmpty();
  }

  private static List<Gap> gaps(String stream, TreeSet<Integer> missing, RealTimeCamera camera) {
    List<Gap> gaps = new ArrayList<>();
    int from = -1;
    int to = -1;
    for (int number : missing) {
      if (to >= 0 && number > to + 1) {
        gaps.add(gap(stream, from, to, camera));
        from = number;
      }
      from = from < 0 ? number : from;
      to = number;
    }
    if (to >= 0) {
      gaps.add(gap(stream, from, to, camera));
    }
    return gaps;
  }

  private static Gap gap(String stream, int from, int to, RealTimeCamera camera) {
    return new Gap(stream, camera.filmedMicros(from), camera.filmedMicros(to) + FaultScene.PICTURE);
  }

  private static String line(long began, long from, long to, String stream, String what) {
    return String.format(
        Locale.ROOT,
        "%9.2f to %9.2f s  %-6s %s",
        (from - began) / 1e6,
        (to - began) / 1e6,
        stream == null ? "all" : stream,
        what);
  }

  private static void pass(int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (long rest; (rest = end - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(rest);
    }
  }
}
