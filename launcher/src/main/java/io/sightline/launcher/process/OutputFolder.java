package io.sightline.launcher.process;

import io.sightline.launcher.RequestException;
import io.sightline.launcher.export.ResultFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that a file's results go to, and a work folder inside it that is gone afterwards. When
 * nothing comes of it, the folder is left as it was found: missing ones that were made are removed.
 */
final class OutputFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OutputFolder.class);
  private static final String WORK = ".sightline-work";

  private final Path folder;
  private final Deque<Path> created;
  private final FileChannel lockFile;
  private boolean keep;

  private OutputFolder(Path folder, Deque<Path> created, FileChannel lockFile) {
    this.folder = folder;
    this.created = created;
    this.lockFile = lockFile;
  }

  /**
   * Takes the folder, making it when it is missing.
   *
   * @throws RequestException when it cannot be written to, or another process works in it
   */
  static OutputFolder take(Path wanted) throws RequestException {
    Path folder = wanted.toAbsolutePath().normalize();
    Deque<Path> created = new ArrayDeque<>();
    try {
      for (Path missing = folder;
          missing != null && !Files.exists(missing);
          missing = missing.getParent()) {
        created.addLast(missing);
      }
      Files.createDirectories(folder);
      Path work = folder.resolve(WORK);
      Files.createDirectories(work);
      FileChannel lockFile =
          FileChannel.open(
              work.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(lockFile)) {
        lockFile.close();
        throw new RequestException(
            "Another 'sightline process' is at work in " + wanted + "; choose another folder");
      }
      OutputFolder output = new OutputFolder(folder, created, lockFile);
      output.clearWork();
      return output;
    } catch (IOException e) {
      removeEmpty(created);
      throw new RequestException(
          "Cannot write to the output folder " + wanted + ": " + reason(e), e);
    }
  }

  Path path() {
    return folder;
  }

  /** For the broker, the stores and the draft of the results. */
  Path work() {
    return folder.resolve(WORK);
  }

  /** The results are complete: the folder stays. */
  void keep() {
    keep = true;
  }

  @Override
  public void close() {
    try {
      lockFile.close();
      ResultFolder.deleteTree(work());
      if (!keep) {
        removeEmpty(created);
      }
    } catch (IOException e) {
      LOG.warn("The work folder {} could not be removed: {}", work(), e.getMessage());
    }
  }

  /** What a killed process left behind. */
  private void clearWork() throws IOException {
    try (var entries = Files.newDirectoryStream(work())) {
      for (Path entry : entries) {
        if (!entry.getFileName().toString().equals("lock")) {
          ResultFolder.deleteTree(entry);
        }
      }
    }
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static void removeEmpty(Deque<Path> created) {
    for (Path path : created) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        return;
      }
    }
  }

  private static String reason(IOException e) {
    if (e instanceof java.nio.file.FileAlreadyExistsException) {
      return "there is a file in its place";
    }
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "permission denied";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
