package io.sightline.media.cut;

import java.io.IOException;

/** Where recorded bytes come from: an object store, a folder. Called on the caller's thread. */
@FunctionalInterface
public interface ByteSource {

  /**
   * Reads a range of an object.
   *
   * @param length bytes; -1 for all that follow
   * @throws IOException when there is no such object or it cannot be read now
   */
  byte[] read(String key, long offset, long length) throws IOException;
}
