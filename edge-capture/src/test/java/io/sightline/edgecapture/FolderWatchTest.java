package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.CaptureState;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A folder into which another program writes segments: ten seconds in files of two. */
@Execution(ExecutionMode.CONCURRENT)
class FolderWatchTest {

  private static final long FRAME = 200_000;

  @TempDir Path home;
  private Path folderOfSegments;
  private TestSegments made;
  private Path folder;
  private Vertx vertx;
  private TestGateway gateway;
  private CaptureVerticle capture;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    gateway = new TestGateway();
    folder = Files.createDirectory(home.resolve("in"));
    folderOfSegments = Files.createDirectory(home.resolve("made"));
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
    assertThat(gateway.breaches()).isEmpty();
  }

  @Test
  void segmentsThatFollow_areOneEpoch_howeverTheyCome() throws Exception {
    segments();
    put(0);
    put(1);
    deploy();
    watch();
    Eventually.until("what was there", () -> frames(0) >= 18);
    byte[] third = Files.readAllBytes(made.file(2));
    try (OutputStream slow =
        Files.newOutputStream(folder.resolve("seg2.ts"), StandardOpenOption.CREATE_NEW)) {
      slow.write(third, 0, third.length / 2);
      slow.flush();
      int asked = gateway.asked();
      Eventually.until("looked at for a while", () -> gateway.asked() > asked);
      slow.write(third, third.length / 2, third.length - third.length / 2);
    }
    put(3);
    Eventually.until("what came", () -> frames(0) >= 38);
    put(4);
    // A stop in the middle of a file would cost the rest of its GOP.
    Eventually.until("the last", () -> taken() == 5);
    vertx.undeploy(vertx.deploymentIDs().iterator().next()).await(30, TimeUnit.SECONDS);

    List<TestGateway.Epoch> epochs = gateway.epochs("a");
    assertThat(epochs).hasSize(1);
    TestGateway.Epoch epoch = epochs.get(0);
    assertThat(epoch.run).isEqualTo("live");
    List<FrameInfo> frames = epoch.of(FrameInfo.class);
    assertThat(frames).hasSize(50);
    for (int n = 0; n < frames.size(); n++) {
      assertThat(frames.get(n).positionMicros()).isEqualTo(epoch.startMicros + n * FRAME);
    }
    long recorded = epoch.startMicros;
    for (ChunkInfo chunk : epoch.of(ChunkInfo.class)) {
      assertThat(chunk.positionMicros()).isEqualTo(recorded);
      recorded += chunk.durationMicros();
    }
    assertThat(recorded).isEqualTo(epoch.startMicros + 10_000_000);
    // The first file was changed when its end was captured.
    long changed = Files.getLastModifiedTime(folder.resolve("seg0.ts")).toMillis() * 1_000;
    assertThat(epoch.startMicros).isBetween(changed - 2_200_000, changed - 1_800_000);
  }

  @Test
  void numbersThatLie_andA33BitWrap_disturbNothing() throws Exception {
    // 2^33 ticks of 90 kHz are 95443.7 s.
    segments("-output_ts_offset", "95438");
    put(0, "c.ts");
    put(1, "b.ts");
    put(2, "d10.ts");
    put(3, "d9.ts");
    put(4, "a.ts");
    deploy();
    Files.createFile(folder.resolve("live.m3u8"));
    // By name a.ts is the first; it begins an epoch, from there on the times tell.
    Files.move(folder.resolve("a.ts"), home.resolve("a.ts"));
    Files.move(folder.resolve("b.ts"), folder.resolve("e.ts"));
    watch();
    Eventually.until("all but the last", () -> frames(0) >= 38);
    Files.move(home.resolve("a.ts"), folder.resolve("a.ts"));
    Eventually.until("the last", () -> frames(0) >= 48);

    assertThat(gateway.epochs("a")).hasSize(1);
  }

  @Test
  void missingSegment_andTimesThatJumpBack_beginEpochs() throws Exception {
    segments();
    put(0);
    put(2);
    deploy();
    watch();
    Eventually.until("two epochs", () -> gateway.epochs("a").size() == 2 && frames(1) >= 8);
    Files.copy(made.file(1), folder.resolve("seg9.ts"));
    Eventually.until("three epochs", () -> gateway.epochs("a").size() == 3);

    assertThat(gateway.epochs("a").get(0).end().reason()).contains("2.0 s are missing");
    assertThat(gateway.epochs("a").get(1).end().reason()).contains("jump back");
  }

  @Test
  void restarted_takesNothingTwice_andWhatCameMeanwhile() throws Exception {
    segments();
    put(0);
    put(1);
    deploy();
    watch();
    Eventually.until("what was there", () -> taken() == 2);
    vertx.undeploy(vertx.deploymentIDs().iterator().next()).await(30, TimeUnit.SECONDS);
    Files.move(folder.resolve("seg1.ts"), folder.resolve("renamed.ts"));
    put(2);

    deploy();
    Eventually.until("what came", () -> gateway.epochs("a").size() == 2 && frames(1) >= 8);
    put(3);
    // Under its first name, its second, and the two that came.
    Eventually.until("what came later", () -> taken() == 5);
    vertx.undeploy(vertx.deploymentIDs().iterator().next()).await(30, TimeUnit.SECONDS);

    assertThat(gateway.epochs("a")).hasSize(2);
    assertThat(gateway.epochs("a").get(0).of(FrameInfo.class)).hasSize(20);
    assertThat(gateway.epochs("a").get(1).of(FrameInfo.class)).hasSize(20);
  }

  @Test
  void nothingThere_isWaitedFor_andSoIsAFolderThatVanishes() throws Exception {
    segments();
    deploy();
    watch();
    Eventually.until("waiting", () -> status().state() == CaptureState.WAITING);
    assertThat(status().reason()).contains("Waiting for files in");
    Path away = Files.move(folder, home.resolve("away"));
    Eventually.until("noticed", () -> status().state() == CaptureState.RECONNECTING);
    assertThat(status().reason()).contains("There is no folder");

    Files.move(away, folder);
    put(0);

    Eventually.until("taken", () -> !gateway.epochs("a").isEmpty() && frames(0) >= 8);
  }

  @Test
  void whatIsNoVideo_breaksOff_orGrowsAfterwards_isSaidAndCounted_andStopsNothing()
      throws Exception {
    segments();
    Files.writeString(folder.resolve("notes.ts"), "This is no video.\n");
    byte[] whole = Files.readAllBytes(made.file(0));
    Files.write(folder.resolve("seg0.ts"), Arrays.copyOf(whole, whole.length / 2 / 188 * 188 + 77));
    put(1);
    deploy();
    watch();
    Eventually.until("the second", () -> gateway.epochs("a").size() == 2 && frames(1) >= 8);
    assertThat(status().skippedFiles()).isEqualTo(2);
    Files.write(folder.resolve("seg0.ts"), whole);
    Eventually.until("grown", () -> status().skippedFiles() == 3);
    assertThat(status().note()).contains("has grown");
    put(2);
    Eventually.until("goes on", () -> frames(1) >= 18);
    assertThat(gateway.epochs("a")).hasSize(2);
  }

  private void segments(String... options) {
    made = new TestSegments(folderOfSegments, 5, options);
  }

  private void put(int number) throws Exception {
    put(number, "seg" + number + ".ts");
  }

  /** As a program does that knows what it does: under another name first. */
  private void put(int number, String name) throws Exception {
    Path fresh = Files.copy(made.file(number), folder.resolve(name + ".tmp"));
    Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private void deploy() throws Exception {
    CaptureConfig config =
        gateway
            .config()
            .in(home)
            .withSpool(new SpoolSettings(home.resolve("spool"), 500_000_000, Duration.ofHours(1)));
    capture = new CaptureVerticle(config, CaptureClock.system(), Fixtures.QUICK);
    vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
  }

  private void watch() {
    gateway.assign(Fixtures.assignment("a", "file:in?watch"));
  }

  private int frames(int epoch) {
    return gateway.read(
        () ->
            gateway.epochs("a").size() <= epoch
                ? 0
                : gateway.epochs("a").get(epoch).of(FrameInfo.class).size());
  }

  /** How many names of files are noted as taken. */
  private int taken() {
    try (Stream<Path> journals = Files.list(home.resolve("spool").resolve(".taken"))) {
      String journal = Files.readString(journals.findFirst().orElseThrow());
      return (int)
          journal
              .lines()
              .filter(line -> line.contains("\"name\""))
              .map(line -> line.replaceAll(".*\"name\":\"([^\"]*)\".*", "$1"))
              .distinct()
              .count();
    } catch (IOException | NoSuchElementException e) {
      return 0;
    }
  }

  private CaptureStatus status() {
    return capture.statuses().stream()
        .filter(each -> each.stream().equals("a"))
        .findFirst()
        .orElseGet(() -> new StreamMeter("a", CaptureClock.system()).snapshot());
  }
}
