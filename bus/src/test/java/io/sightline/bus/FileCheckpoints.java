package io.sightline.bus;

import io.sightline.bus.BusException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Checkpoints that several processes share: one file each, replaced whole, under a file lock. */
final class FileCheckpoints implements Checkpoints {

  private final Path folder;

  FileCheckpoints(Path folder) {
    this.folder = folder;
  }

  @Override
  public Optional<Stored> load(String group, int partition) {
    Path file = file(group, partition);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
      long version = all.getLong();
      byte[] content = new byte[all.remaining()];
      all.get(content);
      return Optional.of(new Stored(content, version));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long save(String group, int partition, byte[] content, long version) {
    Path file = file(group, partition);
    // A lock belongs to a process, so its threads need one of their own.
    synchronized (FileCheckpoints.class) {
      try (FileChannel lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        long held = load(group, partition).map(Stored::version).orElse(ABSENT);
        if (held != version) {
          throw new BusException(Reason.FENCED, "Version " + held + ", not " + version);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        byte[] all =
            ByteBuffer.allocate(Long.BYTES + content.length)
                .putLong(version + 1)
                .put(content)
                .array();
        Files.write(fresh, all);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        return version + 1;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Path file(String group, int partition) {
    return folder.resolve(group + "-" + partition);
  }
}
