package io.sightline.launcher.process;

import io.sightline.bus.BusConfig;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.edgecapture.CaptureException;
import io.sightline.edgecapture.CaptureStatus;
import io.sightline.edgecapture.FileResult;
import io.sightline.ingestgateway.Declared;
import io.sightline.launcher.Interrupts;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.HttpSection;
import io.sightline.launcher.config.StorageSection;
import io.sightline.launcher.export.ResultFolder;
import io.sightline.launcher.export.RunResults;
import io.sightline.launcher.export.TimelineOrder;
import io.sightline.launcher.installation.Installation;
import io.sightline.launcher.roles.Role;
import io.sightline.launcher.roles.RoleSettings;
import io.sightline.launcher.roles.RunningRoles;
import io.sightline.records.EpochInfo;
import io.sightline.records.InputSpec;
import io.sightline.records.Json;
import io.sightline.records.RenditionSpec;
import io.sightline.records.Replay;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamSpec;
import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file on its way through every stage, all in this process but the broker. What it needs lies
 * in a work folder inside the output folder and goes away with it. One thread.
 */
final class ProcessRun implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessRun.class);
  private static final long START_SECONDS = 120;

  /** For capture alone, so that whatever else runs on this machine is not in the way. */
  private static final HttpSection ANY_PORT = new HttpSection("127.0.0.1", 0, List.of());

  /** Nobody waits for a single frame of a file, and fewer requests are a tenth of all the work. */
  private static final int FILE_LINGER_MILLIS = 50;

  private static final long LOOK_MILLIS = 100;
  private static final long SHOW_NANOS = 500_000_000;
  private static final String REPLAY = "all";

  /** At once, when a bucket is cleared. */
  private static final int CLEARED = 1_000;

  private static final long CLEAR_SECONDS = 60;

  private final ProcessPlan plan;
  private final OutputFolder output;
  private final long startNanos = System.nanoTime();
  private final CompletableFuture<Void> interrupted;

  private long durationMicros;
  private Vertx vertx;
  private RunBroker broker;
  private Installation installation;
  private RunningRoles roles;
  private boolean connected;
  private boolean complete;

  private ProcessRun(ProcessPlan plan, OutputFolder output, CompletableFuture<Void> interrupted) {
    this.plan = plan;
    this.output = output;
    this.interrupted = interrupted;
  }

  /**
   * Takes the output folder. From then on an interrupt leaves it as it was.
   *
   * @throws RequestException when it cannot be written to
   */
  static ProcessRun prepare(ProcessPlan plan) throws RequestException {
    CompletableFuture<Void> interrupted = new CompletableFuture<>();
    Interrupts.onFirst(() -> interrupted.complete(null));
    return new ProcessRun(plan, OutputFolder.take(plan.out()), interrupted);
  }

  Outcome execute() throws Exception {
    start();
    String run = "f-" + plan.profile().digest();
    RunResults results = new RunResults(installation.records(), plan.stream(), run);
    FileResult file = follow(results);
    Replay replay = replay(results, run);
    Path draft = Files.createDirectories(output.work().resolve("draft"));
    TimelineOrder timelines = TimelineOrder.ofReplay(plan.configuration().timeZone().id());
    new ResultFolder(installation.objects(), installation.records(), results, timelines)
        .write(Optional.of(replay.id()), output.path(), draft);
    output.keep();
    complete = true;
    List<EpochInfo> epochs = results.epochs();
    return new Outcome(
        output.path(),
        epochs.get(0).startMicros(),
        file.endMicros() - epochs.get(0).startMicros(),
        file.lostMicros(),
        (System.nanoTime() - startNanos) / 1_000,
        results.segments(),
        results.clips(),
        results.replay(REPLAY),
        results.alerts().size());
  }

  private void start() throws Exception {
    Path work = output.work();
    Configuration configuration =
        plan.configuration()
            .withData(work)
            .withStorage(storage(plan.configuration()))
            .withHttp(ANY_PORT)
            .withCaptureAtHome();
    CompletableFuture<String> kafka =
        CompletableFuture.completedFuture(configuration.kafka().bootstrap());
    if (configuration.kafka().embedded()) {
      broker = new RunBroker(work.resolve("broker"));
      kafka = broker.bootstrap();
    }
    durationMicros = ProcessChecks.durationMicros(plan);
    vertx = Vertx.vertx();
    installation = await(Installation.openForAWhile(vertx, configuration));
    roles = new RunningRoles(installation, settings(configuration));
    await(installation.connect(bus(configuration, await(kafka))));
    connected = true;
    await(roles.start(EnumSet.complementOf(EnumSet.of(Role.BROKER))));
  }

  /**
   * Objects go away with this run; in a bucket only those do that MediaConvert reads or writes, in
   * a place of their own.
   */
  private static StorageSection storage(Configuration configuration) {
    return configuration.clips().local()
        ? StorageSection.inDataFolder()
        : configuration.storage().below("process-" + System.currentTimeMillis());
  }

  private static BusConfig bus(Configuration configuration, String bootstrap) {
    // On a cluster of others, topics of this run alone; one file is one stream is one partition.
    String prefix =
        configuration.kafka().embedded()
            ? ""
            : configuration.kafka().topicPrefix() + "process-" + System.currentTimeMillis() + "-";
    return new BusConfig(
        bootstrap, prefix, 1, BusConfig.DEFAULT_MAX_WRITE_BYTES, FILE_LINGER_MILLIS);
  }

  private RoleSettings settings(Configuration configuration) {
    StreamSpec stream =
        new StreamSpec(
            plan.stream(),
            List.of(InputSpec.of(plan.video().toUri().toString())),
            plan.profile().name(),
            configuration.capture().agent(),
            true,
            List.of());
    return new RoleSettings(
        configuration,
        new Declared(
            List.of(stream), Map.of(plan.profile().name(), plan.profile()), "the command line"),
        plan.rules());
  }

  /** Waits until the last stage has worked off the file's end, showing how far it is. */
  private FileResult follow(RunResults results) throws Exception {
    Future<FileResult> file = roles.capture().fileDone(plan.stream());
    List<String> renditions =
        plan.configuration().clips().renditions().stream().map(RenditionSpec::name).toList();
    try (ProgressDisplay display =
        new ProgressDisplay(
            System.err,
            plan.video().getFileName().toString(),
            durationMicros,
            System.console() != null)) {
      long shown = System.nanoTime();
      while (true) {
        if (wasInterrupted()) {
          throw new InterruptedException(
              "interrupted after " + ProgressDisplay.clock(position(results) / 1_000));
        }
        if (file.failed()) {
          throw failure(file.cause());
        }
        boolean cut =
            file.succeeded()
                && ended(results, "segmenter", file.result())
                && ended(results, "alerter", file.result())
                && results.clipsComplete();
        if (cut && results.renditionsComplete(renditions)) {
          show(display, results);
          return file.result();
        }
        if (cut) {
          display.rendering(renditions);
        } else if (System.nanoTime() - shown >= SHOW_NANOS) {
          show(display, results);
          shown = System.nanoTime();
        }
      }
    }
  }

  private void show(ProgressDisplay display, RunResults results) throws TimeoutException {
    display.update(position(results), results.segments().size());
  }

  /** A file that cannot be read is the asker's business; everything else is ours. */
  private static Exception failure(Throwable cause) {
    boolean unreadable =
        cause instanceof CaptureException capture
            && capture.reason() == CaptureException.Reason.SOURCE;
    return unreadable
        ? new RequestException(cause.getMessage(), cause)
        : new IOException(cause.getMessage(), cause);
  }

  private static boolean ended(RunResults results, String stage, FileResult file)
      throws TimeoutException {
    return results
        .progress(stage)
        .filter(progress -> progress.ended() && progress.epoch().equals(file.epoch()))
        .isPresent();
  }

  /** How much of the file has become segments, or would have. */
  private long position(RunResults results) throws TimeoutException {
    long start =
        roles.capture().statuses().stream()
            .filter(status -> status.stream().equals(plan.stream()))
            .mapToLong(CaptureStatus::startMicros)
            .findFirst()
            .orElse(0);
    if (start == 0) {
      return 0;
    }
    return results
        .progress("segmenter")
        .map(StageProgress::positionMicros)
        .map(position -> Math.max(0, position - start))
        .orElse(0L);
  }

  private Replay replay(RunResults results, String run) throws Exception {
    ReplayRequest request =
        new ReplayRequest(
            REPLAY,
            ReplayRequest.Kind.CREATE,
            "All of " + plan.video().getFileName(),
            new ReplayRequest.Selection(List.of(plan.stream()), run, null, null, List.of()),
            true,
            "process",
            results.epochs().get(0).startMicros(),
            1);
    await(
        installation
            .records()
            .put(StoreKeys.replayRequests(REPLAY), "1", Json.encode(request), null));
    await(installation.writer().write(OutRecord.of(Topic.REPLAY_REQUESTS, REPLAY, request)));
    while (true) {
      Optional<Replay> replay = results.replay(REPLAY);
      if (replay.isPresent() && replay.get().complete()) {
        if (replay.get().error() != null) {
          throw new IOException("The replay could not be made: " + replay.get().error());
        }
        return replay.get();
      }
      if (wasInterrupted()) {
        throw new InterruptedException("interrupted while the replay was made");
      }
    }
  }

  /**
   * Ends everything, newest first; the output folder goes back to what it was if nothing came. Once
   * the results are there, all that is left belongs to the work folder, which goes away, and to
   * this process, which ends: nobody waits for stages to take their leave of a broker of their own.
   */
  @Override
  public void close() {
    boolean onDisk = plan.configuration().clips().local();
    try {
      if (complete && broker != null && onDisk) {
        broker.close();
        return;
      }
      if (roles != null) {
        settle(roles.stopTogether());
      }
      if (installation != null) {
        if (!plan.configuration().kafka().embedded() && connected) {
          settle(Topics.delete(vertx, installation.bus()));
        }
        if (!onDisk) {
          clear(installation.objects());
        }
        settle(installation.close());
      }
      if (vertx != null) {
        settle(vertx.close());
      }
      if (broker != null) {
        broker.close();
      }
    } finally {
      output.close();
    }
  }

  private static void clear(ObjectStore objects) {
    try {
      List<ObjectInfo> page;
      do {
        page = objects.list("", null, CLEARED).await(CLEAR_SECONDS, TimeUnit.SECONDS).objects();
        Future.all(page.stream().map(object -> objects.delete(object.key())).toList())
            .await(CLEAR_SECONDS, TimeUnit.SECONDS);
      } while (!page.isEmpty());
    } catch (TimeoutException | StorageException e) {
      LOG.warn("Objects of this run are left in the bucket: {}", e.getMessage());
    }
  }

  /** Waits for an end; one that does not come must not hold up the others. */
  private static void settle(Future<?> end) {
    try {
      end.transform(result -> Future.succeededFuture()).await(5, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.debug("An end took too long", e);
    }
  }

  /** The pause between two looks at how far it is. */
  private boolean wasInterrupted() throws Exception {
    if (broker != null && broker.ended()) {
      throw new IOException("the embedded broker has ended");
    }
    try {
      interrupted.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private <T> T await(Future<T> future) throws Exception {
    return await(future.toCompletionStage().toCompletableFuture());
  }

  private <T> T await(CompletableFuture<T> future) throws Exception {
    try {
      CompletableFuture.anyOf(future, interrupted).get(START_SECONDS, TimeUnit.SECONDS);
      if (!future.isDone()) {
        throw new InterruptedException("interrupted at the start");
      }
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      throw new IOException("the start took longer than " + START_SECONDS + " s", e);
    }
  }
}
