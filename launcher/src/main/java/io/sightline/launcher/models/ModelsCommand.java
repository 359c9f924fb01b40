package io.sightline.launcher.models;

import io.sightline.analyzer.models.ModelCatalogue;
import io.sightline.analyzer.models.ModelEntry;
import io.sightline.analyzer.models.ModelFolder;
import io.sightline.analyzer.models.ModelPull;
import io.sightline.analyzer.models.PullException;
import io.sightline.launcher.ExitCode;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.Nearest;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine;

/** {@code sightline models list|pull NAME}. */
@CommandLine.Command(
    name = "models",
    description = "Lists detectors that can be fetched by name, and fetches them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "list|pull NAME")
public final class ModelsCommand implements Callable<Integer> {

  private static final Duration PULL_TIME = Duration.ofMinutes(10);

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.DONE;
  }

  /** {@code sightline models list}. */
  @CommandLine.Command(description = "Lists the models that are known by name.")
  int list(@CommandLine.Mixin FolderOption where) {
    PrintWriter out = spec.commandLine().getOut();
    ModelFolder folder = new ModelFolder(where.folder());
    for (ModelEntry entry : ModelCatalogue.entries()) {
      boolean here = Files.isRegularFile(folder.fileOf(entry.name()));
      out.printf("%s%s%n", entry.name(), here ? "  (in " + where.folder() + ")" : "");
      out.printf("    %s; labels: %s%n", entry.description(), entry.labels());
      out.printf(
          "    %.1f MB, licence %s, %s%n",
          entry.sizeBytes() / 1e6, entry.licence(), entry.origin());
    }
    out.println("Fetch one with: sightline models pull NAME");
    out.flush();
    return ExitCode.DONE;
  }

  /** {@code sightline models pull NAME}. */
  @CommandLine.Command(description = "Fetches a model, after showing its licence.")
  int pull(
      @CommandLine.Parameters(paramLabel = "NAME", description = "One of 'models list'.")
          String name,
      @CommandLine.Option(
              names = "--yes",
              description = "Agree to the licence without being asked.")
          boolean yes,
      @CommandLine.Mixin FolderOption where)
      throws RequestException {
    ModelEntry entry =
        ModelCatalogue.find(name)
            .orElseThrow(
                () ->
                    new RequestException(
                        "There is no model '"
                            + name
                            + "'"
                            + Nearest.to(name, ModelCatalogue.names())
                                .map(nearest -> "; did you mean '" + nearest + "'?")
                                .orElse("; there are " + ModelCatalogue.names())));
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: %s%n", entry.name(), entry.description());
    out.printf("    from      %s%n", entry.url());
    out.printf("    by        %s%n", entry.origin());
    out.printf("    licence   %s%n", entry.licence());
    out.printf("    SHA-256   %s%n", entry.sha256());
    out.flush();
    if (!yes && !agreed(out)) {
      throw new RequestException("Nothing was fetched: the licence was not agreed to");
    }
    Path file = fetch(entry, new ModelFolder(where.folder()));
    out.printf("The model is in %s; use it with --model %s%n", file, entry.name());
    out.flush();
    return ExitCode.DONE;
  }

  private static boolean agreed(PrintWriter out) {
    out.print("Fetch it under this licence? [y/N] ");
    out.flush();
    Scanner answers = new Scanner(System.in);
    return answers.hasNextLine() && answers.nextLine().strip().toLowerCase().startsWith("y");
  }

  private static Path fetch(ModelEntry entry, ModelFolder folder) throws RequestException {
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(entry.name())
            .setInitialMax(entry.sizeBytes())
            .setUnit(" MB", 1_000_000)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .build()) {
      return new ModelPull(folder, PULL_TIME).pull(entry, bar::stepTo);
    } catch (PullException e) {
      throw new RequestException(e.getMessage(), e);
    }
  }

  /** Where models lie. */
  static final class FolderOption {
    @CommandLine.Option(
        names = "--folder",
        paramLabel = "FOLDER",
        description = "Where models lie. Default: models, here.")
    private Path folder;

    Path folder() {
      return folder == null ? Configuration.defaults().analyzer().models() : folder;
    }
  }
}
