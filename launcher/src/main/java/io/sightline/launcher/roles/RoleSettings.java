package io.sightline.launcher.roles;

import io.sightline.alerter.AlerterConfig;
import io.sightline.alerter.AlerterVerticle;
import io.sightline.alerter.Notifiers;
import io.sightline.analyzer.AnalyzerConfig;
import io.sightline.analyzer.AnalyzerPlugins;
import io.sightline.analyzer.AnalyzerVerticle;
import io.sightline.analyzer.models.ModelFolder;
import io.sightline.edgecapture.CaptureConfig;
import io.sightline.edgecapture.CaptureVerticle;
import io.sightline.ingestgateway.Declared;
import io.sightline.ingestgateway.GatewayConfig;
import io.sightline.ingestgateway.GatewayVerticle;
import io.sightline.ingestgateway.access.AccessToken;
import io.sightline.ingestgateway.access.Scope;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.installation.Installation;
import io.sightline.records.WatchRule;
import io.sightline.segmenter.Classifiers;
import io.sightline.segmenter.SegmenterConfig;
import io.sightline.segmenter.SegmenterVerticle;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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

  /**
   * @param declared the streams and profiles in force
   * @param rules the watch rules in force
   */
  public RoleSettings(Configuration configuration, Declared declared, List<WatchRule> rules) {
    this.configuration = configuration;
    this.declared = declared;
    this.rules = List.copyOf(rules);
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
    Configuration.Http http = configuration.http();
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
            defaults.keepFor(),
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
        Classifiers.installed(),
        shared.bus(),
        shared.records(),
        shared.writer(),
        shared.checkpoints(),
        Clock.systemUTC());
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

  /**
   * @param gatewayPort of the gateway in this process; -1 when it runs elsewhere
   */
  CaptureVerticle capture(Installation shared, int gatewayPort) {
    Configuration.Capture capture = configuration.capture();
    int port = gatewayPort < 0 ? configuration.http().port() : gatewayPort;
    String gateway =
        capture.gateway() != null ? capture.gateway() : "http://" + loopback() + ":" + port;
    String token = capture.token() != null ? capture.token() : shared.secrets().agentToken();
    CaptureConfig defaults = CaptureConfig.of(URI.create(gateway), token, capture.agent());
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
            capture.spool().in(configuration.data())));
  }

  private String loopback() {
    String host = configuration.http().host();
    return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
  }
}
