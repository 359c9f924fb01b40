package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Interval;
import io.sightline.records.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replays as people ask for them over the API, with all roles running and a stream that goes on.
 */
class ReplayRulesTest {

  private static final int RATE = 25;
  private static final int SECONDS = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String CONFIGURATION =
      """
      streams:
        yard:
          inputs: [{ url: "file:CAMERA?realtime&loop" }]
          profile: ground
          zones: { ground: [[0, 0.3], [1, 0.3], [1, 1], [0, 1]] }
      publish: { to: "WEB" }
      transitions: { clips: { sting: "STING" } }
      profiles:
        ground:
          sample: 5/s
          analyzers: [{ use: motion }]
          classifier: { use: presence, labels: [motion], zones: [ground] }
      """;

  @TempDir static Path folder;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static RunningServer server;

  @BeforeAll
  static void start() throws IOException {
    Path camera = folder.resolve("camera.mp4");
    CameraVideo.write(
        TestVideo.plain()
            .rate(RATE + "/1")
            .pictures(RATE * SECONDS)
            .boxes(new Interval(4, 8), new Interval(11, 14), new Interval(17, 20)),
        camera);
    Path configuration = folder.resolve("sightline.yaml");
    Files.writeString(
        configuration,
        CONFIGURATION
            .replace("CAMERA", camera.toString())
            .replace("WEB", folder.resolve("web").toString())
            .replace("STING", TestVideo.plain().size(160, 90).pictures(20).file().toString()));
    server = RunningServer.start(configuration, folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void decisionsAndFeedback_changeAReplayThatGoesOn() throws Exception {
    JsonNode first = segments(2).get(0);
    String id = first.get("id").asText();
    String replay = ask("{'mode':'all','ignoreDisliked':true}", first.get("startMicros").asLong());
    until(replay, made -> made.get("segments").asInt() >= 2);

    patch("/segments/" + id, "{'feedback':{'vote':'dislike','note':'blurred'}}");
    assertThat(decision(replay, id, item -> !item.get("included").asBoolean()))
        .isEqualTo("its reviewers dislike it: 1 do, 0 like it");

    patch(replay, "{'decide':{'lock':['" + id + "']}}");
    assertThat(decision(replay, id, item -> item.get("included").asBoolean()))
        .isEqualTo("a person locked it");

    long start = first.get("startMicros").asLong() + 500_000;
    patch(
        replay,
        "{'decide':{'trim':[{'segment':'%s','startMicros':%d,'endMicros':%d}]}}"
            .formatted(id, start, start + 1_000_000));
    assertThat(decision(replay, id, item -> item.get("startMicros").asLong() == start))
        .startsWith("a person locked it");
    JsonNode trimmed =
        item(replay, id, item -> item.get("clip").asText().contains(".cut-1000000."));
    assertThat(trimmed.get("durationMicros").asLong())
        .isLessThan(first.get("endMicros").asLong() - first.get("startMicros").asLong());

    patch(replay, "{'decide':{'ban':['" + id + "']}}");
    assertThat(decision(replay, id, item -> !item.get("included").asBoolean()))
        .isEqualTo("a person banned it");
  }

  @Test
  void published_playsFromItsFolder_untilTheReplayIsDeleted() throws Exception {
    long at = segments(1).get(0).get("startMicros").asLong();
    String replay =
        ask(
            "{'mode':'timestamps','stretches':[{'stream':'yard','startMicros':%d,'endMicros':%d}]}"
                .formatted(at, at + 2_000_000),
            null);
    patch(replay, "{'publish':true}");

    JsonNode published =
        until(replay, one -> one.at("/published/complete").asBoolean()).get("published");

    Path master = folder.resolve("web").resolve(published.get("master").asText());
    assertThat(FfmpegProgram.decodesCleanly(master)).isEmpty();
    assertThat(TestVideo.frameNumbers(master)).hasSize(2 * RATE);
    send("DELETE", replay, null);
    until("/replays", all -> !all.toString().contains(replay.substring("/replays/".length())));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (Files.exists(master.getParent()) && System.nanoTime() < deadline) {
      Thread.yield();
    }
    assertThat(master.getParent()).doesNotExist();
  }

  @Test
  void transitions_askedForOfAReplayThatIsThere_makeItAnother() throws Exception {
    long at = segments(1).get(0).get("startMicros").asLong();
    String stretch = "{'stream':'yard','startMicros':%d,'endMicros':%d}";
    String replay =
        ask(
            "{'mode':'timestamps','stretches':[%s,%s]}"
                .formatted(
                    stretch.formatted(at, at + 2_000_000),
                    stretch.formatted(at + 1_000_000, at + 3_000_000)),
            null);
    until(replay, one -> one.get("complete").asBoolean());

    patch(
        replay,
        "{'publish':true,'transitions':{'fade':{'outMillis':400,'inMillis':400},'clip':'sting'}}");
    JsonNode made =
        until(
            replay,
            one -> one.at("/published/complete").asBoolean() && one.get("version").asInt() == 2);

    assertThat(made.at("/transitions/clip").asText()).isEqualTo("sting");
    assertThat(made.get("durationMicros").asLong()).isEqualTo(4_800_000);
    Path master = folder.resolve("web").resolve(made.at("/published/master").asText());
    assertThat(FfmpegProgram.decodesCleanly(master)).isEmpty();
    List<Integer> shown = TestVideo.frameNumbers(master);
    assertThat(shown).hasSize(4 * RATE + 20);
    assertThat(shown.subList(2 * RATE, 2 * RATE + 20))
        .isEqualTo(IntStream.range(0, 20).boxed().toList());
  }

  @Test
  void timestamps_ofThePast_areCutAndPlayInTheirOrder() throws Exception {
    JsonNode first = segments(1).get(0);
    long at = first.get("startMicros").asLong();
    String replay =
        ask(
            "{'mode':'timestamps','stretches':[{'stream':'yard','startMicros':%d,'endMicros':%d},{'stream':'yard','startMicros':%d,'endMicros':%d}]}"
                .formatted(at + 2_000_000, at + 3_000_000, at, at + 1_000_000),
            null);

    JsonNode made = until(replay, one -> one.get("complete").asBoolean());

    assertThat(made.get("segments").asInt()).isEqualTo(2);
    assertThat(made.at("/media/hls").asText()).isNotEmpty();
    JsonNode items = get(replay + "/items").get("items");
    assertThat(items).hasSize(2);
    assertThat(items.get(0).get("startMicros").asLong()).isEqualTo(at);
    assertThat(items.get(0).get("order").asInt()).isEqualTo(1);
    assertThat(get("/segments?stream=yard&limit=200").get("items"))
        .noneMatch(segment -> segment.get("classifier").asText().startsWith("cut-"));
  }

  @Test
  void timestamps_ofTheFuture_areThereWhenItHasPassed() throws Exception {
    segments(1);
    long soon = System.currentTimeMillis() * 1_000 + 3_000_000;
    String replay =
        ask(
            "{'mode':'timestamps','stretches':[{'stream':'yard','startMicros':%d,'endMicros':%d}]}"
                .formatted(soon, soon + 2_000_000),
            null);

    JsonNode made = until(replay, one -> one.get("complete").asBoolean());

    assertThat(made.get("segments").asInt()).isEqualTo(1);
    assertThat(System.currentTimeMillis() * 1_000).isGreaterThan(soon + 2_000_000);
  }

  @Test
  void length_askedForAndChanged_isKept() throws Exception {
    JsonNode first = segments(3).get(0);
    String rules =
        "{'mode':'duration','fill':{'targetMicros':%d,'toleranceMicros':0,'weights':[{'when':{'what':'label','is':['motion']},'weight':50}]}}";
    String replay = ask(rules.formatted(12_000_000), first.get("startMicros").asLong());
    JsonNode made = until(replay, one -> one.get("segments").asInt() > 0);
    assertThat(made.get("durationMicros").asLong()).isLessThanOrEqualTo(12_000_000);

    patch(replay, "{'rules':" + rules.formatted(6_000_000) + "}");
    JsonNode shorter = until(replay, one -> one.get("requestRevision").asInt() == 2);

    assertThat(shorter.get("durationMicros").asLong()).isLessThanOrEqualTo(6_000_000);
    assertThat(shorter.at("/rules/fill/targetMicros").asLong()).isEqualTo(6_000_000);
  }

  /** The oldest closed segments that have a clip. */
  private static List<JsonNode> segments(int count) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      List<JsonNode> found = new ArrayList<>();
      for (JsonNode segment : get("/segments?stream=yard&limit=200").get("items")) {
        if (segment.has("clip")) {
          found.add(0, segment);
        }
      }
      if (found.size() >= count) {
        return found;
      }
    }
    throw new AssertionError("There are no " + count + " segments.\n" + server.log());
  }

