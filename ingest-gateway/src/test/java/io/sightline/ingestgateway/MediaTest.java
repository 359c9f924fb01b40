package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.AGENT;
import static io.sightline.ingestgateway.GatewayFixture.OPERATOR;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static io.sightline.ingestgateway.GatewayFixture.next;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.InRecord;
import io.sightline.bus.Topic;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.cut.Reel;
import io.sightline.media.render.CropPath;
import io.sightline.media.render.RenderedClip;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Rendition;
import io.sightline.records.RenditionRequest;
import io.sightline.records.RenditionSpec;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Records;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real video posted, recorded, cut and played again, with FFmpeg as the judge. */
class MediaTest {

  private static final long START = 1_763_000_000_000_000L;
  private static GatewayFixture gateway;
  private static List<ChunkInfo> chunks;

  @BeforeAll
  static void open() throws Exception {
    gateway = new GatewayFixture();
    TestVideo video = TestVideo.plain().sound().container(TestVideo.Container.TS);
    HttpResponse<Buffer> posted = post("lobby", Files.readAllBytes(video.file()), START);
    assertThat(posted.statusCode()).as(posted.bodyAsString()).isEqualTo(201);
    assertThat(json(posted).get("positionMicros").asLong()).isEqualTo(START);
    chunks = stored("lobby");
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  private static HttpResponse<Buffer> post(String stream, byte[] body, Long position) {
    String query = position == null ? "" : "?position=" + position;
    return await(
        gateway
            .request(HttpMethod.POST, "/api/v1/ingest/" + stream + "/chunks" + query, AGENT)
            .putHeader("Content-Type", "video/mp2t")
            .sendBuffer(Buffer.buffer(body)));
  }

  private static List<ChunkInfo> stored(String stream) {
    return await(
        Records.of(gateway.records, ChunkInfo.class).all(StoreKeys.chunks(stream), null, null));
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + gateway.port() + path;
  }

  /** Errors of decoding what needs a token. */
  private static List<String> decodesCleanly(String path) {
    FfmpegProgram.Result result =
        FfmpegProgram.ffmpeg(
            List.of(
                "-xerror",
                "-headers",
                "Authorization: Bearer " + VIEWER + "\r\n",
                "-i",
                url(path),
                "-map",
                "0",
                "-f",
                "null",
                "-"));
    List<String> errors = new ArrayList<>(result.errors());
    if (result.exitCode() != 0) {
      errors.add("exit code " + result.exitCode());
    }
    return errors;
  }

  @Test
  void postedVideo_isChunksOfOneEpoch() {
    assertThat(chunks).hasSizeGreaterThan(2);
    assertThat(chunks).allMatch(chunk -> chunk.tracks().size() == 2);
    assertThat(chunks.stream().map(ChunkInfo::epoch).distinct()).hasSize(1);
    assertThat(chunks.get(0).positionMicros()).isEqualTo(START);
  }

  @Test
  void postedAgain_continuingTimes_isTheSameEpoch_andOtherTimesANewOne() throws Exception {
    byte[] body = Files.readAllBytes(TestVideo.plain().pictures(50).file());
    JsonNode first = json(post("court", body, START));
    JsonNode second = json(post("court", body, null));
    assertThat(second.get("positionMicros").asLong()).isEqualTo(START + 2_000_000);
    assertThat(second.get("epoch")).isNotEqualTo(first.get("epoch"));
    assertThat(post("court", body, START).statusCode()).isEqualTo(409);
  }

  @Test
  void postedNonsense_isRefused() {
    HttpResponse<Buffer> answer = post("door", "no video at all".getBytes(), null);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(415);
    assertThat(answer.bodyAsString()).doesNotContain("/tmp");
    assertThat(post("door", new byte[1_000_001], null).statusCode()).isEqualTo(413);
    assertThat(post("door", new byte[0], null).statusCode()).isEqualTo(400);
    assertThat(stored("door")).isEmpty();
  }

  @Test
  void recordingAndLive_decodeWithoutAnError() {
    HttpResponse<Buffer> master = gateway.get("/api/v1/streams/lobby/recording.m3u8", VIEWER);
    assertThat(master.statusCode()).as(master.bodyAsString()).isEqualTo(200);
    assertThat(master.getHeader("Cache-Control")).isEqualTo("no-cache");
    assertThat(master.bodyAsString()).contains("track=1").contains("track=2");
    assertThat(decodesCleanly("/api/v1/streams/lobby/recording.m3u8")).isEmpty();
    HttpResponse<Buffer> live =
        gateway.get("/api/v1/streams/lobby/live.m3u8?track=1&window=1h", VIEWER);
    assertThat(live.statusCode()).as(live.bodyAsString()).isEqualTo(200);
    assertThat(live.bodyAsString()).contains("#EXT-X-BYTERANGE").doesNotContain("ENDLIST");
    assertThat(gateway.get("/api/v1/streams/lobby/live.m3u8?track=9", VIEWER).statusCode())
        .isEqualTo(404);
    assertThat(
            gateway
                .get("/api/v1/streams/lobby/recording.m3u8?from=" + (START + 60_000_000), VIEWER)
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void recordedMedia_byteRanges_areExact() {
    ChunkInfo chunk = chunks.get(0);
    String path =
        "/api/v1/streams/lobby/media/"
            + chunk.epoch()
            + chunk.key().substring(chunk.key().lastIndexOf('/'));
    byte[] all = await(gateway.objects.get(chunk.key())).getBytes();

    HttpResponse<Buffer> whole = gateway.get(path, VIEWER);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body().getBytes()).isEqualTo(all);
    assertThat(whole.getHeader("Accept-Ranges")).isEqualTo("bytes");
    String tag = whole.getHeader("ETag");

    HttpResponse<Buffer> some = ranged(HttpMethod.GET, path, "bytes=10-19", "If-Range", tag);
    assertThat(some.statusCode()).isEqualTo(206);
    assertThat(some.getHeader("Content-Range")).isEqualTo("bytes 10-19/" + all.length);
    assertThat(some.body().getBytes()).isEqualTo(java.util.Arrays.copyOfRange(all, 10, 20));
    HttpResponse<Buffer> last = ranged(HttpMethod.GET, path, "bytes=-5", null, null);
    assertThat(last.body().getBytes())
        .isEqualTo(java.util.Arrays.copyOfRange(all, all.length - 5, all.length));
    assertThat(ranged(HttpMethod.GET, path, "bytes=10-19", "If-Range", "\"old\"").statusCode())
        .isEqualTo(200);
    assertThat(ranged(HttpMethod.GET, path, "bytes=0-1", "If-None-Match", tag).statusCode())
        .isEqualTo(304);
    HttpResponse<Buffer> beyond =
        ranged(HttpMethod.GET, path, "bytes=" + all.length + "-", null, null);
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.getHeader("Content-Range")).isEqualTo("bytes */" + all.length);
    HttpResponse<Buffer> head = ranged(HttpMethod.HEAD, path, "bytes=0-99", null, null);
    assertThat(head.statusCode()).isEqualTo(206);
    assertThat(head.getHeader("Content-Length")).isEqualTo("100");
    assertThat(head.body()).isNull();
  }

  private static HttpResponse<Buffer> ranged(
      HttpMethod method, String path, String range, String header, String value) {
    var request = gateway.request(method, path, VIEWER).putHeader("Range", range);
    if (header != null) {
      request.putHeader(header, value);
    }
    return await(request.send());
  }

  @Test
  void mediaOutsideTheStream_isNotFound() {
    String epoch = chunks.get(0).epoch();
    for (String path :
        List.of(
            "/api/v1/streams/lobby/media/" + epoch + "/..%2f..%2f..%2frecords.db",
            "/api/v1/streams/lobby/media/..%2fdoor/0000000001.mp4",
            "/api/v1/streams/lobby/media/" + epoch + "/other.txt",
            "/api/v1/streams/lobby/media/" + epoch + "/9999999999.mp4")) {
      assertThat(gateway.get(path, VIEWER).statusCode()).as(path).isEqualTo(404);
    }
    String one = "/api/v1/streams/lobby/media/" + epoch + "/0000000003.mp4";
    assertThat(gateway.get(one, null).statusCode()).isEqualTo(401);
    assertThat(gateway.get(one, AGENT).statusCode()).isEqualTo(403);
  }

  private static final ByteSource BYTES =
      (key, offset, length) -> await(gateway.objects.get(key, offset, length)).getBytes();

  private static Clip cut(long position, long end) throws Exception {
    String segment = Ids.segment("lobby", "live", "presence", position);
    String id = Ids.clip(segment, ClipVariant.ORIGINAL, 0, 1, "copy");
    CutResult result = Cut.copy(id, chunks, position, end, BYTES, gateway::put);
    String folder = "clips/" + id + "/";
    put(folder + "index.json", Json.encode(result.index()));
    put(folder + "clip.mp4", mp4(result.index()));
    put(folder + "thumbnail.jpg", Items.JPEG);
    Clip clip =
        new Clip(
            id,
            segment,
            "lobby",
            "live",
            "person",
            ClipVariant.ORIGINAL,
            0,
            "copy",
            1,
            MediaState.READY,
            position,
            end,
            result.startMicros(),
            result.endMicros(),
            result.durationMicros(),
            "keyframe",
            result.note(),
            result.gaps(),
            folder + "index.json",
            folder + "clip.mp4",
            folder + "thumbnail.jpg",
            null,
            null,
            1);
    await(
        gateway.records.put(
            StoreKeys.clips("lobby"), StoreKeys.sortOf(id), Json.encode(clip), null));
    Segment found =
        new Segment(
            segment,
            "lobby",
            "live",
            "presence",
            chunks.get(0).epoch(),
            position,
            end,
            "person",
            null,
            null,
            null,
            false,
            1,
            1);
    await(
        gateway.records.put(
            StoreKeys.segments("lobby"), StoreKeys.sortOf(segment), Json.encode(found), null));
    return clip;
  }

  private static byte[] mp4(ClipIndex index) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Mp4File.write(index, BYTES, out);
    return out.toByteArray();
  }

