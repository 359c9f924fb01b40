package io.sightline.launcher.roles;

import io.sightline.edgecapture.CaptureVerticle;
import io.sightline.ingestgateway.GatewayVerticle;
import io.sightline.ingestgateway.IngestVerticle;
import io.sightline.launcher.installation.Installation;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The roles that run in this process. They start together, but for capture, which needs to know
 * where the gateway listens. They stop against the order of {@link Role}: intake first, then what
 * is behind it. One thread at a time.
 */
public final class RunningRoles {

  private final Installation installation;
  private final RoleSettings settings;
  private final List<String> workerArguments;
  private final Map<Role, VerticleBase> verticles = new EnumMap<>(Role.class);
  private final List<String> deployments = Collections.synchronizedList(new ArrayList<>());

  /** Null but when capture writes to Kafka itself. */
  private IngestVerticle ingest;

  public RunningRoles(Installation installation, RoleSettings settings) {
    this(installation, settings, List.of());
  }

  /**
   * @param workerArguments of the command line of a worker of capture, if there are to be some
   */
  RunningRoles(Installation installation, RoleSettings settings, List<String> workerArguments) {
    this.installation = installation;
    this.settings = settings;
    this.workerArguments = List.copyOf(workerArguments);
  }

  /** Starts roles; on failure those started go on and {@link #stop()} ends them. */
  public Future<Void> start(Set<Role> roles) {
    List<Future<Void>> others = new ArrayList<>();
    for (Role role : roles) {
      if (role != Role.CAPTURE && role != Role.BROKER) {
        others.add(deploy(role));
      }
    }
    if (roles.contains(Role.CLIPPER)) {
      others.add(deploy(settings.renditions(installation)));
      others.add(deploy(Optional.of(settings.reelParts(installation))));
      others.add(deploy(settings.replayJobs(installation)));
    }
    if (roles.contains(Role.REPLAY)) {
      others.add(deploy(settings.publishing(installation)));
    }
    Future<Void> started = Future.join(others).mapEmpty();
    if (!roles.contains(Role.CAPTURE)) {
      return started;
    }
    return started
        .compose(before -> settings.capturesToKafka() ? deployIngest() : Future.succeededFuture())
        .compose(before -> deploy(Role.CAPTURE));
  }

  /** Where the gateway of this process listens; only while it runs. */
  public int gatewayPort() {
    return ((GatewayVerticle) verticles.get(Role.GATEWAY)).port();
  }

  /** The capture of this process; null when it does not run here. */
  public CaptureVerticle capture() {
    return verticles.get(Role.CAPTURE) instanceof CaptureVerticle capture ? capture : null;
  }

  /** The workers that do the capture of this process; null when there are none. */
  CaptureWorkers workers() {
    return verticles.get(Role.CAPTURE) instanceof CaptureWorkers workers ? workers : null;
  }

  /** Ends all, one after another, each with what it has in hand. */
  public Future<Void> stop() {
    List<String> newestFirst = new ArrayList<>(deployments);
    Collections.reverse(newestFirst);
    deployments.clear();
    Future<Void> stopped = Future.succeededFuture();
    for (String deployment : newestFirst) {
      stopped = stopped.eventually(() -> installation.vertx().undeploy(deployment)).mapEmpty();
    }
    return stopped;
  }

  /** Ends all at once: for work whose results are kept elsewhere already, or not at all. */
  public Future<Void> stopTogether() {
    List<Future<Void>> ends =
        deployments.stream().map(id -> installation.vertx().undeploy(id)).toList();
    deployments.clear();
    return Future.join(ends).mapEmpty();
  }

  /** In the gateway's place: before capture, and stopped after it. */
  private Future<Void> deployIngest() {
    ingest = settings.ingest(installation);
    return installation.vertx().deployVerticle(ingest).onSuccess(deployments::add).mapEmpty();
  }

  /** Where this process's capture sends to; -1 when that is elsewhere. */
  private int intakePort() {
    if (ingest != null) {
      return ingest.port();
    }
    return verticles.containsKey(Role.GATEWAY) ? gatewayPort() : -1;
  }

  private Future<Void> deploy(Role role) {
    VerticleBase verticle = verticle(role);
    verticles.put(role, verticle);
    return installation.vertx().deployVerticle(verticle).onSuccess(deployments::add).mapEmpty();
  }

  /** What a role does besides, when it is wanted. */
  private Future<Void> deploy(Optional<? extends VerticleBase> wanted) {
    return wanted.isEmpty()
        ? Future.succeededFuture()
        : installation.vertx().deployVerticle(wanted.get()).onSuccess(deployments::add).mapEmpty();
  }

  private VerticleBase verticle(Role role) {
    Installation shared = installation;
    return switch (role) {
      case GATEWAY -> settings.gateway(shared);
      case ANALYZER -> settings.analyzer(shared);
      case SEGMENTER -> settings.segmenter(shared);
      case ALERTER -> settings.alerter(shared);
      case CAPTURE ->
          settings.capturesInWorkers()
              ? settings.workers(shared, intakePort(), workerArguments)
              : settings.capture(shared, intakePort());
      case CLIPPER -> settings.clipper(shared);
      case REPLAY -> settings.replay(shared);
      case BROKER -> throw new IllegalStateException("The broker is a process of its own");
    };
  }
}