  private static String ask(String rules, Long from) throws Exception {
    JsonNode made =
        send(
            "POST",
            "/replays",
            "{'title':'Best','selection':{'streams':['yard']%s},'rules':%s}"
                .formatted(from == null ? "" : ",'fromMicros':" + from, rules));
    return "/replays/" + made.get("id").asText();
  }

  private static JsonNode until(String replay, Predicate<JsonNode> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    JsonNode made = null;
    while (System.nanoTime() < deadline) {
      made = get(replay);
      if (condition.test(made)) {
        return made;
      }
    }
    throw new AssertionError(made + "\n" + server.log());
  }

  private static String decision(String replay, String segment, Predicate<JsonNode> condition)
      throws Exception {
    return item(replay, segment, condition).get("reason").asText();
  }

  private static JsonNode item(String replay, String segment, Predicate<JsonNode> condition)
      throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    JsonNode items = null;
    while (System.nanoTime() < deadline) {
      items = get(replay + "/items?limit=200").get("items");
      for (JsonNode item : items) {
        if (item.get("segment").asText().equals(segment) && condition.test(item)) {
          return item;
        }
      }
    }
    throw new AssertionError(segment + " in " + items + "\n" + server.log());
  }

  private static void patch(String path, String body) throws Exception {
    send("PATCH", path, body);
  }

  private static JsonNode get(String path) throws Exception {
    return send("GET", path, null);
  }

  private static JsonNode send(String method, String path, String body) throws Exception {
    URI link = URI.create(server.link());
    HttpRequest request =
        HttpRequest.newBuilder(link.resolve("/api/v1" + path))
            .header("Authorization", "Bearer " + link.getFragment().replace("token=", ""))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
            .build();
    HttpResponse<byte[]> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    JsonNode json = Json.MAPPER.readTree(answer.body());
    assertThat(answer.statusCode()).as(method + " " + path + ": " + json).isLessThan(300);
    return json;
  }
}
