package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.OPERATOR;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static io.sightline.ingestgateway.GatewayFixture.next;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.InRecord;
import io.sightline.bus.Topic;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.EncodedPart;
import io.sightline.media.cut.NewObject;
import io.sightline.media.cut.Reel;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.media.render.CropPath;
import io.sightline.media.render.RenderedPart;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaProgress;
import io.sightline.records.MediaState;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.Rendition;
import io.sightline.records.RenditionRequest;
import io.sightline.records.RenditionSpec;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replays with transitions in other encodings, over HTTP. */
class TransitionMediaTest {

  private static final ReelPartOrder.Fade FADE = new ReelPartOrder.Fade(400_000, 0, null);
  private static final RenditionSpec SMALL = new RenditionSpec("small", 360, null, null);
  private static final String OPENER = "inserts/1a-2b-0000000000000001/part.json";

  private final Recording recording = new Recording("lobby");
  private GatewayFixture gateway;
  private final ByteSource bytes =
      (key, offset, length) -> await(gateway.objects.get(key, offset, length)).getBytes();

  @BeforeEach
  void open() throws Exception {
    gateway = new GatewayFixture();
    recording.add(TestVideo.plain().sound().file());
    for (Map.Entry<String, byte[]> object : recording.objects().entrySet()) {
      put(object.getKey(), object.getValue());
    }
    put(
        "inserts/video-1a-1/file",
        Files.readAllBytes(TestVideo.plain().size(160, 90).pictures(30).file()));
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void replayWithTransitions_isThereInAnEncodingThatAllOfItHas() throws Exception {
    Replay replay = replay(true);
    List<String> parts = parts();
    render(parts.get(0), SMALL);
    render(parts.get(1), SMALL);
    fail(OPENER, SMALL, "It is made of wood");

    JsonNode shown = gateway.json("/api/v1/replays/" + replay.id(), VIEWER);
    assertThat(shown.at("/media/failedRenditions"))
        .hasToString(
            "[{\"name\":\"small\",\"clip\":\"1a-2b-0000000000000001\","
                + "\"error\":\"It is made of wood\"}]");
    assertThat(shown.at("/media/missingRenditions")).hasToString("[\"square\",\"tall\"]");
    assertThat(shown.toString()).doesNotContain("part.json");
    render(OPENER, SMALL);

    shown = gateway.json("/api/v1/replays/" + replay.id(), VIEWER);
    assertThat(shown.at("/media").has("failedRenditions")).isFalse();
    JsonNode small = shown.at("/media/renditions/0");
    assertThat(small.get("name").asText()).isEqualTo("small");
    for (String kind : List.of("hls", "mp4")) {
      List<Integer> seen = TestVideo.cleanFrameNumbers(url(small.get(kind).asText()), 320, 180);
      assertThat(seen).hasSize(30 + 75 + 81);
      assertThat(seen.subList(0, 95)).isEqualTo(both(range(0, 30), range(10, 75)));
      assertThat(seen.subList(115, 186)).isEqualTo(range(130, 201));
    }
    String hls = shown.at("/media/hls").asText();
    assertThat(gateway.get(hls, null).bodyAsString()).contains("small/track-1.m3u8");
    assertThat(TestVideo.cleanFrameNumbers(url(hls), 320, 180)).hasSize(186);
    // What is shown of a clip is that alone.
    JsonNode items = gateway.json("/api/v1/replays/" + replay.id() + "/items", VIEWER).get("items");
    assertThat(items.get(0).has("parts")).isFalse();
  }

  @Test
  void replayWhoseMp4TakesLong_tellsHowFarItIs_andNothingOfOthers() throws Exception {
    Replay replay = replay(true);
    for (String id : List.of("goals.source", "goals.small", "goals-2.source")) {
      String shown = id.replace(".source", "");
      MediaProgress progress = new MediaProgress(shown, "writing the MP4", 42, 1);
      await(gateway.records.put(StoreKeys.REPLAY_PROGRESS, id, Json.encode(progress), null));
    }

    JsonNode making = gateway.json("/api/v1/replays/" + replay.id(), VIEWER).get("making");

    assertThat(making.findValuesAsText("id")).containsExactlyInAnyOrder("goals", "goals.small");
    assertThat(making.at("/0/percent").asInt()).isEqualTo(42);
  }

  @Test
  void growingReplay_showsWhatStaysOfItsLastItem() throws Exception {
    Replay replay = replay(false);
    List<String> parts = parts();
    for (String part : List.of(parts.get(0), parts.get(1), OPENER)) {
      render(part, SMALL);
    }

    JsonNode shown = gateway.json("/api/v1/replays/" + replay.id(), VIEWER);
    String hls = shown.at("/media/renditions/0/hls").asText();

    String playlist = gateway.get(hls.replace("master.m3u8", "track-1.m3u8"), null).bodyAsString();
    assertThat(playlist).contains("seg-1-0.m4s").doesNotContain("ENDLIST");
    long open = Reel.lengthMicros(read(parts.get(1)).open());
    double listed =
        playlist
            .lines()
            .filter(line -> line.startsWith("#EXTINF:"))
            .mapToDouble(line -> Double.parseDouble(line.substring(8).replace(",", "")))
            .sum();
    assertThat(Math.round(listed * 1e6)).isEqualTo((30 + 75) * 40_000L + open);
  }

  @Test
  void renditionsOfAnEarlierOne_areAskedForOfAllThatPlaysInIt() throws Exception {
    Replay replay = replay(true);
    BlockingQueue<InRecord> requests = gateway.follow(Topic.RENDITION_REQUESTS);

    HttpResponse<Buffer> asked =
        gateway.send(
            HttpMethod.POST, "/api/v1/replays/" + replay.id() + "/renditions", OPERATOR, null);

    assertThat(asked.statusCode()).as(asked.bodyAsString()).isEqualTo(202);
    assertThat(json(asked).get("clips")).hasSize(3);
    Set<String> wanted = new HashSet<>();
    for (int request = 0; request < 3; request++) {
      RenditionRequest one = next(requests).as(RenditionRequest.class);
      assertThat(one.stream()).isEqualTo("lobby");
      wanted.add(one.part());
    }
    List<String> all = new ArrayList<>(parts());
    all.add(OPENER);
    assertThat(wanted).containsExactlyInAnyOrderElementsOf(all);
  }

  /** Two clips that fade, behind an opener. */
  private Replay replay(boolean complete) throws Exception {
    int[][] cuts = {{10, 85}, {120, 201}};
    List<ReelPart> made = new ArrayList<>();
    for (int order = 0; order < 2; order++) {
      String clip = clip(order);
      ClipIndex index =
          Cut.exact(
                  clip,
                  recording.chunks(),
                  position(cuts[order][0]),
                  position(cuts[order][1]),
                  bytes,
                  gateway::put)
              .index();
      String indexKey = "clips/" + clip + "/index.json";
      put(indexKey, Json.encode(index));
      made.add(
          made(
              new ReelPartOrder(
                  parts().get(order), indexKey, order == 0 ? null : FADE, FADE, null)));
      item(order, clip);
    }
    ReelPart opener =
        made(
            new ReelPartOrder(
                OPENER, "clips/" + clip(0) + "/index.json", null, null, "inserts/video-1a-1/file"));
    List<ClipIndex> reel = new ArrayList<>();
    reel.add(opener.last());
    reel.add(made.get(0).joined());
    reel.add(complete ? made.get(1).last() : made.get(1).open());
    put("replays/goals/1/index.json", Json.encode(Reel.join("goals", reel)));
    put("replays/goals/1/replay.mp4", new byte[] {1});
    Replay replay =
        new Replay(
            "goals",
            "Goals",
            new ReplayRequest.Selection(List.of("lobby"), "live", null, null, List.of()),
            MediaState.READY,
            1,
            2,
            7_440_000,
            complete,
            true,
            "replays/goals/1/index.json",
            complete ? "replays/goals/1/replay.mp4" : null,
            1,
            1,
            null,
            1,
            false,
            null,
            "1a2b3c");
    await(gateway.records.put(StoreKeys.REPLAYS, "goals", Json.encode(replay), null));
    return replay;
  }

  private ReelPart made(ReelPartOrder order) throws Exception {
    ReelPart part = EncodedPart.make(order, bytes, gateway::put);
    put(order.key(), Json.encode(part));
    return part;
  }

  private void item(int order, String clip) {
    ReplayItem item =
        new ReplayItem(
            "goals",
            1,
            "lobby",
            clip.substring(0, clip.indexOf(".original")),
            clip,
            "goal",
            order,
            1,
            1,
            0,
            true,
            "it was asked for",
            null,
            null,
            ReplayItem.Parts.of(parts().get(order), false, order == 0 ? OPENER : null, null));
    await(
        gateway.records.put(StoreKeys.replayItems("goals"), item.sort(), Json.encode(item), null));
  }

  /** Makes a rendition of a part, as the clipper does. */
  private void render(String part, RenditionSpec wanted) throws Exception {
    String id = Rendition.idOf(part, wanted.name());
    String folder = ReelPart.folder(part) + wanted.name() + "/";
    ReelPart made =
        RenderedPart.render(
            id,
            folder,
            read(part),
            wanted,
            CropPath.MIDDLE,
            VideoEncoder.OPENH264,
            bytes,
            gateway::put);
    put(folder + "part.json", Json.encode(made));
    store(part, wanted, MediaState.READY, folder + "part.json", null);
  }

  private void fail(String part, RenditionSpec wanted, String why) {
    store(part, wanted, MediaState.FAILED, null, why);
  }

  private void store(
      String part, RenditionSpec wanted, MediaState state, String indexKey, String error) {
    String clip = ReelPart.clip(part);
    Rendition rendition =
        new Rendition(
            Rendition.idOf(part, wanted.name()),
            clip == null ? ReelPart.name(part) : clip,
            wanted.name(),
            "lobby",
            "live",
            state,
            320,
            180,
            indexKey,
            null,
            error,
            1,
            null,
            part);
    await(
        gateway.records.put(
            Rendition.partition(part), rendition.sort(), Json.encode(rendition), null));
  }

  private ReelPart read(String part) {
    return Json.decode(await(gateway.objects.get(part)).getBytes(), ReelPart.class);
  }

  private static List<String> parts() {
    return IntStream.range(0, 2)
        .mapToObj(order -> "clips/" + clip(order) + "/faded-1-0000000000000001/part.json")
        .toList();
  }

  private static String clip(int order) {
    String segment = Ids.segment("lobby", "live", "presence", position(order == 0 ? 10 : 120));
    return Ids.clip(segment, ClipVariant.ORIGINAL, 0, 1, RenditionSpec.SOURCE);
  }

  private static long position(int picture) {
    return Recording.START + picture * 40_000L;
  }

  private void put(String key, byte[] content) throws Exception {
    gateway.put(new NewObject(key, content));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + gateway.port() + path;
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static List<Integer> both(List<Integer> one, List<Integer> other) {
    List<Integer> both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }
}
