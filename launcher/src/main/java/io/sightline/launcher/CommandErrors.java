package io.sightline.launcher;

import io.sightline.bus.BusException;
import io.sightline.launcher.config.ConfigurationException;
import io.sightline.launcher.config.Nearest;
import java.io.PrintWriter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Turns what goes wrong into one sentence on standard error and an exit code. */
final class CommandErrors
    implements CommandLine.IParameterExceptionHandler,
        CommandLine.IExecutionExceptionHandler,
        CommandLine.IExecutionStrategy {

  private static final Logger LOG = LoggerFactory.getLogger(CommandErrors.class);

  @Override
  public int handleParseException(CommandLine.ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    say(command, sentence(e, command));
    return ExitCode.WRONG_REQUEST;
  }

  /** Runs the command so that an {@link Error}, too, ends in a sentence. */
  @Override
  public int execute(CommandLine.ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error e) {
      CommandLine.ParseResult last = parsed;
      while (last.hasSubcommand()) {
        last = last.subcommand();
      }
      throw new CommandLine.ExecutionException(
          last.commandSpec().commandLine(), "The command ended with an error", e);
    }
  }

  @Override
  public int handleExecutionException(
      Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    Throwable cause = e;
    while (cause != null) {
      if (cause instanceof RequestException
          || cause instanceof ConfigurationException
          || (cause instanceof BusException bus
              && (bus.reason() == BusException.Reason.UNREACHABLE
                  || bus.reason() == BusException.Reason.MISCONFIGURED))) {
        LOG.debug("The request is wrong", e);
        say(command, cause.getMessage());
        return ExitCode.WRONG_REQUEST;
      }
      cause = cause.getCause();
    }
    LOG.debug("The command failed", e);
    say(command, e instanceof InterruptedException ? message(e) : unexpected(e));
    return ExitCode.FAILED;
  }

  private static String sentence(CommandLine.ParameterException e, CommandLine command) {
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().get(0);
      if (word.startsWith("-")) {
        List<String> options =
            command.getCommandSpec().options().stream()
                .map(option -> option.longestName())
                .toList();
        return "unknown option " + word + meant(word, options) + help(command);
      }
      if (!command.getSubcommands().isEmpty()) {
        return "unknown command '"
            + word
            + "'"
            + meant(word, List.copyOf(command.getSubcommands().keySet()))
            + help(command);
      }
      return "unexpected argument '" + word + "'" + help(command);
    }
    String message =
        e.getMessage().replaceFirst(" is not an? (int|long)$", " is not a whole number");
    return Character.toLowerCase(message.charAt(0)) + message.substring(1) + help(command);
  }

  private static String meant(String word, List<String> known) {
    return Nearest.to(word, known).map(nearest -> "; did you mean '" + nearest + "'?").orElse("");
  }

  private static String help(CommandLine command) {
    return " (see " + command.getCommandSpec().qualifiedName() + " --help)";
  }

  private static String unexpected(Exception e) {
    Throwable cause = e instanceof CommandLine.ExecutionException ? e.getCause() : e;
    String kind = cause instanceof Error ? cause.getClass().getSimpleName() + ": " : "";
    return "it did not work: "
        + kind
        + message(cause)
        + " (SIGHTLINE_JAVA_OPTIONS=-Dsightline.log=DEBUG tells more)";
  }

  /** On one line. */
  private static String message(Throwable e) {
    Throwable cause = e;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  private static void say(CommandLine command, String sentence) {
    PrintWriter err = command.getErr();
    err.println("sightline: " + sentence);
    err.flush();
  }
}
