package io.sightline.launcher.probe;

import io.sightline.edgecapture.SourceReport;
import io.sightline.launcher.ExitCode;
import io.sightline.launcher.RequestException;
import io.sightline.media.MediaException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code sightline probe URL}. */
@CommandLine.Command(
    name = "probe",
    description =
        "Looks at a source for some seconds: what it is, what would be recorded and sampled, at what"
            + " cost, and what is wrong with it.",
    mixinStandardHelpOptions = true)
public final class ProbeCommand implements Callable<Integer> {

  private static final int MAX_SECONDS = 600;

  @CommandLine.Parameters(
      paramLabel = "URL",
      description =
          "A file, a folder, device:/dev/video0, or rtsp://, rtmp://, srt://, http://, udp://, tcp://,"
              + " kvs://, s3://.")
  private String url;

  @CommandLine.Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How much of it is looked at. Default: 10.")
  private int seconds = 10;

  @CommandLine.Option(names = "--json", description = "Print it as JSON.")
  private boolean json;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws RequestException {
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new RequestException("--seconds must be 1 to " + MAX_SECONDS + ", not " + seconds);
    }
    if (!json && (url.contains("://") || url.startsWith("device:"))) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("Looking for " + seconds + " s ...");
      err.flush();
    }
    SourceReport report;
    try {
      report = SourceReport.of(url, Path.of(""), Duration.ofSeconds(seconds));
    } catch (MediaException e) {
      throw new RequestException(e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(ReportJson.of(report).toPrettyString());
    } else {
      ReportText.print(out, report);
    }
    out.flush();
    return ExitCode.DONE;
  }
}
