package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.OPERATOR;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;
import static io.sightline.ingestgateway.GatewayFixture.next;
import static io.sightline.ingestgateway.StoredSegments.clip;
import static io.sightline.ingestgateway.StoredSegments.segment;
import static io.sightline.ingestgateway.StoredSegments.store;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.InRecord;
import io.sightline.bus.Topic;
import io.sightline.records.Clip;
import io.sightline.records.ClipUse;
import io.sightline.records.ClipVariant;
import io.sightline.records.Feedback;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Kept;
import io.sightline.records.MarkMove;
import io.sightline.records.MediaProgress;
import io.sightline.records.MediaState;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.PluginSpec;
import io.sightline.records.Positions;
import io.sightline.records.Segment;
import io.sightline.records.SegmentEdit;
import io.sightline.records.StoreKeys;
import io.sightline.records.Vote;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentControlTest {

  private static GatewayFixture gateway;

  @BeforeAll
  static void open() {
    gateway = new GatewayFixture();
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  @Test
  void segments_ofAllStreams_walkBackOverDays() {
    long day = 86_400_000_000L;
    long today = Positions.of(Instant.now());
    for (int i = 0; i < 12; i++) {
      store(
          gateway,
          segment(i % 2 == 0 ? "lobby" : "door", today - i * 7 * day, today - i * 7 * day + 9));
    }
    List<Long> starts = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = gateway.json("/api/v1/segments?limit=5" + cursor, VIEWER);
      page.get("items").forEach(one -> starts.add(one.get("startMicros").asLong()));
      cursor = page.get("next").isNull() ? null : "&cursor=" + page.get("next").asText();
    } while (cursor != null && starts.size() < 12);
    assertThat(starts)
        .hasSizeGreaterThanOrEqualTo(12)
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));

    JsonNode window =
        gateway.json("/api/v1/segments?from=" + (today - 8 * day) + "&to=" + today, VIEWER);
    assertThat(window.get("items")).hasSize(1);
    assertThat(window.get("next").isNull()).isTrue();
    JsonNode limited = gateway.json("/api/v1/segments", GatewayFixture.LOBBY_VIEWER);
    limited.get("items").forEach(one -> assertThat(one.get("stream").asText()).isEqualTo("lobby"));
    assertThat(limited.get("items")).hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void segment_edited_itsEditsAreOnTheTopicOnceEach() {
    Segment segment = segment("court", 1_700_000_000_000_000L, 1_700_000_009_000_000L);
    store(gateway, segment);
    BlockingQueue<InRecord> edits = gateway.follow(Topic.SEGMENT_EDITS);
    String path = "/api/v1/segments/" + segment.id();
    String body = "{\"startMicros\":1700000001000000,\"label\":\"rally\"}";

    HttpResponse<Buffer> answer = gateway.send(HttpMethod.PATCH, path, OPERATOR, body);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
    SegmentEdit trim = next(edits).as(SegmentEdit.class);
    SegmentEdit relabel = next(edits).as(SegmentEdit.class);
    assertThat(trim.kind()).isEqualTo(SegmentEdit.Kind.TRIM);
    assertThat(trim.startMicros()).isEqualTo(1_700_000_001_000_000L);
    assertThat(trim.endMicros()).isNull();
    assertThat(relabel.label()).isEqualTo("rally");
    assertThat(relabel.by()).isEqualTo("operator");
    HttpResponse<Buffer> again = gateway.send(HttpMethod.PATCH, path, OPERATOR, body);
    assertThat(json(again)).isEqualTo(json(answer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"startMicros\":1700000009000000}; 422",
        "{\"endMicros\":1700000000000000}; 422",
        "{\"endMicros\":1900000000000000}; 422",
        "{\"startMicros\":5}; 422",
        "{\"label\":\"   \"}; 422",
        "{\"label\":\"\"}; 400",
        "{}; 400",
        "{\"startMicros\":\"soon\"}; 400",
        "{\"removed\":true}; 400",
        "{\"feedback\":{\"vote\":\"love\"}}; 400",
        "{\"feedback\":{\"note\":\"nice\"}}; 400",
      })
  void segment_editThatCannotBe_isRefused(String body, int status) {
    Segment segment = segment("court", 1_700_000_000_000_000L, 1_700_000_009_000_000L);
    store(gateway, segment);
    HttpResponse<Buffer> answer =
        gateway.send(HttpMethod.PATCH, "/api/v1/segments/" + segment.id(), OPERATOR, body);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(status);
  }

  @Test
  void segment_liked_itsFeedbackIsOnTheTopicAndThenInTheList() {
    Segment segment = segment("court", 1_700_000_000_000_000L, 1_700_000_009_000_000L);
    store(gateway, segment);
    BlockingQueue<InRecord> edits = gateway.follow(Topic.SEGMENT_EDITS);
    String path = "/api/v1/segments/" + segment.id();

    HttpResponse<Buffer> answer =
        gateway.send(
            HttpMethod.PATCH,
            path,
            OPERATOR,
            "{\"feedback\":{\"vote\":\"like\",\"note\":\" what a save \"}}");
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
    SegmentEdit edit = next(edits).as(SegmentEdit.class);
    assertThat(edit.kind()).isEqualTo(SegmentEdit.Kind.FEEDBACK);
    assertThat(edit.vote()).isEqualTo(Vote.LIKE);
    assertThat(edit.note()).isEqualTo("what a save");
    assertThat(edit.by()).isEqualTo("operator");

    Feedback kept =
        new Feedback(segment.id(), "court", "operator", Vote.LIKE, edit.note(), edit.atMicros());
    await(
        gateway.records.put(
            StoreKeys.feedback("court"),
            StoreKeys.feedbackSort(segment.id(), "operator"),
            Json.encode(kept),
            null));
    JsonNode shown = gateway.json(path, VIEWER).get("feedback");
    assertThat(shown.get("likes").asInt()).isEqualTo(1);
    assertThat(shown.at("/reviews/0/by").asText()).isEqualTo("operator");
    assertThat(shown.at("/reviews/0/note").asText()).isEqualTo("what a save");
  }

  @Test
  void segment_removed_isAskedForOnce_andNamesTheReplaysThatShowIt() {
    Segment segment = segment("court", 1_700_000_500_000_000L, 1_700_000_509_000_000L);
    store(gateway, segment);
    Clip clip = clip(gateway, segment, MediaState.READY);
    ClipUse use = new ClipUse(clip.id(), "best", Positions.of(Instant.now()));
    await(gateway.records.put(StoreKeys.clipUses("court"), use.sort(), Json.encode(use), null));
    BlockingQueue<InRecord> edits = gateway.follow(Topic.SEGMENT_EDITS);
    String path = "/api/v1/segments/" + segment.id();
    assertThat(gateway.send(HttpMethod.DELETE, path, VIEWER, null).statusCode()).isEqualTo(403);

    JsonNode first = json(gateway.send(HttpMethod.DELETE, path, OPERATOR, null));
    JsonNode second = json(gateway.send(HttpMethod.DELETE, path, OPERATOR, null));

    assertThat(first.at("/shownBy/0").asText()).isEqualTo("best");
    assertThat(second).isEqualTo(first);
    SegmentEdit edit = next(edits).as(SegmentEdit.class);
    assertThat(edit.kind()).isEqualTo(SegmentEdit.Kind.REMOVE);
    assertThat(edit.by()).isEqualTo("operator");
    assertThat(next(edits).as(SegmentEdit.class).id()).isEqualTo(edit.id());
    String none = "/api/v1/segments/court.live.presence.1700000999000000";
    assertThat(gateway.send(HttpMethod.DELETE, none, OPERATOR, null).statusCode()).isEqualTo(404);
  }

  @Test
  void segment_kept_andItsClipGone_areShown() {
    Segment segment = segment("court", 1_700_000_600_000_000L, 1_700_000_609_000_000L);
    store(gateway, segment);
    clip(gateway, segment, MediaState.GONE);
    BlockingQueue<InRecord> edits = gateway.follow(Topic.SEGMENT_EDITS);
    String path = "/api/v1/segments/" + segment.id();

    HttpResponse<Buffer> answer = gateway.send(HttpMethod.PATCH, path, OPERATOR, "{\"keep\":true}");

    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
    SegmentEdit edit = next(edits).as(SegmentEdit.class);
    assertThat(edit.kind()).isEqualTo(SegmentEdit.Kind.KEEP);
    assertThat(edit.keep()).isTrue();
    Kept kept = new Kept(segment.id(), "court", edit.by(), edit.atMicros());
    await(
        gateway.records.put(
            StoreKeys.kept("court"), StoreKeys.sortOf(segment.id()), Json.encode(kept), null));
    JsonNode shown = gateway.json(path, VIEWER);
    assertThat(shown.at("/kept/by").asText()).isEqualTo("operator");
    assertThat(shown.get("clipState").asText()).isEqualTo("gone");
    assertThat(shown.has("clip")).isFalse();
  }

  @Test
  void segment_whoseClipTakesLong_tellsHowFarItIs() {
    Segment segment = segment("court", 1_700_000_700_000_000L, 1_700_004_300_000_000L);
    store(gateway, segment);
    String clip = Ids.clip(segment.id(), ClipVariant.ORIGINAL, 0, 1, "source");
    MediaProgress progress = new MediaProgress(clip, "writing the MP4", 42, 1_700_004_301_000_000L);
    await(
        gateway.records.put(
            StoreKeys.mediaProgress("court"), StoreKeys.sortOf(clip), Json.encode(progress), null));

    JsonNode shown = gateway.json("/api/v1/segments/" + segment.id(), VIEWER);

    assertThat(shown.at("/making/0/percent").asInt()).isEqualTo(42);
    assertThat(shown.at("/making/0/id").asText()).isEqualTo(clip);
  }

  @Test
  void segment_optimized_showsItsMarksAndItsClips() {
    Segment plain = segment("court", 1_700_000_900_000_000L, 1_700_000_909_000_000L);
    OptimizedTrack moved =
        new OptimizedTrack(
            2,
            1_700_000_899_000_000L,
            1_700_000_910_000_000L,
            MarkMove.MOVED,
            "It moved 1 s earlier, into a pause of 0.5 s",
            MarkMove.WINDOW,
            "It moved 1 s later, as far as was searched, just into a pause");
    int next = plain.revision() + 1;
    store(
        gateway,
        plain.with(
            new OptimizedMarks(
                new PluginSpec("quiet-marks"), plain.revision(), next, List.of(moved), null),
            next));
    Clip original = clip(gateway, plain, MediaState.READY);
    Clip optimized =
        clip(
            gateway,
            plain,
            MediaState.READY,
            ClipVariant.OPTIMIZED,
            2,
            moved.startMicros(),
            moved.endMicros());
    // Cut for marks that it no longer has.
    clip(gateway, plain, MediaState.READY, ClipVariant.OPTIMIZED, 1, 5, 9);

    JsonNode shown = gateway.json("/api/v1/segments/" + plain.id(), VIEWER);

    assertThat(shown.at("/clip/id").asText()).isEqualTo(original.id());
    assertThat(shown.at("/optimized/tracks/0/start").asText()).isEqualTo("moved");
    assertThat(shown.at("/optimized/tracks/0/end").asText()).isEqualTo("window");
    assertThat(shown.get("optimizedClips")).hasSize(1);
    JsonNode clip = shown.at("/optimizedClips/0");
    assertThat(clip.get("audioTrack").asInt()).isEqualTo(2);
    assertThat(clip.get("id").asText()).isEqualTo(optimized.id());
    assertThat(clip.at("/media/hls").asText()).contains("/clips/" + optimized.id() + "/");
    JsonNode listed = gateway.json("/api/v1/clips?stream=court&segment=" + plain.id(), VIEWER);
    assertThat(listed.get("items")).hasSize(3);
  }
}
