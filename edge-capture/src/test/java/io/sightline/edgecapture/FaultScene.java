package io.sightline.edgecapture;

import io.sightline.edgecapture.rtmp.RtmpSettings;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.CaptureState;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An agent, its gateway and what it has got: what a fault needs around it. */
final class FaultScene implements AutoCloseable {

  /** Faults as long as in life: {@code ./sightline bench soak}. Else as short as they can be. */
  static final boolean FULL = Boolean.getBoolean("sightline.full");

  /** After so long a silent source counts as gone. Shorter than in life, as the faults are. */
  static final Duration READ_TIMEOUT = Duration.ofSeconds(4);

  /** Pictures a second: enough to see what is missing. */
  static final int RATE = 10;

  static final long PICTURE = 1_000_000 / RATE;

  /** Each picture tells which it is. */
  static final TestVideo SHORT_FILM =
      TestVideo.plain().size(160, 96).rate(RATE + "/1").gop(RATE).pictures(150 * RATE);

  /** The same, for longer than the longest fault. */
  static final TestVideo FILM = SHORT_FILM.pictures((FULL ? 800 : 150) * RATE);

  /** Within which a source must be seen again once a fault is over. */
  static final long BACK = 10_000_000;

  private final Vertx vertx = Vertx.vertx();
  private final TestGateway gateway = new TestGateway();
  private final Filmed filmed = new Filmed(gateway, "a", PICTURE);
  private CaptureVerticle capture;

  static FaultScene watching(Path folder, String url) throws Exception {
    return watching(folder, url, CaptureClock.system(), config -> config);
  }

  static FaultScene watching(
      Path folder, String url, CaptureClock clock, UnaryOperator<CaptureConfig> change)
      throws Exception {
    FaultScene scene = new FaultScene();
    try {
      scene.start(folder, url, clock, change);
      return scene;
    } catch (Exception | Error e) {
      scene.close();
      throw e;
    }
  }

  private void start(
      Path folder, String url, CaptureClock clock, UnaryOperator<CaptureConfig> change)
      throws Exception {
    capture =
        new CaptureVerticle(
            change.apply(
                config(gateway.uri(), folder, CaptureConfig.DEFAULT_OPEN_TIMEOUT, READ_TIMEOUT)),
            clock,
            Timing.DEFAULT);
    vertx.deployVerticle(capture).await(30, TimeUnit.SECONDS);
    gateway.assign(Fixtures.assignment("a", Fixtures.profile("all", "every 1 frames"), url));
  }

  /** With a spool, and as in life but for the timeouts of sources. */
  static CaptureConfig config(URI gateway, Path folder, Duration open, Duration read) {
    return new CaptureConfig(
        gateway,
        TestGateway.TOKEN,
        TestGateway.AGENT,
        folder,
        CaptureConfig.DEFAULT_BUFFER_BYTES,
        CaptureConfig.DEFAULT_WINDOW_BYTES,
        open,
        read,
        CaptureConfig.DEFAULT_DRAIN_TIMEOUT,
        CaptureConfig.DEFAULT_CHUNK_TARGET,
        profile -> false,
        RtmpSettings.DEFAULTS,
        new SpoolSettings(folder.resolve("spool"), 500_000_000, Duration.ofHours(1)));
  }

  TestGateway gateway() {
    return gateway;
  }

  Filmed filmed() {
    return filmed;
  }

  CaptureStatus status() {
    return capture.statuses().get(0);
  }

  /** Until so many pictures after the last have arrived; the last of them. */
  int awaitMore(int pictures) {
    int wanted = filmed.last() + pictures;
    Eventually.until("picture " + wanted, () -> filmed.last() >= wanted);
    return filmed.last();
  }

  void awaitState(CaptureState state) {
    Eventually.until(state + "", () -> status().state() == state);
  }

  /** The agent ends what it captures, in order. */
  void stop() throws Exception {
    vertx.undeploy(capture.deploymentID()).await(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(30, TimeUnit.SECONDS);
    gateway.close();
  }
}