  private static void put(String key, byte[] content) {
    await(gateway.objects.put(key, Buffer.buffer(content), "application/octet-stream"));
  }

  @Test
  void clip_playedBySignedPathAlone_decodesWithoutAnError() throws Exception {
    Clip clip = cut(START + 2_000_000, START + 6_000_000);
    JsonNode shown = gateway.json("/api/v1/clips/" + clip.id(), VIEWER);
    assertThat(shown.has("indexKey")).isFalse();
    String hls = shown.at("/media/hls").asText();
    String mp4 = shown.at("/media/mp4").asText();
    assertThat(FfmpegProgram.decodesCleanly(url(hls))).isEmpty();
    assertThat(FfmpegProgram.decodesCleanly(url(mp4))).isEmpty();
    assertThat(TestVideo.frameNumbers(url(hls)))
        .containsExactlyElementsOf(TestVideo.frameNumbers(url(mp4)))
        .hasSize(100)
        .startsWith(50);
    assertThat(gateway.get(shown.at("/media/thumbnail").asText(), null).body().getBytes())
        .isEqualTo(Items.JPEG);
    String strip = shown.at("/media/strip").asText();
    for (int twice = 0; twice < 2; twice++) {
      HttpResponse<Buffer> eight = gateway.get(strip, null);
      assertThat(eight.statusCode()).as(eight.bodyAsString()).isEqualTo(200);
      assertThat(eight.getHeader("Content-Type")).isEqualTo("image/jpeg");
      assertThat(ImageIO.read(new ByteArrayInputStream(eight.body().getBytes())).getWidth())
          .isEqualTo(8 * 160);
    }

    String folder = hls.substring(0, hls.lastIndexOf('/') + 1);
    assertThat(gateway.get(folder + "seg-1-0.m4s", null).getHeader("Cache-Control"))
        .contains("immutable");
    assertThat(gateway.get(folder + "master.m3u8", null).getHeader("Cache-Control"))
        .isEqualTo("no-cache");
    HttpResponse<Buffer> part =
        await(
            gateway
                .request(HttpMethod.GET, folder + "seg-1-0.m4s", null)
                .putHeader("Range", "bytes=4-7")
                .send());
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(gateway.get(folder + "seg-1-0.m4s", null).body().slice(4, 8));
    assertThat(gateway.get(folder + "seg-1-99.m4s", null).statusCode()).isEqualTo(404);
    assertThat(gateway.get(folder + "index.json", null).statusCode()).isEqualTo(404);
    assertThat(gateway.get(folder.replace(".r1.", ".r2.") + "clip.mp4", null).statusCode())
        .isEqualTo(403);
    JsonNode segment = gateway.json("/api/v1/segments/" + clip.segment(), VIEWER);
    assertThat(segment.at("/clip/media/hls").asText()).isEqualTo(hls);
    assertThat(
            gateway
                .json("/api/v1/clips?stream=lobby&segment=" + clip.segment(), VIEWER)
                .get("items"))
        .hasSize(1);
  }

