package io.sightline.ingestgateway;

import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.LiveReader;
import io.sightline.bus.Writer;
import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.access.Origins;
import io.sightline.ingestgateway.access.Scope;
import io.sightline.ingestgateway.access.Signer;
import io.sightline.ingestgateway.delivery.Bundles;
import io.sightline.ingestgateway.delivery.ReelMedia;
import io.sightline.ingestgateway.delivery.SignedPaths;
import io.sightline.ingestgateway.delivery.StreamMedia;
import io.sightline.ingestgateway.ingest.IngestDoor;
import io.sightline.ingestgateway.lists.ControlRoutes;
import io.sightline.ingestgateway.lists.TimelineRoutes;
import io.sightline.ingestgateway.lists.Views;
import io.sightline.ingestgateway.live.LiveUpdates;
import io.sightline.ingestgateway.recordings.KeepRules;
import io.sightline.ingestgateway.recordings.RecordingsVerticle;
import io.sightline.ingestgateway.recordings.RecordingsView;
import io.sightline.ingestgateway.recordings.RetentionLimits;
import io.sightline.ingestgateway.streams.Assignments;
import io.sightline.ingestgateway.streams.CaptureReports;
import io.sightline.ingestgateway.streams.StreamCatalog;
import io.sightline.ingestgateway.streams.StreamView;
import io.sightline.ingestgateway.streams.StreamsHealth;
import io.sightline.ingestgateway.timelines.TimelineRecords;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.ApiDescription;
import io.sightline.ingestgateway.web.Dashboard;
import io.sightline.ingestgateway.web.Health;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.ingestgateway.web.Prometheus;
import io.sightline.ingestgateway.web.SecurityHeaders;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.openapi.contract.OpenAPIContract;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway: one HTTP server on one event loop, and the retention of recordings beside it. It
 * owns the server, its live reader and the stage that counts recordings; stores and writer are the
 * caller's and must outlive it.
 */
