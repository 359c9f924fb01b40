package io.sightline.replay.publish;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that a web server serves. */
final class FolderTarget implements PublishTarget {

  /** Web servers do not serve what begins with a dot, nor do people see it. */
  private static final String DRAFT = ".draft-";

  private final Path root;

  FolderTarget(Path root) {
    this.root = root;
  }

  @Override
  public void put(String name, Content content, String type, boolean changes) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Path draft = file.resolveSibling(DRAFT + file.getFileName());
    try (InputStream in = content.open();
        OutputStream out = Files.newOutputStream(draft)) {
      in.transferTo(out);
    }
    try (FileChannel written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String name) throws IOException {
    Path path = root.resolve(name);
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      Files.deleteIfExists(one);
    }
  }

  @Override
  public void close() {
    // Nothing is held open.
  }
}
