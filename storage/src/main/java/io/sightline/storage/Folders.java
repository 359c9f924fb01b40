package io.sightline.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** Folders below a root: made durably, never through a symbolic link. Blocking. */
final class Folders {

  private static final boolean CAN_SYNC = !System.getProperty("os.name").startsWith("Windows");

  private Folders() {}

  /** Makes what lies in a folder (new names, renames, deletions) survive a loss of power. */
  static void sync(Path folder) throws IOException {
    if (CAN_SYNC) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /**
   * Whether {@code folder} exists.
   *
   * @throws NotDirectoryException when something between root and folder is a file or a link
   */
  static boolean exists(Path root, Path folder) throws IOException {
    Path current = root;
    for (Path part : root.relativize(folder)) {
      if (part.toString().isEmpty()) {
        continue;
      }
      current = current.resolve(part);
      try {
        if (!attributes(current).isDirectory()) {
          throw new NotDirectoryException(current.toString());
        }
      } catch (NoSuchFileException e) {
        return false;
      }
    }
    return true;
  }

  /**
   * Makes {@code folder} and those above it up to root.
   *
   * @throws NotDirectoryException when something between root and folder is a file or a link
   */
  static void create(Path root, Path folder) throws IOException {
    if (exists(root, folder)) {
      return;
    }
    Path current = root;
    for (Path part : root.relativize(folder)) {
      Path parent = current;
      current = current.resolve(part);
      try {
        Files.createDirectory(current);
        sync(parent);
      } catch (FileAlreadyExistsException e) {
        if (!attributes(current).isDirectory()) {
          throw new NotDirectoryException(current.toString());
        }
      }
    }
  }

  /** Deletes {@code folder} and those above it below root, as far as they are empty. */
  static void prune(Path root, Path folder) throws IOException {
    Path current = folder;
    while (!current.equals(root)) {
      try {
        Files.delete(current);
      } catch (NoSuchFileException e) {
        // Somebody else pruned it; those above may be empty all the same.
      } catch (DirectoryNotEmptyException e) {
        return;
      }
      current = current.getParent();
    }
  }

  static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
