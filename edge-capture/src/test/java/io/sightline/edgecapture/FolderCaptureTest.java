package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.testing.TestVideo;
import io.sightline.records.CaptureState;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.InputSpec;
import io.sightline.records.InputUse;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that are processed, and folders that play the part of a camera. */
class FolderCaptureTest {

  private static final Instant MODIFIED = Instant.parse("2026-03-01T10:00:00Z");
  private static final long START = MODIFIED.toEpochMilli() * 1_000;
  private static final long SECOND = 1_000_000;

  @TempDir Path home;
  private final TestClock clock = new TestClock();
  private Path folder;
  private Vertx vertx;
  private TestGateway gateway;
  private CaptureVerticle capture;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    gateway = new TestGateway();
    folder = Files.createDirectory(home.resolve("videos"));
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
    assertThat(gateway.breaches()).isEmpty();
  }

  @Test
  void processed_filesFollowInOrderOfName_onOneAxis_andWhatIsNoVideoIsCounted() throws Exception {
    copy(video(100), "clip10.mp4");
    copy(video(50), "clip2.mp4");
    Files.writeString(folder.resolve("clip3.mp4"), "This is no video.\n");
    Files.writeString(folder.resolve("list.txt"), "clip2, clip10");
    deploy();
    gateway.assign(Fixtures.assignment("a", "file:videos"));

    FileResult result = done();

    List<TestGateway.Epoch> epochs = gateway.epochs("a");
    assertThat(epochs)
        .extracting(epoch -> epoch.startMicros)
        .containsExactly(START, START + 2 * SECOND);
    assertThat(epochs.get(0).of(FrameInfo.class)).hasSize(10);
    assertThat(epochs.get(1).of(FrameInfo.class)).hasSize(20);
    assertThat(epochs).allMatch(epoch -> epoch.run.startsWith("f-"));
    assertThat(result.endMicros()).isEqualTo(START + 6 * SECOND);
    assertThat(result.reason()).contains("2 files", "1 could not be read");
    assertThat(status().state()).isEqualTo(CaptureState.ENDED);
    assertThat(status().skippedFiles()).isEqualTo(1);
    assertThat(status().note()).contains("clip3.mp4");
  }

  @Test
  void processed_again_nothingIsSentTwice_andWhatIsNewIs() throws Exception {
    copy(video(50), "clip2.mp4");
    copy(video(100), "clip10.mp4");
    deploy();
    gateway.assign(Fixtures.assignment("a", "file:videos"));
    done();
    restart();
    assertThat(done().reason()).contains("taken before");
    assertThat(gateway.epochs("a")).hasSize(2);
    assertThat(gateway.epochs("a")).allMatch(epoch -> epoch.openings == 1);

    copy(video(75), "clip1.mp4");
    Files.move(folder.resolve("clip2.mp4"), folder.resolve("renamed.mp4"));
    restart();
    FileResult result = done();

    assertThat(gateway.epochs("a")).hasSize(3);
    assertThat(gateway.epochs("a").get(2).startMicros).isEqualTo(START + 6 * SECOND);
    assertThat(result.endMicros()).isEqualTo(START + 9 * SECOND);
  }

  @Test
  void processed_stoppedInMidFile_goesOnWithThatFile_andNothingComesTwice() throws Exception {
    copy(video(50), "clip1.mp4");
    copy(video(250), "clip2.mp4");
    copy(video(75), "clip3.mp4");
    gateway.dropAfter(
        item -> {
          boolean second = gateway.epochs("a").size() == 2;
          if (second && item.item().sequence() == 8) {
            gateway.holdAcknowledgements(true);
          }
          return false;
        });
    deploy(config().withBuffer(40_000, 20_000));
    gateway.assign(Fixtures.assignment("a", "file:videos"));
    Eventually.until("in the second file", () -> gateway.epochs("a").size() == 2);
    Eventually.until(
        "some of it", () -> gateway.read(() -> gateway.epochs("a").get(1).items.size() > 8));
    // As new as it could be: it must neither come before the one that was begun nor move it.
    copy(video(25), "clip0.mp4");
    gateway.holdAcknowledgements(false);
    restart();

    done();

    List<TestGateway.Epoch> epochs = gateway.epochs("a");
    assertThat(epochs)
        .extracting(epoch -> epoch.of(FrameInfo.class).size())
        .containsExactlyInAnyOrder(10, 50, 5, 15);
    assertThat(epochs).allMatch(epoch -> epoch.end() != null);
    assertThat(epochs.get(1).startMicros).isEqualTo(START + 2 * SECOND);
    assertThat(epochs.get(1).of(FrameInfo.class)).hasSize(50);
  }

  @Test
  void processed_emptyOrWithAnotherInput_failsWithOneSentence() throws Exception {
    deploy();
    gateway.assign(Fixtures.assignment("a", "file:videos"));
    assertThatThrownBy(this::done)
        .isInstanceOfSatisfying(
            CaptureException.class,
            e -> assertThat(e.reason()).isEqualTo(CaptureException.Reason.SOURCE))
        .hasMessageContaining("There is no video in the folder");

    gateway.assign(
        Fixtures.assignment(
            "b",
            new InputSpec("file:videos", Set.of(InputUse.RECORD), null),
            new InputSpec("file:videos", Set.of(InputUse.ANALYZE), null)));
    assertThatThrownBy(() -> capture.fileDone("b").await(60, TimeUnit.SECONDS))
        .hasMessageContaining("only input");
  }

  @Test
  void processed_folderVanishes_isWaitedFor() throws Exception {
    copy(video(50), "clip1.mp4");
    copy(video(75), "clip2.mp4");
    gateway.holdAcknowledgements(true);
    deploy();
    gateway.assign(Fixtures.assignment("a", "file:videos"));
    Eventually.until(
        "the first is sent",
        () ->
            !gateway.epochs("a").isEmpty()
                && gateway.read(() -> gateway.epochs("a").get(0).end() != null));
    Path away = Files.move(folder, home.resolve("away"));
    gateway.holdAcknowledgements(false);
    Eventually.until("noticed", () -> status().state() == CaptureState.RECONNECTING);
    assertThat(status().reason()).contains("There is no folder");

    Files.move(away, folder);

    assertThat(done().reason()).contains("2 files");
    assertThat(gateway.epochs("a")).hasSize(2);
  }

  @Test
  void realtime_eachFileIsAnEpoch_andTheLastIsTheEnd() throws Exception {
    copy(video(50), "clip2.mp4");
    copy(video(100), "clip10.mp4");
    Files.writeString(folder.resolve("clip3.mp4"), "This is no video.\n");
    deploy();
    gateway.assign(Fixtures.assignment("a", "file:videos?realtime"));

    done();
    Eventually.until(
        "ended", () -> gateway.epochs("a").size() == 2 && gateway.epochs("a").get(1).end() != null);

    List<TestGateway.Epoch> epochs = gateway.epochs("a");
    assertThat(epochs)
        .extracting(epoch -> epoch.startMicros)
        .containsExactly(TestClock.START, TestClock.START + 2 * SECOND);
    assertThat(epochs).allMatch(epoch -> epoch.run.equals("live"));
    assertThat(epochs.get(0).of(ChunkInfo.class)).isNotEmpty();
    assertThat(epochs.get(1).of(FrameInfo.class)).hasSize(20);
    assertThat(status().skippedFiles()).isEqualTo(1);
    assertThat(status().state()).isEqualTo(CaptureState.ENDED);
  }

  @Test
  void loop_beginsAgain_andTakesInWhatHasCome() throws Exception {
    copy(video(50), "clip1.mp4");
    clock.limit(TestClock.START + 3 * SECOND);
    deploy();
    gateway.assign(Fixtures.assignment("a", "file:videos?loop"));
    Eventually.until("second pass", () -> gateway.epochs("a").size() == 2);
    copy(video(75), "clip2.mp4");

    clock.limit(TestClock.START + 20 * SECOND);

    Eventually.until(
        "both, again",
        () ->
            gateway.epochs("a").stream()
                    .filter(epoch -> gateway.read(() -> epoch.of(FrameInfo.class).size()) == 15)
                    .count()
                >= 2);
  }

  @Test
  void loop_folderVanishes_isAFault_andComesBack() throws Exception {
    copy(video(50), "clip1.mp4");
    clock.limit(TestClock.START + SECOND);
    deploy();
    gateway.assign(Fixtures.assignment("a", "file:videos?loop"));
    Eventually.until("begun", () -> !gateway.epochs("a").isEmpty());
    Path away = Files.move(folder, home.resolve("away"));
    clock.limit(TestClock.START + 60 * SECOND);
    Eventually.until(
        "noticed", () -> String.valueOf(status().reason()).contains("There is no folder"));
    int before = gateway.epochs("a").size();

    Files.move(away, folder);
    clock.limit(Long.MAX_VALUE);

    Eventually.until("goes on", () -> gateway.epochs("a").size() > before);
  }

  @Test
  void nothingIsChangedInTheFolder() throws Exception {
    copy(video(50), "clip1.mp4");
    Files.writeString(folder.resolve("x.mp4"), "no video");
    deploy();
    gateway.assign(Fixtures.assignment("a", "file:videos"));
    done();

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("clip1.mp4", "x.mp4");
    }
    assertThat(Files.getLastModifiedTime(folder.resolve("clip1.mp4")).toInstant())
        .isEqualTo(MODIFIED);
  }

  private static TestVideo video(int pictures) {
    return TestVideo.plain().pictures(pictures);
  }

  private void copy(TestVideo video, String name) throws Exception {
    Path fresh = Files.copy(video.file(), home.resolve(name + ".part"));
    Files.setLastModifiedTime(fresh, FileTime.from(MODIFIED));
    Files.move(fresh, folder.resolve(name));
  }

  private CaptureConfig config() {
    return gateway
        .config()
        .in(home)
        .withSpool(new SpoolSettings(home.resolve("spool"), 500_000_000, Duration.ofHours(1)));
  }

  private void deploy() throws Exception {
    deploy(config());
  }

  private void deploy(CaptureConfig config) throws Exception {
    capture = new CaptureVerticle(config, clock, Fixtures.QUICK);
    vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
  }

  private void restart() throws Exception {
    vertx.undeploy(vertx.deploymentIDs().iterator().next()).await(30, TimeUnit.SECONDS);
    deploy();
  }

  private FileResult done() throws Exception {
    return capture.fileDone("a").await(60, TimeUnit.SECONDS);
  }

  private CaptureStatus status() {
    return capture.statuses().stream()
        .filter(each -> each.stream().equals("a"))
        .findFirst()
        .orElseGet(() -> new StreamMeter("a", clock).snapshot());
  }
}
