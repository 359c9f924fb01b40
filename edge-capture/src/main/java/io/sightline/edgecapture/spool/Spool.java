package io.sightline.edgecapture.spool;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The epochs of one stream on disk: a folder, in which each has its own. */
public final class Spool {

  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  private final Path folder;

  /**
   * @param folder the stream's own; made when something is written
   */
  public Spool(Path folder) {
    this.folder = folder;
  }

  /**
   * The epochs that an earlier process left, oldest first. Those without a record left are removed.
   * Blocks.
   */
  public List<EpochSpool> recover() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      found.forEach(folders::add);
    }
    // Names of epochs sort by time.
    folders.sort(Comparator.comparing(path -> path.getFileName().toString()));
    List<EpochSpool> epochs = new ArrayList<>();
    for (Path each : folders) {
      if (!Files.exists(each.resolve(EpochSpool.ABOUT))) {
        deleteFolder(each);
        continue;
      }
      EpochSpool epoch = EpochSpool.recover(each);
      if (epoch.left().isEmpty()) {
        epoch.delete();
      } else {
        epochs.add(epoch);
      }
    }
    return epochs;
  }

  /**
   * Begins an epoch. Blocks.
   *
   * @param name of the epoch; names sort by time
   * @param about what it is
   */
  public EpochSpool begin(String name, byte[] about) throws IOException {
    Path epoch = folder.resolve(name);
    deleteFolder(epoch);
    return EpochSpool.create(epoch, about);
  }

  static void deleteFolder(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try {
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
    } catch (IOException e) {
      LOG.warn("{} could not be removed: {}", folder, e.getMessage());
    }
  }
}
