package io.sightline.edgecapture.folder;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The video files of a folder, in order of name. Folders inside it are not looked into; hidden
 * files, files under another name ending, pipes and devices are none, nor are symbolic links that
 * lead out of the folder. However many files there are, only as many as are asked for are held.
 * Nothing is ever changed. One thread.
 */
public final class MediaFolder {

  /** How many files are held at once. */
  public static final int WINDOW = 1_024;

  /** Name endings that are video. */
  public static final Set<String> ENDINGS =
      Set.of(
          "3gp", "avi", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf",
          "ogv", "ts", "webm", "wmv");

  /** By name. */
  public static final Comparator<FolderFile> ORDER =
      Comparator.comparing(FolderFile::name, NaturalOrder.BY_NAME);

  private final Path folder;
  private final Consumer<String> skipped;
  private final Set<String> leadingOut = new HashSet<>();

  /**
   * @param skipped told, with a sentence, of what is left out though it looks like video
   */
  public MediaFolder(Path folder, Consumer<String> skipped) {
    this.folder = folder;
    this.skipped = skipped;
  }

  public Path path() {
    return folder;
  }

  /**
   * The first files that are wanted. Blocks.
   *
   * @param after only names behind this one; null for all
   * @param limit at most so many
   * @throws MediaException NOT_FOUND while the folder is away, UNAUTHORIZED when it may not be read
   */
  public List<FolderFile> files(String after, Predicate<FolderFile> wanted, int limit)
      throws MediaException {
    // The last in order is on top, to be thrown out first.
    PriorityQueue<FolderFile> first = new PriorityQueue<>(ORDER.reversed());
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, this::isCandidate)) {
      Path real = folder.toRealPath();
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (after != null && NaturalOrder.BY_NAME.compare(name, after) <= 0) {
          continue;
        }
        FolderFile file = file(real, entry, name);
        if (file == null || !wanted.test(file)) {
          continue;
        }
        first.add(file);
        if (first.size() > limit) {
          first.poll();
        }
      }
    } catch (DirectoryIteratorException e) {
      throw unreadable(e.getCause());
    } catch (IOException e) {
      throw unreadable(e);
    }
    List<FolderFile> files = new ArrayList<>(first);
    files.sort(ORDER);
    return files;
  }

  public boolean isThere() {
    return Files.isDirectory(folder);
  }

  /**
   * @throws MediaException NOT_FOUND while the folder is away
   */
  public void requireThere() throws MediaException {
    if (!isThere()) {
      throw missing(null);
    }
  }

  MediaException missing(Exception cause) {
    return new MediaException(Reason.NOT_FOUND, "There is no folder " + folder, cause);
  }

  /** Whether a file of this name, which holds no folder, is taken for video. */
  public static boolean isVideo(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0
        && name.charAt(0) != '.'
        && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  private boolean isCandidate(Path entry) {
    return isVideo(entry.getFileName().toString());
  }

  /** Null when it is no file of this folder, or has just gone. */
  private FolderFile file(Path real, Path entry, String name) {
    try {
      Path path = real.resolve(name);
      if (Files.isSymbolicLink(entry)) {
        path = entry.toRealPath();
        if (!path.startsWith(real)) {
          leadsOut(name);
          return null;
        }
      }
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? new FolderFile(name, path, attributes.size(), attributes.lastModifiedTime().toMillis())
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Said once of each; of very many, no more. */
  private void leadsOut(String name) {
    if (leadingOut.size() < WINDOW && leadingOut.add(name)) {
      skipped.accept("'" + name + "' is a link that leads out of the folder");
    }
  }

  private MediaException unreadable(IOException e) {
    if (e instanceof NoSuchFileException) {
      return missing(e);
    }
    if (e instanceof NotDirectoryException) {
      return new MediaException(Reason.UNSUPPORTED, folder + " is a file, not a folder", e);
    }
    if (e instanceof AccessDeniedException) {
      return new MediaException(
          Reason.UNAUTHORIZED, "The folder " + folder + " may not be read", e);
    }
    return new MediaException(
        Reason.UNAVAILABLE, "The folder " + folder + " cannot be read: " + e.getMessage(), e);
  }
}
