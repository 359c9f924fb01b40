package io.sightline.launcher.roles;

import io.sightline.bus.broker.BrokerProcess;
import io.sightline.ingestgateway.web.Health;
import io.sightline.launcher.ExitCode;
import io.sightline.launcher.Interrupts;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.CaptureSection;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.HttpSection;
import io.sightline.launcher.config.StatusSection;
import io.sightline.launcher.config.StorageSection;
import io.sightline.launcher.config.TransitionsSection;
import io.sightline.launcher.installation.Folders;
import io.sightline.launcher.installation.Installation;
import io.sightline.replay.TransitionFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs roles until it is told to stop, then ends them in order. One thread. */
final class Server {

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final long START_SECONDS = 120;
  private static final long STOP_SECONDS = 4;

  private final ServerConfiguration server;
  private final Configuration configuration;
  private final Set<Role> roles;
  private final Worker worker;
  private final PrintWriter out;
  private final CountDownLatch stopping = new CountDownLatch(1);

  private BrokerProcess broker;
  private Vertx vertx;
  private Installation installation;
  private RunningRoles running;
  private StatusDoor status;

  /**
   * @param worker null in a process that is none
   */
  Server(ServerConfiguration server, Set<Role> roles, Worker worker, PrintWriter out) {
    this.server = server;
    this.worker = worker;
    this.configuration = server.configuration();
    this.roles = EnumSet.copyOf(roles);
    this.out = out;
  }

  int run() throws Exception {
    Interrupts.onFirst(stopping::countDown);
    if (worker != null) {
      ParentProcess.onEnd(stopping::countDown);
    }
    int exit = ExitCode.DONE;
    try {
      start();
      exit = waitForEnd();
    } finally {
      stop();
    }
    return exit;
  }

  private void start() throws Exception {
    if (roles.contains(Role.CAPTURE)) {
      requireSink();
    }
    if (roles.contains(Role.GATEWAY)) {
      requireFreePort();
    }
    TransitionFiles transitions =
        roles.contains(Role.REPLAY) ? transitions() : TransitionFiles.NONE;
    boolean needsKafka = !roles.equals(EnumSet.of(Role.CAPTURE));
    CompletableFuture<String> kafka =
        needsKafka
            ? CompletableFuture.supplyAsync(
                this::kafka, task -> new Thread(task, "sightline-broker-start").start())
            : CompletableFuture.completedFuture(null);
    if (!roles.equals(EnumSet.of(Role.BROKER))) {
      vertx = Vertx.vertx();
      // An agent keeps no objects, and need not be let into their bucket.
      Configuration opened =
          needsKafka ? configuration : configuration.withStorage(StorageSection.inDataFolder());
      installation = Installation.open(vertx, opened).await(START_SECONDS, TimeUnit.SECONDS);
      running =
          new RunningRoles(
              installation,
              new RoleSettings(
                  configuration,
                  server.declared(),
                  configuration.watchRules(),
                  worker,
                  transitions),
              server.workerArguments());
      if (configuration.status() != null && !roles.contains(Role.GATEWAY)) {
        status = StatusDoor.open(vertx, statusDoor(), health(needsKafka));
      }
      if (needsKafka) {
        await(installation.connect(configuration.kafka().bus(join(kafka))));
      }
      await(running.start(roles));
    }
    if (worker != null && status != null) {
      LOG.info("This worker of capture tells how it stands on port {}", status.port());
    }
    if (worker == null) {
      Banner.print(out, this.roles, configuration, installation, running, join(kafka), status);
    }
  }

  private TransitionFiles transitions() throws RequestException {
    try {
      TransitionsSection named = configuration.transitions();
      return TransitionFiles.read(named.clips(), named.pictures());
    } catch (IllegalArgumentException e) {
      throw new RequestException(e.getMessage() + ".", e);
    }
  }

  /** The workers of a process listen on the ports behind its own. */
  private StatusSection statusDoor() {
    StatusSection own = configuration.status();
    return worker == null || own.port() == 0
        ? own
        : new StatusSection(own.host(), own.port() + 1 + worker.share().index());
  }

