package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.folder.FolderFile;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where objects lie until they have been taken, each in a file of its own, and the notes of which
 * were announced: so a new start after a kill has them at hand, in their order, before the queue
 * tells of them again. One thread.
 */
final class ObjectFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ObjectFolder.class);
  private static final String NOTE = ".json";
  private static final int MAX_NOTE_BYTES = 8_192;

  private record Note(String key, long size, long modified) {}

  private final Path folder;
  private final boolean temporary;

  private ObjectFolder(Path folder, boolean temporary) {
    this.folder = folder;
    this.temporary = temporary;
  }

  /**
   * @param folder null for one that ends with this
   */
  static ObjectFolder open(Path folder) throws MediaException {
    try {
      return folder == null
          ? new ObjectFolder(Files.createTempDirectory("sightline-s3"), true)
          : new ObjectFolder(Files.createDirectories(folder), false);
    } catch (IOException e) {
      throw new MediaException(
          Reason.UNAVAILABLE,
          "Objects of S3 cannot be kept on disk"
              + (folder == null ? "" : " in " + folder)
              + ": "
              + e,
          e);
    }
  }

  /** An object as a file, whether it lies there already or not. */
  FolderFile file(String key, long sizeBytes, long modifiedMillis) {
    String ending = key.substring(key.lastIndexOf('.'));
    String name = Ids.digest(key + "\n" + sizeBytes + "\n" + modifiedMillis);
    return new FolderFile(key, folder.resolve(name + ending), sizeBytes, modifiedMillis);
  }

  /** Remembers that an object was announced. */
  void note(FolderFile file) {
    Path note = note(file.path());
    Path fresh = note.resolveSibling(note.getFileName() + ".new");
    try {
      Files.write(
          fresh, Json.encode(new Note(file.name(), file.sizeBytes(), file.modifiedMillis())));
      Files.move(fresh, note, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // The queue will tell of it again.
      LOG.warn("That {} was announced cannot be kept: {}", file.name(), e.getMessage());
    }
  }

  /** What was announced before and not taken. What lies there without a note is deleted. */
  List<FolderFile> noted() {
    List<FolderFile> files = new ArrayList<>();
    Set<Path> kept = new HashSet<>();
    for (Path path : list()) {
      FolderFile file = path.toString().endsWith(NOTE) ? read(path) : null;
      if (file != null) {
        files.add(file);
        kept.add(path);
        kept.add(file.path());
      }
    }
    list().stream().filter(path -> !kept.contains(path)).forEach(ObjectFolder::delete);
    return files;
  }

  /** Deletes what there is of an object. */
  void forget(FolderFile file) {
    delete(file.path());
    delete(note(file.path()));
  }

  /** Gives the room back; what was announced stays known. */
  @Override
  public void close() {
    list().stream()
        .filter(path -> temporary || !path.toString().endsWith(NOTE))
        .forEach(ObjectFolder::delete);
    if (temporary) {
      delete(folder);
    }
  }

  private FolderFile read(Path path) {
    try {
      if (Files.size(path) <= MAX_NOTE_BYTES) {
        Note note = Json.decode(Files.readAllBytes(path), Note.class);
        FolderFile file = file(note.key, note.size, note.modified);
        return note(file.path()).equals(path) ? file : null;
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} is no note: {}", path, e.toString());
    }
    return null;
  }

  private List<Path> list() {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(paths::add);
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", folder, e.getMessage());
    }
    return paths;
  }

  private static Path note(Path media) {
    String name = media.getFileName().toString();
    return media.resolveSibling(name.substring(0, name.lastIndexOf('.')) + NOTE);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", path, e.getMessage());
    }
  }
}
