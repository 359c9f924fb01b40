package io.sightline.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where objects are written before they get their name. Each open store has a folder of its own and
 * holds a lock in it; the lock of a process that was killed is free, so the next store to open
 * finds what it left behind without looking through all objects. Blocking; safe for use by any
 * thread.
 */
final class Staging {

  /** No key can name it: {@code ~} is not allowed in keys. */
  private static final String FOLDER = "~staging";

  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lock;
  private final AtomicLong counter = new AtomicLong();

  private Staging(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Makes a folder for one store below {@code root}, and removes those of stores that died. */
  static Staging open(Path root) throws IOException {
    Path all = root.resolve(FOLDER);
    Folders.create(root, all);
    return inTurn(
        all,
        () -> {
          try (DirectoryStream<Path> stores = Files.newDirectoryStream(all, "[0-9]*")) {
            for (Path store : stores) {
              removeIfAbandoned(store);
            }
          } catch (DirectoryIteratorException e) {
            throw e.getCause();
          }
          Path folder = Files.createTempDirectory(all, "");
          FileChannel lock = lockFile(folder);
          lock.lock();
          return new Staging(folder, lock);
        });
  }

  /** The path of a file that does not exist yet, on the file system of the objects. */
  Path next() {
    return folder.resolve(Long.toString(counter.getAndIncrement()));
  }

  void close() throws IOException {
    inTurn(
        folder.getParent(),
        () -> {
          lock.close();
          remove(folder);
          return null;
        });
  }

  /** Nobody may clean up while another makes, locks or removes a folder: in any process. */
  private static synchronized <T> T inTurn(Path all, Step<T> step) throws IOException {
    try (FileChannel turns = lockFile(all);
        FileLock turn = turns.lock()) {
      return step.run();
    }
  }

  private static void removeIfAbandoned(Path store) throws IOException {
    if (!Folders.attributes(store).isDirectory()) {
      return;
    }
    try (FileChannel channel = lockFile(store);
        FileLock free = channel.tryLock()) {
      if (free != null) {
        remove(store);
      }
    } catch (OverlappingFileLockException e) {
      // A store of this very process holds it.
    }
  }

  private static FileChannel lockFile(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void remove(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** What is done while nobody else cleans up. */
  private interface Step<T> {
    T run() throws IOException;
  }
}
