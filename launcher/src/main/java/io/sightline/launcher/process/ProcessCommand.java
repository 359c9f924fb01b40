package io.sightline.launcher.process;

import io.sightline.launcher.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code sightline process VIDEO}. */
@CommandLine.Command(
    name = "process",
    description = "Takes a video file through every stage: segments, clips and a replay come out.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Without --model, motion makes the segments. With --watch, only the labels named make segments,",
      "and each visit of one raises an alert."
    })
public final class ProcessCommand implements Callable<Integer> {

  @CommandLine.Parameters(paramLabel = "VIDEO", description = "The file.")
  private String video;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where the results go. Default: a folder named after the video, here.")
  private Path out;

  @CommandLine.Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "A detector: an ONNX file, or a name of 'sightline models list'.")
  private String model;

  @CommandLine.Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Names of the model's classes, one a line. Default: those of its layout.")
  private Path labels;

  @CommandLine.Option(
      names = "--watch",
      paramLabel = "LABEL",
      description = "A label to make segments and alerts of. May be given several times.")
  private List<String> watch = new ArrayList<>();

  @CommandLine.Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "A profile of the configuration file. Default: 'default'.")
  private String profile;

  @CommandLine.Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration file. Default: none.")
  private Path config;

  @CommandLine.Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "A Kafka cluster to use in place of the embedded broker.")
  private String kafka;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Request request =
        new Request(video, out, model, labels, List.copyOf(watch), profile, config, kafka);
    ProcessPlan plan = ProcessPlan.of(request);
    try (ProcessRun run = ProcessRun.prepare(plan)) {
      Outcome outcome = run.execute();
      ResultTable.print(spec.commandLine().getOut(), outcome);
      if (outcome.lostMicros() > 0) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sightline: " + loss(plan, outcome));
        err.flush();
        return ExitCode.PARTLY_READ;
      }
      return ExitCode.DONE;
    }
  }

  /** Often no file says how long it was meant to be, so this is what is certain. */
  private static String loss(ProcessPlan plan, Outcome outcome) {
    return String.format(
        Locale.ROOT,
        "%s breaks off after %.2f s: at least %.2f s of it could not be read; what could be read is"
            + " complete.",
        plan.video().getFileName(),
        outcome.mediaMicros() / 1e6,
        Math.max(0.01, outcome.lostMicros() / 1e6));
  }

  /** What was asked, as it stands on the command line; what was not said is null. */
  record Request(
      String video,
      Path out,
      String model,
      Path labels,
      List<String> watch,
      String profile,
      Path config,
      String kafka) {}
}
