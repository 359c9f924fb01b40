package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.edgecapture.s3.S3World;
import io.sightline.media.MediaException;
import io.sightline.records.CaptureState;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A bucket into which an encoder writes segments of two seconds. */
@Execution(ExecutionMode.CONCURRENT)
class S3CaptureTest {

  private static final long FRAME = 200_000;
  private static final Instant TIME = Instant.parse("2026-11-20T10:00:00Z");
  private static final String BUCKET = "video";
  private static final int SEGMENTS = 20;
  private static final int KILLS = 2;

  private static S3World world;
  @TempDir static Path made;
  private static TestSegments segments;
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir Path home;
  private String prefix;
  private String queue;
  private Vertx vertx;
  private TestGateway gateway;
  private CaptureVerticle capture;

  @BeforeAll
  static void start() {
    world = new S3World();
    world.bucket(BUCKET);
    segments = new TestSegments(made, SEGMENTS);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    gateway = new TestGateway();
    int number = NAMES.incrementAndGet();
    prefix = "live " + number + "/court+1_";
    queue = world.queue("q" + number);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
    assertThat(gateway.breaches()).isEmpty();
  }

  @Test
  void announcedObjects_areOneEpoch_howeverTheyAreAnnounced() throws Exception {
    for (int n = 0; n < 5; n++) {
      put(n);
    }
    world.put(BUCKET, prefix + ".m3u8", Files.writeString(home.resolve("list"), "#EXTM3U\n"));
    world.send(
        queue, "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"video\"}");
    world.send(queue, event(2));
    world.send(queue, S3World.bySns(event(1)));
    world.send(queue, event(2));
    world.send(queue, S3World.byEventBridge(BUCKET, key(0), size(0), TIME));
    world.send(queue, S3World.event(BUCKET, prefix + ".m3u8", 8, TIME));
    world.send(queue, "{\"hello\":\"world\"}");
    world.send(queue, S3World.event(BUCKET, "elsewhere/a.ts", 8, TIME));
    deploy();
    watch();
    Eventually.until("what was announced", () -> frames(0) >= 28);
    world.send(queue, event(4));
    world.send(queue, event(3));
    world.send(queue, event(0));
    Eventually.until("the rest", () -> frames(0) >= 48);
    // The one that is not understood, and the one that is not for us.
    Eventually.until("all else is deleted", () -> world.messages(queue) == 2);
    undeploy();

    assertThat(gateway.epochs("a")).hasSize(1);
    TestGateway.Epoch epoch = gateway.epochs("a").get(0);
    List<FrameInfo> frames = epoch.of(FrameInfo.class);
    assertThat(frames).hasSize(50);
    for (int n = 0; n < frames.size(); n++) {
      assertThat(frames.get(n).positionMicros()).isEqualTo(epoch.startMicros + n * FRAME);
    }
    assertThat(recorded(List.of(epoch))).isEqualTo(10_000_000);
    // An object was complete when its end had been captured.
    assertThat(epoch.startMicros).isBetween(micros(TIME) - 2_200_000, micros(TIME) - 1_800_000);
    assertThat(files(".objects")).isEmpty();
  }

  @Test
  void objectsWithoutAQueue_areFoundByListing() throws Exception {
    put(0);
    put(1);
    world.put(BUCKET, "elsewhere/seg.ts", segments.file(4));
    deploy();
    gateway.assign(Fixtures.assignment("a", url().replaceAll("&queue=.*", "")));
    Eventually.until("what was there", () -> frames(0) >= 18);
    put(2);
    Eventually.until("what came", () -> frames(0) >= 28);
    undeploy();
    deploy();
    put(3);
    Eventually.until("what came later", () -> gateway.epochs("a").size() == 2 && frames(1) >= 8);
    undeploy();

    assertThat(gateway.epochs("a")).hasSize(2);
    // Of the last object what had been read when it was stopped.
    assertThat(gateway.epochs("a").get(0).of(FrameInfo.class)).hasSizeBetween(28, 30);
    assertThat(gateway.epochs("a").get(1).of(FrameInfo.class)).hasSizeBetween(8, 10);
  }

  @Test
  void objectThatIsDeletedOrNoVideo_isSaidAndCounted_andStopsNothing() throws Exception {
    put(0);
    put(2);
    world.put(BUCKET, key(1), Files.writeString(home.resolve("text"), "This is no video.\n"));
    world.send(queue, event(0));
    world.send(queue, S3World.event(BUCKET, key(1), 18, TIME));
    world.send(queue, S3World.event(BUCKET, prefix + "gone.ts", 18, TIME));
    world.send(queue, event(2));
    deploy();
    watch();
    Eventually.until("both", () -> gateway.epochs("a").size() == 2 && frames(1) >= 8);
    Eventually.until("all is deleted", () -> world.messages(queue) == 0);

    assertThat(status().skippedFiles()).isEqualTo(2);
    assertThat(gateway.epochs("a").get(0).end().reason()).contains("2.0 s are missing");
  }

