package io.sightline.launcher;

import io.sightline.launcher.bench.BenchCommand;
import io.sightline.launcher.cut.CutCommand;
import io.sightline.launcher.export.ExportCommand;
import io.sightline.launcher.failed.FailedCommand;
import io.sightline.launcher.models.ModelsCommand;
import io.sightline.launcher.probe.ProbeCommand;
import io.sightline.launcher.process.PrepareCommand;
import io.sightline.launcher.process.ProcessCommand;
import io.sightline.launcher.roles.Role;
import io.sightline.launcher.roles.RoleCommand;
import io.sightline.launcher.roles.UpCommand;
import picocli.CommandLine;

/** The root of the command line; each subcommand is a feature package. */
@CommandLine.Command(
    name = "sightline",
    description = "Live video in; labelled frames, alerts, clips and highlight replays out.",
    mixinStandardHelpOptions = true,
    versionProvider = SightlineCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done; 2 the request or configuration is wrong; 3 done, but part of the input",
      "could not be read; 1 anything else."
    })
public final class SightlineCommand implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  SightlineCommand() {}

  /** The whole command line, ready to execute. */
  public static CommandLine line() {
    CommandLine line = new CommandLine(new SightlineCommand());
    line.addSubcommand(new ProcessCommand());
    line.addSubcommand(new UpCommand());
    for (Role role : Role.values()) {
      line.addSubcommand(role.id(), RoleCommand.of(role));
    }
    line.addSubcommand(new ProbeCommand());
    line.addSubcommand(new CutCommand());
    line.addSubcommand(new ExportCommand());
    line.addSubcommand(new ModelsCommand());
    line.addSubcommand(new FailedCommand());
    line.addSubcommand(new BenchCommand());
    line.addSubcommand(new PrepareCommand());
    CommandErrors errors = new CommandErrors();
    line.setParameterExceptionHandler(errors);
    line.setExecutionExceptionHandler(errors);
    line.setExecutionStrategy(errors);
    line.setUsageHelpAutoWidth(true);
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** What {@code --version} prints. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = SightlineCommand.class.getPackage().getImplementationVersion();
      return new String[] {"sightline " + (version == null ? "(from source)" : version)};
    }
  }
}
