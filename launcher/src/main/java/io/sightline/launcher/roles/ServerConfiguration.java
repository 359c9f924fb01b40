package io.sightline.launcher.roles;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.sightline.analyzer.AnalyzerPlugins;
import io.sightline.analyzer.models.ModelFolder;
import io.sightline.ingestgateway.Declared;
import io.sightline.ingestgateway.ReplayEncoding;
import io.sightline.ingestgateway.TransitionNames;
import io.sightline.ingestgateway.medialive.MediaLiveFinder;
import io.sightline.ingestgateway.streams.StreamFinder;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.ConfigurationException;
import io.sightline.launcher.config.ConfigurationFile;
import io.sightline.launcher.config.HttpSection;
import io.sightline.records.Profile;
import io.sightline.records.RenditionSpec;
import io.sightline.segmenter.SegmenterPlugins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * A configuration for long-running roles, with all profiles checked.
 *
 * @param file it comes from; null when there is none
 * @param verbose whether more is told
 */
record ServerConfiguration(Configuration configuration, Path file, boolean verbose) {

  private static final Path DEFAULT_FILE = Path.of("sightline.yaml");

  /**
   * @param file null for {@code sightline.yaml} here, if there is one
   * @param data in place of what the file says; null to leave it
   * @param port in place of what the file says; null to leave it
   */
  static ServerConfiguration load(Path file, Path data, Integer port, boolean verbose)
      throws ConfigurationException, RequestException {
    ((Logger) LoggerFactory.getLogger("io.sightline")).setLevel(verbose ? Level.DEBUG : Level.INFO);
    Path chosen = file != null ? file : Files.exists(DEFAULT_FILE) ? DEFAULT_FILE : null;
    ConfigurationFile reader =
        chosen == null ? null : new ConfigurationFile(chosen, System::getenv);
    Configuration configuration = reader == null ? Configuration.defaults() : reader.read();
    check(configuration, reader);
    if (data != null) {
      configuration = configuration.withData(data);
    }
    if (port != null) {
      try {
        configuration =
            configuration.withHttp(
                new HttpSection(
                    configuration.http().host(), port, configuration.http().allowedHosts()));
      } catch (IllegalArgumentException e) {
        throw new RequestException("--port: " + e.getMessage(), e);
      }
    }
    return new ServerConfiguration(configuration, chosen, verbose);
  }

  /** The command line of another process that captures by the same configuration. */
  List<String> workerArguments() {
    List<String> arguments = new ArrayList<>(List.of(Role.CAPTURE.id()));
    if (file != null) {
      arguments.addAll(List.of("--config", file.toAbsolutePath().toString()));
    }
    arguments.addAll(List.of("--data", configuration.data().toAbsolutePath().toString()));
    if (verbose) {
      arguments.add("--verbose");
    }
    return arguments;
  }

  Declared declared() {
    return new Declared(
        configuration.streamSpecs(),
        configuration.profilesByName(),
        file == null ? "the configuration" : file.toString(),
        configuration.timeZone().id(),
        configuration.recordings(),
        configuration.mediaLiveSettings().stream().<StreamFinder>map(MediaLiveFinder::new).toList(),
        configuration.publish() != null,
        configuration.clips().renditions().stream().map(RenditionSpec::name).toList(),
        new TransitionNames(
            configuration.transitions().clips().keySet(),
            configuration.transitions().pictures().keySet()),
        configuration
            .clips()
            .service(configuration.storage())
            .<ReplayEncoding>map(service -> service::estimate)
            .orElse(null));
  }

  private static void check(Configuration configuration, ConfigurationFile reader)
      throws ConfigurationException, RequestException {
    SegmenterPlugins plugins = SegmenterPlugins.installed();
    try (AnalyzerPlugins analyzers =
        AnalyzerPlugins.load(new ModelFolder(configuration.analyzer().models()))) {
      for (Map.Entry<String, Profile> profile : configuration.profilesByName().entrySet()) {
        try {
          analyzers.check(profile.getValue());
          plugins.check(profile.getValue());
        } catch (IllegalArgumentException e) {
          if (reader == null) {
            throw new RequestException(e.getMessage(), e);
          }
          throw reader.atProfile(profile.getKey(), e);
        }
      }
    }
  }
}
