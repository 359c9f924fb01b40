package io.sightline.launcher.roles;

import io.sightline.alerter.AlerterConfig;
import io.sightline.alerter.AlerterVerticle;
import io.sightline.alerter.Notifiers;
import io.sightline.analyzer.AnalyzerConfig;
import io.sightline.analyzer.AnalyzerPlugins;
import io.sightline.analyzer.AnalyzerVerticle;
import io.sightline.analyzer.models.ModelFolder;
import io.sightline.bus.BusConfig;
import io.sightline.clipper.ClipMaker;
import io.sightline.clipper.ClipperConfig;
import io.sightline.clipper.ClipperVerticle;
import io.sightline.clipper.mediaconvert.MediaConvert;
import io.sightline.clipper.mediaconvert.ReplayJobVerticle;
import io.sightline.clipper.reelpart.ReelPartVerticle;
import io.sightline.clipper.rendition.RenditionVerticle;
import io.sightline.edgecapture.CaptureConfig;
import io.sightline.edgecapture.CaptureEnds;
import io.sightline.edgecapture.CaptureShare;
import io.sightline.edgecapture.CaptureVerticle;
import io.sightline.ingestgateway.Declared;
import io.sightline.ingestgateway.GatewayConfig;
import io.sightline.ingestgateway.GatewayVerticle;
import io.sightline.ingestgateway.IngestVerticle;
import io.sightline.ingestgateway.access.AccessToken;
import io.sightline.ingestgateway.access.Scope;
import io.sightline.launcher.config.CaptureSection;
import io.sightline.launcher.config.ClipsSection;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.HttpSection;
import io.sightline.launcher.installation.Installation;
import io.sightline.records.StreamAssignment;
import io.sightline.records.StreamSpec;
import io.sightline.records.WatchRule;
import io.sightline.replay.ReplayVerticle;
import io.sightline.replay.TransitionFiles;
import io.sightline.replay.publish.PublishVerticle;
import io.sightline.segmenter.SegmenterConfig;
import io.sightline.segmenter.SegmenterPlugins;
import io.sightline.segmenter.SegmenterVerticle;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the verticle of each role from the configuration: the one place where the keys of the file
 * meet the settings of the modules.
 */
public final class RoleSettings {

  private final Configuration configuration;
  private final Declared declared;
  private final List<WatchRule> rules;
  private final AnalyzerPlugins analyzers;
  private final TransitionFiles transitions;

  /** One, because clips and replays share its queue of events. */
  private final Optional<MediaConvert> mediaConvert;

  /** Null in a process that is no worker. */
  private final Worker worker;

  /**
   * @param declared the streams and profiles in force
   * @param rules the watch rules in force
   */
  public RoleSettings(Configuration configuration, Declared declared, List<WatchRule> rules) {
    this(configuration, declared, rules, null, TransitionFiles.NONE);
  }

  /**
   * @param worker null in a process that is none
   * @param transitions what replays may show between their items
   */
  RoleSettings(
      Configuration configuration,
      Declared declared,
      List<WatchRule> rules,
      Worker worker,
      TransitionFiles transitions) {
    this.transitions = transitions;
    this.configuration = configuration;
    this.declared = declared;
    this.rules = List.copyOf(rules);
    this.worker = worker;
    this.mediaConvert = configuration.clips().service(configuration.storage());
    this.analyzers = AnalyzerPlugins.load(new ModelFolder(configuration.analyzer().models()));
  }

  GatewayVerticle gateway(Installation shared) {
    List<AccessToken> tokens = new ArrayList<>();
    tokens.add(AccessToken.of("owner", shared.secrets().adminToken(), Scope.ADMIN, Set.of()));
    tokens.add(AccessToken.of("local-agent", shared.secrets().agentToken(), Scope.AGENT, Set.of()));
    configuration
        .access()
        .forEach(
            (name, access) ->
                tokens.add(
                    AccessToken.of(
                        name, access.token(), Scope.parse(access.scope()), access.streams())));
    HttpSection http = configuration.http();
    GatewayConfig defaults =
        GatewayConfig.of(
            http.port(), tokens, HexFormat.of().parseHex(shared.secrets().signingKey()));
    GatewayConfig config =
        new GatewayConfig(
            http.host(),
            http.port(),
            Set.copyOf(http.allowedHosts()),
            defaults.tokens(),
            defaults.signingKey(),
            defaults.signedFor(),
            defaults.maxItemBytes(),
            defaults.maxFrameBytes(),
            defaults.windowBytes(),
            defaults.dvrWindow(),
            defaults.eventQueue());
    return new GatewayVerticle(
        config,
        shared.objects(),
        shared.records(),
        shared.writer(),
        shared.bus(),
        shared.checkpoints(),
        declared);
  }

