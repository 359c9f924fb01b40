package io.sightline.ingestgateway;

import io.micrometer.core.instrument.Metrics;
import io.sightline.bus.BusConfig;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.Writer;
import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.access.Signer;
import io.sightline.ingestgateway.ingest.IngestDoor;
import io.sightline.ingestgateway.recordings.KeepRules;
import io.sightline.ingestgateway.recordings.RecordingsVerticle;
import io.sightline.ingestgateway.recordings.RetentionLimits;
import io.sightline.ingestgateway.streams.StreamCatalog;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ingest part of the gateway for one agent in the same process: the same epochs, fences,
 * objects and topics, but no API, no media, no dashboard; and the retention of what that agent
 * records. It starts whether or not Kafka is there, and says 503 until it is. Stores and writer are
 * the caller's and must outlive it.
 */
public final class IngestVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(IngestVerticle.class);
  private static final long DRAIN_SECONDS = 2;
  private static final long PAUSE_MILLIS = 2_000;

  private final GatewayConfig config;
  private final String agent;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Supplier<Future<Writer>> connect;
  private final BusConfig bus;
  private final Checkpoints checkpoints;
  private final Declared declared;

  private StreamCatalog catalog;
  private Access access;
  private Router router;
  private IngestDoor ingest;
  private HttpServer server;
  private String trouble = "Kafka has not been reached yet.";
  private long timer = -1;
  private boolean stopped;

  /**
   * @param agent whose recordings are counted and expire here
   * @param connect to Kafka; asked again and again until it succeeds
   * @param declared the agent's streams
   */
  public IngestVerticle(
      GatewayConfig config,
      String agent,
      ObjectStore objects,
      RecordStore records,
      Supplier<Future<Writer>> connect,
      BusConfig bus,
      Checkpoints checkpoints,
      Declared declared) {
    this.config = config;
    this.agent = agent;
    this.objects = objects;
    this.records = records;
    this.connect = connect;
    this.bus = bus;
    this.checkpoints = checkpoints;
    this.declared = declared;
  }

  /** The port it listens on, once it is deployed. Any thread. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    catalog = new StreamCatalog(declared, records);
    access = new Access(config.tokens(), new Signer(config.signingKey()), Clock.systemUTC());
    router = Router.router(vertx);
    router.route().failureHandler(Answers::failed);
    router.route().handler(this::readiness);
    server = vertx.createHttpServer(GatewayVerticle.options(config)).requestHandler(router);
    return catalog.start().compose(known -> server.listen()).onSuccess(open -> connect());
  }

  @Override
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    Future<Void> drained = ingest == null ? Future.succeededFuture() : ingest.close();
    return drained.transform(v -> server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS));
  }

  private void readiness(RoutingContext context) {
    if (ingest == null) {
      context.fail(Problem.of(503, trouble));
    } else {
      context.next();
    }
  }

  private void connect() {
    connect
        .get()
        .onSuccess(this::connected)
        .onFailure(
            failure -> {
              if (stopped) {
                return;
              }
              String reason = String.valueOf(failure.getMessage());
              if (!reason.equals(trouble)) {
                LOG.warn("{}", reason);
                trouble = reason;
              }
              timer = vertx.setTimer(PAUSE_MILLIS, again -> connect());
            });
  }

  private void connected(Writer writer) {
    if (stopped) {
      return;
    }
    LOG.info("Items go to Kafka at {}", bus.bootstrap());
    ingest =
        new IngestDoor(
            vertx,
            config,
            catalog,
            objects,
            records,
            writer,
            Metrics.globalRegistry,
            Clock.systemUTC());
    ingest.mount(router, access);
    router.route().handler(context -> context.fail(Problem.notFound("There is nothing here.")));
    keepRecordings(writer);
  }

  /** In a group of this agent's own: others neither hold its objects nor know of them. */
  private void keepRecordings(Writer writer) {
    KeepRules rules = new KeepRules(declared.recordings());
    rules.follow(catalog);
    Set<String> own = new HashSet<>();
    declared.streams().forEach(stream -> own.add(stream.name()));
    vertx
        .deployVerticle(
            new RecordingsVerticle(
                objects,
                records,
                writer,
                bus,
                checkpoints,
                rules,
                RetentionLimits.DEFAULT,
                Metrics.globalRegistry,
                Clock.systemUTC(),
                "recordings-" + agent,
                own::contains))
        .onFailure(failure -> LOG.error("Recordings do not expire", failure));
  }
}
