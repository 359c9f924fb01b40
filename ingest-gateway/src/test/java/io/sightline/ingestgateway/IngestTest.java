package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.next;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.InRecord;
import io.sightline.bus.Topic;
import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.InitPart;
import io.sightline.records.Json;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Records;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IngestTest {

  private static final AtomicLong STARTS = new AtomicLong(1_760_000_000_000_000L);
  private static GatewayFixture gateway;

  @BeforeAll
  static void open() {
    gateway = new GatewayFixture();
  }

  @AfterAll
  static void close() {
    gateway.close();
  }

  private static Items items(String stream) {
    return Items.of(stream, STARTS.addAndGet(3_600_000_000L));
  }

  @Test
  void items_inOrder_areStoredAnnouncedAndAcknowledged() {
    Items items = items("lobby");
    BlockingQueue<InRecord> frames = gateway.follow(Topic.FRAMES);
    BlockingQueue<InRecord> chunks = gateway.follow(Topic.CHUNKS);

    AgentConnection agent = AgentConnection.openAndConnect(gateway, items);
    agent
        .send(items.begin(GatewayFixture.OTHER))
        .send(items.init(1))
        .send(items.chunk(2, 5_000))
        .send(items.frame(3))
        .send(items.chunk(4, 6_000))
        .send(items.end(5, items.start() + 10_000_000));
    agent.awaitAcknowledged(5);
    agent.close();

    Marker begin = (Marker) next(frames).item();
    assertThat(begin.kind()).isEqualTo(Marker.Kind.EPOCH_BEGIN);
    assertThat(begin.lane()).isEqualTo(Lane.FRAMES);
    assertThat(begin.profile()).as("the gateway's own snapshot").isEqualTo(GatewayFixture.PROFILE);
    InRecord frame = next(frames);
    assertThat(frame.item().sequence()).isEqualTo(3);
    assertThat(frame.value()).isEqualTo(Items.JPEG);
    assertThat(((Marker) next(frames).item()).lostMicros()).isEqualTo(1234);

    assertThat(((Marker) next(chunks).item()).lane()).isEqualTo(Lane.CHUNKS);
    ChunkInfo chunk = (ChunkInfo) next(chunks).item();
    assertThat(chunk.sequence()).isEqualTo(2);
    assertThat(next(chunks).item().sequence()).isEqualTo(4);
    assertThat(((Marker) next(chunks).item()).kind()).isEqualTo(Marker.Kind.EPOCH_END);

    assertThat(await(gateway.objects.get(chunk.key())).length()).isEqualTo(5_000);
    assertThat(await(gateway.objects.head(items.initKey())).sizeBytes()).isEqualTo(40);
    assertThat(
            await(
                Records.of(gateway.records, ChunkInfo.class)
                    .find(
                        StoreKeys.chunks("lobby"), StoreKeys.sort(chunk.positionMicros(), "live"))))
        .contains(chunk);
    EpochInfo info = epoch(items);
    assertThat(info.ended()).isTrue();
    assertThat(info.acknowledged()).isEqualTo(5);
    assertThat(info.endMicros()).isEqualTo(items.start() + 10_000_000);
    assertThat(info.lostMicros()).isEqualTo(1234);
    StageProgress progress =
        await(
                Records.of(gateway.records, StageProgress.class)
                    .find(StoreKeys.progress("lobby"), "live.capture"))
            .orElseThrow();
    assertThat(progress.ended()).isTrue();
    assertThat(progress.items()).isEqualTo(3);
  }

  @Test
  void beginMarker_ofABackup_isKeptWithTheEpoch_andTravelsOn() {
    Items items = items("lobby");
    BlockingQueue<InRecord> frames = gateway.follow(Topic.FRAMES);
    AgentConnection agent = AgentConnection.openAndConnect(gateway, items);
    agent.send(
        Items.message(
            Marker.begin(
                "lobby",
                items.epoch(),
                "live",
                0,
                items.start(),
                GatewayFixture.OTHER,
                "the main input is away",
                "backup 1 (rtsp://10.0.0.8/main)"),
            new byte[0]));
    agent.send(items.end(1, items.start() + 1_000_000));
    agent.awaitAcknowledged(1);
    agent.close();

    Marker begin = (Marker) next(frames).item();
    assertThat(begin.input()).isEqualTo("backup 1 (rtsp://10.0.0.8/main)");
    assertThat(begin.reason()).isEqualTo("the main input is away");
    EpochInfo info = epoch(items);
    assertThat(info.input()).isEqualTo("backup 1 (rtsp://10.0.0.8/main)");
    assertThat(info.because()).isEqualTo("the main input is away");
    assertThat(info.ended()).isTrue();
  }

  private static EpochInfo epoch(Items items) {
    return await(
            Records.of(gateway.records, EpochInfo.class)
                .find(StoreKeys.epochs(items.stream()), items.epoch()))
        .orElseThrow();
  }

  @Test
  void manyItems_fasterThanTheWindow_arriveCompleteAndInOrder() {
    Items items = items("lobby");
    BlockingQueue<InRecord> chunks = gateway.follow(Topic.CHUNKS);
    BlockingQueue<InRecord> frames = gateway.follow(Topic.FRAMES);
    AgentConnection agent = AgentConnection.openAndConnect(gateway, items);
    agent.push(items.begin(GatewayFixture.PROFILE));
    agent.push(items.init(1));
    for (long i = 2; i < 122; i++) {
      agent.push(i % 2 == 0 ? items.chunk(i, 100_000 - (int) i * 500) : items.frame(i));
    }
    agent.push(items.end(122, items.start() + 600_000_000));
    agent.awaitAcknowledged(122);
    agent.close();

    assertThat(next(chunks).item().sequence()).isZero();
    for (long i = 2; i < 122; i += 2) {
      assertThat(next(chunks).item().sequence()).isEqualTo(i);
    }
    assertThat(next(frames).item().sequence()).isZero();
    for (long i = 3; i < 122; i += 2) {
      assertThat(next(frames).item().sequence()).isEqualTo(i);
    }
  }

  @Test
  void reopened_afterTheConnectionBroke_goesOnAfterTheLastAcknowledged() {
    Items items = items("lobby");
    BlockingQueue<InRecord> chunks = gateway.follow(Topic.CHUNKS);
    AgentConnection first = AgentConnection.openAndConnect(gateway, items);
    first.send(items.begin(GatewayFixture.PROFILE)).send(items.init(1)).send(items.chunk(2, 900));
    first.awaitAcknowledged(2);
    // Half of a message, then nothing: killed in the middle of a chunk.
    Buffer chunk = items.chunk(3, 90_000);
    first
        .socket()
        .writeFrame(io.vertx.core.http.WebSocketFrame.binaryFrame(chunk.slice(0, 40_000), false));
    first.close();

    JsonNode again = AgentConnection.opened(gateway, items);
    long from = again.get("acknowledged").asLong();
    assertThat(from).isBetween(-1L, 2L);
    AgentConnection second = AgentConnection.connect(gateway, items, again.get("fence").asLong());
    List<Buffer> all =
        List.of(
            items.begin(GatewayFixture.PROFILE),
            items.init(1),
            items.chunk(2, 900),
            chunk,
            items.end(4, items.start() + 8_000_000));
    all.subList((int) from + 1, all.size()).forEach(second::send);
    second.awaitAcknowledged(4);
    second.close();

    List<Long> sequences = new ArrayList<>();
    while (sequences.isEmpty() || sequences.get(sequences.size() - 1) < 4) {
      sequences.add(next(chunks).item().sequence());
    }
    assertThat(sequences.stream().distinct().sorted()).containsExactly(0L, 2L, 3L, 4L);
  }

  @Test
  void gatewayKilled_storedAcknowledgementIsOlder_repeatsAreTakenAgain() {
    Items items = items("lobby");
    AgentConnection first = AgentConnection.openAndConnect(gateway, items);
    first.send(items.begin(GatewayFixture.PROFILE)).send(items.init(1)).send(items.chunk(2, 700));
    first.awaitAcknowledged(2);
    first.close();
    AgentConnection.opened(gateway, items);
    forgetAcknowledged(items);

    JsonNode again = AgentConnection.opened(gateway, items);
    assertThat(again.get("acknowledged").asLong()).isEqualTo(-1);
    AgentConnection second = AgentConnection.connect(gateway, items, again.get("fence").asLong());
    second.send(items.begin(GatewayFixture.PROFILE)).send(items.init(1)).send(items.chunk(2, 700));
    second.awaitAcknowledged(2);
    second.close();
    assertThat(await(gateway.objects.get(Ids.chunkKey("lobby", items.epoch(), 2))).length())
        .isEqualTo(700);
  }

  @Test
  void gatewayKilled_storedAcknowledgementIsOlder_agentThatWasToldMoreGoesOnFromThere() {
    Items items = items("lobby");
    AgentConnection first = AgentConnection.openAndConnect(gateway, items);
    first.send(items.begin(GatewayFixture.PROFILE)).send(items.init(1)).send(items.chunk(2, 700));
    first.awaitAcknowledged(2);
    first.close();
    AgentConnection.opened(gateway, items);
    forgetAcknowledged(items);

    JsonNode again = GatewayFixture.json(AgentConnection.open(gateway, items, 2));

    assertThat(again.get("acknowledged").asLong()).isEqualTo(2);
    AgentConnection second = AgentConnection.connect(gateway, items, again.get("fence").asLong());
    second.send(items.chunk(3, 800));
    second.awaitAcknowledged(3);
    second.close();
  }

  @Test
  void neverOpened_whatTheAgentSaysItWasTold_isNotBelieved() {
    JsonNode opened = GatewayFixture.json(AgentConnection.open(gateway, items("lobby"), 17));

    assertThat(opened.get("acknowledged").asLong()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(longs = {-2, Long.MAX_VALUE})
  void acknowledgedThatIsNoSequence_isRefused(long told) {
    assertThat(AgentConnection.open(gateway, items("lobby"), told).statusCode()).isEqualTo(400);
  }

  /** As if the gateway had died before it noted anything. */
  private static void forgetAcknowledged(Items items) {
    EpochInfo now = epoch(items);
    EpochInfo old =
        new EpochInfo(
            now.stream(),
            now.epoch(),
            now.run(),
            now.agent(),
            now.startMicros(),
            null,
            now.fence(),
            -1,
            false,
            null,
            0);
    await(gateway.records.put(StoreKeys.epochs("lobby"), items.epoch(), Json.encode(old), null));
  }

  @Test
  void repeatsOnOneConnection_areAcknowledgedAndDropped() {
    Items items = items("lobby");
    BlockingQueue<InRecord> frames = gateway.follow(Topic.FRAMES);
    AgentConnection agent = AgentConnection.openAndConnect(gateway, items);
    agent.send(items.begin(GatewayFixture.PROFILE)).send(items.frame(1));
    agent.awaitAcknowledged(1);
    agent.send(items.frame(1)).send(items.frame(1)).send(items.frame(2));
    agent.awaitAcknowledged(2);
    agent.close();
    assertThat(Stream.generate(() -> next(frames).item().sequence()).limit(3))
        .containsExactly(0L, 1L, 2L);
  }

  @Test
  void endedAndAcknowledged_openedAgain_saysThatThereIsNothingToSend() {
    Items items = items("lobby");
    AgentConnection agent = AgentConnection.openAndConnect(gateway, items);
    agent.send(items.begin(GatewayFixture.PROFILE)).send(items.end(1, items.start()));
    agent.awaitAcknowledged(1);
    agent.close();

    JsonNode again = AgentConnection.opened(gateway, items);
    assertThat(again.get("ended").asBoolean()).isTrue();
    assertThat(again.get("acknowledged").asLong()).isEqualTo(1);
  }

  @Test
  void openedTwice_theFirstConnection_isFenced() {
    Items items = items("door");
    AgentConnection first = AgentConnection.openAndConnect(gateway, items);
    first.send(items.begin(GatewayFixture.PROFILE));
    first.awaitAcknowledged(0);

    JsonNode again = AgentConnection.opened(gateway, items);
    assertThat(first.awaitClosed()).isEqualTo(4409);
    long fence = again.get("fence").asLong();
    assertThat(AgentConnection.connect(gateway, items, fence - 1).awaitClosed()).isEqualTo(4409);
    AgentConnection second = AgentConnection.connect(gateway, items, fence);
    assertThat(AgentConnection.connect(gateway, items, fence).awaitClosed()).isEqualTo(4409);
    second.send(items.begin(GatewayFixture.PROFILE)).send(items.frame(1));
    second.awaitAcknowledged(1);
    second.close();
  }

  @Test
  void newerEpochOpened_theOlderOne_isClosedForGood() {
    Items older = items("yard");
    Items newer = items("yard");
    AgentConnection first = AgentConnection.openAndConnect(gateway, older);
    first.send(older.begin(GatewayFixture.PROFILE));
    first.awaitAcknowledged(0);

    JsonNode opened = AgentConnection.opened(gateway, newer);
    assertThat(first.awaitClosed()).isEqualTo(4409);
    assertThat(opened.get("fence").asLong()).isGreaterThan(epoch(older).fence() - 1);
    assertThat(AgentConnection.open(gateway, older).statusCode()).isEqualTo(409);
  }

  @Test
  void anotherRun_ofTheSameStream_isNotInTheWay() {
    Items live = items("court");
    Items past = new Items("court", Ids.epoch(1_000_000, "abcdef"), "trial", 1_000_000);
    AgentConnection first = AgentConnection.openAndConnect(gateway, live);
    AgentConnection second = AgentConnection.openAndConnect(gateway, past);
    first.send(live.begin(GatewayFixture.PROFILE));
    second.send(past.begin(GatewayFixture.PROFILE));
    first.awaitAcknowledged(0);
    second.awaitAcknowledged(0);
    first.close();
    second.close();
  }

  @Test
  void unknownEpoch_isClosedWithItsCode() {
    assertThat(AgentConnection.connect(gateway, items("lobby"), 1).awaitClosed()).isEqualTo(4404);
  }

  private record Hostile(String name, Buffer message, int code) {}

  static Stream<Arguments> hostile() {
    Items items = items("court");
    Items other = Items.of("lobby", items.start());
    byte[] bomb = Items.JPEG.clone();
    int size = sizeMarker(bomb);
    bomb[size] = (byte) 0xFF;
    bomb[size + 1] = (byte) 0xFF;
    byte[] cut = java.util.Arrays.copyOf(Items.JPEG, Items.JPEG.length - 2);
    byte[] chunk = Items.box("moof", 200);
    String key = Ids.chunkKey("court", items.epoch(), 1);
    String frame =
        new String(
            Json.encode(items.frameInfo(1, Items.JPEG.length, 64, 48)), StandardCharsets.UTF_8);
    return Stream.of(
            new Hostile("empty", Buffer.buffer(), 4400),
            new Hostile("header longer than message", Buffer.buffer().appendInt(900), 4400),
            new Hostile("header of 2 GB", Buffer.buffer().appendInt(Integer.MAX_VALUE), 4400),
            new Hostile("negative header", Buffer.buffer().appendInt(-5).appendInt(0), 4400),
            new Hostile(
                "header beyond its bound", Items.message(new byte[70_000], new byte[0]), 4400),
            new Hostile(
                "no JSON",
                Items.message("[[[[".getBytes(StandardCharsets.US_ASCII), new byte[0]),
                4400),
            new Hostile(
                "deep JSON",
                Items.message("[".repeat(50_000).getBytes(StandardCharsets.US_ASCII), new byte[0]),
                4400),
            new Hostile(
                "null",
                Items.message("null".getBytes(StandardCharsets.US_ASCII), new byte[0]),
                4400),
            new Hostile("message too large", Buffer.buffer(new byte[1_000_001]), 4413),
            new Hostile(
                "frame too large",
                Items.message(items.frameInfo(1, 600_000, 64, 48), new byte[600_000]),
                4413),
            new Hostile("gap", items.frame(2), 4400),
            new Hostile(
                "negative sequence",
                Items.message(
                    frame
                        .replace("\"sequence\":1", "\"sequence\":-1")
                        .getBytes(StandardCharsets.UTF_8),
                    Items.JPEG),
                4400),
            new Hostile(
                "second begin",
                Items.message(
                    Marker.begin("court", items.epoch(), "live", 1, 0, GatewayFixture.PROFILE),
                    new byte[0]),
                4400),
            new Hostile("wrong stream", other.frame(1), 4400),
            new Hostile("wrong epoch", items("court").frame(1), 4400),
            new Hostile(
                "position beyond the key's width",
                Items.message(
                    frame
                        .replaceAll(
                            "\"positionMicros\":\\d+", "\"positionMicros\":" + Long.MAX_VALUE)
                        .getBytes(StandardCharsets.UTF_8),
                    Items.JPEG),
                4400),
            new Hostile(
                "no picture", Items.message(items.frameInfo(1, 20, 64, 48), new byte[20]), 4400),
            new Hostile(
                "cut picture", Items.message(items.frameInfo(1, cut.length, 64, 48), cut), 4400),
            new Hostile(
                "picture bomb", Items.message(items.frameInfo(1, bomb.length, 64, 48), bomb), 4400),
            new Hostile(
                "picture of another size",
                Items.message(items.frameInfo(1, Items.JPEG.length, 640, 480), Items.JPEG),
                4400),
            new Hostile(
                "picture shorter than said",
                Items.message(items.frameInfo(1, Items.JPEG.length + 1, 64, 48), Items.JPEG),
                4400),
            new Hostile(
                "chunk elsewhere",
                Items.message(
                    items.chunkInfo(1, 200, "streams/lobby/x/0000000001.mp4", items.initKey()),
                    chunk),
                4400),
            new Hostile(
                "chunk with path tricks",
                Items.message(
                    items.chunkInfo(
                        1, 200, "streams/court/../lobby/0000000001.mp4", items.initKey()),
                    chunk),
                4400),
            new Hostile(
                "chunk of another sequence",
                Items.message(
                    items.chunkInfo(
                        1, 200, Ids.chunkKey("court", items.epoch(), 7), items.initKey()),
                    chunk),
                4400),
            new Hostile(
                "init part elsewhere",
                Items.message(
                    items.chunkInfo(1, 200, key, "streams/lobby/x/init-1-000000000000.mp4"), chunk),
                4400),
            new Hostile(
                "chunk that is none",
                Items.message(items.chunkInfo(1, 200, key, items.initKey()), new byte[200]),
                4400),
            new Hostile(
                "chunk longer than said",
                Items.message(items.chunkInfo(1, 100, key, items.initKey()), chunk),
                4400),
            new Hostile(
                "init part under a foreign digest",
                Items.message(
                    new InitPart(
                        "court",
                        items.epoch(),
                        "live",
                        1,
                        0,
                        1,
                        Ids.initKey("court", items.epoch(), 1, "000000000000")),
                    Items.box("ftyp", 40)),
                4400),
            new Hostile(
                "detections",
                Items.message(
                    new io.sightline.records.FrameDetections(
                        "court",
                        items.epoch(),
                        "live",
                        1,
                        0,
                        0,
                        1,
                        1,
                        List.of(),
                        null,
                        null,
                        false),
                    new byte[0]),
                4400),
            new Hostile(
                "marker with a payload",
                Items.message(
                    Marker.end("court", items.epoch(), "live", 1, 0, "x", 0), new byte[5]),
                4400))
        .map(one -> Arguments.of(one.name(), items, one.message(), one.code()));
  }

  private static int sizeMarker(byte[] jpeg) {
    for (int i = 0; i < jpeg.length - 9; i++) {
      if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) {
        return i + 5;
      }
    }
    throw new IllegalArgumentException("no SOF0");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void hostileItem_closesWithItsCodeAndLeavesNoTrace(
      String name, Items items, Buffer message, int code) {
    JsonNode opened = AgentConnection.opened(gateway, items);
    AgentConnection agent = AgentConnection.connect(gateway, items, opened.get("fence").asLong());
    if (opened.get("acknowledged").asLong() < 0) {
      agent.send(items.begin(GatewayFixture.PROFILE));
      agent.awaitAcknowledged(0);
    }
    agent.push(message);
    assertThat(agent.awaitClosed()).as(agent.closeReason()).isEqualTo(code);
    assertThat(agent.closeReason()).isNotBlank();
    assertThat(await(gateway.objects.list("streams/court/" + items.epoch(), null, 10)).objects())
        .isEmpty();
  }

  @Test
  void malformedItem_behindGoodOnes_theGoodOnesAreAcknowledgedFirst() {
    Items items = items("lobby");
    AgentConnection agent = AgentConnection.openAndConnect(gateway, items);
    agent.push(items.begin(GatewayFixture.PROFILE));
    agent.push(items.init(1));
    for (long i = 2; i < 6; i++) {
      agent.push(items.chunk(i, 90_000));
    }
    agent.push(items.frame(99));
    assertThat(agent.awaitClosed()).isEqualTo(4400);
    assertThat(agent.acknowledged()).isEqualTo(5);

    JsonNode again = AgentConnection.opened(gateway, items);
    AgentConnection second = AgentConnection.connect(gateway, items, again.get("fence").asLong());
    for (long i = again.get("acknowledged").asLong() + 1; i < 6; i++) {
      second.send(items.chunk(i, 90_000));
    }
    second.send(items.end(6, items.start() + 12_000_000));
    second.awaitAcknowledged(6);
    second.close();
  }

  @Test
  void gatewayStopped_whileItemsCome_notesWhatItTook() {
    Items items = items("door");
    AgentConnection agent = AgentConnection.openAndConnect(gateway, items);
    agent.send(items.begin(GatewayFixture.PROFILE)).send(items.init(1)).send(items.chunk(2, 500));
    agent.awaitAcknowledged(2);
    gateway.undeploy();
    gateway.deploy();
    assertThat(AgentConnection.opened(gateway, items).get("acknowledged").asLong()).isEqualTo(2);
  }
}
