package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent on a host of its own: no broker, no stores of the installation, a token of its own. */
@Timeout(180)
class CaptureAloneTest {

  private static final String AGENT_TOKEN = "agent-token-of-the-north-stand";
  private static final String VIEWER_TOKEN = "viewer-token-of-the-control-room";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern STATUS = Pattern.compile("Status: (http://\\S+:\\d+)/health/ready");

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void capture_withoutBroker_delivers_andTellsHowItStands() throws Exception {
    Path video = TestVideo.plain().pictures(250).file();
    Path installation = Files.createDirectories(folder.resolve("installation"));
    Path host = Files.createDirectories(folder.resolve("host"));
    Path configuration =
        Files.writeString(
            installation.resolve("sightline.yaml"),
            """
            streams:
              stand:
                inputs: [{ url: "file:%s?loop" }]
                agent: north-stand
            access:
              edge: { token: %s, scope: agent }
              room: { token: %s, scope: viewer }
            """
                .formatted(video, AGENT_TOKEN, VIEWER_TOKEN));
    try (RunningServer server = RunningServer.start(configuration, installation.resolve("data"))) {
      String gateway = server.link().replaceAll("(http://[^/]+)/.*", "$1");
      Files.writeString(
          host.resolve("sightline.yaml"),
          """
          status: { port: 0 }
          storage: { objects: "s3://not-looked-at/by-an-agent" }
          capture:
            agent: north-stand
            gateway: %s
            token: %s
          """
              .formatted(gateway, AGENT_TOKEN));
      assertThat(stream(gateway).path("state").asText()).isEqualTo("waiting");

      Process agent = Command.start(host, "capture");
      try {
        String status = statusDoor(agent);
        await(
            agent, "the stream lives", () -> stream(gateway).path("state").asText().equals("live"));
        // What an agent tells of itself comes some time after what it captures.
        await(
            agent,
            "the agent tells of it",
            () ->
                stream(gateway).path("capture").path("state").asText().equals("connected")
                    && stream(gateway)
                        .path("capture")
                        .path("agent")
                        .asText()
                        .equals("north-stand"));

        assertThat(get(status + "/health/live", null).statusCode()).isEqualTo(200);
        HttpResponse<String> ready = get(status + "/health/ready", null);
        assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
        assertThat(ready.body()).contains("\"gateway\":\"up\"");
        assertThat(get(status + "/metrics", null).body())
            .contains("sightline_capture_state{state=\"connected\",stream=\"stand\"} 1.0")
            .contains("sightline_capture_items_total{stream=\"stand\",type=\"chunk\"}");
        assertThat(get(status + "/anything", null).statusCode()).isEqualTo(404);
        try (Stream<Path> files = Files.list(host.resolve("data"))) {
          assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("broker");
        }
      } finally {
        agent.destroy();
        agent.waitFor();
      }
    }
  }

  /** Reads until the address is said; the rest of what it says is little and fits the pipe. */
  private static String statusDoor(Process agent) throws IOException {
    var lines = agent.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher said = STATUS.matcher(line);
      if (said.find()) {
        return said.group(1);
      }
    }
    throw new IOException("The agent ended: " + new String(agent.getErrorStream().readAllBytes()));
  }

  private JsonNode stream(String gateway) throws IOException, InterruptedException {
    return Json.MAPPER.readTree(get(gateway + "/api/v1/streams/stand", VIEWER_TOKEN).body());
  }

  private HttpResponse<String> get(String url, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A condition that is looked at over the network. */
  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Looks again and again, unless the agent ends. */
  private static void await(Process agent, String what, Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(agent.waitFor(100, TimeUnit.MILLISECONDS)).as("the agent has ended").isFalse();
      assertThat(System.nanoTime()).as(what).isLessThan(end);
    }
  }
}
