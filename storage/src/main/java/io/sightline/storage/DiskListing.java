package io.sightline.storage;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One page of the objects below a folder, in order of key. A folder sorts as its name with {@code
 * /} behind it, as all keys below it begin: so walking folders in that order gives keys in order
 * without ever holding more than one folder's names at each depth. Blocking; used once.
 */
final class DiskListing {

  /** A name in a folder, as keys continue: {@code name} or {@code name/}. */
  private record Entry(String key, Path path, BasicFileAttributes attributes) {}

  private final Path root;
  private final String prefix;
  private final String after;
  private final int limit;
  private final List<ObjectInfo> found = new ArrayList<>();

  DiskListing(Path root, String prefix, String after, int limit) {
    this.root = root;
    this.prefix = ObjectKeys.requirePrefix(prefix);
    this.after = after == null ? "" : ObjectKeys.requirePrefix(after);
    this.limit = limit;
  }

  ObjectPage page() throws IOException {
    String start = prefix.substring(0, prefix.lastIndexOf('/') + 1);
    Path folder = root.resolve(start);
    try {
      if (Folders.exists(root, folder)) {
        walk(start, folder);
      }
    } catch (NotDirectoryException e) {
      // What is no folder, or a link to one, holds no objects.
    }
    // One more than asked for was looked for, to know whether any follow.
    if (found.size() <= limit) {
      return new ObjectPage(List.copyOf(found), null);
    }
    return new ObjectPage(List.copyOf(found.subList(0, limit)), found.get(limit - 1).key());
  }

  private void walk(String start, Path folder) throws IOException {
    for (Entry entry : entries(start, folder)) {
      if (found.size() > limit) {
        return;
      }
      if (entry.attributes().isDirectory()) {
        walk(entry.key(), entry.path());
      } else {
        found.add(
            new ObjectInfo(
                entry.key(),
                entry.attributes().size(),
                entry.attributes().lastModifiedTime().toInstant()));
      }
    }
  }

  private List<Entry> entries(String start, Path folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
      for (Path path : names) {
        String name = path.getFileName().toString();
        String key = start + name;
        // '0' follows '/': no key of this file or below this folder lies behind key + "0".
        if (ObjectKeys.isPart(name) && after.compareTo(key + "0") < 0 && key.startsWith(prefix)) {
          add(entries, key, path);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of(); // Pruned or replaced since it was seen.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.comparing(Entry::key));
    return entries;
  }

  private void add(List<Entry> entries, String key, Path path) throws IOException {
    try {
      BasicFileAttributes attributes = Folders.attributes(path);
      if (attributes.isDirectory()) {
        entries.add(new Entry(key + "/", path, attributes));
      } else if (attributes.isRegularFile() && key.compareTo(after) > 0) {
        entries.add(new Entry(key, path, attributes));
      }
    } catch (NoSuchFileException e) {
      // Deleted since it was seen.
    }
  }
}
