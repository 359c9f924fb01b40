package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.LOBBY_VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.OPERATOR;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static io.sightline.ingestgateway.GatewayFixture.next;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.InRecord;
import io.sightline.bus.Topic;
import io.sightline.media.MediaException;
import io.sightline.records.ClipIndex;
import io.sightline.records.JobEstimate;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Replay;
import io.sightline.records.ReplayJob;
import io.sightline.records.ReplayJobRequest;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Records;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people ask of the encoding of whole replays, and what they are answered. */
class ReplayJobControlTest {

  private static GatewayFixture gateway;

  @BeforeAll
  static void open() {
    gateway = new GatewayFixture();
    gateway.encodeBy(ReplayJobControlTest::estimate);
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  /** Of one that is called so nothing can be made. */
  private static JobEstimate estimate(ClipIndex reel) throws MediaException {
    if (reel.clip().equals("mute")) {
      throw new MediaException(MediaException.Reason.UNSUPPORTED, "It has no pictures");
    }
    return new JobEstimate(
        "USD",
        new BigDecimal("0.0125"),
        "2025-11-01",
        7_000_000,
        List.of(new JobEstimate.Output("mp4", 320, 180, new BigDecimal("0.0125"))));
  }

  @Test
  void estimate_isAnsweredBeforeAnythingIsAsked() {
    BlockingQueue<InRecord> requests = gateway.follow(Topic.REPLAY_JOB_REQUESTS);
    store(replay("estimated", 1, true, 1));

    JsonNode estimate = gateway.json(path("estimated") + "/jobs/estimate", VIEWER);

    assertThat(estimate.path("cost").decimalValue()).isEqualByComparingTo("0.0125");
    assertThat(estimate.path("currency").asText()).isEqualTo("USD");
    assertThat(estimate.at("/outputs/0/height").asInt()).isEqualTo(180);
    assertThat(requests).isEmpty();
    assertThat(gateway.json(path("estimated"), VIEWER).has("job")).isFalse();
  }

  @Test
  void job_isAskedForOnce_shownWithTheReplay_andCancelled() {
    BlockingQueue<InRecord> requests = gateway.follow(Topic.REPLAY_JOB_REQUESTS);
    store(replay("wanted", 2, true, 1));

    HttpResponse<Buffer> asked = gateway.send(HttpMethod.POST, jobs("wanted"), OPERATOR, null);
    assertThat(asked.statusCode()).as(asked.bodyAsString()).isEqualTo(202);
    assertThat(json(asked).path("state").asText()).isEqualTo("pending");
    ReplayJobRequest request = next(requests).as(ReplayJobRequest.class);
    assertThat(request.version()).isEqualTo(2);
    assertThat(request.kind()).isEqualTo(ReplayJobRequest.Kind.MAKE);
    assertThat(request.by()).isEqualTo("operator");

    ReplayJob job =
        ReplayJob.asked(request, List.of("lobby"), 1)
            .at("encoding with MediaConvert", 40, null, List.of("1763726462500-abcdef"));
    store(job);
    JsonNode shown = gateway.json(path("wanted"), VIEWER).path("job");
    assertThat(shown.path("percent").asInt()).isEqualTo(40);
    assertThat(shown.has("streams") || shown.has("media")).isFalse();

    HttpResponse<Buffer> again = gateway.send(HttpMethod.POST, jobs("wanted"), OPERATOR, null);
    assertThat(json(again)).isEqualTo(shown);
    assertThat(gateway.send(HttpMethod.DELETE, jobs("wanted"), OPERATOR, null).statusCode())
        .isEqualTo(202);
    ReplayJobRequest cancel = next(requests).as(ReplayJobRequest.class);
    assertThat(cancel.kind()).as("nothing was asked twice").isEqualTo(ReplayJobRequest.Kind.CANCEL);
    assertThat(cancel.atMicros()).isEqualTo(request.atMicros());

    store(job.ended(MediaState.FAILED, "It broke"));
    gateway.send(HttpMethod.POST, jobs("wanted"), OPERATOR, null);
    ReplayJobRequest another = next(requests).as(ReplayJobRequest.class);
    assertThat(another.atMicros()).isGreaterThan(request.atMicros());
  }

  @Test
  void job_ofAReplayThatIsNotWhole_isAConflictInASentence() {
    store(replay("growing", 1, false, 1));
    store(replay("anew", 1, true, 1));
    await(
        gateway.records.put(
            StoreKeys.replayRequests("anew"),
            "0000000002",
            Json.encode(
                new ReplayRequest(
                    "anew", ReplayRequest.Kind.CHANGE, "x", selection(), false, "ana", 1, 2)),
            null));
    store(replay("empty", 1, true, 0));
    store(replay("mute", 1, true, 1));

    refused("growing", 409, "The replay goes on growing");
    refused("anew", 409, "The replay is being made anew");
    refused("empty", 409, "The replay shows nothing");
    refused("mute", 422, "It has no pictures.");
    refused("nobody", 404, "There is no replay 'nobody'");
    assertThat(gateway.get(path("growing") + "/jobs/estimate", VIEWER).statusCode()).isEqualTo(409);
    assertThat(gateway.send(HttpMethod.DELETE, jobs("growing"), OPERATOR, null).statusCode())
        .isEqualTo(404);
  }

  @Test
  void job_byWhomMayNot_isRefused() {
    store(replay("others", 1, true, 1));

    assertThat(gateway.send(HttpMethod.POST, jobs("others"), VIEWER, null).statusCode())
        .isEqualTo(403);
    assertThat(gateway.send(HttpMethod.DELETE, jobs("others"), VIEWER, null).statusCode())
        .isEqualTo(403);
    assertThat(gateway.get(path("others") + "/jobs/estimate", LOBBY_VIEWER).statusCode())
        .isEqualTo(404);
  }

  @Test
  void files_ofAJobThatIsReady_areDelivered_andNothingElseOfIt() {
    store(replay("made", 1, true, 1));
    ReplayJobRequest request =
        new ReplayJobRequest("made", 1, ReplayJobRequest.Kind.MAKE, "ana", 1_763_726_462_500_000L);
    ReplayJob asked = ReplayJob.asked(request, List.of("lobby", "door"), 1);
    String folder = asked.folder();
    object(folder + "hls/index.m3u8", "#EXTM3U\nindex_180p.m3u8\n");
    object(folder + "hls/part-0/index_180p_00001.ts", "ts");
    object(folder + "replay.mp4", "mp4 bytes");
    object(folder + "mediaconvert.json", "{}");
    object(folder + "input-abc-1.mp4", "input");
    store(asked.ready(folder + "hls/index.m3u8", folder + "replay.mp4", "s3://my-video/" + folder));

    JsonNode job = gateway.json(path("made"), VIEWER).path("job");

    assertThat(job.path("location").asText()).isEqualTo("s3://my-video/" + folder);
    assertThat(job.has("hlsKey") || job.has("mp4Key")).isFalse();
    String hls = job.at("/media/hls").asText();
    HttpResponse<Buffer> playlist = gateway.get(hls, null);
    assertThat(playlist.getHeader("Content-Type")).contains("mpegurl");
    assertThat(playlist.bodyAsString()).contains("index_180p.m3u8");
    String home = hls.replace("index.m3u8", "");
    HttpResponse<Buffer> segment = gateway.get(home + "part-0/index_180p_00001.ts", null);
    assertThat(segment.getHeader("Content-Type")).isEqualTo("video/mp2t");
    assertThat(gateway.get(job.at("/media/mp4").asText(), null).bodyAsString())
        .isEqualTo("mp4 bytes");
    for (String other :
        List.of(
            "../mediaconvert.json",
            "../input-abc-1.mp4",
            "index_720p.m3u8",
            "../../index-1.json",
            "part-0/../../replay.mp4")) {
      assertThat(gateway.get(home + other, null).statusCode()).as(other).isNotEqualTo(200);
    }
  }

  @Test
  void job_ofAnEarlierVersion_isNotShown() {
    store(replay("later", 2, true, 1));
    store(
        ReplayJob.asked(
            new ReplayJobRequest("later", 1, ReplayJobRequest.Kind.MAKE, "ana", 5),
            List.of("lobby"),
            1));

    assertThat(gateway.json(path("later"), VIEWER).has("job")).isFalse();
  }

  @Test
  void job_whereNothingIsConfigured_isAConflictThatSaysWhatItTakes() {
    store(replay("plain", 1, true, 1));
    gateway.encodeBy(null);
    try {
      refused("plain", 409, "it takes 'clips.mediaconvert', and 'storage.objects' in S3.");
    } finally {
      gateway.encodeBy(ReplayJobControlTest::estimate);
    }
  }

  private static void refused(String replay, int status, String sentence) {
    HttpResponse<Buffer> answer = gateway.send(HttpMethod.POST, jobs(replay), OPERATOR, null);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).path("detail").asText()).contains(sentence);
  }

  private static String path(String replay) {
    return "/api/v1/replays/" + replay;
  }

  private static String jobs(String replay) {
    return path(replay) + "/jobs";
  }

  private static ReplayRequest.Selection selection() {
    return new ReplayRequest.Selection(List.of("lobby", "door"), null, null, null, null);
  }

  /** With its reel, which is called as the replay is. */
  private static Replay replay(String id, int version, boolean complete, int segments) {
    String index = "replays/" + id + "/" + version + "/index-1.json";
    object(
        index,
        new String(
            Json.encode(new ClipIndex(id, List.of(), 0, List.of())), StandardCharsets.UTF_8));
    return new Replay(
        id,
        "Best",
        selection(),
        MediaState.READY,
        version,
        segments,
        1,
        complete,
        false,
        segments == 0 ? null : index,
        null,
        1,
        1,
        null,
        1);
  }

  private static void store(Replay replay) {
    await(gateway.records.put(StoreKeys.REPLAYS, replay.id(), Json.encode(replay), null));
  }

  private static void store(ReplayJob job) {
    await(
        Records.of(gateway.records, ReplayJob.class)
            .put(StoreKeys.REPLAY_JOBS, job.replay(), job, null));
  }

  private static void object(String key, String content) {
    await(gateway.objects.put(key, Buffer.buffer(content), "text/plain"));
  }
}
