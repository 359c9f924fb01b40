package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.clipper.mediaconvert.testing.MediaConvertServer;
import io.sightline.clipper.mediaconvert.testing.Transcoder;
import io.sightline.launcher.process.CountedFilm;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Interval;
import io.sightline.records.Json;
import io.sightline.storage.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All roles with their objects in S3Mock. */
class ObjectsInS3Test {

  private static final String BUCKET = "my-video";
  private static final int RATE = 25;
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final String CONFIGURATION =
      """
      storage:
        objects: s3://PLACE
        s3: { region: eu-west-1, endpoint: "ENDPOINT", pathStyle: true }
      streams:
        yard: { inputs: [{ url: "file:CAMERA?realtime&loop" }] }
      """;

  @TempDir static Path folder;

  private static S3Server s3;

  @BeforeAll
  static void start() {
    s3 = new S3Server().bucket(BUCKET);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Test
  void up_recordsCutsAndPlays_goesOnAfterARestart_andExports() throws Exception {
    Path camera = folder.resolve("camera.mp4");
    CameraVideo.write(
        TestVideo.plain()
            .rate(RATE + "/1")
            .pictures(RATE * 12)
            .boxes(new Interval(2, 4), new Interval(7, 9)),
        camera);
    Path configuration = configuration("sightline.yaml", BUCKET + "/sightline", camera);
    Path data = folder.resolve("data");

    String first;
    try (RunningServer server = RunningServer.start(configuration, data, s3.options())) {
      JsonNode clip = clip(server, any -> true);
      first = clip.get("id").asText();
      List<Integer> shown = playsAlike(server, clip);
      assertThat(get(server, clip.at("/media/mp4").asText(), "bytes=4-7").body())
          .isEqualTo("ftyp".getBytes());
      assertThat(s3.names(BUCKET))
          .allMatch(name -> name.startsWith("sightline/"))
          .anyMatch(name -> name.startsWith("sightline/streams/yard/"))
          .contains("sightline/clips/" + first + "/clip.mp4");
      assertThat(data.resolve("objects")).doesNotExist();

      server.restart();

      assertThat(playsAlike(server, clip(server, one -> one.equals(first)))).isEqualTo(shown);
      playsAlike(server, clip(server, one -> one.compareTo(first) > 0));
    }

    Path out = folder.resolve("out");
    Command.Result exported =
        Command.here("export", "yard", "--config", configuration, "--data", data, "--out", out);
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    try (var files = Files.walk(out)) {
      List<Path> clips = files.filter(file -> file.toString().endsWith(".mp4")).toList();
      assertThat(clips).isNotEmpty();
      assertThat(clips).allSatisfy(mp4 -> assertThat(FfmpegProgram.decodesCleanly(mp4)).isEmpty());
    }
  }

  @Test
  void up_bucketThatIsNotThere_doesNotStartAndSaysSo() throws IOException {
    Path configuration = configuration("wrong.yaml", "nowhere/sightline", folder.resolve("none"));
    // The bucket is looked at before Kafka is.
    Files.writeString(
        configuration, "kafka: { bootstrap: '127.0.0.1:1' }\n", StandardOpenOption.APPEND);

    assertThatThrownBy(
            () -> RunningServer.start(configuration, folder.resolve("wrong"), s3.options()))
        .hasMessageContaining(
            "sightline: The bucket 'nowhere' did not list the objects below 'sightline/': ")
        .hasMessageContaining(
            "make the bucket 'nowhere', or name another in storage.objects (key"
                + " 'storage.objects')");
  }

  @Test
  void process_withMediaConvert_givesExactClipsAndAReplayOfThem_andEmptiesTheBucket()
      throws Exception {
    s3.bucket("jobs");
    Path film =
        CountedFilm.write(
            TestVideo.plain()
                .size(640, 360)
                .pictures(RATE * 16)
                .gop(50)
                .sound()
                .boxes(new Interval(3, 6), new Interval(10, 13)),
            folder.resolve("film.mp4"));
    try (MediaConvertServer server =
        new MediaConvertServer(
            new Transcoder(
                "s3://jobs/", new S3JobBucket(s3, "jobs", folder.resolve("transcoder"))))) {
      Path configuration = configuration("jobs.yaml", "jobs/sightline", film);
      Files.writeString(
          configuration,
          """
          clips:
            maker: mediaconvert
            mediaconvert:
              region: eu-west-1
              role: arn:aws:iam::111122223333:role/MediaConvert
              endpoint: ENDPOINT
              poll: 100ms
          """
              .replace("ENDPOINT", server.url().toString()),
          StandardOpenOption.APPEND);
      Path out = folder.resolve("film-results");

      Command.Result result =
          Command.result(
              CommandJvm.of(
                      List.of(s3.options()),
                      List.of(
                          "process",
                          film.toString(),
                          "--config",
                          configuration.toString(),
                          "--out",
                          out.toString()))
                  .directory(folder.toFile())
                  .start());

      assertThat(result.exitCode()).as(result.err()).isZero();
      List<Integer> reel = new ArrayList<>();
      for (JsonNode segment :
          Json.MAPPER.readTree(out.resolve("segments.json").toFile()).get("segments")) {
        Path clip = out.resolve(segment.get("clip").asText());
        List<Integer> shown = TestVideo.frameNumbers(clip);
        int first = shown.get(0);
        assertThat(shown).isEqualTo(IntStream.range(first, first + shown.size()).boxed().toList());
        assertThat(first)
            .isCloseTo((int) Math.round(segment.get("start").asDouble() * RATE), within(1));
        reel.addAll(shown);
      }
      assertThat(server.requests()).hasSize(2);
      assertThat(server.breaches()).isEmpty();
      for (String replay : List.of("replay.mp4", "replay/master.m3u8")) {
        assertThat(FfmpegProgram.decodesCleanly(out.resolve(replay))).as(replay).isEmpty();
        assertThat(TestVideo.frameNumbers(out.resolve(replay))).as(replay).isEqualTo(reel);
      }
      assertThat(s3.names("jobs")).isEmpty();
      assertThat(s3.unfinished("jobs")).isEmpty();
    }
  }

  private static Path configuration(String name, String place, Path camera) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        CONFIGURATION
            .replace("PLACE", place)
            .replace("ENDPOINT", s3.endpoint())
            .replace("CAMERA", camera.toString()));
  }

  /** The pictures of a clip, which are the same in its HLS and in its MP4. */
  private static List<Integer> playsAlike(RunningServer server, JsonNode clip) {
    URI link = URI.create(server.link());
    String hls = link.resolve(clip.at("/media/hls").asText()).toString();
    String mp4 = link.resolve(clip.at("/media/mp4").asText()).toString();
    assertThat(FfmpegProgram.decodesCleanly(hls)).isEmpty();
    assertThat(FfmpegProgram.decodesCleanly(mp4)).isEmpty();
    List<Integer> shown = TestVideo.frameNumbers(mp4);
    assertThat(shown).hasSizeGreaterThan(RATE).isEqualTo(TestVideo.frameNumbers(hls));
    return shown;
  }

  /** The oldest clip that is ready and whose id is one of these. */
  private static JsonNode clip(RunningServer server, Predicate<String> ids) throws Exception {
    return until(
        server,
        () -> {
          JsonNode oldest = null;
          for (JsonNode clip : json(server, "/api/v1/clips?stream=yard&limit=200").get("items")) {
            if (clip.get("state").asText().equals("ready") && ids.test(clip.get("id").asText())) {
              oldest = clip;
            }
          }
          return oldest;
        });
  }

  private static JsonNode until(RunningServer server, Callable<JsonNode> found) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode one = found.call();
      if (one != null) {
        return one;
      }
    }
    throw new AssertionError("It did not come.\n" + server.log());
  }

  private static JsonNode json(RunningServer server, String path) throws Exception {
    return Json.MAPPER.readTree(get(server, path, null).body());
  }

  private static HttpResponse<byte[]> get(RunningServer server, String path, String range)
      throws Exception {
    URI link = URI.create(server.link());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(link.resolve(path))
            .header("Authorization", "Bearer " + link.getFragment().replace("token=", ""));
    if (range != null) {
      request.header("Range", range);
    }
    HttpResponse<byte[]> answer =
        HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(path).isEqualTo(range == null ? 200 : 206);
    return answer;
  }
}
