package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.sightline.edgecapture.aws.AwsProperties;
import io.sightline.edgecapture.kvs.KvsServer;
import io.sightline.media.MediaException;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.CaptureState;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A Kinesis video stream from its data endpoint to the gateway. */
class KvsCaptureTest {

  private static final String URL = "kvs://lobby?region=eu-west-1";
  private static final long FRAME = 200_000;

  @TempDir Path home;
  private final AwsProperties properties = new AwsProperties().credentials();
  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> ear =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          said.add(event.getFormattedMessage());
          if (event.getThrowableProxy() != null) {
            said.add(String.valueOf(event.getThrowableProxy().getMessage()));
          }
        }
      };
  private KvsServer server;
  private Vertx vertx;
  private TestGateway gateway;
  private CaptureVerticle capture;

  @BeforeEach
  void open() throws Exception {
    server = new KvsServer(TestVideo.plain().pictures(750).sound(), home);
    properties.set("aws.endpointUrlKinesisVideo", server.endpoint());
    vertx = Vertx.vertx();
    gateway = new TestGateway();
    listen(Logger.ROOT_LOGGER_NAME);
    listen("ffmpeg");
    listen("software.amazon.awssdk");
    ear.start();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
    server.close();
    properties.close();
    for (String name : List.of(Logger.ROOT_LOGGER_NAME, "ffmpeg", "software.amazon.awssdk")) {
      Logger logger = (Logger) LoggerFactory.getLogger(name);
      logger.detachAppender(ear);
      logger.setLevel(name.equals(Logger.ROOT_LOGGER_NAME) ? Level.WARN : null);
    }
    assertThat(gateway.breaches()).isEmpty();
    assertThat(server.breaches()).isEmpty();
    assertThat(said).isNotEmpty().noneMatch(KvsCaptureTest::tellsTheSecret);
  }

  @Test
  void session_thatEndsEarly_costsOneEpoch_andIsToldUnderTheStreamsName() throws Exception {
    deploy();
    gateway.assign(Fixtures.assignment("a", URL));
    Eventually.until("live", () -> frames(0) >= 10);
    server.expireSessions();
    Eventually.until("live again", () -> frames(1) >= 10);

    assertThat(server.opened()).isEqualTo(2);
    assertThat(gateway.epochs("a")).hasSize(2);
    TestGateway.Epoch first = gateway.epochs("a").get(0);
    assertThat(first.end().reason()).contains("kvs://lobby").matches(why -> !tellsTheSecret(why));
    for (TestGateway.Epoch epoch : gateway.epochs("a")) {
      List<FrameInfo> frames = gateway.read(() -> epoch.of(FrameInfo.class));
      for (int n = 0; n < frames.size(); n++) {
        assertThat(frames.get(n).positionMicros()).isEqualTo(epoch.startMicros + n * FRAME);
      }
    }
    assertThat(first.of(ChunkInfo.class)).isNotEmpty();
    assertThat(gateway.read(() -> gateway.epochs("a").toString())).doesNotContain("CiD");
  }

  @Test
  void noProducer_isSaid_andCaptureBeginsWhenOneComes() throws Exception {
    for (int n = 0; n < 2; n++) {
      server.fail("getHLSStreamingSessionURL", 404, "ResourceNotFoundException", "No fragments");
    }
    deploy();
    gateway.assign(Fixtures.assignment("a", URL));
    Eventually.until(
        "said", () -> said.stream().anyMatch(line -> line.contains("kvs://lobby has no media")));
    Eventually.until("live", () -> frames(0) >= 5);

    assertThat(status().state()).isEqualTo(CaptureState.CONNECTED);
    assertThat(status().toString()).matches(text -> !tellsTheSecret(text));
  }

  @Test
  void look_tellsWhatTheStreamIs() throws Exception {
    SourceReport report = SourceReport.of(URL, home, Duration.ofSeconds(3));

    assertThat(report.url()).isEqualTo("kvs://lobby");
    assertThat(report.live()).isTrue();
    assertThat(report.container()).startsWith("Kinesis Video Streams");
    assertThat(report.recorded()).hasSize(2);
    assertThat(report.encoded()).isEmpty();
    assertThat(report.toString()).matches(text -> !tellsTheSecret(text));
    assertThatThrownBy(() -> SourceReport.of("kvs://a/b", home, Duration.ofSeconds(3)))
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.UNSUPPORTED))
        .hasMessageContaining("kvs://lobby?region=eu-west-1");
  }

  private void listen(String name) {
    Logger logger = (Logger) LoggerFactory.getLogger(name);
    logger.addAppender(ear);
    logger.setLevel(Level.DEBUG);
  }

  private static boolean tellsTheSecret(String text) {
    return text.contains("SessionToken=") || text.contains(KvsServer.SECRET.substring(0, 12));
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

  private int frames(int epoch) {
    return gateway.read(
        () ->
            gateway.epochs("a").size() <= epoch
                ? 0
                : gateway.epochs("a").get(epoch).of(FrameInfo.class).size());
  }

  private CaptureStatus status() {
    return capture.statuses().stream()
        .filter(each -> each.stream().equals("a"))
        .findFirst()
        .orElseGet(() -> new StreamMeter("a", CaptureClock.system()).snapshot());
  }
}
