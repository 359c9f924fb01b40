package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Capture in workers: what kills one of them costs its streams a reconnect, and nobody else. */
@Timeout(240)
class IsolationTest {

  private static final String TOKEN = "viewer-token-of-the-control-room";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Names that fall to different workers. */
  private static final String FIRST = "b";

  private static final String SECOND = "a";

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private String gateway;

  @Test
  void workerKilled_itsStreamComesBack_andTheOtherOneGoesOn() throws Exception {
    String video = TestVideo.plain().pictures(75).file() + "?realtime&loop";
    Path configuration =
        Files.writeString(
            folder.resolve("sightline.yaml"),
            """
            streams:
              %s: { inputs: [{ url: "file:%s" }] }
              %s: { inputs: [{ url: "file:%s" }] }
            capture: { isolation: process, workers: 2 }
            access:
              room: { token: %s, scope: viewer }
            """
                .formatted(FIRST, video, SECOND, video, TOKEN));
    List<ProcessHandle> left;
    try (RunningServer server = RunningServer.start(configuration, folder.resolve("data"))) {
      gateway = server.link().replaceAll("(http://[^/]+)/.*", "$1");
      await("both are live", () -> live(FIRST) && live(SECOND) && epochs(FIRST) > 1);
      assertThat(server.children("--worker"))
          .hasSize(2)
          .allSatisfy(
              worker -> assertThat(worker.info().arguments().orElseThrow()).doesNotContain(TOKEN));
      ProcessHandle killed = server.children("1/2").get(0);
      ProcessHandle other = server.children("2/2").get(0);
      long epochs = epochs(SECOND);

      killed.destroyForcibly();
      await("it is captured anew", () -> epochs(FIRST) == 1);
      await("it is live", () -> live(FIRST));

      assertThat(server.log()).contains("Worker 1/2 of capture ended with code");
      assertThat(server.children("2/2")).containsExactly(other);
      assertThat(epochs(SECOND)).isGreaterThanOrEqualTo(epochs);

      left = server.children("--worker");
      assertThat(left).hasSize(2);
      server.kill();
    }
    for (ProcessHandle worker : left) {
      worker.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private boolean live(String stream) throws Exception {
    return stream(stream).path("state").asText().equals("live");
  }

  /** How many the process that captures it now has begun: one with each pass of the video. */
  private long epochs(String stream) throws Exception {
    return stream(stream).path("capture").path("epochs").asLong();
  }

  private JsonNode stream(String stream) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway + "/api/v1/streams/" + stream))
            .header("Authorization", "Bearer " + TOKEN)
            .build();
    return Json.MAPPER.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  /** A condition that is looked at over the network. */
  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(String what, Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }
}