public final class GatewayVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayVerticle.class);
  private static final long REFRESH_MILLIS = 1_000;
  private static final long DRAIN_SECONDS = 2;

  /** What a message may be larger than an item, so that the refusal can say so. */
  private static final int MESSAGE_SLACK = 64 * 1024;

  private final GatewayConfig config;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Writer writer;
  private final BusConfig bus;
  private final Checkpoints checkpoints;
  private final Declared declared;
  private final RetentionLimits limits;
  private final Clock clock;

  private Prometheus prometheus;
  private StreamCatalog catalog;
  private Assignments assignments;
  private IngestDoor ingest;
  private LiveUpdates live;
  private LiveReader reader;
  private HttpServer server;

  public GatewayVerticle(
      GatewayConfig config,
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      BusConfig bus,
      Checkpoints checkpoints,
      Declared declared) {
    this(
        config,
        objects,
        records,
        writer,
        bus,
        checkpoints,
        declared,
        RetentionLimits.DEFAULT,
        Clock.systemUTC());
  }

  GatewayVerticle(
      GatewayConfig config,
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      BusConfig bus,
      Checkpoints checkpoints,
      Declared declared,
      RetentionLimits limits,
      Clock clock) {
    this.config = config;
    this.objects = objects;
    this.records = records;
    this.writer = writer;
    this.bus = bus;
    this.checkpoints = checkpoints;
    this.declared = declared;
    this.limits = limits;
    this.clock = clock;
  }

  /** The port it listens on, once it is deployed. Any thread. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    prometheus = new Prometheus(vertx);
    catalog = new StreamCatalog(declared, records);
    return catalog
        .start()
        .compose(v -> ApiDescription.controlRoutes(vertx))
        .compose(
            contract ->
                Dashboard.inlineScripts(vertx).compose(scripts -> router(contract, scripts)))
        .compose(this::listen)
        .compose(open -> keepRecordings().map(open))
        .compose(open -> findStreams().map(open))
        // A verticle that did not start is not stopped by anybody else.
        .recover(failure -> stop().transform(v -> Future.failedFuture(failure)))
        .onSuccess(
            open ->
                LOG.info("The gateway listens on http://{}:{}", config.host(), open.actualPort()));
  }

  @Override
  public Future<Void> stop() {
    if (assignments != null) {
      assignments.close();
    }
    if (live != null) {
      live.close();
    }
    Future<Void> drained = ingest == null ? Future.succeededFuture() : ingest.close();
    return drained
        .transform(
            v ->
                server == null
                    ? Future.succeededFuture()
                    : server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS))
        .transform(v -> reader == null ? Future.succeededFuture() : reader.close())
        .onComplete(v -> prometheus.close());
  }

  private Future<Router> router(OpenAPIContract contract, List<String> inlineScripts) {
    Signer signer = new Signer(config.signingKey());
    Access access = new Access(config.tokens(), signer, clock);
    SignedPaths paths = new SignedPaths(signer, config.signedFor(), clock);
    Views views = new Views(paths, declared.renditions());
    StreamView streams = new StreamView(records, clock);
    assignments = new Assignments(vertx, catalog);
    ingest =
        new IngestDoor(
            vertx, config, catalog, objects, records, writer, prometheus.registry(), clock);
    live =
        new LiveUpdates(vertx, catalog, streams, views, config.eventQueue(), prometheus.registry());
    reader = LiveReader.start(vertx, bus, LiveUpdates.TOPICS, live::accept);
    live.from(
        new LiveUpdates.Source() {
          @Override
          public Future<Void> follow() {
            return reader.follow();
          }

          @Override
          public void rest() {
            reader.rest();
          }
        });
    vertx.setPeriodic(
        REFRESH_MILLIS,
        id ->
            catalog
                .refresh()
                .onFailure(
                    failure -> LOG.warn("Streams were not read again: {}", failure.getMessage())));

    Router router = Router.router(vertx);
    router.route().failureHandler(Answers::failed);
    router.route().handler(prometheus::count);
    router.route().handler(new SecurityHeaders(inlineScripts));
    router.route().handler(new Origins(config.hosts()));
    new Health()
        .needs("records", () -> records.query(new Query("health", null, null, 1, false)))
        .needs("objects", () -> objects.list("health/", null, 1))
        .needs("bus", () -> writer.drained().compose(v -> reader.ready()))
        .mount(router);
    router.get("/metrics").handler(context -> metrics(context, access)).handler(prometheus);
    router.get("/m/*").handler(new ReelMedia(vertx, paths, objects, records));
    router.head("/m/*").handler(new ReelMedia(vertx, paths, objects, records));
    ingest.mount(router, access);
    router
        .get("/api/v1/agents/:agent/streams")
        .handler(access.require(Scope.AGENT))
        .handler(assignments);
    CaptureReports reports = new CaptureReports(catalog, records, clock, live::streamChanged);
    router
        .put("/api/v1/agents/:agent/reports")
        .handler(access.require(Scope.AGENT))
        .handler(BodyHandler.create(false).setBodyLimit(CaptureReports.MAX_BODY_BYTES))
        .handler(reports::take);
    router
        .get("/health/streams")
        .handler(context -> metrics(context, access))
        .handler(new StreamsHealth(catalog, streams));
    router.get("/api/v1/events").handler(access.require(Scope.VIEWER)).handler(live);
    RecordingsView recordings = new RecordingsView(records);
    new StreamMedia(objects, records, streams, recordings, ingest.latest(), config.dvrWindow())
        .mount(router, access);
    ControlRoutes control =
        new ControlRoutes(
            access, catalog, streams, recordings, records, writer, views, clock, objects, declared);
    TimelineRoutes timelines =
        new TimelineRoutes(
            vertx,
            new TimelineRecords(records, objects),
            control::replay,
            paths,
            new Bundles(vertx, objects),
            declared.timeZone());
    Map<String, Consumer<RoutingContext>> operations = new HashMap<>(control.operations());
    operations.putAll(timelines.operations());
    ControlRouter.mount(vertx, router, contract, access, operations);
    router
        .route("/api/*")
        .handler(context -> context.fail(Problem.notFound("There is nothing here.")));
    router
        .get("/openapi.yaml")
        .handler(
            context ->
                context
                    .response()
                    .putHeader("Content-Type", "application/yaml")
                    .putHeader("Cache-Control", "no-cache")
                    .sendFile(ApiDescription.FILE));
    return Dashboard.mount(vertx, router)
        .map(
            v -> {
              router
                  .route()
                  .handler(context -> context.fail(Problem.notFound("There is nothing here.")));
              return router;
            });
  }

  /** Goes when this verticle goes, before it. */
  private Future<?> keepRecordings() {
    if (declared.recordings() == null) {
      return Future.succeededFuture();
    }
    KeepRules rules = new KeepRules(declared.recordings());
    rules.follow(catalog);
    return vertx.deployVerticle(
        new RecordingsVerticle(
            objects,
            records,
            writer,
            bus,
            checkpoints,
            rules,
            limits,
            prometheus.registry(),
            clock));
  }

  /** They go when this verticle goes, before it. */
  private Future<?> findStreams() {
    return Future.all(
        declared.finders().stream()
            .map(finder -> vertx.deployVerticle(finder.verticle(records, prometheus.registry())))
            .toList());
  }

  /** Numbers tell nothing of pictures, but still: from this machine, or with a token. */
  private static void metrics(RoutingContext context, Access access) {
    String from = context.request().remoteAddress().hostAddress();
    boolean local = from != null && (from.startsWith("127.") || from.endsWith(":1"));
    if (!local) {
      access.check(context, Scope.VIEWER);
    }
    context.next();
  }

  private Future<HttpServer> listen(Router router) {
    server = vertx.createHttpServer(options(config)).requestHandler(router);
    return server.listen();
  }

  /** What items of an epoch need of a server, and what bounds everything else. */
  static HttpServerOptions options(GatewayConfig config) {
    return new HttpServerOptions()
        .setHost(config.host())
        .setPort(config.port())
        .setTcpKeepAlive(true)
        .setCompressionSupported(false)
        .setMaxInitialLineLength(8 * 1024)
        .setMaxHeaderSize(16 * 1024)
        .setMaxFormAttributeSize(8 * 1024)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxWebSocketFrameSize(config.maxItemBytes() + MESSAGE_SLACK)
        .setMaxWebSocketMessageSize(config.maxItemBytes() + MESSAGE_SLACK);
  }
}
