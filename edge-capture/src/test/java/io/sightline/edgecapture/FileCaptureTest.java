package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.CaptureState;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.InitPart;
import io.sightline.records.PictureOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCaptureTest {

  private static final Instant MODIFIED = Instant.parse("2026-03-01T10:00:00Z");
  private static final long START = MODIFIED.toEpochMilli() * 1_000;

  @TempDir Path folder;
  private Vertx vertx;
  private TestGateway gateway;
  private CaptureVerticle capture;
  private String deployment;

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
  void file_isSentAsOneEpoch_withFramesChunksAndMarkersInOrder() throws Exception {
    Path video = copy(TestVideo.plain().sound("aac", 1), "a.mp4");
    deploy(gateway.config().in(folder));
    gateway.assign(Fixtures.assignment("a", "a.mp4"));

    FileResult result = done("a");

    TestGateway.Epoch epoch = only("a");
    assertThat(epoch.startMicros).isEqualTo(START);
    assertThat(epoch.run).isEqualTo("f-" + Fixtures.profile().digest());
    assertThat(result.epoch()).isEqualTo(epoch.epoch);
    assertThat(result.lostMicros()).isZero();
    assertThat(result.endMicros()).isBetween(START + 10_000_000, START + 10_100_000);
    List<FrameInfo> frames = epoch.of(FrameInfo.class);
    assertThat(frames).hasSize(50);
    for (int n = 0; n < frames.size(); n++) {
      assertThat(frames.get(n).positionMicros()).isEqualTo(START + n * 200_000L);
    }
    assertThat(epoch.of(InitPart.class)).hasSize(2);
    List<ChunkInfo> chunks = epoch.of(ChunkInfo.class);
    assertThat(chunks).hasSize(5);
    assertThat(chunks.get(0).positionMicros()).isEqualTo(START);
    assertThat(chunks.get(4).endMicros()).isEqualTo(START + 10_000_000);
    assertThat(epoch.end().lostMicros()).isZero();
    assertThat(epoch.end().positionMicros()).isEqualTo(result.endMicros());
    CaptureStatus status = capture.statuses().get(0);
    assertThat(status.state()).isEqualTo(CaptureState.ENDED);
    assertThat(status.frames()).isEqualTo(50);
    assertThat(status.chunks()).isEqualTo(5);
    assertThat(status.durationMicros()).isBetween(10_000_000L, 10_100_000L);
    assertThat(status.acknowledgedMicros()).isEqualTo(result.endMicros());
    assertThat(Files.exists(video)).isTrue();
  }

  @Test
  void mpeg2WithMp2_isRecordedAsH264AndAac_andTwiceToTheByte() throws Exception {
    TestVideo video =
        TestVideo.plain().codec("mpeg2video", 2).sound("mp2", 1).container(TestVideo.Container.TS);
    copy(video, "a.ts");
    deploy(gateway.config().in(folder), new TestClock());
    gateway.assign(Fixtures.assignment("a", "a.ts"));
    done("a");
    TestGateway.Epoch epoch = only("a");
    List<ChunkInfo> chunks = epoch.of(ChunkInfo.class);
    assertThat(chunks).hasSize(5);
    assertThat(chunks.get(0).tracks())
        .extracting(track -> track.codec().substring(0, 4))
        .containsExactly("avc1", "mp4a");
    assertThat(chunks.get(4).endMicros()).isEqualTo(START + 10_000_000);
    assertThat(epoch.of(FrameInfo.class)).hasSize(50);
    assertThat(capture.statuses().get(0).note()).contains("MPEG-2 to H.264, MP2 to AAC");

    try (TestGateway other = new TestGateway()) {
      vertx.undeploy(deployment).await(30, TimeUnit.SECONDS);
      deploy(other.config().in(folder), new TestClock());
      other.assign(Fixtures.assignment("a", "a.ts"));
      done("a");
      List<TestGateway.Received> again = other.epochs("a").get(0).items;
      assertThat(again).hasSameSizeAs(epoch.items);
      for (int n = 0; n < again.size(); n++) {
        assertThat(Arrays.equals(again.get(n).payload(), epoch.items.get(n).payload())).isTrue();
      }
    }
  }

  @Test
  void sameFileTwice_underAnotherNameAndOnAnotherGateway_sameItemsToTheByte() throws Exception {
    copy(TestVideo.plain().sound("aac", 2), "a.mp4");
    copy(TestVideo.plain().sound("aac", 2), "b.mp4");
    TestClock clock = new TestClock();
    deploy(gateway.config().in(folder), clock);
    gateway.assign(Fixtures.assignment("a", "a.mp4"));
    done("a");
    TestGateway.Epoch first = only("a");
    try (TestGateway other = new TestGateway()) {
      // A window of one item at a time: another timing altogether.
      other.maxItemBytes(3_000_000);
      vertx.undeploy(deployment).await(30, TimeUnit.SECONDS);
      deploy(other.config().in(folder).withBuffer(60_000, 1), clock);
      other.assign(Fixtures.assignment("a", "b.mp4"));
      done("a");

      TestGateway.Epoch second = other.epochs("a").get(0);
      assertThat(second.epoch).isEqualTo(first.epoch);
      assertThat(second.items).hasSameSizeAs(first.items);
      for (int n = 0; n < first.items.size(); n++) {
        assertThat(second.items.get(n).item()).isEqualTo(first.items.get(n).item());
        assertThat(Arrays.equals(second.items.get(n).header(), first.items.get(n).header()))
            .isTrue();
        assertThat(Arrays.equals(second.items.get(n).payload(), first.items.get(n).payload()))
            .isTrue();
      }
      assertThat(other.breaches()).isEmpty();
    }
  }

  @Test
  void connectionsLostAndCaptureRestarted_atRandom_theResultIsThatOfAnUndisturbedRun()
      throws Exception {
    copy(TestVideo.plain().sound("aac", 1), "a.mp4");
    TestClock clock = new TestClock();
    try (TestGateway calm = new TestGateway()) {
      deploy(calm.config().in(folder), clock);
      calm.assign(Fixtures.assignment("a", "a.mp4"));
      done("a");
      vertx.undeploy(deployment).await(30, TimeUnit.SECONDS);
      List<TestGateway.Received> undisturbed = calm.epochs("a").get(0).items;

      Random random = new Random(7);
      gateway.dropBefore(item -> random.nextInt(15) == 0);
      gateway.dropAfter(item -> random.nextInt(15) == 0);
      gateway.assign(Fixtures.assignment("a", "a.mp4"));
      for (int restart = 0; restart < 4; restart++) {
        deploy(gateway.config().in(folder).withBuffer(100_000, 30_000), clock);
        int wanted = 5 + restart * 12;
        Eventually.until(
            "some items",
            () ->
                !gateway.epochs("a").isEmpty()
                    && gateway.read(() -> only("a").items.size()) >= wanted);
        vertx.undeploy(deployment).await(30, TimeUnit.SECONDS);
      }
      deploy(gateway.config().in(folder), clock);
      done("a");

      List<TestGateway.Received> disturbed = only("a").items;
      assertThat(only("a").openings).isGreaterThan(4);
      assertThat(disturbed).hasSameSizeAs(undisturbed);
      for (int n = 0; n < undisturbed.size(); n++) {
        assertThat(disturbed.get(n).item()).isEqualTo(undisturbed.get(n).item());
        assertThat(Arrays.equals(disturbed.get(n).payload(), undisturbed.get(n).payload()))
            .isTrue();
      }
    }
  }

  @Test
  void brokenOffTs_isSentAsFarAsItCanBeRead_andSaysWhatIsLost() throws Exception {
    byte[] whole = Files.readAllBytes(TestVideo.plain().container(TestVideo.Container.TS).file());
    Files.write(
        folder.resolve("a.ts"), Arrays.copyOf(whole, whole.length * 6 / 10 / 188 * 188 + 77));
    deploy(gateway.config().in(folder));
    gateway.assign(Fixtures.assignment("a", "a.ts"));

    FileResult result = done("a");

    assertThat(result.lostMicros()).isPositive();
    assertThat(result.reason()).contains("breaks off");
    assertThat(only("a").end().lostMicros()).isEqualTo(result.lostMicros());
    assertThat(only("a").of(FrameInfo.class).size()).isBetween(20, 35);
    assertThat(capture.statuses().get(0).lostMicros()).isEqualTo(result.lostMicros());
  }

  @Test
  void missingFile_failsWithOneSentence_andDisturbsNoOtherStream() throws Exception {
    copy(TestVideo.plain(), "a.mp4");
    deploy(gateway.config().in(folder));
    gateway.assign(Fixtures.assignment("gone", "gone.mp4"), Fixtures.assignment("a", "a.mp4"));

    assertThatThrownBy(() -> done("gone"))
        .isInstanceOfSatisfying(
            CaptureException.class,
            e -> assertThat(e.reason()).isEqualTo(CaptureException.Reason.SOURCE))
        .hasMessageContaining("There is no file")
        .hasMessageContaining("gone.mp4");
    assertThat(done("a").lostMicros()).isZero();
    CaptureStatus status =
        capture.statuses().stream().filter(s -> s.stream().equals("gone")).findFirst().get();
    assertThat(status.state()).isEqualTo(CaptureState.FAILED);
    assertThat(status.trouble()).isEqualTo(MediaException.Reason.NOT_FOUND);
    assertThat(gateway.epochs("gone")).isEmpty();
  }

  @Test
  void unknownOption_failsWithTheOnesThatExist() throws Exception {
    deploy(gateway.config().in(folder));
    gateway.assign(Fixtures.assignment("a", "a.mp4?realtme"));

    assertThatThrownBy(() -> done("a"))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("'realtme'")
        .hasMessageContaining("?realtime and ?loop");
  }

  @Test
  void soundOnly_needsPictures_fails_otherwise_isRecorded() throws Exception {
    Path video = TestVideo.plain().sound("aac", 1).file();
    assertThat(
            io.sightline.media.testing.FfmpegProgram.ffmpeg(
                    List.of(
                        "-i",
                        video.toString(),
                        "-vn",
                        "-c",
                        "copy",
                        folder.resolve("sound.m4a").toString()))
                .exitCode())
        .isZero();
    deploy(
        gateway.config().in(folder).withNeedsPictures(profile -> profile.name().equals("visits")));
    gateway.assign(
        Fixtures.assignment("a", "sound.m4a"),
        Fixtures.assignment("b", Fixtures.profile("loudness", "1/s"), "sound.m4a"));

    assertThatThrownBy(() -> done("a")).hasMessageContaining("sound only");
    done("b");

    assertThat(only("b").of(FrameInfo.class)).isEmpty();
    assertThat(only("b").of(ChunkInfo.class)).hasSize(5);
  }

  @Test
  void twoFiles_oneRecordedOneAnalyzed_shareTheAxis() throws Exception {
    copy(TestVideo.plain().size(640, 360), "main.mp4");
    copy(TestVideo.plain(), "sub.mp4");
    deploy(gateway.config().in(folder));
    gateway.assign(
        Fixtures.assignment(
            "a",
            new io.sightline.records.InputSpec(
                "sub.mp4", java.util.Set.of(io.sightline.records.InputUse.ANALYZE), null),
            new io.sightline.records.InputSpec(
                "main.mp4", java.util.Set.of(io.sightline.records.InputUse.RECORD), null)));

    done("a");

    TestGateway.Epoch epoch = only("a");
    assertThat(epoch.of(FrameInfo.class)).hasSize(50).allMatch(frame -> frame.width() == 320);
    assertThat(epoch.of(ChunkInfo.class))
        .hasSize(5)
        .allMatch(chunk -> chunk.tracks().get(0).width() == 640);
    assertThat(epoch.of(FrameInfo.class).get(49).positionMicros()).isEqualTo(START + 9_800_000);
  }

  @Test
  void timestampsThatJump_beginANewEpochOnTheSameAxis() throws Exception {
    byte[] whole = Files.readAllBytes(TestVideo.plain().container(TestVideo.Container.TS).file());
    byte[] twice = Arrays.copyOf(whole, whole.length * 2);
    System.arraycopy(whole, 0, twice, whole.length, whole.length);
    Files.write(folder.resolve("a.ts"), twice);
    touch(folder.resolve("a.ts"));
    deploy(gateway.config().in(folder));
    gateway.assign(Fixtures.assignment("a", "a.ts"));

    FileResult result = done("a");

    List<TestGateway.Epoch> epochs = gateway.epochs("a");
    assertThat(epochs).hasSize(2);
    assertThat(epochs.get(0).end().reason()).contains("jumped");
    assertThat(epochs.get(1).startMicros).isEqualTo(START + 10_000_000);
    assertThat(epochs.get(1).of(FrameInfo.class)).hasSize(50);
    assertThat(result.epoch()).isEqualTo(epochs.get(1).epoch);
    assertThat(result.endMicros()).isEqualTo(START + 20_000_000);
  }

  @Test
  void forgottenByTheGateway_theFileIsSentAgain() throws Exception {
    copy(TestVideo.plain(), "a.mp4");
    gateway.refuse(item -> false, 4400);
    gateway.dropAfter(
        item -> {
          boolean drop = item.item().sequence() == 30 && only("a").openings == 1;
          if (drop) {
            gateway.forget(only("a"), 3);
          }
          return drop;
        });
    deploy(gateway.config().in(folder));
    gateway.assign(Fixtures.assignment("a", "a.mp4"));

    done("a");

    assertThat(only("a").of(FrameInfo.class)).hasSize(50);
    assertThat(only("a").end()).isNotNull();
  }

  @Test
  void takenAway_inMidFile_saysStopped_andLeavesTheEpochOpen() throws Exception {
    copy(TestVideo.plain(), "a.mp4");
    gateway.holdAcknowledgements(true);
    deploy(gateway.config().in(folder).withBuffer(40_000, 20_000));
    gateway.assign(Fixtures.assignment("a", "a.mp4"));
    Future<FileResult> file = capture.fileDone("a");
    Eventually.until("begun", () -> !gateway.epochs("a").isEmpty());

    gateway.assign();

    assertThatThrownBy(() -> file.await(60, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            CaptureException.class,
            e -> assertThat(e.reason()).isEqualTo(CaptureException.Reason.STOPPED));
    Eventually.until("gone", () -> capture.statuses().isEmpty());
    assertThat(only("a").ended).isFalse();
  }

  @Test
  void otherPictures_areAnotherRunAndEpoch_withTheSameChunks() throws Exception {
    copy(TestVideo.plain(), "a.mp4");
    deploy(gateway.config().in(folder));
    gateway.assign(Fixtures.assignment("a", "a.mp4"));
    done("a");
    TestGateway.Epoch plain = only("a");

    gateway.assign(
        Fixtures.with(Fixtures.assignment("a", "a.mp4"), new PictureOptions(270, 90, null, null)));
    Eventually.until(
        "again", () -> gateway.epochs("a").size() == 2 && gateway.epochs("a").get(1).ended);

    TestGateway.Epoch turned = gateway.epochs("a").get(1);
    assertThat(turned.run).startsWith("f-").isNotEqualTo(plain.run);
    assertThat(turned.of(FrameInfo.class))
        .hasSize(50)
        .allMatch(frame -> frame.width() == 90 && frame.height() == 160)
        .allMatch(frame -> frame.turned() == 270);
    assertThat(plain.of(FrameInfo.class)).extracting(FrameInfo::turned).containsOnlyNulls();
    assertThat(payloads(turned, ChunkInfo.class)).isEqualTo(payloads(plain, ChunkInfo.class));
  }

  private List<String> payloads(TestGateway.Epoch epoch, Class<?> type) {
    return gateway.read(
        () ->
            epoch.items.stream()
                .filter(received -> type.isInstance(received.item()))
                .map(received -> Arrays.toString(received.payload()))
                .toList());
  }

  private void deploy(CaptureConfig config) throws Exception {
    deploy(config, CaptureClock.system());
  }

  private void deploy(CaptureConfig config, CaptureClock clock) throws Exception {
    capture = new CaptureVerticle(config, clock, Fixtures.QUICK);
    deployment = vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
  }

  private FileResult done(String stream) throws Exception {
    return capture.fileDone(stream).await(60, TimeUnit.SECONDS);
  }

  private TestGateway.Epoch only(String stream) {
    List<TestGateway.Epoch> epochs = gateway.epochs(stream);
    assertThat(epochs).hasSize(1);
    return epochs.get(0);
  }

  private Path copy(TestVideo video, String name) throws Exception {
    Path copy = Files.copy(video.file(), folder.resolve(name));
    touch(copy);
    return copy;
  }

  private static void touch(Path file) throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
  }
}
