package io.sightline.edgecapture;

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An agent in a process of its own, to be killed. Arguments: gateway, spool folder; or a sink's
 * URL, spool folder, and the source of the one stream {@code a}. Tells on standard output how far
 * it is: {@code stream epoch positionMicros}.
 */
final class CaptureProcess {

  private CaptureProcess() {}

  public static void main(String[] arguments) throws Exception {
    boolean alone = arguments.length > 2;
    CaptureEnds ends =
        alone
            ? new CaptureEnds(
                List.of(Fixtures.assignment("a", arguments[2])), SinkKinds.service(arguments[0]))
            : CaptureEnds.GATEWAY;
    CaptureConfig config =
        CaptureConfig.of(
                alone ? null : URI.create(arguments[0]), TestGateway.TOKEN, TestGateway.AGENT)
            .withBuffer(2_000_000, 1_000_000)
            .withSpool(new SpoolSettings(Path.of(arguments[1]), 500_000_000, Duration.ofHours(1)));
    CaptureVerticle capture = new CaptureVerticle(config, ends);
    Vertx vertx = Vertx.vertx();
    vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
    vertx.setPeriodic(
        20,
        each ->
            capture
                .statuses()
                .forEach(
                    status ->
                        System.out.println(
                            status.stream()
                                + " "
                                + status.epoch()
                                + " "
                                + status.positionMicros())));
  }
}
