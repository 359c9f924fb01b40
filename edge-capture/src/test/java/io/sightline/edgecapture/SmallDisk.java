package io.sightline.edgecapture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A disk of its own that is soon full: a tmpfs, where this process may mount one. */
record SmallDisk(Path folder) implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  /** Skips the test, saying why, where nothing may be mounted. */
  static SmallDisk mount(Path folder, String size) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
    Assumptions.assumeTrue(mounted, "Skipped: a small disk cannot be mounted here (needs root)");
    return new SmallDisk(folder);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    // At once, or as soon as nobody has a file open there.
    run("umount", "-l", folder.toString());
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      // There is no such program.
      return false;
    }
  }
}
