package io.sightline.ingestgateway.web;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;

/**
 * {@code /metrics}: what this process counts, in Prometheus' text format. It is part of
 * Micrometer's global registry while it is open, so whatever runs in the same process and counts
 * there is told here, too.
 */
public final class Prometheus implements Handler<RoutingContext>, AutoCloseable {

  private final Vertx vertx;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  public Prometheus(Vertx vertx) {
    this.vertx = vertx;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    collections.bindTo(registry);
    Metrics.addRegistry(registry);
  }

  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Counts an answer once it is sent; by method and status, never by path. */
  public void count(RoutingContext context) {
    long start = System.nanoTime();
    context.addEndHandler(
        done ->
            registry
                .timer(
                    "sightline.http.requests",
                    "method",
                    method(context),
                    "status",
                    Integer.toString(context.response().getStatusCode()))
                .record(System.nanoTime() - start, TimeUnit.NANOSECONDS));
    context.next();
  }

  private static String method(RoutingContext context) {
    String name = context.request().method().name();
    return name.matches("GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS") ? name : "OTHER";
  }

  @Override
  public void handle(RoutingContext context) {
    vertx
        .executeBlocking(registry::scrape, false)
        .onSuccess(
            text ->
                context
                    .response()
                    .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                    .putHeader("Cache-Control", "no-store")
                    .end(text))
        .onFailure(context::fail);
  }

  @Override
  public void close() {
    Metrics.removeRegistry(registry);
    collections.close();
    registry.close();
  }
}