  /** What the roles of this process cannot do without. */
  private Health health(boolean needsKafka) {
    Health health = new Health();
    boolean captures = roles.contains(Role.CAPTURE);
    CaptureSection capture = configuration.capture();
    boolean inWorkers = captures && capture.isolated() && worker == null;
    if (inWorkers) {
      health.needs("workers", this::workersRun);
    } else if (captures && !capture.declaresStreams()) {
      health.needs("gateway", this::gatewayAnswers);
    }
    if (captures && !inWorkers && !capture.toGateway()) {
      health.needs("sink", this::sinkTakes);
    }
    if (needsKafka || (captures && capture.toKafka() && worker == null)) {
      health.needs("bus", this::busAnswers);
    }
    return health;
  }

  private Future<?> gatewayAnswers() {
    String trouble =
        running.capture() == null ? "not started" : running.capture().assignmentTrouble();
    return trouble == null ? Future.succeededFuture() : Future.failedFuture(trouble);
  }

  private Future<?> workersRun() {
    String trouble = running.workers() == null ? "not started" : running.workers().trouble();
    return trouble == null ? Future.succeededFuture() : Future.failedFuture(trouble);
  }

  private Future<?> sinkTakes() {
    String trouble = running.capture() == null ? "not started" : running.capture().sinkTrouble();
    return trouble == null ? Future.succeededFuture() : Future.failedFuture(trouble);
  }

  private Future<?> busAnswers() {
    return installation.writer() == null
        ? Future.failedFuture("not connected")
        : installation.writer().drained();
  }

  /** Where Kafka is; starts the embedded broker when that is this process's work. */
  private String kafka() {
    if (!configuration.kafka().embedded()) {
      return configuration.kafka().bootstrap();
    }
    Folders folders = new Folders(configuration.data());
    if (roles.contains(Role.BROKER)) {
      broker = BrokerProcess.start(folders.broker(), 0);
      broker.ended().thenAccept(this::brokerEnded);
      return broker.bootstrap();
    }
    return BrokerProcess.bootstrapOf(folders.broker());
  }

  private void brokerEnded(int code) {
    if (stopping.getCount() > 0) {
      LOG.error("The embedded broker ended with code {}; stopping", code);
      stopping.countDown();
    }
  }

  private int waitForEnd() throws InterruptedException {
    stopping.await();
    return broker != null && broker.ended().isDone() ? ExitCode.FAILED : ExitCode.DONE;
  }

  private void stop() {
    if (running != null) {
      settle("the roles", running.stop());
    }
    if (installation != null) {
      settle("the stores", installation.close());
    }
    if (status != null) {
      settle("the status door", status.close());
    }
    if (vertx != null) {
      settle("the network", vertx.close());
    }
    if (broker != null) {
      broker.close();
    }
  }

  /** What only this process's roles tell: that capture has something to do, and where. */
  private void requireSink() throws RequestException {
    CaptureSection capture = configuration.capture();
    if (!capture.toGateway() && roles.contains(Role.GATEWAY)) {
      throw new RequestException(
          "'capture.sink: "
              + capture.sink()
              + "' is for 'sightline capture' alone: 'up' has a gateway of its own. Leave the key"
              + " out, or run the roles one by one");
    }
    boolean nothing =
        configuration.streamSpecs().stream()
            .noneMatch(stream -> stream.agent().equals(capture.agent()));
    if (capture.declaresStreams() && nothing) {
      throw new RequestException(
          "There is nothing to capture: with 'capture.sink: "
              + capture.sink()
              + "' and no gateway the streams are those of this file, and none under 'streams' has"
              + " the agent '"
              + capture.agent()
              + "'");
    }
  }

  private void requireFreePort() throws RequestException {
    HttpSection http = configuration.http();
    if (http.port() == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(http.host(), http.port()));
    } catch (BindException e) {
      throw new RequestException(
          "The port "
              + http.port()
              + " on "
              + http.host()
              + " is in use; choose another with --port or the key 'http.port'",
          e);
    } catch (IOException e) {
      throw new RequestException(
          "Cannot listen on " + http.host() + ":" + http.port() + ": " + e.getMessage(), e);
    }
  }

  private static void settle(String what, Future<?> end) {
    try {
      end.transform(result -> Future.succeededFuture()).await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          "Stopping {} took longer than {} s; what was not done is done at the next start",
          what,
          STOP_SECONDS);
    }
  }

  private static String join(CompletableFuture<String> kafka) {
    try {
      return kafka.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(START_SECONDS, TimeUnit.SECONDS);
  }
}