  /** A replay of these clips, complete, with its MP4. */
  private static Replay replay(String id, List<ClipIndex> clips) throws Exception {
    String key = "replays/" + id + "/3/index-2.json";
    String mp4Key = "replays/" + id + "/3/replay.mp4";
    ClipIndex reel = Reel.join(id, clips);
    put(key, Json.encode(reel));
    put(mp4Key, mp4(reel));
    return new Replay(
        id,
        "Best of",
        new ReplayRequest.Selection(List.of("lobby"), null, null, null, null),
        MediaState.READY,
        3,
        clips.size(),
        3_000_000,
        true,
        true,
        key,
        mp4Key,
        START,
        1,
        null,
        1);
  }

  private static ClipIndex index(Clip clip) throws Exception {
    return Json.decode(await(gateway.objects.get(clip.indexKey())).getBytes(), ClipIndex.class);
  }

  /** Makes a rendition as the clipper does. */
  private static void render(Clip clip, RenditionSpec wanted) throws Exception {
    String id = idOf(clip, wanted);
    ClipIndex made =
        RenderedClip.render(id, index(clip), wanted, CropPath.MIDDLE, BYTES, gateway::put);
    String folder = "clips/" + id + "/";
    put(folder + "index.json", Json.encode(made));
    put(folder + "clip.mp4", mp4(made));
    store(
        new Rendition(
            id,
            clip.id(),
            wanted.name(),
            "lobby",
            "live",
            MediaState.READY,
            made.tracks().get(0).width(),
            made.tracks().get(0).height(),
            folder + "index.json",
            folder + "clip.mp4",
            null,
            1));
  }

