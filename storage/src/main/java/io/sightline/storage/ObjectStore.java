package io.sightline.storage;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/**
 * Bytes by key. An object is there whole or not at all, also after kill -9 or a loss of power: once
 * a write is acknowledged it is durable. Writing a key again replaces the object as a whole.
 *
 * <p>Keys are relative paths of {@code [A-Za-z0-9._-]} parts joined by {@code /}, at most 900
 * characters, without empty, {@code .} or {@code ..} parts; others fail with {@link
 * StorageException.Reason#INVALID}.
 *
 * <p>Safe for use by any thread; futures complete on the caller's Vert.x context when it has one.
 */
public interface ObjectStore {

  /** Stores an object held in memory. */
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

  /** Deletes an object; succeeds when there is none. */
  Future<Void> delete(String key);

  /**
   * Objects whose keys begin with {@code prefix}, in order of key.
   *
   * @param after only keys behind this one; null from the first
   * @param limit 1 to 1000
   */
  Future<ObjectPage> list(String prefix, String after, int limit);

  Future<Void> close();
}
