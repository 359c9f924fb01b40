package io.sightline.launcher.export;

import io.sightline.storage.ObjectStore;
import io.sightline.storage.StorageException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ranges of stored objects, for code that blocks. */
final class StoredBytes {

  private static final long TIMEOUT_SECONDS = 600;

  private StoredBytes() {}

  static byte[] read(ObjectStore objects, String key, long offset, long length) throws IOException {
    try {
      return objects.get(key, offset, length).await(TIMEOUT_SECONDS, TimeUnit.SECONDS).getBytes();
    } catch (StorageException | TimeoutException e) {
      throw new IOException("Cannot read " + key + ": " + e.getMessage(), e);
    }
  }
}