  AnalyzerVerticle analyzer(Installation shared) {
    AnalyzerConfig defaults = AnalyzerConfig.DEFAULTS;
    return new AnalyzerVerticle(
        new AnalyzerConfig(
            configuration.analyzer().threads(),
            defaults.maxInFlight(),
            defaults.maxInFlightBytes(),
            defaults.progressEvery(),
            defaults.forgetAfter()),
        shared.bus(),
        analyzers,
        shared.objects(),
        shared.records(),
        shared.writer(),
        shared.checkpoints(),
        new StreamZones(shared.vertx(), shared.records(), declared.streams()),
        Clock.systemUTC());
  }

  SegmenterVerticle segmenter(Installation shared) {
    return new SegmenterVerticle(
        SegmenterConfig.defaults(),
        SegmenterPlugins.installed(),
        shared.bus(),
        shared.records(),
        shared.writer(),
        shared.checkpoints(),
        Clock.systemUTC());
  }

  ClipperVerticle clipper(Installation shared) {
    ClipsSection clips = configuration.clips();
    return new ClipperVerticle(
        clips.config(),
        shared.bus(),
        shared.objects(),
        shared.records(),
        shared.checkpoints(),
        shared.writer(),
        clips.local() ? ClipMaker::local : mediaConvert.orElseThrow().clips(clips.accuracy()));
  }

  /** Has whole replays encoded; empty when that is not configured. */
  Optional<ReplayJobVerticle> replayJobs(Installation shared) {
    return declared.encoding() == null
        ? Optional.empty()
        : mediaConvert.map(
            service ->
                new ReplayJobVerticle(
                    service,
                    shared.bus(),
                    shared.objects(),
                    shared.records(),
                    shared.checkpoints(),
                    shared.writer()));
  }

