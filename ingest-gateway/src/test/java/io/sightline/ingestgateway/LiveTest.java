package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.LOBBY_VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.VIEWER;
import static io.sightline.ingestgateway.GatewayFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.records.Detection;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.ReplayJob;
import io.sightline.records.ReplayJobRequest;
import io.sightline.records.Segment;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LiveTest {

  private record Event(String name, JsonNode data) {}

  /** A browser's EventSource. */
  private static final class Listener {
    final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    final HttpClientResponse response;
    private String name;

    Listener(HttpClientResponse response) {
      this.response = response;
      response.handler(RecordParser.newDelimited("\n", this::line));
    }

    private void line(Buffer bytes) {
      String line = bytes.toString();
      if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ")) {
        try {
          events.add(new Event(name, Json.MAPPER.readTree(line.substring(6))));
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    Event next() {
      try {
        Event event = events.poll(30, TimeUnit.SECONDS);
        assertThat(event).as("an event").isNotNull();
        return event;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static GatewayFixture gateway;
  private static HttpClient client;

  @BeforeAll
  static void open() {
    gateway = new GatewayFixture();
    client = gateway.vertx.createHttpClient();
    // The gateway hears what is written once its reader has found the topics.
    assertThat(gateway.get("/health/ready", null).statusCode()).isEqualTo(200);
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  private static Listener listen(String query, String token) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost("127.0.0.1")
            .setPort(gateway.port())
            .setURI("/api/v1/events" + query)
            .putHeader("Authorization", "Bearer " + token);
    return await(
        client
            .request(options)
            .compose(request -> request.send())
            .map(
                response -> {
                  assertThat(response.statusCode()).isEqualTo(200);
                  return new Listener(response);
                }));
  }

  private static Segment segment(String stream, int number) {
    return new Segment(
        Ids.segment(stream, "live", "presence", number),
        stream,
        "live",
        "presence",
        "0000000000000000-x",
        number,
        number + 5L,
        "person",
        null,
        null,
        null,
        false,
        1,
        1);
  }

  private static FrameDetections detections(String stream, int number, int size) {
    return new FrameDetections(
        stream,
        "0000000000000000-x",
        "live",
        number,
        number,
        0,
        640,
        360,
        List.of(Detection.of("onnx", "x".repeat(size), 50, null)),
        null,
        null,
        false);
  }

  private static Future<Void> tell(Segment segment) {
    return gateway.writer.write(OutRecord.of(Topic.SEGMENTS, segment.stream(), segment));
  }

  private static Future<Void> tell(FrameDetections frame) {
    return gateway.writer.write(OutRecord.of(Topic.DETECTIONS, frame));
  }

  @Test
  void events_ofAllKinds_comeAsTheListsShowThem() {
    Listener all = listen("", VIEWER);
    await(tell(segment("lobby", 1)));
    Event event = all.next();
    assertThat(event.name()).isEqualTo("segment");
    assertThat(event.data().get("startMicros").asLong()).isEqualTo(1);
    assertThat(event.data().get("open").asBoolean()).isFalse();
    await(tell(detections("lobby", 1, 5)));
    event = all.next();
    assertThat(event.name()).isEqualTo("detections");
    assertThat(event.data().get("id").asText()).startsWith("lobby.");
    all.response.request().reset();
  }

  @Test
  void filters_andPermissions_letThroughWhatIsWanted() {
    Listener segments = listen("?types=segment", VIEWER);
    Listener door = listen("?stream=door,yard", VIEWER);
    Listener limited = listen("", LOBBY_VIEWER);
    await(tell(detections("lobby", 2, 5)));
    await(tell(segment("court", 2)));
    await(tell(segment("door", 3)));
    await(tell(segment("lobby", 4)));
    await(tell(detections("lobby", 5, 5)));
    await(tell(segment("yard", 6)));

    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      seen.add(segments.next().data().get("stream").asText());
    }
    assertThat(seen).containsExactlyInAnyOrder("court", "door", "lobby", "yard");
    assertThat(
            List.of(
                door.next().data().get("stream").asText(),
                door.next().data().get("stream").asText()))
        .containsExactlyInAnyOrder("door", "yard");
    for (int i = 0; i < 3; i++) {
      assertThat(limited.next().data().get("stream").asText()).isEqualTo("lobby");
    }
    segments.response.request().reset();
    door.response.request().reset();
    limited.response.request().reset();
  }

  @Test
  void jobOfAReplay_isToldAsTheApiShowsIt_toThoseWhoSeeAllItsStreams() {
    Listener all = listen("?types=replay-job", VIEWER);
    Listener limited = listen("?types=replay-job,segment", LOBBY_VIEWER);
    ReplayJobRequest request =
        new ReplayJobRequest("derby", 1, ReplayJobRequest.Kind.MAKE, "ana", 5);
    ReplayJob job = ReplayJob.asked(request, List.of("lobby", "door"), 1);

    await(gateway.writer.write(OutRecord.of(Topic.REPLAY_JOBS, job.replay(), job)));
    await(tell(segment("lobby", 7)));

    JsonNode told = all.next().data();
    assertThat(told.get("state").asText()).isEqualTo("pending");
    assertThat(told.has("streams")).isFalse();
    assertThat(limited.next().name()).isEqualTo("segment");
    all.response.request().reset();
    limited.response.request().reset();
  }

  @Test
  void slowClient_losesItsOwnEventsAndIsTold_othersLoseNone() {
    Listener slow = listen("?types=detections,segment", VIEWER);
    slow.response.pause();
    Listener quick = listen("?types=segment,detections", VIEWER);
    // More than any socket buffer between them holds.
    int count = 300;
    for (int i = 0; i < count; i++) {
      await(tell(detections("lobby", i, 60_000)));
      quick.next();
    }
    assertThat(quick.events).isEmpty();

    slow.response.resume();
    Event event;
    long lost = 0;
    int received = 0;
    do {
      event = slow.next();
      if (event.name().equals("lost")) {
        lost += event.data().get("events").asLong();
      } else {
        received++;
      }
    } while (!event.name().equals("detections")
        || event.data().get("sequence").asLong() < count - 1);
    assertThat(lost).isPositive();
    assertThat(lost + received).isEqualTo(count);
    slow.response.request().reset();
    quick.response.request().reset();
  }

  @Test
  void streamChanges_areTold() {
    Listener streams = listen("?types=stream&stream=lobby", VIEWER);
    Items items = Items.of("lobby", 1_766_000_000_000_000L);
    AgentConnection agent = AgentConnection.openAndConnect(gateway, items);
    agent.send(items.begin(GatewayFixture.PROFILE));
    Event event = streams.next();
    assertThat(event.data().get("name").asText()).isEqualTo("lobby");
    assertThat(event.data().get("epoch").asText()).isEqualTo(items.epoch());
    agent.close();
    streams.response.request().reset();
  }

  @Test
  void unknownType_isRefused() {
    assertThat(gateway.get("/api/v1/events?types=segment,gossip", VIEWER).statusCode())
        .isEqualTo(400);
  }
}
