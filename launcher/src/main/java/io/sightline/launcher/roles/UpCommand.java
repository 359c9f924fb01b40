package io.sightline.launcher.roles;

import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.ConfigurationException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code sightline up}: all roles in this process, the broker beside it in its own. */
@CommandLine.Command(
    name = "up",
    description = "Runs all of Sightline on this machine until Ctrl-C.",
    mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {

  @CommandLine.Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration file. Default: sightline.yaml here, if there is one.")
  private Path config;

  @CommandLine.Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Where the broker, records and objects live; in place of the file's 'data'.")
  private Path data;

  @CommandLine.Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where the dashboard and the API listen; in place of the file's 'http.port'.")
  private Integer port;

  @CommandLine.Option(names = "--verbose", description = "Tell more of what happens.")
  private boolean verbose;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ServerConfiguration configuration = load();
    return new Server(configuration, EnumSet.allOf(Role.class), null, spec.commandLine().getOut())
        .run();
  }

  private ServerConfiguration load() throws ConfigurationException, RequestException {
    return ServerConfiguration.load(config, data, port, verbose);
  }
}
