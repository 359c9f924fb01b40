package io.sightline.ingestgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.InRecord;
import io.sightline.bus.LiveReader;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.ingestgateway.access.AccessToken;
import io.sightline.ingestgateway.access.Scope;
import io.sightline.ingestgateway.recordings.RetentionLimits;
import io.sightline.ingestgateway.streams.StreamFinder;
import io.sightline.ingestgateway.web.ApiDescription;
import io.sightline.media.cut.NewObject;
import io.sightline.records.InputSpec;
import io.sightline.records.Json;
import io.sightline.records.Keep;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.StreamSpec;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A gateway with real stores and a real broker, and a client that checks answers as it goes. */
final class GatewayFixture implements AutoCloseable {

  static final String ADMIN = "admin-token-0123456789";
  static final String OPERATOR = "operator-token-0123456789";
  static final String VIEWER = "viewer-token-0123456789";
  static final String LOBBY_VIEWER = "lobby-viewer-token-0123456789";
  static final String AGENT = "agent-token-0123456789";
  static final String LOBBY_AGENT = "lobby-agent-token-0123456789";

  static final Profile PROFILE =
      new Profile(
          "visits",
          null,
          null,
          List.of(new PluginSpec("motion")),
          List.of(new PluginSpec("presence")));
  static final Profile OTHER =
      new Profile("other", null, null, List.of(new PluginSpec("health")), List.of());

  final Vertx vertx = Vertx.vertx();
  final Path folder;
  final BusConfig bus = TestBroker.shared().config();
  final DiskObjectStore objects;
  final SqliteRecordStore records;
  final BusWriter writer;
  final WebClient client;
  final WebSocketClient sockets;
  private final OpenAPIContract contract;
  private final ResponseValidator validator;
  private final List<LiveReader> readers = new ArrayList<>();
  private final Keep keep;
  private final RetentionLimits limits;
  private final Clock clock;
  private ReplayEncoding encoding;
  private GatewayVerticle verticle;
  private String deployment;

  GatewayFixture() {
    this(null, RetentionLimits.DEFAULT, Clock.systemUTC());
  }

