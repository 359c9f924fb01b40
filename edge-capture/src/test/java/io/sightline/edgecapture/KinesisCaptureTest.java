package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.edgecapture.kinesis.KinesisServer;
import io.sightline.edgecapture.kinesis.KinesisServer.Fate;
import io.sightline.edgecapture.kinesis.KinesisServer.Stored;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.CaptureState;
import io.sightline.records.FrameInfo;
import io.sightline.records.Marker;
import io.sightline.records.StreamItem;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An agent without any gateway: its streams from the configuration, its frames into Kinesis. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class KinesisCaptureTest {

  private static final String URL = "kinesis://frames?region=" + KinesisServer.REGION;
  private static final long FRAME_MICROS = 200_000;
  private static final int KILLS = 2;

  @TempDir Path folder;
  private KinesisServer server;

  @BeforeEach
  void open() throws Exception {
    server = new KinesisServer();
  }

  @AfterEach
  void close() {
    server.close();
    assertThat(server.breaches()).isEmpty();
  }

  @Test
  void file_declaredHere_itsFramesArrive_andThatNothingIsRecordedIsSaid() throws Exception {
    Vertx vertx = Vertx.vertx();
    CaptureVerticle capture =
        new CaptureVerticle(
            CaptureConfig.of(null, null, TestGateway.AGENT),
            new CaptureEnds(
                List.of(Fixtures.assignment("film", TestVideo.plain().pictures(250).file())),
                server.service()),
            CaptureClock.system(),
            Fixtures.QUICK);
    try {
      vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
      FileResult result = capture.fileDone("film").await(120, TimeUnit.SECONDS);

      assertThat(result.lostMicros()).isZero();
      List<Stored> read = server.read("film");
      assertThat(read)
          .extracting(one -> one.item().sequence())
          .isEqualTo(LongStream.range(0, read.size()).boxed().toList());
      assertThat(read.stream().filter(one -> one.item() instanceof FrameInfo)).hasSize(50);
      assertThat(read).allMatch(one -> !(one.item() instanceof FrameInfo) || isJpeg(one));
      assertThat(read.get(read.size() - 1).item())
          .isInstanceOfSatisfying(
              Marker.class, end -> assertThat(end.kind()).isEqualTo(Marker.Kind.EPOCH_END));
      CaptureStatus status = capture.statuses().get(0);
      assertThat(status.state()).isEqualTo(CaptureState.ENDED);
      assertThat(status.note())
          .isEqualTo("Not recorded, as the Kinesis data stream 'frames' takes frames alone");
      assertThat(status.chunks()).isZero();
      assertThat(capture.assignmentTrouble()).isNull();
      assertThat(capture.sinkTrouble()).isNull();
    } finally {
      vertx.close().await(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void camera_thatAGatewayAssigns_framesGoToKinesisAndReportsToTheGateway() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (TestGateway gateway = new TestGateway()) {
      gateway.assign(Fixtures.assignment("a", TestVideo.plain().file() + "?loop"));
      CaptureVerticle capture =
          new CaptureVerticle(
              CaptureConfig.of(gateway.uri(), TestGateway.TOKEN, TestGateway.AGENT),
              new CaptureEnds(null, server.service()),
              CaptureClock.system(),
              Fixtures.QUICK);
      vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);

      Eventually.until("frames", () -> server.read("a").size() >= 8);
      Eventually.until(
          "a report",
          () ->
              gateway.reports("a").stream()
                  .anyMatch(report -> report.frames() >= 5 && report.acknowledgedMicros() > 0));

      assertThat(gateway.reports("a").get(gateway.reports("a").size() - 1).note())
          .contains("Not recorded, as the Kinesis data stream 'frames'");
      assertThat(gateway.epochs("a")).isEmpty();
      assertThat(capture.assignmentTrouble()).isNull();
      vertx.close().await(60, TimeUnit.SECONDS);
      assertThat(ended(epochs().values().iterator().next())).isTrue();
      assertThat(gateway.breaches()).isEmpty();
    } finally {
      vertx.close().await(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void agentKilledAtRandomMoments_noFrameIsMissingOrInDisorder() throws Exception {
    Random random = new Random(5);
    Map<String, Long> killed = new HashMap<>();
    for (int kill = 0; kill < KILLS; kill++) {
      boolean there = kill % 2 == 0;
      server.fates(
          call -> there || call < 3 ? call % 3 == 1 ? Fate.SOME_FAIL : Fate.TAKEN : Fate.THROTTLED);
      Process agent = start();
      try {
        int wanted = server.stored("a").size() + 5 + random.nextInt(10);
        int calls = 8 + random.nextInt(8);
        Eventually.until(
            "it sends",
            () -> there ? server.stored("a").size() >= wanted : server.calls() >= calls);
      } finally {
        agent.destroyForcibly().waitFor();
      }
      String[] reached = lastWords();
      killed.put(reached[1], Long.parseLong(reached[2]));
    }
    server.fates(call -> Fate.TAKEN);
    Process last = start();
    try {
      // What was left is sent first; the epoch of this process begins after it.
      Eventually.until(
          "the ends of " + KILLS + " epochs",
          () -> {
            Map<String, List<StreamItem>> epochs = epochs();
            return killed.keySet().stream()
                .allMatch(each -> epochs.containsKey(each) && ended(epochs.get(each)));
          });
    } finally {
      last.destroyForcibly().waitFor();
    }
    Map<String, List<StreamItem>> epochs = epochs();
    assertThat(killed).hasSize(KILLS);
    killed.forEach(
        (epoch, reached) -> {
          List<StreamItem> items = epochs.get(epoch);
          // Two less for those on their way when it happened, two for begin and end.
          assertThat((items.size() - 2) * FRAME_MICROS)
              .as(epoch)
              .isGreaterThanOrEqualTo(reached - items.get(0).positionMicros() - 2 * FRAME_MICROS);
        });
    assertThat(List.copyOf(epochs.keySet())).isSorted();
    for (List<StreamItem> items : epochs.values()) {
      assertThat(items.get(0))
          .isInstanceOfSatisfying(
              Marker.class, begin -> assertThat(begin.kind()).isEqualTo(Marker.Kind.EPOCH_BEGIN));
      List<Long> frames =
          items.stream()
              .filter(FrameInfo.class::isInstance)
              .map(StreamItem::positionMicros)
              .toList();
      long begin = items.get(0).positionMicros();
      assertThat(frames)
          .isEqualTo(
              LongStream.range(0, frames.size())
                  .map(n -> begin + n * FRAME_MICROS)
                  .boxed()
                  .toList());
    }
  }

  /** Stream, epoch and position, as the agent said them last. */
  private String[] lastWords() throws IOException {
    String said = Files.readString(folder.resolve("words"));
    List<String> lines =
        said.substring(0, said.lastIndexOf('\n'))
            .lines()
            // A kill may cut one off in the middle.
            .filter(line -> line.matches("a \\S+ \\d{16}"))
            .toList();
    return lines.get(lines.size() - 1).split(" ");
  }

  private static boolean isJpeg(Stored record) {
    byte[] jpeg = record.payload();
    return jpeg.length == ((FrameInfo) record.item()).sizeBytes()
        && (jpeg[0] & 0xff) == 0xff
        && (jpeg[1] & 0xff) == 0xd8;
  }

  private static boolean ended(List<StreamItem> items) {
    return items.get(items.size() - 1) instanceof Marker marker
        && marker.kind() == Marker.Kind.EPOCH_END;
  }

  /** What a reader has, by epoch, in the order of their first items. */
  private Map<String, List<StreamItem>> epochs() {
    Map<String, List<StreamItem>> epochs = new LinkedHashMap<>();
    for (Stored one : server.read("a")) {
      StreamItem item = one.item();
      epochs.computeIfAbsent(item.epoch(), epoch -> new ArrayList<>()).add(item);
    }
    return epochs;
  }

  /** With what an agent in the field has: the environment, and a URL. */
  private Process start() throws IOException {
    ProcessBuilder agent =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CaptureProcess.class.getName(),
            URL,
            folder.resolve("spool").toString(),
            TestVideo.plain().file() + "?loop");
    agent.environment().put("AWS_ENDPOINT_URL_KINESIS", server.uri().toString());
    agent.environment().put("AWS_ACCESS_KEY_ID", KinesisServer.KEY);
    agent.environment().put("AWS_SECRET_ACCESS_KEY", KinesisServer.SECRET);
    return agent
        .redirectOutput(folder.resolve("words").toFile())
        .redirectError(ProcessBuilder.Redirect.appendTo(new File(folder.toFile(), "errors")))
        .start();
  }
}