  private static String idOf(Clip clip, RenditionSpec wanted) {
    return Ids.clip(clip.segment(), clip.variant(), 0, 1, wanted.name());
  }

  private static void store(Rendition rendition) {
    String sort = StoreKeys.sortOf(rendition.id());
    await(gateway.records.put(StoreKeys.renditions("lobby"), sort, Json.encode(rendition), null));
  }

  private static void cannotRender(Clip clip, RenditionSpec wanted, String why) {
    String id = idOf(clip, wanted);
    store(
        new Rendition(
            id,
            clip.id(),
            wanted.name(),
            "lobby",
            "live",
            MediaState.FAILED,
            0,
            0,
            null,
            null,
            why,
            1));
  }

  private static final RenditionSpec SMALL = new RenditionSpec("small", 360, null, null);
  private static final RenditionSpec SQUARE =
      new RenditionSpec("square", 360, RenditionSpec.Aspect.SQUARE, RenditionSpec.Fit.STRETCH);

  @Test
  void clip_inOtherEncodings_isChosenByPlayersAmongThoseOfItsShape_andByPeopleAmongAll()
      throws Exception {
    Clip clip = cut(START + 4_000_000, START + 7_000_000);
    render(clip, SMALL);
    render(clip, SQUARE);

    JsonNode shown = gateway.json("/api/v1/clips/" + clip.id(), VIEWER);
    String master = gateway.get(shown.at("/media/hls").asText(), null).bodyAsString();
    assertThat(master.lines().filter(line -> line.startsWith("#EXT-X-STREAM-INF"))).hasSize(2);
    JsonNode renditions = shown.at("/media/renditions");
    assertThat(renditions.findValuesAsText("name")).containsExactly("square", "small");
    assertThat(renditions.at("/0/width").asInt()).isEqualTo(360);
    for (JsonNode rendition : renditions) {
      int width = rendition.get("width").asInt();
      int height = rendition.get("height").asInt();
      for (String kind : List.of("hls", "mp4")) {
        assertThat(TestVideo.cleanFrameNumbers(url(rendition.get(kind).asText()), width, height))
            .hasSize(75)
            .startsWith(100);
      }
    }
    assertThat(
            gateway.json("/api/v1/segments/" + clip.segment(), VIEWER).at("/clip/media/renditions"))
        .hasSize(2);
  }