  /** Makes clips in other sizes and shapes; empty when none are wanted. */
  Optional<RenditionVerticle> renditions(Installation shared) {
    ClipperConfig config = configuration.clips().config();
    return config.renditions().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RenditionVerticle(
                config,
                shared.bus(),
                shared.objects(),
                shared.records(),
                shared.checkpoints(),
                shared.writer()));
  }

  /** Encodes what replays ask for. */
  ReelPartVerticle reelParts(Installation shared) {
    return new ReelPartVerticle(
        configuration.clips().config(),
        shared.bus(),
        shared.objects(),
        shared.records(),
        shared.checkpoints(),
        shared.writer());
  }

  ReplayVerticle replay(Installation shared) {
    return new ReplayVerticle(
        shared.bus(),
        shared.objects(),
        shared.records(),
        shared.checkpoints(),
        shared.writer(),
        transitions);
  }

  /** Copies replays out; empty when nothing is published here. */
  Optional<PublishVerticle> publishing(Installation shared) {
    return Optional.ofNullable(declared.publishes() ? configuration.publish() : null)
        .map(
            place ->
                new PublishVerticle(
                    place,
                    shared.bus(),
                    shared.objects(),
                    shared.records(),
                    shared.checkpoints(),
                    shared.writer()));
  }

  AlerterVerticle alerter(Installation shared) {
    return new AlerterVerticle(
        AlerterConfig.of(rules, configuration.channels()),
        Notifiers.installed(),
        shared.bus(),
        shared.records(),
        shared.writer(),
        shared.checkpoints(),
        Clock.systemUTC());
  }

  /** Whether capture writes to Kafka itself, through an {@link #ingest} of its own. */
  boolean capturesToKafka() {
    return configuration.capture().toKafka() && worker == null;
  }

  /** Whether this process's capture is done by others that it starts. */
  boolean capturesInWorkers() {
    return configuration.capture().isolated() && worker == null;
  }

  /** The workers of this process's capture, which send to the same place as it would. */
  CaptureWorkers workers(Installation shared, int gatewayPort, List<String> arguments) {
    CaptureSection capture = configuration.capture();
    Worker.Destination destination =
        sendsAlone()
            ? new Worker.Destination(null, null)
            : new Worker.Destination(gateway(gatewayPort).toString(), token(capture, shared));
    List<Worker> workers = new ArrayList<>();
    for (int index = 0; index < capture.workers(); index++) {
      workers.add(new Worker(new CaptureShare(index, capture.workers()), destination));
    }
    return new CaptureWorkers(arguments, workers);
  }

  /** Whether capture needs no gateway at all. */
  private boolean sendsAlone() {
    CaptureSection capture = configuration.capture();
    return !capture.toGateway() && !capture.toKafka() && capture.gateway() == null;
  }

  /** The ingest of this process's capture: on loopback, for nobody else. */
  IngestVerticle ingest(Installation shared) {
    CaptureSection capture = configuration.capture();
    BusConfig bus = configuration.kafka().bus(configuration.kafka().bootstrap());
    return new IngestVerticle(
        GatewayConfig.of(
            0,
            List.of(AccessToken.of("capture", shared.ownToken(), Scope.AGENT, Set.of())),
            HexFormat.of().parseHex(shared.secrets().signingKey())),
        capture.agent(),
        shared.objects(),
        shared.records(),
        () -> shared.connect(bus).map(connected -> shared.writer()),
        bus,
        shared.checkpoints(),
        new Declared(
            ownStreams(),
            declared.profiles(),
            declared.where(),
            declared.timeZone(),
            declared.recordings()));
  }

  /**
   * @param gatewayPort of the gateway, or the ingest, in this process; -1 when it runs elsewhere
   */
  CaptureVerticle capture(Installation shared, int gatewayPort) {
    CaptureSection capture = configuration.capture();
    boolean service = !capture.toGateway() && !capture.toKafka();
    CaptureConfig defaults =
        CaptureConfig.of(
            sendsAlone() ? null : gateway(gatewayPort), token(capture, shared), capture.agent());
    CaptureEnds ends =
        new CaptureEnds(
            capture.declaresStreams() ? assignments() : null,
            service ? capture.service() : null,
            worker == null ? CaptureShare.ALL : worker.share());
    return new CaptureVerticle(
        new CaptureConfig(
            defaults.gateway(),
            defaults.token(),
            defaults.agent(),
            Path.of(""),
            defaults.bufferBytes(),
            defaults.windowBytes(),
            defaults.openTimeout(),
            defaults.readTimeout(),
            defaults.drainTimeout(),
            capture.chunk(),
            analyzers::needsPictures,
            capture.rtmp(),
            capture.spool().in(configuration.data())),
        ends);
  }

  private URI gateway(int port) {
    String named =
        worker == null ? configuration.capture().gateway() : worker.destination().gateway();
    if (named != null) {
      return URI.create(named);
    }
    // An ingest of this process listens on loopback, whatever the gateway would.
    String host = capturesToKafka() ? GatewayConfig.DEFAULT_HOST : loopback();
    return URI.create("http://" + host + ":" + (port < 0 ? configuration.http().port() : port));
  }

  private String token(CaptureSection capture, Installation shared) {
    if (worker != null && worker.destination().token() != null) {
      return worker.destination().token();
    }
    if (capture.toKafka()) {
      return shared.ownToken();
    }
    return capture.token() != null ? capture.token() : shared.secrets().agentToken();
  }

  private List<StreamSpec> ownStreams() {
    return declared.streams().stream()
        .filter(stream -> stream.agent().equals(configuration.capture().agent()))
        .toList();
  }

  private List<StreamAssignment> assignments() {
    return ownStreams().stream()
        .map(
            stream ->
                new StreamAssignment(
                    stream,
                    declared.profiles().get(stream.profile()),
                    1,
                    declared.timeZone().getId()))
        .toList();
  }

  private String loopback() {
    String host = configuration.http().host();
    return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
  }
}