  /** One that keeps recordings by a rule. */
  GatewayFixture(Keep keep, RetentionLimits limits, Clock clock) {
    this.keep = keep;
    this.limits = limits;
    this.clock = clock;
    try {
      folder = Files.createTempDirectory("sightline-gateway-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.db")));
    await(Topics.ensure(vertx, bus));
    writer = await(BusWriter.open(vertx, bus));
    contract = await(ApiDescription.controlRoutes(vertx));
    validator = ResponseValidator.create(vertx, contract);
    client = WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false));
    sockets =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxConnections(1000)
                .setMaxFrameSize(20_000_000)
                .setMaxMessageSize(20_000_000));
    deploy();
  }

  static GatewayConfig config() {
    return new GatewayConfig(
        "127.0.0.1",
        0,
        Set.of("sightline.example"),
        List.of(
            AccessToken.of("admin", ADMIN, Scope.ADMIN, null),
            AccessToken.of("operator", OPERATOR, Scope.OPERATOR, null),
            AccessToken.of("viewer", VIEWER, Scope.VIEWER, null),
            AccessToken.of("lobby-viewer", LOBBY_VIEWER, Scope.VIEWER, Set.of("lobby")),
            AccessToken.of("agent", AGENT, Scope.AGENT, null),
            AccessToken.of("lobby-agent", LOBBY_AGENT, Scope.AGENT, Set.of("lobby"))),
        "a key that signs, 32 bytes long!".getBytes(StandardCharsets.US_ASCII),
        Duration.ofHours(6),
        1_000_000,
        500_000,
        400_000,
        Duration.ofHours(4),
        50);
  }

  static Declared declared() {
    List<StreamSpec> streams = new ArrayList<>();
    for (String name : List.of("lobby", "door", "yard", "court")) {
      streams.add(
          new StreamSpec(
              name,
              List.of(InputSpec.of("rtsp://user:secret@10.0.0.7/" + name + "?pin=1")),
              "visits",
              "local",
              null,
              null));
    }
    return new Declared(streams, Map.of("visits", PROFILE, "other", OTHER), "sightline.yaml");
  }

  void deploy() {
    Declared all = declared();
    verticle =
        new GatewayVerticle(
            config(),
            objects,
            records,
            writer,
            bus,
            new MemoryCheckpoints(),
            new Declared(
                all.streams(),
                all.profiles(),
                all.where(),
                all.timeZone(),
                keep,
                List.of(new StubFinder()),
                true,
                List.of("small", "square", "tall"),
                new TransitionNames(Set.of("sting", "opener"), Set.of("crest")),
                encoding),
            limits,
            clock);
    deployment = await(vertx.deployVerticle(verticle));
  }

  /** Finds nothing by itself; a test writes what it has found. */
  record StubFinder() implements StreamFinder {

    static final String NAME = "medialive.test";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public VerticleBase verticle(RecordStore records, MeterRegistry registry) {
      return new VerticleBase() {};
    }
  }

  /** From now on whole replays are encoded so. */
  void encodeBy(ReplayEncoding other) {
    encoding = other;
    undeploy();
    deploy();
  }

  void undeploy() {
    await(vertx.undeploy(deployment));
    deployment = null;
  }

  int port() {
    return verticle.port();
  }

  HttpRequest<Buffer> request(HttpMethod method, String path, String token) {
    HttpRequest<Buffer> request = client.request(method, port(), "127.0.0.1", path);
    return token == null ? request : request.bearerTokenAuthentication(token);
  }

  HttpResponse<Buffer> get(String path, String token) {
    return checked(HttpMethod.GET, path, await(request(HttpMethod.GET, path, token).send()));
  }

  HttpResponse<Buffer> send(HttpMethod method, String path, String token, String json) {
    HttpRequest<Buffer> request =
        request(method, path, token).putHeader("Content-Type", "application/json");
    Future<HttpResponse<Buffer>> answer =
        json == null ? request.send() : request.sendBuffer(Buffer.buffer(json));
    return checked(method, path, await(answer));
  }

  JsonNode json(String path, String token) {
    HttpResponse<Buffer> answer = get(path, token);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
    return json(answer);
  }

  static JsonNode json(HttpResponse<Buffer> answer) {
    try {
      return Json.MAPPER.readTree(answer.body().getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every answer is what the OpenAPI file promises; every refusal is problem details. */
  private HttpResponse<Buffer> checked(
      HttpMethod method, String path, HttpResponse<Buffer> answer) {
    if (answer.statusCode() >= 400) {
      assertThat(answer.getHeader("Content-Type")).isEqualTo("application/problem+json");
      JsonNode problem = json(answer);
      assertThat(problem.get("status").asInt()).isEqualTo(answer.statusCode());
      assertThat(problem.get("detail").asText()).matches("[A-Z'].*\\.");
      return answer;
    }
    String plain = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
    Operation operation = contract.findOperation(plain, method);
    if (operation != null) {
      ValidatableResponse response =
          answer.body() == null
              ? ValidatableResponse.create(answer.statusCode(), Map.of())
              : ValidatableResponse.create(
                  answer.statusCode(), Map.of(), answer.body(), answer.getHeader("Content-Type"));
      await(validator.validate(response, operation.getOperationId()));
    }
    return answer;
  }

  /** What is written to topics from now on. */
  BlockingQueue<InRecord> follow(Topic... topics) {
    BlockingQueue<InRecord> seen = new LinkedBlockingQueue<>();
    LiveReader reader = LiveReader.start(vertx, bus, Set.of(topics), seen::add);
    readers.add(reader);
    await(reader.ready());
    return seen;
  }

  static InRecord next(BlockingQueue<InRecord> seen) {
    try {
      InRecord record = seen.poll(30, TimeUnit.SECONDS);
      assertThat(record).as("a record on the topic").isNotNull();
      return record;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stores what was made for a clip. */
  void put(NewObject made) throws IOException {
    try {
      await(objects.put(made.key(), Buffer.buffer(made.content()), "video/mp4"));
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("Nothing came within a minute", e);
    }
  }

  @Override
  public void close() {
    if (deployment != null) {
      undeploy();
    }
    readers.forEach(reader -> await(reader.close()));
    await(writer.close());
    await(records.close());
    await(objects.close());
    await(vertx.close());
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
