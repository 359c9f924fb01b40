package io.sightline.launcher.roles;

import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Health;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.ingestgateway.web.Prometheus;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.StatusSection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a process without the gateway tells those who watch over it: {@code /health/live}, {@code
 * /health/ready} and {@code /metrics}. Numbers and words, no names of cameras, no pictures.
 */
final class StatusDoor {

  private static final long START_SECONDS = 10;

  private final Prometheus prometheus;
  private final HttpServer server;

  private StatusDoor(Prometheus prometheus, HttpServer server) {
    this.prometheus = prometheus;
    this.server = server;
  }

  /** Opens the door of this process; before its roles start, so that they count from the first. */
  static StatusDoor open(Vertx vertx, StatusSection status, Health health)
      throws RequestException, TimeoutException {
    Prometheus prometheus = new Prometheus(vertx);
    Router router = Router.router(vertx);
    router.route().failureHandler(Answers::failed);
    health.mount(router);
    router.get("/metrics").handler(prometheus);
    router.route().handler(context -> context.fail(Problem.notFound("There is nothing here.")));
    HttpServer server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost(status.host()).setPort(status.port()))
            .requestHandler(router);
    try {
      server.listen().await(START_SECONDS, TimeUnit.SECONDS);
      return new StatusDoor(prometheus, server);
    } catch (RuntimeException e) {
      prometheus.close();
      throw new RequestException(
          "Cannot listen on "
              + status.host()
              + ":"
              + status.port()
              + " (key 'status.port'): "
              + e.getMessage(),
          e);
    }
  }

  int port() {
    return server.actualPort();
  }

  /** Completes when nobody is answered any more. */
  Future<Void> close() {
    return server.close().onComplete(closed -> prometheus.close());
  }
}
