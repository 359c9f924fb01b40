package io.sightline.ingestgateway.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.sightline.bus.Writer;
import io.sightline.ingestgateway.GatewayConfig;
import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.access.Scope;
import io.sightline.ingestgateway.streams.StreamCatalog;
import io.sightline.ingestgateway.streams.StreamEntry;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Json;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ingest routes: opening epochs, their connections, and the plain POST. On one event loop. */
public final class IngestDoor {

  private static final Logger LOG = LoggerFactory.getLogger(IngestDoor.class);
  private static final String EPOCHS = "/api/v1/ingest/:stream/epochs";
  private static final int MAX_OPEN_BYTES = 4096;
  private static final long NOTE_EVERY_MILLIS = 1000;
  private static final long DRAIN_SECONDS = 2;

  private final Vertx vertx;
  private final Context context;
  private final GatewayConfig config;
  private final StreamCatalog catalog;
  private final Clock clock;
  private final EpochLedger ledger;
  private final EpochRegistry registry;
  private final EpochIntake.Parts parts;
  private final LatestFrames latest;
  private final SimpleClients simple;
  private final long timer;

  public IngestDoor(
      Vertx vertx,
      GatewayConfig config,
      StreamCatalog catalog,
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      MeterRegistry meters,
      Clock clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.config = config;
    this.catalog = catalog;
    this.clock = clock;
    this.ledger = new EpochLedger(records);
    IngestMeters counts = new IngestMeters(meters);
    this.registry = new EpochRegistry(counts);
    this.latest = new LatestFrames();
    this.parts =
        new EpochIntake.Parts(
            objects, records, writer, ledger, counts, latest, config.windowBytes());
    this.simple = new SimpleClients(vertx, catalog, ledger, registry, parts, clock);
    this.timer = vertx.setPeriodic(NOTE_EVERY_MILLIS, id -> tick());
  }

  /** Adds the routes; nothing before them may read a request's body. */
  public void mount(Router router, Access access) {
    router
        .post(EPOCHS)
        .handler(access.require(Scope.AGENT))
        .handler(BodyHandler.create(false).setBodyLimit(MAX_OPEN_BYTES))
        .handler(this::open);
    router.get(EPOCHS + "/:epoch").handler(access.require(Scope.AGENT)).handler(this::connect);
    router
        .post("/api/v1/ingest/:stream/frames")
        .handler(access.require(Scope.AGENT))
        .handler(BodyHandler.create(false).setBodyLimit(config.maxFrameBytes()))
        .handler(simple::frame);
    router
        .post("/api/v1/ingest/:stream/chunks")
        .handler(access.require(Scope.AGENT))
        .handler(BodyHandler.create(false).setBodyLimit(config.maxItemBytes()))
        .handler(simple::chunk);
  }

  public LatestFrames latest() {
    return latest;
  }

  /**
   * Ends what simple clients began, and completes when all that was taken is durable and noted, or
   * when that takes too long: agents send again what was not acknowledged.
   */
  public Future<Void> close() {
    vertx.cancelTimer(timer);
    return simple
        .close()
        .transform(v -> registry.close())
        .timeout(DRAIN_SECONDS, TimeUnit.SECONDS)
        .recover(
            failure -> {
              LOG.warn("Stopped before all that was taken became durable; it will be sent again");
              return Future.succeededFuture();
            });
  }

  private void tick() {
    registry.note();
    simple.endIdle();
  }

  private void open(RoutingContext routing) {
    StreamEntry entry = stream(routing);
    OpenRequest request =
        OpenRequest.read(
            routing.body().buffer() == null
                ? io.vertx.core.buffer.Buffer.buffer()
                : routing.body().buffer());
    String stream = entry.spec().name();
    Answers.json(
        routing,
        201,
        ledger
            .open(request.asked(stream))
            .onSuccess(
                held -> {
                  if (!held.info().ended()) {
                    registry.fenceBelow(held.info());
                    LOG.info(
                        "Epoch {} of {} opened by {}, fence {}",
                        request.epoch(),
                        stream,
                        request.agent(),
                        held.info().fence());
                  }
                }),
        this::opened);
  }

  private ObjectNode opened(EpochLedger.Held held) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("fence", held.info().fence());
    body.put("acknowledged", held.info().acknowledged());
    body.put("ended", held.info().ended());
    body.put("maxItemBytes", config.maxItemBytes());
    body.put("windowBytes", config.windowBytes());
    return body;
  }

  private void connect(RoutingContext routing) {
    StreamEntry entry = stream(routing);
    String epoch = routing.pathParam("epoch");
    long fence = fence(routing);
    HttpServerRequest request = routing.request();
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      throw Problem.of(426, "Items of an epoch are sent over a WebSocket.");
    }
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              // What is sent before the epoch is known waits in the socket.
              socket.pause();
              ledger
                  .find(entry.spec().name(), epoch)
                  .onSuccess(held -> admit(socket, entry, held.orElse(null), fence))
                  .onFailure(failure -> close(socket, Refusal.of(failure)));
            })
        .onFailure(routing::fail);
  }

  private void admit(ServerWebSocket socket, StreamEntry entry, EpochLedger.Held held, long fence) {
    if (held == null) {
      close(socket, Refusal.unknown("This epoch was never opened."));
      return;
    }
    if (held.info().fence() != fence || registry.has(held.info())) {
      close(socket, Refusal.fenced());
      return;
    }
    String stream = entry.spec().name();
    ItemReader reader =
        new ItemReader(
            stream,
            held.info().epoch(),
            held.info().run(),
            config.maxItemBytes(),
            config.maxFrameBytes());
    EpochSocket source = new EpochSocket(socket, context, reader);
    EpochIntake intake =
        new EpochIntake(
            parts, held, () -> catalog.find(stream).orElse(entry).profile(), source, clock);
    registry.add(intake);
    source.start(intake, registry);
    intake.note();
    socket.resume();
  }

  private static void close(ServerWebSocket socket, Refusal why) {
    // A paused socket would never see the other side's close frame.
    socket.resume();
    socket.close((short) why.code(), why.reason());
  }

  private StreamEntry stream(RoutingContext routing) {
    String stream = routing.pathParam("stream");
    Access.caller(routing).requireStream(stream);
    return catalog.require(stream);
  }

  private static long fence(RoutingContext routing) {
    String text = routing.request().getParam("fence");
    if (text == null || !text.matches("\\d{1,18}")) {
      throw Problem.of(400, "'fence' is the number that opening the epoch gave.");
    }
    return Long.parseLong(text);
  }
}
