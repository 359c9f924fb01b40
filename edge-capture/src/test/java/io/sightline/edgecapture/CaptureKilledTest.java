package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * An agent that is killed with -9 at random moments, while the gateway comes and goes: nothing that
 * was a whole chunk or a frame is lost or comes twice. {@code -Dsightline.full=true} for fifty
 * kills.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class CaptureKilledTest {

  private static final int KILLS = Integer.getInteger("sightline.kills", FaultScene.FULL ? 50 : 3);
  private static final long SEED = Long.getLong("sightline.seed", 11);
  private static final long SECOND = 1_000_000;

  /** A chunk closes at the first keyframe after two seconds; there is one each second. */
  private static final long CHUNK_BEING_WRITTEN = 3 * SECOND + 200_000;

  private static final long FRAME = 200_000;

  @TempDir Path folder;

  /** How far an agent was when it was killed. */
  private record Reached(String epoch, long positionMicros) {}

  @Test
  void agentKilledAtRandomMoments_losesAtMostTheChunkBeingWritten() throws Exception {
    Random random = new Random(SEED);
    List<Reached> killed = new ArrayList<>();
    try (TestGateway gateway = new TestGateway()) {
      gateway.assign(Fixtures.assignment("a", TestVideo.plain().file() + "?loop"));
      boolean there = true;
      for (int kill = 0; kill < KILLS; kill++) {
        Process agent = start(gateway);
        Reached reached;
        try {
          // Assignments come from the gateway, so it is there at the start and goes later.
          if (!there) {
            gateway.comeBack();
          }
          Watch watch = new Watch(agent);
          watch.until(SECOND);
          there = random.nextBoolean();
          if (!there) {
            gateway.goAway();
          }
          watch.until((2 + random.nextInt(3)) * SECOND + random.nextInt((int) SECOND));
          agent.destroyForcibly().waitFor();
          reached = watch.last();
        } finally {
          agent.destroyForcibly();
        }
        killed.add(reached);
      }
      if (!there) {
        gateway.comeBack();
      }
      Process last = start(gateway);
      try {
        for (Reached each : killed) {
          Eventually.until(
              "the end of " + each.epoch(),
              () ->
                  gateway.epochs("a").stream()
                      .anyMatch(epoch -> epoch.epoch.equals(each.epoch()) && epoch.ended));
        }
      } finally {
        last.destroyForcibly().waitFor();
      }
      for (Reached each : killed) {
        TestGateway.Epoch epoch =
            gateway.epochs("a").stream()
                .filter(any -> any.epoch.equals(each.epoch()))
                .findFirst()
                .orElseThrow();
        check(epoch, each.positionMicros());
      }
      assertThat(gateway.breaches()).isEmpty();
    }
  }

  private static void check(TestGateway.Epoch epoch, long reachedMicros) {
    List<ChunkInfo> chunks = epoch.of(ChunkInfo.class);
    List<FrameInfo> frames = epoch.of(FrameInfo.class);
    long recorded = epoch.startMicros;
    for (ChunkInfo chunk : chunks) {
      assertThat(chunk.positionMicros()).as("chunks of %s follow", epoch.epoch).isEqualTo(recorded);
      recorded += chunk.durationMicros();
    }
    for (int n = 0; n < frames.size(); n++) {
      assertThat(frames.get(n).positionMicros())
          .as("frame %d of %s", n, epoch.epoch)
          .isEqualTo(epoch.startMicros + n * FRAME);
    }
    assertThat(reachedMicros - recorded).isLessThanOrEqualTo(CHUNK_BEING_WRITTEN);
    assertThat(frames.size() * FRAME)
        .isGreaterThanOrEqualTo(reachedMicros - epoch.startMicros - 2 * FRAME);
  }

  @Test
  void agentKilledWhileItWorksOffAFolder_sendsAllOfItOnce() throws Exception {
    Path videos = Files.createDirectory(folder.resolve("videos"));
    for (int n = 1; n <= 3; n++) {
      Files.copy(
          TestVideo.plain().pictures(200 + n).file(), videos.resolve("clip" + 4 * n + ".mp4"));
    }
    try (TestGateway gateway = new TestGateway()) {
      gateway.assign(Fixtures.assignment("a", videos.toString()));
      for (int items = 10; items <= 110; items += 50) {
        Process agent = start(gateway);
        int wanted = items;
        Eventually.until(items + " items", () -> gateway.read(() -> items(gateway)) >= wanted);
        agent.destroyForcibly().waitFor();
      }
      Process last = start(gateway);
      try {
        Eventually.until("all of it", () -> ended(gateway) == 3);
      } finally {
        last.destroyForcibly().waitFor();
      }
      assertThat(gateway.epochs("a")).hasSize(3);
      for (TestGateway.Epoch epoch : gateway.epochs("a")) {
        check(epoch, epoch.startMicros);
        assertThat(epoch.of(FrameInfo.class)).hasSize(41);
      }
      assertThat(gateway.breaches()).isEmpty();
    }
  }

  @Test
  void agentKilledWhileItWatchesAFolder_losesAtMostTheChunkBeingWritten_andNothingComesTwice()
      throws Exception {
    Path videos = Files.createDirectory(folder.resolve("videos"));
    Path whole = TestVideo.plain().pictures(1_500).container(TestVideo.Container.TS).file();
    assertThat(
            FfmpegProgram.ffmpeg(
                    List.of(
                        "-i",
                        whole.toString(),
                        "-c",
                        "copy",
                        "-f",
                        "segment",
                        "-segment_time",
                        "6",
                        videos.resolve("seg%d.ts").toString()))
                .exitCode())
        .isZero();
    int kills = 2;
    try (TestGateway gateway = new TestGateway()) {
      gateway.assign(Fixtures.assignment("a", videos + "?watch"));
      for (int kill = 1; kill <= kills; kill++) {
        int wanted = 60 * kill;
        Process agent = start(gateway);
        Eventually.until(wanted + " frames", () -> gateway.read(() -> frames(gateway)) >= wanted);
        agent.destroyForcibly().waitFor();
      }
      Process last = start(gateway);
      try {
        Eventually.until("all files taken", () -> taken() == 10);
      } finally {
        last.destroy();
        last.waitFor();
      }
      Process after = start(gateway);
      try {
        Eventually.until("all sent", () -> ended(gateway) == gateway.epochs("a").size());
      } finally {
        after.destroyForcibly().waitFor();
      }
      long recorded = 0;
      for (TestGateway.Epoch epoch : gateway.epochs("a")) {
        check(epoch, epoch.startMicros);
        for (ChunkInfo chunk : epoch.of(ChunkInfo.class)) {
          recorded += chunk.durationMicros();
        }
      }
      assertThat(recorded).isBetween(60 * SECOND - (kills + 1) * CHUNK_BEING_WRITTEN, 60 * SECOND);
      assertThat(frames(gateway))
          .isBetween(300 - (kills + 1) * (int) (CHUNK_BEING_WRITTEN / FRAME), 300);
      assertThat(gateway.breaches()).isEmpty();
    }
  }

  /** How many files the agent says it has taken as a whole. */
  private int taken() {
    try (Stream<Path> journals = Files.list(folder.resolve("spool").resolve(".taken"))) {
      String journal = Files.readString(journals.findFirst().orElseThrow());
      return (int) journal.lines().filter(line -> line.contains("\"name\"")).count();
    } catch (IOException | NoSuchElementException e) {
      return 0;
    }
  }

  private static int ended(TestGateway gateway) {
    return (int) gateway.epochs("a").stream().filter(epoch -> epoch.ended).count();
  }

  private static int items(TestGateway gateway) {
    return gateway.epochs("a").stream().mapToInt(epoch -> epoch.items.size()).sum();
  }

  private static int frames(TestGateway gateway) {
    return gateway.epochs("a").stream().mapToInt(epoch -> epoch.of(FrameInfo.class).size()).sum();
  }

  private Process start(TestGateway gateway) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CaptureProcess.class.getName(),
            gateway.uri().toString(),
            folder.resolve("spool").toString())
        .redirectError(ProcessBuilder.Redirect.appendTo(new File(folder.toFile(), "errors")))
        .start();
  }

  /** Reads what an agent says of itself. */
  private static final class Watch {

    private final List<Reached> said = new ArrayList<>();

    Watch(Process agent) {
      new Thread(() -> read(agent)).start();
    }

    /** Until the agent has captured for so long; whatever it captured before. */
    void until(long micros) {
      Eventually.until(
          micros + " us captured",
          () -> {
            synchronized (said) {
              return !said.isEmpty()
                  && last().positionMicros() - said.get(0).positionMicros() >= micros;
            }
          });
    }

    Reached last() {
      synchronized (said) {
        return said.get(said.size() - 1);
      }
    }

    private void read(Process agent) {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(agent.getInputStream()))) {
        for (String line; (line = lines.readLine()) != null; ) {
          String[] words = line.split(" ");
          if (words.length == 3 && words[0].equals("a") && !words[1].equals("null")) {
            synchronized (said) {
              said.add(new Reached(words[1], Long.parseLong(words[2])));
            }
          }
        }
      } catch (IOException e) {
        // It was killed.
      }
    }
  }

  @Test
  void agentStoppedWhileTheGatewayIsAway_sendsTheRestAfterItsNextStart() throws Exception {
    try (TestGateway gateway = new TestGateway()) {
      gateway.assign(Fixtures.assignment("a", TestVideo.plain().file() + "?loop"));
      Process first = start(gateway);
      Watch watch = new Watch(first);
      watch.until(SECOND);
      gateway.goAway();
      watch.until(3 * SECOND);
      first.destroy();
      first.waitFor();
      Reached reached = watch.last();
      gateway.comeBack();

      Process second = start(gateway);
      try {
        Eventually.until(
            "the end of " + reached.epoch(),
            () -> !gateway.epochs("a").isEmpty() && gateway.epochs("a").get(0).ended);
        Path spooled = folder.resolve("spool").resolve("a").resolve(reached.epoch());
        Eventually.until("its place on disk is free", () -> Files.notExists(spooled));
      } finally {
        second.destroyForcibly().waitFor();
      }

      check(gateway.epochs("a").get(0), reached.positionMicros());
      assertThat(gateway.breaches()).isEmpty();
    }
  }
}
