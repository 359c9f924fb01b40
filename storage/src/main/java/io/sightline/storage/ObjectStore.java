package io.sightline.storage;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Bytes by key. An object is there whole or not at all, also after kill -9 or a loss of power: once
 * a write is acknowledged it is durable. Writing a key again replaces the object as a whole.
 *
 * <p>Keys are relative paths of parts joined by {@code /}, at most 900 characters in all. A part is
 * 1 to 255 characters of {@code [A-Za-z0-9._-]}, but not {@code .} or {@code ..}. Other keys fail
 * with {@link StorageException.Reason#INVALID}. A key that continues another one ({@code a/b}
 * beside {@code a}) may be refused too: in a folder, {@code a} is either a file or a folder.
 *
 * <p>Safe for use by any thread; futures complete on the caller's Vert.x context when it has one.
 */
public interface ObjectStore {

  /**
   * Stores an object held in memory.
   *
   * @param content not to be written to before the future completes
   */
  Future<Void> put(String key, Buffer content, String contentType);

  /**
   * Stores an object of any size without holding it in memory.
   *
   * @param content paused or not; read to its end; when it fails nothing is stored
   * @return its size in bytes
   */
  Future<Long> put(String key, ReadStream<Buffer> content, String contentType);

  /**
   * Reads a range into memory.
   *
   * @param length bytes, at most up to the end of the object; -1 for all that follow
   * @return fails with NOT_FOUND when there is no object, INVALID when the offset lies beyond it
   */
  Future<Buffer> get(String key, long offset, long length);

  default Future<Buffer> get(String key) {
    return get(key, 0, -1);
  }

  /**
   * Streams a range; the stream comes paused and closes its resources at its end, on failure, or
   * when {@link ObjectStream#close()} is called.
   *
   * @param length bytes, at most up to the end of the object; -1 for all that follow
   */
  Future<ObjectStream> read(String key, long offset, long length);

  /** Size and times of an object; fails with NOT_FOUND when there is none. */
  Future<ObjectInfo> head(String key);

  /**
   * The local file that holds an object, where there is one, so that it can be sent without passing
   * through memory. Never blocks and does not look: {@link #head} says whether the object exists.
   * The file is for reading only; it may be replaced or deleted at any time, which does not touch
   * those who have it open.
   *
   * @return empty when objects of this store are no files, or the key is not valid
   */
  default Optional<Path> file(String key) {
    return Optional.empty();
  }

  /** Deletes an object; succeeds when there is none. */
  Future<Void> delete(String key);

  /**
   * Objects whose keys begin with {@code prefix}, in order of key.
   *
   * @param prefix the beginning of a key, not necessarily whole parts; empty for all objects
   * @param after only keys behind this one; null from the first
   * @param limit 1 to 1000
   */
  Future<ObjectPage> list(String prefix, String after, int limit);

  Future<Void> close();
}