  @Test
  void replay_isThereInAnEncodingThatAllItsClipsHave() throws Exception {
    Clip one = cut(START + 3_000_000, START + 4_000_000);
    Clip other = cut(START + 8_000_000, START + 9_000_000);
    Replay replay = replay("in-sizes", List.of(index(one), index(other)));
    await(gateway.records.put(StoreKeys.REPLAYS, replay.id(), Json.encode(replay), null));
    for (Clip clip : List.of(one, other)) {
      ReplayItem item =
          new ReplayItem(
              replay.id(),
              replay.version(),
              "lobby",
              clip.segment(),
              clip.id(),
              "person",
              clip == one ? 0 : 1,
              clip.startMicros(),
              clip.durationMicros(),
              0,
              true,
              "chosen");
      await(
          gateway.records.put(
              StoreKeys.replayItems(replay.id()),
              "000003." + StoreKeys.sortOf(clip.segment()),
              Json.encode(item),
              null));
    }
    render(one, SMALL);
    render(one, SQUARE);
    render(other, SQUARE);
    cannotRender(other, SMALL, "No memory is left");

    JsonNode shown = gateway.json("/api/v1/replays/" + replay.id(), VIEWER);
    assertThat(shown.at("/media/failedRenditions"))
        .hasToString(
            "[{\"name\":\"small\",\"clip\":\""
                + other.id()
                + "\",\"error\":\"No memory is left\"}]");
    assertThat(shown.at("/media/missingRenditions")).hasToString("[\"tall\"]");
    assertThat(gateway.json("/api/v1/clips/" + other.id(), VIEWER).at("/media/failedRenditions"))
        .isEqualTo(shown.at("/media/failedRenditions"));
    assertThat(shown.at("/media/renditions").findValuesAsText("name")).containsExactly("square");
    String square = shown.at("/media/renditions/0/hls").asText();
    assertThat(TestVideo.cleanFrameNumbers(url(square), 360, 360))
        .hasSize(50)
        .startsWith(75)
        .endsWith(224);
    String folder = shown.at("/media/hls").asText().replace("master.m3u8", "");
    assertThat(gateway.get(folder + "large/master.m3u8", null).statusCode()).isEqualTo(404);
    // Who follows a replay that grows is not turned away because a rendition is a moment late.
    assertThat(gateway.get(folder + "small/track-1.m3u8", null).bodyAsString())
        .contains("seg-1-0.m4s")
        .doesNotContain("EXT-X-ENDLIST");
    assertThat(gateway.get(folder + "../x/master.m3u8", null).statusCode()).isNotEqualTo(200);
    assertThat(gateway.get(folder + "master.m3u8", null).bodyAsString()).doesNotContain("square");

    assertThat(gateway.get(folder + "small/replay.mp4", null).statusCode()).isEqualTo(404);

    render(other, SMALL);

    assertThat(gateway.get(folder + "master.m3u8", null).bodyAsString())
        .contains("small/track-1.m3u8");
    assertThat(gateway.get(folder + "small/track-1.m3u8", null).bodyAsString())
        .contains("EXT-X-ENDLIST");
    assertThat(TestVideo.cleanFrameNumbers(url(folder + "master.m3u8"), 320, 180)).hasSize(50);
    JsonNode whole = gateway.json("/api/v1/replays/" + replay.id(), VIEWER).get("media");
    assertThat(whole.has("failedRenditions")).isFalse();
    String mp4 = whole.at("/renditions/1/mp4").asText();
    assertThat(mp4).endsWith("/small/replay.mp4");
    assertThat(TestVideo.cleanFrameNumbers(url(mp4), 320, 180)).hasSize(50).startsWith(75);
    HttpResponse<Buffer> part =
        await(
            gateway
                .request(HttpMethod.GET, mp4, null)
                .putHeader("Range", "bytes=2000-9999")
                .send());
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(gateway.get(mp4, null).body().slice(2000, 10_000));
  }

