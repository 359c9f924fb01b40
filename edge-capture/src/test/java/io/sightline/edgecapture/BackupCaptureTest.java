package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.edgecapture.rtmp.RtmpSettings;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestPort;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.BackupSpec;
import io.sightline.records.CaptureReport;
import io.sightline.records.CaptureState;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.InputInUse;
import io.sightline.records.InputSpec;
import io.sightline.records.InputUse;
import io.sightline.records.Marker;
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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Cameras that go and come back; a backup is opened after three seconds of silence, and left two
 * seconds after the main one is back.
 */
@Execution(ExecutionMode.CONCURRENT)
class BackupCaptureTest {

  private static final TestVideo MAIN =
      TestVideo.plain().pictures(3_000).container(TestVideo.Container.TS);

  /** More than a machine that is busy may be silent by itself. */
  private static final String FAILOVER = "3s";

  private static final TestVideo BACKUP = MAIN.size(160, 90);

  @TempDir Path folder;
  private Vertx vertx;
  private TestGateway gateway;
  private CaptureVerticle capture;
  private int rtmpPort;
  private TsServer main;
  private TsServer backup;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    gateway = new TestGateway();
    rtmpPort = TestPort.free();
    main = camera(MAIN);
    backup = camera(BACKUP);
    capture =
        new CaptureVerticle(
            gateway
                .config()
                .in(folder)
                .withRtmp(new RtmpSettings("127.0.0.1", rtmpPort, null, null)),
            CaptureClock.system(),
            Fixtures.QUICK);
    vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
    main.close();
    backup.close();
    assertThat(gateway.breaches()).isEmpty();
  }

  @Test
  void mainKilled_theBackupStandsIn_untilTheMainOneIsBackAndSteady() throws Exception {
    gateway.assign(Fixtures.assignment("a", input(null, BackupSpec.of(backup.url()))));
    Eventually.until("main", () -> frames(0) > 10);
    assertThat(backup.served()).isZero();
    assertThat(begin(0).input()).isEqualTo("the main input (" + main.safeUrl() + ")");
    assertThat(begin(0).reason()).isNull();

    main.kill();
    Eventually.until("backup", () -> frames(1) > 20);
    Eventually.until("reported", () -> report().onBackup());
    CaptureReport onBackup = report();
    main.comeBack();
    Eventually.until("main again", () -> frames(2) > 10);
    Eventually.until("all is well", () -> !report().onBackup());

    assertThat(onBackup.state()).isEqualTo(CaptureState.CONNECTED);
    assertThat(onBackup.hop()).isNull();
    assertThat(onBackup.inputs()).hasSize(1);
    InputInUse inUse = onBackup.inputs().get(0);
    assertThat(inUse.index()).isEqualTo(1);
    assertThat(inUse.url()).isEqualTo(backup.safeUrl());
    assertThat(inUse.reason()).startsWith("of the main input: ").doesNotContain("secret");
    assertThat(report().switches()).isEqualTo(2);
    assertThat(begin(1).input()).isEqualTo("backup 1 (" + backup.safeUrl() + ")");
    assertThat(begin(1).reason()).isEqualTo(inUse.reason());
    assertThat(begin(2).input()).isEqualTo(begin(0).input());
    assertThat(begin(2).reason()).isEqualTo("the main input is back");
    assertThat(epoch(1).end().reason()).isEqualTo("the main input is back");
    assertOneAxis();
    assertThat(sizes(0)).containsOnly(320);
    assertThat(sizes(1)).containsOnly(160);
    assertThat(sizes(2)).containsOnly(320);
    // The backup went on until there was a keyframe of the main one.
    assertThat(epoch(2).startMicros - epoch(1).end().positionMicros()).isLessThan(1_000_000);
  }

  @Test
  void mainSilent_theBackupStandsIn_andTheSameConnectionIsGoneBackTo() throws Exception {
    gateway.assign(Fixtures.assignment("a", input(null, BackupSpec.of(backup.url()))));
    Eventually.until("main", () -> frames(0) > 10);

    int served = main.served();
    main.silent(true);
    Eventually.until("backup", () -> frames(1) > 10);
    main.silent(false);
    Eventually.until("main again", () -> frames(2) > 10);

    assertThat(main.served()).isEqualTo(served);
    assertThat(epoch(0).end().reason()).isEqualTo("nothing came from the main input for 3 s");
    assertThat(begin(1).reason()).isEqualTo("nothing came from the main input for 3 s");
    assertThat(gateway.read(() -> kinds(0))).doesNotContain(Marker.Kind.STALLED);
    assertOneAxis();
  }

  @Test
  void mainFlaps_theStreamStaysOnTheBackup() throws Exception {
    gateway.assign(Fixtures.assignment("a", input("30s", BackupSpec.of(backup.url()))));
    Eventually.until("main", () -> frames(0) > 10);
    main.kill();
    Eventually.until("backup", () -> frames(1) > 10);

    for (int time = 0; time < 3; time++) {
      int before = frames(1);
      int served = main.served();
      main.comeBack();
      Eventually.until("main is read", () -> main.served() > served);
      Eventually.until("backup goes on", () -> frames(1) > before + 5);
      main.kill();
    }

    assertThat(gateway.epochs("a")).hasSize(2);
    assertThat(report().inputs().get(0).index()).isEqualTo(1);
    assertThat(report().state()).isEqualTo(CaptureState.CONNECTED);
  }

  @Test
  void bothAway_bothAreTried_andTheFirstToComeBackIsTaken() throws Exception {
    gateway.assign(Fixtures.assignment("a", input(null, BackupSpec.of(backup.url()))));
    Eventually.until("main", () -> frames(0) > 10);
    backup.kill();
    main.kill();
    Eventually.until("gone", () -> report().state() == CaptureState.RECONNECTING);
    backup.comeBack();
    Eventually.until("backup", () -> frames(1) > 5);
    assertThat(sizes(1)).containsOnly(160);
    backup.kill();
    Eventually.until("gone again", () -> report().state() == CaptureState.RECONNECTING);
    main.comeBack();
    Eventually.until("main", () -> frames(2) > 5);

    assertThat(sizes(2)).containsOnly(320);
    assertOneAxis();
  }

  @Test
  void backupOfAnotherCodec_aFileThatPlaysAgainAndAgain_standsIn() throws Exception {
    Path slate =
        TestVideo.plain()
            .codec("mjpeg", 0)
            .size(160, 90)
            .pictures(50)
            .container(TestVideo.Container.MOV)
            .file();
    gateway.assign(Fixtures.assignment("a", input(null, BackupSpec.of("file:" + slate + "?loop"))));
    Eventually.until("main", () -> frames(0) > 10);
    main.kill();

    Eventually.until("second pass of the file", () -> frames(2) > 5);
    main.comeBack();
    Eventually.until("main again", () -> frames(last()) > 5 && sizes(last()).contains(320));

    assertThat(sizes(1)).containsOnly(160);
    assertThat(begin(last()).reason()).isEqualTo("the main input is back");
    assertOneAxis();
  }

  @Test
  void encoderThatPublishes_takesItsPlaceFromTheCameraThatStandsIn() throws Exception {
    String key = "correct-horse";
    gateway.assign(
        Fixtures.assignment(
            "a",
            new InputSpec(
                InputSpec.RTMP_TARGET,
                null,
                key,
                null,
                List.of(BackupSpec.of(backup.url())),
                FAILOVER,
                "2s",
                null)));
    Eventually.until("camera", () -> frames(0) > 5);
    assertThat(begin(0).input()).startsWith("backup 1");
    assertThat(begin(0).reason()).isEqualTo("nothing came from the main input for 3 s");
    Thread encoder =
        new Thread(
            () ->
                FfmpegProgram.ffmpeg(
                    List.of(
                        "-re",
                        "-i",
                        MAIN.file().toString(),
                        "-c",
                        "copy",
                        "-f",
                        "flv",
                        "rtmp://127.0.0.1:" + rtmpPort + "/a/" + key)));
    encoder.start();
    Eventually.until("encoder", () -> frames(1) > 10);
    gateway.assign();
    encoder.join(60_000);

    assertThat(begin(1).input()).isEqualTo("the main input (rtmp-listen)");
    assertThat(sizes(0)).containsOnly(160);
    assertThat(sizes(1)).containsOnly(320);
    assertOneAxis();
  }

  @Test
  void analyzedInput_hasABackupOfItsOwn_andTheRecordSaysSo() throws Exception {
    TsServer sub = camera(MAIN.size(240, 136));
    try {
      gateway.assign(
          Fixtures.assignment(
              "a",
              new InputSpec(main.url(), Set.of(InputUse.RECORD), null),
              new InputSpec(
                  sub.url(),
                  Set.of(InputUse.ANALYZE),
                  null,
                  null,
                  List.of(BackupSpec.of(backup.url())),
                  FAILOVER,
                  "2s",
                  null)));
      Eventually.until("both", () -> frames(0) > 10 && chunks(0) > 0);
      assertThat(begin(0).input()).isEqualTo("analyzed: the main input (" + sub.safeUrl() + ")");

      sub.kill();
      Eventually.until("backup", () -> frames(1) > 10 && chunks(1) > 0);
      sub.comeBack();
      Eventually.until("sub-stream again", () -> frames(2) > 10 && chunks(2) > 0);

      assertThat(begin(1).input()).isEqualTo("analyzed: backup 1 (" + backup.safeUrl() + ")");
      assertThat(begin(1).reason())
          .startsWith("of the input that is analyzed: of the main input: ")
          .isEqualTo(epoch(0).end().reason());
      assertThat(begin(2).reason())
          .isEqualTo("of the input that is analyzed: the main input is back");
      assertThat(sizes(1)).contains(160);
      assertThat(sizes(2)).contains(240);
      for (int n = 0; n < 3; n++) {
        assertThat(epoch(n).of(ChunkInfo.class))
            .allMatch(chunk -> chunk.tracks().get(0).width() == 320);
      }
      assertOneAxis();
    } finally {
      sub.close();
    }
  }

  private InputSpec input(String returnAfter, BackupSpec... backups) {
    return new InputSpec(
        main.url(),
        null,
        null,
        null,
        List.of(backups),
        FAILOVER,
        returnAfter == null ? "2s" : returnAfter,
        null);
  }

  private static TsServer camera(TestVideo video) throws Exception {
    return new TsServer(Files.readAllBytes(video.file()), video.seconds());
  }

  /** Positions rise over all epochs, none twice, and each recording begins with a keyframe. */
  private void assertOneAxis() {
    gateway.read(
        () -> {
          long frame = 0;
          long recorded = 0;
          for (TestGateway.Epoch epoch : gateway.epochs("a")) {
            for (FrameInfo each : epoch.of(FrameInfo.class)) {
              assertThat(each.positionMicros()).isGreaterThan(frame);
              frame = each.positionMicros();
            }
            boolean first = true;
            for (ChunkInfo each : epoch.of(ChunkInfo.class)) {
              assertThat(each.positionMicros()).isGreaterThanOrEqualTo(recorded);
              recorded = each.endMicros();
              assertThat(!first || each.fragments().get(0).independent()).isTrue();
              first = false;
            }
          }
          return null;
        });
  }

  private CaptureReport report() {
    List<CaptureReport> all = gateway.reports("a");
    return all.get(all.size() - 1);
  }

  private int last() {
    return gateway.epochs("a").size() - 1;
  }

  private TestGateway.Epoch epoch(int number) {
    return gateway.epochs("a").get(number);
  }

  private Marker begin(int epoch) {
    return gateway.read(() -> epoch(epoch).of(Marker.class).get(0));
  }

  private List<Marker.Kind> kinds(int epoch) {
    return epoch(epoch).of(Marker.class).stream().map(Marker::kind).toList();
  }

  private List<Integer> sizes(int epoch) {
    return gateway.read(
        () -> epoch(epoch).of(FrameInfo.class).stream().map(FrameInfo::width).toList());
  }

  private int frames(int epoch) {
    return gateway.epochs("a").size() <= epoch
        ? 0
        : gateway.read(() -> epoch(epoch).of(FrameInfo.class).size());
  }

  private int chunks(int epoch) {
    return gateway.epochs("a").size() <= epoch
        ? 0
        : gateway.read(() -> epoch(epoch).of(ChunkInfo.class).size());
  }
}
