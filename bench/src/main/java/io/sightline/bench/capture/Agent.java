package io.sightline.bench.capture;

import io.sightline.bench.BenchException;
import io.sightline.bench.Workbench;
import io.sightline.edgecapture.CaptureConfig;
import io.sightline.edgecapture.CaptureStatus;
import io.sightline.edgecapture.CaptureVerticle;
import io.sightline.edgecapture.SpoolSettings;
import io.sightline.edgecapture.rtmp.RtmpSettings;
import io.sightline.records.InputSpec;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Sampling;
import io.sightline.records.StreamAssignment;
import io.sightline.records.StreamSpec;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The capture agent as it runs beside cameras, in this process: with its spool, to a gateway. */
final class Agent implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;
  private static final long LOOK_MILLIS = 50;
  private static final String NAME = "local";

  private final Vertx vertx = Vertx.vertx();
  private final CaptureVerticle capture;

  /**
   * @param rtmpPort where encoders publish to, if any do
   */
  Agent(Workbench bench, URI gateway, int rtmpPort) throws Exception {
    capture =
        new CaptureVerticle(
            CaptureConfig.of(gateway, "bench", NAME)
                .withRtmp(new RtmpSettings(null, rtmpPort, null, null))
                .withSpool(
                    new SpoolSettings(
                        bench.emptied("spool"),
                        SpoolSettings.DEFAULT_BYTES,
                        SpoolSettings.DEFAULT_AGE)));
    vertx.deployVerticle(capture).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Recorded, and sampled at keyframes where the input says so. */
  static StreamAssignment assignment(String stream, InputSpec input) {
    Profile profile =
        new Profile(
            "bench", Sampling.ALL_KEYFRAMES, null, List.of(new PluginSpec("motion")), List.of());
    return new StreamAssignment(
        new StreamSpec(stream, List.of(input), profile.name(), NAME, null, null), profile, 1);
  }

  List<CaptureStatus> statuses() {
    return capture.statuses();
  }

  /** Waits until the streams are as they should be; false when that takes too long. */
  boolean reaches(Predicate<List<CaptureStatus>> condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.test(capture.statuses())) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return true;
  }

  void await(String what, Predicate<List<CaptureStatus>> condition)
      throws BenchException, InterruptedException {
    if (!reaches(condition)) {
      throw new BenchException("Not within " + PATIENCE_SECONDS + " s: " + what);
    }
  }

  /** Until nothing is captured any more. */
  void awaitNone(FieldProcess field) throws IOException, BenchException, InterruptedException {
    field.assign(List.of());
    await("all streams have stopped", List::isEmpty);
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static Duration patience() {
    return Duration.ofSeconds(PATIENCE_SECONDS);
  }
}