  @Test
  void renditionsOfEarlierClips_areAskedForByClipAndByReplay() throws Exception {
    Clip one = cut(START + 1_000_000, START + 2_000_000);
    Clip gone = cut(START + 5_000_000, START + 6_000_000);
    Replay replay = replay("earlier", List.of(index(one)));
    await(gateway.records.put(StoreKeys.REPLAYS, replay.id(), Json.encode(replay), null));
    // The same clip twice, in a version before, too.
    for (int version : new int[] {2, 3}) {
      for (int order = 0; order < 2; order++) {
        ReplayItem item =
            new ReplayItem(
                replay.id(),
                version,
                "lobby",
                one.segment(),
                one.id(),
                "person",
                order,
                1,
                1,
                0,
                true,
                "chosen");
        await(
            gateway.records.put(
                StoreKeys.replayItems(replay.id()), item.sort() + order, Json.encode(item), null));
      }
    }
    await(
        gateway.records.put(
            StoreKeys.clips("lobby"),
            StoreKeys.sortOf(gone.id()),
            Json.encode(gone.withoutMedia()),
            null));
    BlockingQueue<InRecord> requests = gateway.follow(Topic.RENDITION_REQUESTS);

    for (String of : List.of("clips/" + one.id(), "replays/" + replay.id())) {
      String path = "/api/v1/" + of + "/renditions";
      assertThat(gateway.send(HttpMethod.POST, path, VIEWER, null).statusCode()).isEqualTo(403);
      HttpResponse<Buffer> asked = gateway.send(HttpMethod.POST, path, OPERATOR, null);
      assertThat(asked.statusCode()).as(asked.bodyAsString()).isEqualTo(202);
      assertThat(json(asked).get("clips")).hasToString("[\"" + one.id() + "\"]");
      RenditionRequest request = next(requests).as(RenditionRequest.class);
      assertThat(request.clip()).isEqualTo(one.id());
      assertThat(request.by()).isEqualTo("operator");
    }
    assertThat(requests).isEmpty();
    HttpResponse<Buffer> never =
        gateway.send(HttpMethod.POST, "/api/v1/clips/" + gone.id() + "/renditions", OPERATOR, null);
    assertThat(never.statusCode()).isEqualTo(422);
    assertThat(json(never).get("detail").asText()).contains("it is gone");
    String missing = "/api/v1/clips/" + one.id().replace(".r1.", ".r9.") + "/renditions";
    assertThat(gateway.send(HttpMethod.POST, missing, OPERATOR, null).statusCode()).isEqualTo(404);
  }

  @Test
  void replay_playedBySignedPathAlone_decodesWithoutAnError() throws Exception {
    List<ClipIndex> clips = new ArrayList<>();
    for (Clip clip :
        List.of(
            cut(START + 1_000_000, START + 2_000_000), cut(START + 7_000_000, START + 9_000_000))) {
      clips.add(
          Json.decode(await(gateway.objects.get(clip.indexKey())).getBytes(), ClipIndex.class));
    }
    Replay replay = replay("best-of", clips);
    await(gateway.records.put(StoreKeys.REPLAYS, "best-of", Json.encode(replay), null));

    JsonNode shown = gateway.json("/api/v1/replays/best-of", VIEWER);
    String hls = shown.at("/media/hls").asText();
    assertThat(FfmpegProgram.decodesCleanly(url(hls))).isEmpty();
    assertThat(TestVideo.frameNumbers(url(hls))).hasSize(75).startsWith(25).endsWith(224);
    assertThat(gateway.json("/api/v1/replays", VIEWER).get("items")).isNotEmpty();
    assertThat(gateway.json("/api/v1/replays/best-of/items", VIEWER).get("items")).isEmpty();
  }

  @Test
  void postedFrames_areOneEpoch_andTheLatestIsShown() {
    JsonNode first = json(frame(START, Items.JPEG));
    JsonNode second = json(frame(START + 200_000, Items.JPEG));
    assertThat(second.get("epoch")).isEqualTo(first.get("epoch"));
    assertThat(second.get("sequence").asLong()).isEqualTo(first.get("sequence").asLong() + 1);
    assertThat(frame(START + 200_000, Items.JPEG).statusCode()).isEqualTo(409);
    assertThat(frame(START + 300_000, "no picture".getBytes()).statusCode()).isEqualTo(400);
    HttpResponse<Buffer> latest = gateway.get("/api/v1/streams/yard/latest.jpg", VIEWER);
    assertThat(latest.body().getBytes()).isEqualTo(Items.JPEG);
    assertThat(latest.getHeader("Sightline-Position")).isEqualTo(Long.toString(START + 200_000));
    // How far it is, is noted some time after it is acknowledged.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String state;
    do {
      state = gateway.json("/api/v1/streams/yard", VIEWER).get("state").asText();
    } while (!state.equals("live") && System.nanoTime() < deadline);
    assertThat(state).isEqualTo("live");
  }

  private static HttpResponse<Buffer> frame(long position, byte[] jpeg) {
    return await(
        gateway
            .request(HttpMethod.POST, "/api/v1/ingest/yard/frames?position=" + position, AGENT)
            .putHeader("Content-Type", "image/jpeg")
            .sendBuffer(Buffer.buffer(jpeg)));
  }
}