  @Test
  void nothingThere_isWaitedFor_andAQueueThatIsNotThereIsNamed() throws Exception {
    deploy();
    watch();
    Eventually.until("waiting", () -> status().state() == CaptureState.WAITING);
    assertThat(status().reason()).isEqualTo("Waiting for files in s3://video/" + prefix);

    gateway.assign(Fixtures.assignment("a", url().replaceAll("/q[0-9]+$", "/none")));
    Eventually.until("noticed", () -> status().state() == CaptureState.RECONNECTING);
    assertThat(status().reason()).contains("The queue none of s3://video/");
  }

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void agentKilledInTheMiddle_takesNothingTwice_andLosesAtMostTheChunkBeingWritten()
      throws Exception {
    gateway.assign(Fixtures.assignment("a", url()));
    for (int n = 0; n < SEGMENTS; n++) {
      put(n);
      world.send(queue, event(n));
    }
    for (int kill = 0; kill < KILLS; kill++) {
      Process agent = process();
      int wanted = 20 + 60 * kill;
      Eventually.until(wanted + " frames", () -> frames() >= wanted);
      agent.destroyForcibly().waitFor();
    }
    Process last = process();
    try {
      Eventually.until("all taken", () -> taken() == SEGMENTS);
    } finally {
      last.destroy();
      last.waitFor();
    }
    Process after = process();
    try {
      Eventually.until(
          "all sent", () -> gateway.epochs("a").stream().allMatch(epoch -> epoch.ended));
    } finally {
      after.destroyForcibly().waitFor();
    }
    long chunk = 3_200_000;
    long all = SEGMENTS * 2_000_000L;
    assertThat(recorded(gateway.epochs("a"))).isBetween(all - (KILLS + 1) * chunk, all);
    assertThat((long) frames()).isBetween((all - (KILLS + 1) * chunk) / FRAME, all / FRAME);
  }

  @Test
  void look_tellsOfTheNewestObject_andTakesNothing() throws Exception {
    assertThatThrownBy(() -> SourceReport.of(url(), home, Duration.ofSeconds(2)))
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.NOT_FOUND))
        .hasMessageContaining("no video under s3://video/" + prefix);
    put(0);
    world.send(queue, event(0));

    SourceReport report = SourceReport.of(url(), home, Duration.ofSeconds(10));

    assertThat(report.url()).isEqualTo("s3://video/" + prefix);
    assertThat(report.live()).isTrue();
    assertThat(report.container()).contains("S3", "mpegts");
    assertThat(report.recorded()).hasSize(2);
    assertThat(world.messages(queue)).isEqualTo(1);
  }

  private String key(int number) {
    return String.format("%s%05d.ts", prefix, number);
  }

  private long size(int number) throws IOException {
    return Files.size(segments.file(number));
  }

  private void put(int number) {
    world.put(BUCKET, key(number), segments.file(number));
  }

  private String event(int number) throws IOException {
    return S3World.event(BUCKET, key(number), size(number), TIME.plusSeconds(2L * number));
  }

  private String url() {
    return "s3://" + BUCKET + "/" + prefix + "?region=" + S3World.REGION + "&queue=" + queue;
  }

  private void watch() {
    gateway.assign(Fixtures.assignment("a", url()));
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

  private void undeploy() throws Exception {
    vertx.undeploy(vertx.deploymentIDs().iterator().next()).await(30, TimeUnit.SECONDS);
  }

  private Process process() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(world.settings()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CaptureProcess.class.getName());
    command.add(gateway.uri().toString());
    command.add(home.resolve("spool").toString());
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.appendTo(new File(home.toFile(), "errors")))
        .start();
  }

  private int frames(int epoch) {
    return gateway.read(
        () ->
            gateway.epochs("a").size() <= epoch
                ? 0
                : gateway.epochs("a").get(epoch).of(FrameInfo.class).size());
  }

  private int frames() {
    return gateway.read(
        () ->
            gateway.epochs("a").stream().mapToInt(epoch -> epoch.of(FrameInfo.class).size()).sum());
  }

  private static long recorded(List<TestGateway.Epoch> epochs) {
    long recorded = 0;
    for (TestGateway.Epoch epoch : epochs) {
      long position = epoch.startMicros;
      for (ChunkInfo chunk : epoch.of(ChunkInfo.class)) {
        assertThat(chunk.positionMicros()).isEqualTo(position);
        position += chunk.durationMicros();
      }
      recorded += position - epoch.startMicros;
    }
    return recorded;
  }

  private static long micros(Instant time) {
    return time.toEpochMilli() * 1_000;
  }

  /** How many objects are noted as taken. */
  private int taken() {
    try (Stream<Path> journals = Files.list(home.resolve("spool").resolve(".taken"))) {
      String journal = Files.readString(journals.findFirst().orElseThrow());
      return (int) journal.lines().filter(line -> line.contains("\"name\"")).count();
    } catch (IOException | NoSuchElementException e) {
      return 0;
    }
  }

  /** What there is in a folder of the agent's. */
  private List<Path> files(String name) throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("spool").resolve(name))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private CaptureStatus status() {
    return capture.statuses().stream()
        .filter(each -> each.stream().equals("a"))
        .findFirst()
        .orElseGet(() -> new StreamMeter("a", CaptureClock.system()).snapshot());
  }
}
