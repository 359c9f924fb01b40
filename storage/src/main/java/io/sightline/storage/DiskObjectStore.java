package io.sightline.storage;

import io.sightline.storage.StorageException.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/**
 * Objects as files below one folder, which several processes may share. An object is written beside
 * the others, flushed to the disk, and only then given its name, so that nobody ever sees a part of
 * one. Symbolic links below the folder are not followed. Blocking work happens on threads named
 * {@code sightline-objects}.
 */
public final class DiskObjectStore implements ObjectStore {

  private static final int THREADS = 8;

  /** A folder may be pruned between being made and being used, but hardly this often. */
  private static final int PLACING_ATTEMPTS = 20;

  /** What may wait in memory to be written. */
  private static final int MAX_WAITING_BYTES = 512 << 20;

  private final Vertx vertx;
  private final Pool pool;
  private final Path root;
  private final Staging staging;

  /** Whether what is written outlives a loss of power. */
  private final boolean lasting;

  private final Semaphore room = new Semaphore(MAX_WAITING_BYTES);

  private DiskObjectStore(Vertx vertx, Pool pool, Path root, Staging staging, boolean lasting) {
    this.vertx = vertx;
    this.pool = pool;
    this.root = root;
    this.staging = staging;
    this.lasting = lasting;
  }

  /**
   * Opens a store, making its folder when there is none, and removes what a killed process left
   * unfinished.
   *
   * @return fails with UNAVAILABLE when the folder cannot be made or written to
   */
  public static Future<DiskObjectStore> open(Vertx vertx, Path folder) {
    return open(vertx, folder, true);
  }

  /**
   * Opens a store in a folder that goes away with this process: as {@link #open(Vertx, Path)}, but
   * nothing is forced to disk, so objects outlive a kill and not a loss of power.
   */
  public static Future<DiskObjectStore> openForAWhile(Vertx vertx, Path folder) {
    return open(vertx, folder, false);
  }

  private static Future<DiskObjectStore> open(Vertx vertx, Path folder, boolean lasting) {
    Pool pool = new Pool(vertx, "sightline-objects", THREADS);
    return pool.run(
            () -> {
              try {
                Path root = Files.createDirectories(folder.toAbsolutePath()).toRealPath();
                return new DiskObjectStore(vertx, pool, root, Staging.open(root), lasting);
              } catch (IOException e) {
                throw StorageException.of("The folder " + folder + " for objects", e);
              }
            })
        .onFailure(e -> pool.close(() -> null));
  }

  @Override
  public Future<Void> put(String key, Buffer content, String contentType) {
    int bytes = Math.min(content.length(), MAX_WAITING_BYTES);
    if (!room.tryAcquire(bytes)) {
      return Future.failedFuture(
          new StorageException(Reason.UNAVAILABLE, "Too many objects wait for the disk"));
    }
    return this.<Void>run(key, () -> write(path(key), content.getBytes()))
        .onComplete(written -> room.release(bytes));
  }

  @Override
  public Future<Long> put(String key, ReadStream<Buffer> content, String contentType) {
    content.pause();
    Path staged = staging.next();
    return run(
            key,
            () -> {
              path(key);
              return create(staged);
            })
        .compose(channel -> PooledUpload.store(pool, content, sink(channel, staged, path(key))))
        .recover(
            e ->
                Future.failedFuture(
                    StorageException.of("The object '" + ObjectKeys.shown(key) + "'", e)));
  }

  @Override
  public Future<Buffer> get(String key, long offset, long length) {
    return run(
        key,
        () -> {
          try (FileChannel channel = openToRead(key)) {
            long size = rangeLength(key, channel.size(), offset, length);
            if (size > Integer.MAX_VALUE - 8) {
              throw new StorageException(
                  Reason.INVALID, "'" + key + "' is too large to be held in memory: " + size);
            }
            return Buffer.buffer(new FileSource(channel, offset).next((int) size));
          }
        });
  }

