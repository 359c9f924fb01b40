package io.sightline.launcher.process;

import io.sightline.launcher.ExitCode;
import io.sightline.launcher.export.ResultFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/**
 * Takes a few pictures through every stage, so that native libraries are unpacked and the virtual
 * machine can archive the classes it used. The start script calls it once after a build.
 */
@CommandLine.Command(name = "prepare", hidden = true)
public final class PrepareCommand implements Callable<Integer> {

  private static final String VIDEO = "prepare.mp4";

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("sightline-prepare");
    try {
      Path video = folder.resolve(VIDEO);
      copyVideo(video);
      ProcessPlan plan =
          ProcessPlan.of(
              new ProcessCommand.Request(
                  video.toString(),
                  folder.resolve("out"),
                  null,
                  null,
                  List.of(),
                  null,
                  null,
                  null));
      try (ProcessRun run = ProcessRun.prepare(plan)) {
        run.execute();
      }
      return ExitCode.DONE;
    } finally {
      ResultFolder.deleteTree(folder);
    }
  }

  private static void copyVideo(Path target) throws IOException {
    try (InputStream video = PrepareCommand.class.getResourceAsStream(VIDEO)) {
      if (video == null) {
        throw new IOException("The resource " + VIDEO + " is missing");
      }
      Files.copy(video, target);
    }
  }
}
