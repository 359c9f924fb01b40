package io.sightline.launcher.roles;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** One role in a process of its own, for deployments of several: {@code sightline analyzer}. */
@CommandLine.Command(mixinStandardHelpOptions = true)
public final class RoleCommand implements Callable<Integer> {

  /** For a process that another one starts: it is told the rest on its standard input. */
  static final String WORKER = "--worker";

  private final Role role;

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

  @CommandLine.Option(names = "--verbose", description = "Tell more of what happens.")
  private boolean verbose;

  @CommandLine.Option(names = WORKER, hidden = true, paramLabel = "SHARE")
  private String worker;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private RoleCommand(Role role) {
    this.role = role;
  }

  /** The command of a role. */
  public static CommandLine of(Role role) {
    CommandLine line = new CommandLine(new RoleCommand(role));
    line.setCommandName(role.id());
    line.getCommandSpec().usageMessage().description("Runs one role: " + role.description() + ".");
    return line;
  }

  @Override
  public Integer call() throws Exception {
    ServerConfiguration configuration = ServerConfiguration.load(config, data, null, verbose);
    Worker told =
        worker == null ? null : new Worker(Worker.share(worker), ParentProcess.destination());
    return new Server(configuration, EnumSet.of(role), told, spec.commandLine().getOut()).run();
  }
}