  @Override
  public Future<ObjectStream> read(String key, long offset, long length) {
    Context context = vertx.getOrCreateContext();
    return run(
        key,
        () -> {
          FileChannel channel = openToRead(key);
          try {
            long size = rangeLength(key, channel.size(), offset, length);
            return new PooledObjectStream(pool, context, new FileSource(channel, offset), size);
          } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
          }
        });
  }

  @Override
  public Future<ObjectInfo> head(String key) {
    return run(
        key,
        () -> {
          BasicFileAttributes attributes = Folders.attributes(existing(key));
          return new ObjectInfo(key, attributes.size(), attributes.lastModifiedTime().toInstant());
        });
  }

  @Override
  public Optional<Path> file(String key) {
    try {
      return Optional.of(path(key));
    } catch (StorageException e) {
      return Optional.empty();
    }
  }

  @Override
  public Future<Void> delete(String key) {
    return run(
        key,
        () -> {
          try {
            Path file = existing(key);
            Files.deleteIfExists(file);
            Folders.sync(file.getParent());
            Folders.prune(root, file.getParent());
          } catch (NoSuchFileException e) {
            // Nothing to delete is what was asked for.
          }
          return null;
        });
  }

  @Override
  public Future<ObjectPage> list(String prefix, String after, int limit) {
    if (limit < 1 || limit > 1000) {
      return Future.failedFuture(
          new StorageException(Reason.INVALID, "A page has 1 to 1000 objects, not " + limit));
    }
    return run(prefix, () -> new DiskListing(root, prefix, after, limit).page());
  }

  @Override
  public Future<Void> close() {
    return pool.close(
        () -> {
          staging.close();
          return null;
        });
  }

  private Void write(Path file, byte[] content) throws IOException {
    Path staged = staging.next();
    try (FileChannel channel = create(staged)) {
      writeFully(channel, content);
      force(channel);
      place(staged, file);
      return null;
    } finally {
      Files.deleteIfExists(staged);
    }
  }

  private ByteSink sink(FileChannel channel, Path staged, Path file) {
    return new ByteSink() {
      @Override
      public void write(Buffer block) throws IOException {
        writeFully(channel, block.getBytes());
      }

      @Override
      public void finish() throws IOException {
        force(channel);
        place(staged, file);
      }

      @Override
      public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(staged);
      }
    };
  }

  private static void writeFully(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Gives a finished file its name, durably. */
  private void place(Path staged, Path file) throws IOException {
    Path folder = file.getParent();
    for (int attempt = 1; ; attempt++) {
      try {
        Folders.create(root, folder);
        Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
        break;
      } catch (NoSuchFileException e) {
        // A deletion pruned the folder that had just become empty.
        if (attempt == PLACING_ATTEMPTS) {
          throw e;
        }
      } catch (NotDirectoryException e) {
        throw new StorageException(
            Reason.INVALID,
            "No object can lie below '" + root.relativize(Path.of(e.getFile())) + "'",
            e);
      } catch (IOException e) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new StorageException(
              Reason.INVALID, "Other objects lie below '" + root.relativize(file) + "'", e);
        }
        throw e;
      }
    }
    try {
      if (lasting) {
        Folders.sync(folder);
      }
    } catch (NoSuchFileException e) {
      // Somebody deleted the object already, and its folder with it.
    }
  }

  private void force(FileChannel channel) throws IOException {
    if (lasting) {
      channel.force(true);
    }
  }

  private FileChannel create(Path staged) throws IOException {
    return FileChannel.open(staged, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private FileChannel openToRead(String key) throws IOException {
    return FileChannel.open(existing(key), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /** The file of an object that is there. */
  private Path existing(String key) throws IOException {
    Path file = path(key);
    try {
      if (Folders.exists(root, file.getParent()) && Folders.attributes(file).isRegularFile()) {
        return file;
      }
    } catch (NotDirectoryException e) {
      // What is no folder, or a link to one, holds no objects.
    }
    throw new NoSuchFileException(key);
  }

  private Path path(String key) {
    return root.resolve(ObjectKeys.require(key));
  }

  private static long rangeLength(String key, long size, long offset, long length) {
    if (offset < 0 || offset > size || length < -1) {
      throw new StorageException(
          Reason.INVALID,
          "'" + key + "' has " + size + " bytes: no range of " + length + " begins at " + offset);
    }
    return length < 0 ? size - offset : Math.min(length, size - offset);
  }

  private <T> Future<T> run(String key, Callable<T> work) {
    return pool.run(
        () -> {
          try {
            return work.call();
          } catch (NoSuchFileException e) {
            throw new StorageException(
                Reason.NOT_FOUND, "There is no object '" + ObjectKeys.shown(key) + "'", e);
          } catch (IOException e) {
            throw StorageException.of("The object '" + ObjectKeys.shown(key) + "'", e);
          }
        });
  }
}
